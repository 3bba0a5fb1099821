//! AlterPartitionReassignments (key 45): moves partitions to other brokers.
//! Source: Kafka 4.3.1 AlterPartitionReassignmentsRequest.json, AlterPartitionReassignmentsResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// AlterPartitionReassignmentsRequest, versions 0–1.
    pub struct AlterPartitionReassignmentsRequest {
        timeout_ms: i32 [v(0)] = 60000,
        allow_replication_factor_change: bool [v(1)] = true,
        topics: Vec<ReassignableTopic> [v(0)],
    }

    /// A part of [`AlterPartitionReassignmentsRequest`].
    pub struct ReassignableTopic {
        name: String [v(0)],
        partitions: Vec<ReassignablePartition> [v(0)],
    }

    /// A part of [`AlterPartitionReassignmentsRequest`].
    pub struct ReassignablePartition {
        partition_index: i32 [v(0)],
        replicas: Option<Vec<i32>> [v(0).null(0)],
    }

    /// AlterPartitionReassignmentsResponse, versions 0–1.
    pub struct AlterPartitionReassignmentsResponse {
        throttle_time_ms: i32 [v(0)],
        allow_replication_factor_change: bool [v(1)] = true,
        error_code: i16 [v(0)],
        error_message: Option<String> [v(0).null(0)],
        responses: Vec<ReassignableTopicResponse> [v(0)],
    }

    /// A part of [`AlterPartitionReassignmentsResponse`].
    pub struct ReassignableTopicResponse {
        name: String [v(0)],
        partitions: Vec<ReassignablePartitionResponse> [v(0)],
    }

    /// A part of [`AlterPartitionReassignmentsResponse`].
    pub struct ReassignablePartitionResponse {
        partition_index: i32 [v(0)],
        error_code: i16 [v(0)],
        error_message: Option<String> [v(0).null(0)],
    }
}
