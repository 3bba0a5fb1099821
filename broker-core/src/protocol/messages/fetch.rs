//! Fetch (key 1): reads record batches, for consumers and followers.
//! Source: Kafka 4.3.1 FetchRequest.json, FetchResponse.json.

use crate::protocol::wire::{Records, Uuid, message, v};

message! {
    /// FetchRequest, versions 4–18.
    pub struct FetchRequest {
        cluster_id: Option<String> [v(12).null(12).tag(0)],
        replica_id: i32 [v(0).until(14)] = -1,
        replica_state: ReplicaState [v(15).tag(1)],
        max_wait_ms: i32 [v(0)],
        min_bytes: i32 [v(0)],
        max_bytes: i32 [v(3)] = i32::MAX,
        isolation_level: i8 [v(4)],
        session_id: i32 [v(7)],
        session_epoch: i32 [v(7)] = -1,
        topics: Vec<FetchTopic> [v(0)],
        forgotten_topics_data: Vec<ForgottenTopic> [v(7)],
        rack_id: String [v(11)],
    }

    /// A part of [`FetchRequest`].
    pub struct ReplicaState {
        replica_id: i32 [v(15)] = -1,
        replica_epoch: i64 [v(15)] = -1,
    }

    /// A part of [`FetchRequest`].
    pub struct FetchTopic {
        topic: String [v(0).until(12)],
        topic_id: Uuid [v(13)],
        partitions: Vec<FetchPartition> [v(0)],
    }

    /// A part of [`FetchRequest`].
    pub struct FetchPartition {
        partition: i32 [v(0)],
        current_leader_epoch: i32 [v(9)] = -1,
        fetch_offset: i64 [v(0)],
        last_fetched_epoch: i32 [v(12)] = -1,
        log_start_offset: i64 [v(5)] = -1,
        partition_max_bytes: i32 [v(0)],
        replica_directory_id: Uuid [v(17).tag(0)],
        high_watermark: i64 [v(18).tag(1)] = i64::MAX,
    }

    /// A part of [`FetchRequest`].
    pub struct ForgottenTopic {
        topic: String [v(7).until(12)],
        topic_id: Uuid [v(13)],
        partitions: Vec<i32> [v(7)],
    }

    /// FetchResponse, versions 4–18.
    pub struct FetchResponse {
        throttle_time_ms: i32 [v(1)],
        error_code: i16 [v(7)],
        session_id: i32 [v(7)],
        responses: Vec<FetchableTopicResponse> [v(0)],
        node_endpoints: Vec<NodeEndpoint> [v(16).tag(0)],
    }

    /// A part of [`FetchResponse`].
    pub struct FetchableTopicResponse {
        topic: String [v(0).until(12)],
        topic_id: Uuid [v(13)],
        partitions: Vec<PartitionData> [v(0)],
    }

    /// A part of [`FetchResponse`].
    pub struct PartitionData {
        partition_index: i32 [v(0)],
        error_code: i16 [v(0)],
        high_watermark: i64 [v(0)],
        last_stable_offset: i64 [v(4)] = -1,
        log_start_offset: i64 [v(5)] = -1,
        diverging_epoch: EpochEndOffset [v(12).tag(0)],
        current_leader: LeaderIdAndEpoch [v(12).tag(1)],
        snapshot_id: SnapshotId [v(12).tag(2)],
        aborted_transactions: Option<Vec<AbortedTransaction>> [v(4).null(4)],
        preferred_read_replica: i32 [v(11)] = -1,
        records: Records [v(0).null(0)],
    }

    /// A part of [`FetchResponse`].
    pub struct EpochEndOffset {
        epoch: i32 [v(12)] = -1,
        end_offset: i64 [v(12)] = -1,
    }

    /// A part of [`FetchResponse`].
    pub struct LeaderIdAndEpoch {
        leader_id: i32 [v(12)] = -1,
        leader_epoch: i32 [v(12)] = -1,
    }

    /// A part of [`FetchResponse`].
    pub struct SnapshotId {
        end_offset: i64 [v(0)] = -1,
        epoch: i32 [v(0)] = -1,
    }

    /// A part of [`FetchResponse`].
    pub struct AbortedTransaction {
        producer_id: i64 [v(4)],
        first_offset: i64 [v(4)],
    }

    /// A part of [`FetchResponse`].
    pub struct NodeEndpoint {
        node_id: i32 [v(16)],
        host: String [v(16)],
        port: i32 [v(16)],
        rack: Option<String> [v(16).null(16)],
    }
}
