//! OffsetFetch (key 9): how far groups have read.
//! Source: Kafka 4.3.1 OffsetFetchRequest.json, OffsetFetchResponse.json.

use crate::protocol::wire::{Uuid, message, v};

message! {
    /// OffsetFetchRequest, versions 1–10.
    pub struct OffsetFetchRequest {
        group_id: String [v(0).until(7)],
        topics: Option<Vec<OffsetFetchRequestTopic>> [v(0).until(7).null(2)],
        groups: Vec<OffsetFetchRequestGroup> [v(8)],
        require_stable: bool [v(7)],
    }

    /// A part of [`OffsetFetchRequest`].
    pub struct OffsetFetchRequestTopic {
        name: String [v(0).until(7)],
        partition_indexes: Vec<i32> [v(0).until(7)],
    }

    /// A part of [`OffsetFetchRequest`].
    pub struct OffsetFetchRequestGroup {
        group_id: String [v(8)],
        member_id: Option<String> [v(9).null(9)],
        member_epoch: i32 [v(9)] = -1,
        topics: Option<Vec<OffsetFetchRequestTopics>> [v(8).null(8)],
    }

    /// A part of [`OffsetFetchRequest`].
    pub struct OffsetFetchRequestTopics {
        name: String [v(8).until(9)],
        topic_id: Uuid [v(10)],
        partition_indexes: Vec<i32> [v(8)],
    }

    /// OffsetFetchResponse, versions 1–10.
    pub struct OffsetFetchResponse {
        throttle_time_ms: i32 [v(3)],
        topics: Vec<OffsetFetchResponseTopic> [v(0).until(7)],
        error_code: i16 [v(2).until(7)],
        groups: Vec<OffsetFetchResponseGroup> [v(8)],
    }

    /// A part of [`OffsetFetchResponse`].
    pub struct OffsetFetchResponseTopic {
        name: String [v(0).until(7)],
        partitions: Vec<OffsetFetchResponsePartition> [v(0).until(7)],
    }

    /// A part of [`OffsetFetchResponse`].
    pub struct OffsetFetchResponsePartition {
        partition_index: i32 [v(0).until(7)],
        committed_offset: i64 [v(0).until(7)],
        committed_leader_epoch: i32 [v(5).until(7)] = -1,
        metadata: Option<String> [v(0).until(7).null(0)],
        error_code: i16 [v(0).until(7)],
    }

    /// A part of [`OffsetFetchResponse`].
    pub struct OffsetFetchResponseGroup {
        group_id: String [v(8)],
        topics: Vec<OffsetFetchResponseTopics> [v(8)],
        error_code: i16 [v(8)],
    }

    /// A part of [`OffsetFetchResponse`].
    pub struct OffsetFetchResponseTopics {
        name: String [v(8).until(9)],
        topic_id: Uuid [v(10)],
        partitions: Vec<OffsetFetchResponsePartitions> [v(8)],
    }

    /// A part of [`OffsetFetchResponse`].
    pub struct OffsetFetchResponsePartitions {
        partition_index: i32 [v(8)],
        committed_offset: i64 [v(8)],
        committed_leader_epoch: i32 [v(8)] = -1,
        metadata: Option<String> [v(8).null(8)],
        error_code: i16 [v(8)],
    }
}
