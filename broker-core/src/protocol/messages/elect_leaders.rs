//! ElectLeaders (key 43): elects preferred or unclean leaders.
//! Source: Kafka 4.3.1 ElectLeadersRequest.json, ElectLeadersResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// ElectLeadersRequest, versions 0–2.
    pub struct ElectLeadersRequest {
        election_type: i8 [v(1)],
        topic_partitions: Option<Vec<TopicPartitions>> [v(0).null(0)],
        timeout_ms: i32 [v(0)] = 60000,
    }

    /// A part of [`ElectLeadersRequest`].
    pub struct TopicPartitions {
        topic: String [v(0)],
        partitions: Vec<i32> [v(0)],
    }

    /// ElectLeadersResponse, versions 0–2.
    pub struct ElectLeadersResponse {
        throttle_time_ms: i32 [v(0)],
        error_code: i16 [v(1)],
        replica_election_results: Vec<ReplicaElectionResult> [v(0)],
    }

    /// A part of [`ElectLeadersResponse`].
    pub struct ReplicaElectionResult {
        topic: String [v(0)],
        partition_result: Vec<PartitionResult> [v(0)],
    }

    /// A part of [`ElectLeadersResponse`].
    pub struct PartitionResult {
        partition_id: i32 [v(0)],
        error_code: i16 [v(0)],
        error_message: Option<String> [v(0).null(0)],
    }
}
