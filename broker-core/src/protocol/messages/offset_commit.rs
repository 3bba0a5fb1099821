//! OffsetCommit (key 8): a group writes down how far it has read.
//! Source: Kafka 4.3.1 OffsetCommitRequest.json, OffsetCommitResponse.json.

use crate::protocol::wire::{Uuid, message, v};

message! {
    /// OffsetCommitRequest, versions 2–10.
    pub struct OffsetCommitRequest {
        group_id: String [v(0)],
        generation_id_or_member_epoch: i32 [v(1)] = -1,
        member_id: String [v(1)],
        group_instance_id: Option<String> [v(7).null(7)],
        retention_time_ms: i64 [v(2).until(4)] = -1,
        topics: Vec<OffsetCommitRequestTopic> [v(0)],
    }

    /// A part of [`OffsetCommitRequest`].
    pub struct OffsetCommitRequestTopic {
        name: String [v(0).until(9)],
        topic_id: Uuid [v(10)],
        partitions: Vec<OffsetCommitRequestPartition> [v(0)],
    }

    /// A part of [`OffsetCommitRequest`].
    pub struct OffsetCommitRequestPartition {
        partition_index: i32 [v(0)],
        committed_offset: i64 [v(0)],
        committed_leader_epoch: i32 [v(6)] = -1,
        committed_metadata: Option<String> [v(0).null(0)],
    }

    /// OffsetCommitResponse, versions 2–10.
    pub struct OffsetCommitResponse {
        throttle_time_ms: i32 [v(3)],
        topics: Vec<OffsetCommitResponseTopic> [v(0)],
    }

    /// A part of [`OffsetCommitResponse`].
    pub struct OffsetCommitResponseTopic {
        name: String [v(0).until(9)],
        topic_id: Uuid [v(10)],
        partitions: Vec<OffsetCommitResponsePartition> [v(0)],
    }

    /// A part of [`OffsetCommitResponse`].
    pub struct OffsetCommitResponsePartition {
        partition_index: i32 [v(0)],
        error_code: i16 [v(0)],
    }
}
