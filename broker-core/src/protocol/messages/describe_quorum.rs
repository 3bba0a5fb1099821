//! DescribeQuorum (key 55): the state of the metadata quorum.
//! Source: Kafka 4.3.1 DescribeQuorumRequest.json, DescribeQuorumResponse.json.

use crate::protocol::wire::{Uuid, message, v};

message! {
    /// DescribeQuorumRequest, versions 0–2.
    pub struct DescribeQuorumRequest {
        topics: Vec<TopicData> [v(0)],
    }

    /// A part of [`DescribeQuorumRequest`].
    pub struct TopicData {
        topic_name: String [v(0)],
        partitions: Vec<PartitionData> [v(0)],
    }

    /// A part of [`DescribeQuorumRequest`].
    pub struct PartitionData {
        partition_index: i32 [v(0)],
    }

    /// DescribeQuorumResponse, versions 0–2.
    pub struct DescribeQuorumResponse {
        error_code: i16 [v(0)],
        error_message: Option<String> [v(2).null(2)],
        topics: Vec<TopicDataResult> [v(0)],
        nodes: Vec<Node> [v(2)],
    }

    /// A part of [`DescribeQuorumResponse`].
    pub struct TopicDataResult {
        topic_name: String [v(0)],
        partitions: Vec<PartitionDataResult> [v(0)],
    }

    /// A part of [`DescribeQuorumResponse`].
    pub struct PartitionDataResult {
        partition_index: i32 [v(0)],
        error_code: i16 [v(0)],
        error_message: Option<String> [v(2).null(2)],
        leader_id: i32 [v(0)],
        leader_epoch: i32 [v(0)],
        high_watermark: i64 [v(0)],
        current_voters: Vec<ReplicaState> [v(0)],
        observers: Vec<ReplicaState> [v(0)],
    }

    /// A part of [`DescribeQuorumResponse`].
    pub struct ReplicaState {
        replica_id: i32 [v(0)],
        replica_directory_id: Uuid [v(2)],
        log_end_offset: i64 [v(0)],
        last_fetch_timestamp: i64 [v(1)] = -1,
        last_caught_up_timestamp: i64 [v(1)] = -1,
    }

    /// A part of [`DescribeQuorumResponse`].
    pub struct Node {
        node_id: i32 [v(2)],
        listeners: Vec<Listener> [v(2)],
    }

    /// A part of [`DescribeQuorumResponse`].
    pub struct Listener {
        name: String [v(2)],
        host: String [v(2)],
        port: u16 [v(2)],
    }
}
