//! DescribeTopicPartitions (key 75): topics and partitions, page by page.
//! Source: Kafka 4.3.1 DescribeTopicPartitionsRequest.json, DescribeTopicPartitionsResponse.json.

use crate::protocol::wire::{Uuid, message, v};

message! {
    /// DescribeTopicPartitionsRequest, versions 0.
    pub struct DescribeTopicPartitionsRequest {
        topics: Vec<TopicRequest> [v(0)],
        response_partition_limit: i32 [v(0)] = 2000,
        cursor: Option<Cursor> [v(0).null(0)],
    }

    /// A part of [`DescribeTopicPartitionsRequest`].
    pub struct TopicRequest {
        name: String [v(0)],
    }

    /// A part of [`DescribeTopicPartitionsRequest`].
    pub struct Cursor {
        topic_name: String [v(0)],
        partition_index: i32 [v(0)],
    }

    /// DescribeTopicPartitionsResponse, versions 0.
    pub struct DescribeTopicPartitionsResponse {
        throttle_time_ms: i32 [v(0)],
        topics: Vec<DescribeTopicPartitionsResponseTopic> [v(0)],
        next_cursor: Option<CursorResult> [v(0).null(0)],
    }

    /// A part of [`DescribeTopicPartitionsResponse`].
    pub struct DescribeTopicPartitionsResponseTopic {
        error_code: i16 [v(0)],
        name: Option<String> [v(0).null(0)],
        topic_id: Uuid [v(0)],
        is_internal: bool [v(0)],
        partitions: Vec<DescribeTopicPartitionsResponsePartition> [v(0)],
        topic_authorized_operations: i32 [v(0)] = -2147483648,
    }

    /// A part of [`DescribeTopicPartitionsResponse`].
    pub struct DescribeTopicPartitionsResponsePartition {
        error_code: i16 [v(0)],
        partition_index: i32 [v(0)],
        leader_id: i32 [v(0)],
        leader_epoch: i32 [v(0)] = -1,
        replica_nodes: Vec<i32> [v(0)],
        isr_nodes: Vec<i32> [v(0)],
        eligible_leader_replicas: Option<Vec<i32>> [v(0).null(0)],
        last_known_elr: Option<Vec<i32>> [v(0).null(0)],
        offline_replicas: Vec<i32> [v(0)],
    }

    /// A part of [`DescribeTopicPartitionsResponse`].
    pub struct CursorResult {
        topic_name: String [v(0)],
        partition_index: i32 [v(0)],
    }
}
