//! WriteTxnMarkers (key 27): writes the end of transactions into partitions.
//! Source: Kafka 4.3.1 WriteTxnMarkersRequest.json, WriteTxnMarkersResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// WriteTxnMarkersRequest, versions 1–2.
    pub struct WriteTxnMarkersRequest {
        markers: Vec<WritableTxnMarker> [v(0)],
    }

    /// A part of [`WriteTxnMarkersRequest`].
    pub struct WritableTxnMarker {
        producer_id: i64 [v(0)],
        producer_epoch: i16 [v(0)],
        transaction_result: bool [v(0)],
        topics: Vec<WritableTxnMarkerTopic> [v(0)],
        coordinator_epoch: i32 [v(0)],
        transaction_version: i8 [v(2)],
    }

    /// A part of [`WriteTxnMarkersRequest`].
    pub struct WritableTxnMarkerTopic {
        name: String [v(0)],
        partition_indexes: Vec<i32> [v(0)],
    }

    /// WriteTxnMarkersResponse, versions 1–2.
    pub struct WriteTxnMarkersResponse {
        markers: Vec<WritableTxnMarkerResult> [v(0)],
    }

    /// A part of [`WriteTxnMarkersResponse`].
    pub struct WritableTxnMarkerResult {
        producer_id: i64 [v(0)],
        topics: Vec<WritableTxnMarkerTopicResult> [v(0)],
    }

    /// A part of [`WriteTxnMarkersResponse`].
    pub struct WritableTxnMarkerTopicResult {
        name: String [v(0)],
        partitions: Vec<WritableTxnMarkerPartitionResult> [v(0)],
    }

    /// A part of [`WriteTxnMarkersResponse`].
    pub struct WritableTxnMarkerPartitionResult {
        partition_index: i32 [v(0)],
        error_code: i16 [v(0)],
    }
}
