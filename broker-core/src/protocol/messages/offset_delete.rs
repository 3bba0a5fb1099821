//! OffsetDelete (key 47): deletes committed offsets of a group.
//! Source: Kafka 4.3.1 OffsetDeleteRequest.json, OffsetDeleteResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// OffsetDeleteRequest, versions 0.
    pub struct OffsetDeleteRequest {
        group_id: String [v(0)],
        topics: Vec<OffsetDeleteRequestTopic> [v(0)],
    }

    /// A part of [`OffsetDeleteRequest`].
    pub struct OffsetDeleteRequestTopic {
        name: String [v(0)],
        partitions: Vec<OffsetDeleteRequestPartition> [v(0)],
    }

    /// A part of [`OffsetDeleteRequest`].
    pub struct OffsetDeleteRequestPartition {
        partition_index: i32 [v(0)],
    }

    /// OffsetDeleteResponse, versions 0.
    pub struct OffsetDeleteResponse {
        error_code: i16 [v(0)],
        throttle_time_ms: i32 [v(0)],
        topics: Vec<OffsetDeleteResponseTopic> [v(0)],
    }

    /// A part of [`OffsetDeleteResponse`].
    pub struct OffsetDeleteResponseTopic {
        name: String [v(0)],
        partitions: Vec<OffsetDeleteResponsePartition> [v(0)],
    }

    /// A part of [`OffsetDeleteResponse`].
    pub struct OffsetDeleteResponsePartition {
        partition_index: i32 [v(0)],
        error_code: i16 [v(0)],
    }
}
