//! DeleteRecords (key 21): moves the start of a log forward.
//! Source: Kafka 4.3.1 DeleteRecordsRequest.json, DeleteRecordsResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// DeleteRecordsRequest, versions 0–2.
    pub struct DeleteRecordsRequest {
        topics: Vec<DeleteRecordsTopic> [v(0)],
        timeout_ms: i32 [v(0)],
    }

    /// A part of [`DeleteRecordsRequest`].
    pub struct DeleteRecordsTopic {
        name: String [v(0)],
        partitions: Vec<DeleteRecordsPartition> [v(0)],
    }

    /// A part of [`DeleteRecordsRequest`].
    pub struct DeleteRecordsPartition {
        partition_index: i32 [v(0)],
        offset: i64 [v(0)],
    }

    /// DeleteRecordsResponse, versions 0–2.
    pub struct DeleteRecordsResponse {
        throttle_time_ms: i32 [v(0)],
        topics: Vec<DeleteRecordsTopicResult> [v(0)],
    }

    /// A part of [`DeleteRecordsResponse`].
    pub struct DeleteRecordsTopicResult {
        name: String [v(0)],
        partitions: Vec<DeleteRecordsPartitionResult> [v(0)],
    }

    /// A part of [`DeleteRecordsResponse`].
    pub struct DeleteRecordsPartitionResult {
        partition_index: i32 [v(0)],
        low_watermark: i64 [v(0)],
        error_code: i16 [v(0)],
    }
}
