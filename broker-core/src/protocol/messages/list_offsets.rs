//! ListOffsets (key 2): offsets by timestamp.
//! Source: Kafka 4.3.1 ListOffsetsRequest.json, ListOffsetsResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// ListOffsetsRequest, versions 1–11.
    pub struct ListOffsetsRequest {
        replica_id: i32 [v(0)],
        isolation_level: i8 [v(2)],
        topics: Vec<ListOffsetsTopic> [v(0)],
        timeout_ms: i32 [v(10)],
    }

    /// A part of [`ListOffsetsRequest`].
    pub struct ListOffsetsTopic {
        name: String [v(0)],
        partitions: Vec<ListOffsetsPartition> [v(0)],
    }

    /// A part of [`ListOffsetsRequest`].
    pub struct ListOffsetsPartition {
        partition_index: i32 [v(0)],
        current_leader_epoch: i32 [v(4)] = -1,
        timestamp: i64 [v(0)],
    }

    /// ListOffsetsResponse, versions 1–11.
    pub struct ListOffsetsResponse {
        throttle_time_ms: i32 [v(2)],
        topics: Vec<ListOffsetsTopicResponse> [v(0)],
    }

    /// A part of [`ListOffsetsResponse`].
    pub struct ListOffsetsTopicResponse {
        name: String [v(0)],
        partitions: Vec<ListOffsetsPartitionResponse> [v(0)],
    }

    /// A part of [`ListOffsetsResponse`].
    pub struct ListOffsetsPartitionResponse {
        partition_index: i32 [v(0)],
        error_code: i16 [v(0)],
        timestamp: i64 [v(1)] = -1,
        offset: i64 [v(1)] = -1,
        leader_epoch: i32 [v(4)] = -1,
    }
}
