//! TxnOffsetCommit (key 28): commits offsets inside a transaction.
//! Source: Kafka 4.3.1 TxnOffsetCommitRequest.json, TxnOffsetCommitResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// TxnOffsetCommitRequest, versions 0–5.
    pub struct TxnOffsetCommitRequest {
        transactional_id: String [v(0)],
        group_id: String [v(0)],
        producer_id: i64 [v(0)],
        producer_epoch: i16 [v(0)],
        generation_id: i32 [v(3)] = -1,
        member_id: String [v(3)],
        group_instance_id: Option<String> [v(3).null(3)],
        topics: Vec<TxnOffsetCommitRequestTopic> [v(0)],
    }

    /// A part of [`TxnOffsetCommitRequest`].
    pub struct TxnOffsetCommitRequestTopic {
        name: String [v(0)],
        partitions: Vec<TxnOffsetCommitRequestPartition> [v(0)],
    }

    /// A part of [`TxnOffsetCommitRequest`].
    pub struct TxnOffsetCommitRequestPartition {
        partition_index: i32 [v(0)],
        committed_offset: i64 [v(0)],
        committed_leader_epoch: i32 [v(2)] = -1,
        committed_metadata: Option<String> [v(0).null(0)],
    }

    /// TxnOffsetCommitResponse, versions 0–5.
    pub struct TxnOffsetCommitResponse {
        throttle_time_ms: i32 [v(0)],
        topics: Vec<TxnOffsetCommitResponseTopic> [v(0)],
    }

    /// A part of [`TxnOffsetCommitResponse`].
    pub struct TxnOffsetCommitResponseTopic {
        name: String [v(0)],
        partitions: Vec<TxnOffsetCommitResponsePartition> [v(0)],
    }

    /// A part of [`TxnOffsetCommitResponse`].
    pub struct TxnOffsetCommitResponsePartition {
        partition_index: i32 [v(0)],
        error_code: i16 [v(0)],
    }
}
