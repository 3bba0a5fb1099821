//! OffsetForLeaderEpoch (key 23): where a leader epoch ended.
//! Source: Kafka 4.3.1 OffsetForLeaderEpochRequest.json, OffsetForLeaderEpochResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// OffsetForLeaderEpochRequest, versions 2–4.
    pub struct OffsetForLeaderEpochRequest {
        replica_id: i32 [v(3)] = -2,
        topics: Vec<OffsetForLeaderTopic> [v(0)],
    }

    /// A part of [`OffsetForLeaderEpochRequest`].
    pub struct OffsetForLeaderTopic {
        topic: String [v(0)],
        partitions: Vec<OffsetForLeaderPartition> [v(0)],
    }

    /// A part of [`OffsetForLeaderEpochRequest`].
    pub struct OffsetForLeaderPartition {
        partition: i32 [v(0)],
        current_leader_epoch: i32 [v(2)] = -1,
        leader_epoch: i32 [v(0)],
    }

    /// OffsetForLeaderEpochResponse, versions 2–4.
    pub struct OffsetForLeaderEpochResponse {
        throttle_time_ms: i32 [v(2)],
        topics: Vec<OffsetForLeaderTopicResult> [v(0)],
    }

    /// A part of [`OffsetForLeaderEpochResponse`].
    pub struct OffsetForLeaderTopicResult {
        topic: String [v(0)],
        partitions: Vec<EpochEndOffset> [v(0)],
    }

    /// A part of [`OffsetForLeaderEpochResponse`].
    pub struct EpochEndOffset {
        error_code: i16 [v(0)],
        partition: i32 [v(0)],
        leader_epoch: i32 [v(1)] = -1,
        end_offset: i64 [v(0)] = -1,
    }
}
