//! DescribeProducers (key 61): the producers a partition knows.
//! Source: Kafka 4.3.1 DescribeProducersRequest.json, DescribeProducersResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// DescribeProducersRequest, versions 0.
    pub struct DescribeProducersRequest {
        topics: Vec<TopicRequest> [v(0)],
    }

    /// A part of [`DescribeProducersRequest`].
    pub struct TopicRequest {
        name: String [v(0)],
        partition_indexes: Vec<i32> [v(0)],
    }

    /// DescribeProducersResponse, versions 0.
    pub struct DescribeProducersResponse {
        throttle_time_ms: i32 [v(0)],
        topics: Vec<TopicResponse> [v(0)],
    }

    /// A part of [`DescribeProducersResponse`].
    pub struct TopicResponse {
        name: String [v(0)],
        partitions: Vec<PartitionResponse> [v(0)],
    }

    /// A part of [`DescribeProducersResponse`].
    pub struct PartitionResponse {
        partition_index: i32 [v(0)],
        error_code: i16 [v(0)],
        error_message: Option<String> [v(0).null(0)],
        active_producers: Vec<ProducerState> [v(0)],
    }

    /// A part of [`DescribeProducersResponse`].
    pub struct ProducerState {
        producer_id: i64 [v(0)],
        producer_epoch: i32 [v(0)],
        last_sequence: i32 [v(0)] = -1,
        last_timestamp: i64 [v(0)] = -1,
        coordinator_epoch: i32 [v(0)],
        current_txn_start_offset: i64 [v(0)] = -1,
    }
}
