//! ListPartitionReassignments (key 46): which partitions are on the move.
//! Source: Kafka 4.3.1 ListPartitionReassignmentsRequest.json, ListPartitionReassignmentsResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// ListPartitionReassignmentsRequest, versions 0.
    pub struct ListPartitionReassignmentsRequest {
        timeout_ms: i32 [v(0)] = 60000,
        topics: Option<Vec<ListPartitionReassignmentsTopics>> [v(0).null(0)],
    }

    /// A part of [`ListPartitionReassignmentsRequest`].
    pub struct ListPartitionReassignmentsTopics {
        name: String [v(0)],
        partition_indexes: Vec<i32> [v(0)],
    }

    /// ListPartitionReassignmentsResponse, versions 0.
    pub struct ListPartitionReassignmentsResponse {
        throttle_time_ms: i32 [v(0)],
        error_code: i16 [v(0)],
        error_message: Option<String> [v(0).null(0)],
        topics: Vec<OngoingTopicReassignment> [v(0)],
    }

    /// A part of [`ListPartitionReassignmentsResponse`].
    pub struct OngoingTopicReassignment {
        name: String [v(0)],
        partitions: Vec<OngoingPartitionReassignment> [v(0)],
    }

    /// A part of [`ListPartitionReassignmentsResponse`].
    pub struct OngoingPartitionReassignment {
        partition_index: i32 [v(0)],
        replicas: Vec<i32> [v(0)],
        adding_replicas: Vec<i32> [v(0)],
        removing_replicas: Vec<i32> [v(0)],
    }
}
