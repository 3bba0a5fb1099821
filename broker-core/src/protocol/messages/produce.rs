//! Produce (key 0): appends record batches.
//! Source: Kafka 4.3.1 ProduceRequest.json, ProduceResponse.json.

use crate::protocol::wire::{Records, Uuid, message, v};

message! {
    /// ProduceRequest, versions 3–13.
    pub struct ProduceRequest {
        transactional_id: Option<String> [v(3).null(3)],
        acks: i16 [v(0)],
        timeout_ms: i32 [v(0)],
        topic_data: Vec<TopicProduceData> [v(0)],
    }

    /// A part of [`ProduceRequest`].
    pub struct TopicProduceData {
        name: String [v(0).until(12)],
        topic_id: Uuid [v(13)],
        partition_data: Vec<PartitionProduceData> [v(0)],
    }

    /// A part of [`ProduceRequest`].
    pub struct PartitionProduceData {
        index: i32 [v(0)],
        records: Records [v(0).null(0)],
    }

    /// ProduceResponse, versions 3–13.
    pub struct ProduceResponse {
        responses: Vec<TopicProduceResponse> [v(0)],
        throttle_time_ms: i32 [v(1)],
        node_endpoints: Vec<NodeEndpoint> [v(10).tag(0)],
    }

    /// A part of [`ProduceResponse`].
    pub struct TopicProduceResponse {
        name: String [v(0).until(12)],
        topic_id: Uuid [v(13)],
        partition_responses: Vec<PartitionProduceResponse> [v(0)],
    }

    /// A part of [`ProduceResponse`].
    pub struct PartitionProduceResponse {
        index: i32 [v(0)],
        error_code: i16 [v(0)],
        base_offset: i64 [v(0)],
        log_append_time_ms: i64 [v(2)] = -1,
        log_start_offset: i64 [v(5)] = -1,
        record_errors: Vec<BatchIndexAndErrorMessage> [v(8)],
        error_message: Option<String> [v(8).null(8)],
        current_leader: LeaderIdAndEpoch [v(10).tag(0)],
    }

    /// A part of [`ProduceResponse`].
    pub struct BatchIndexAndErrorMessage {
        batch_index: i32 [v(8)],
        batch_index_error_message: Option<String> [v(8).null(8)],
    }

    /// A part of [`ProduceResponse`].
    pub struct LeaderIdAndEpoch {
        leader_id: i32 [v(10)] = -1,
        leader_epoch: i32 [v(10)] = -1,
    }

    /// A part of [`ProduceResponse`].
    pub struct NodeEndpoint {
        node_id: i32 [v(10)],
        host: String [v(10)],
        port: i32 [v(10)],
        rack: Option<String> [v(10).null(10)],
    }
}
