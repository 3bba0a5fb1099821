//! CreatePartitions (key 37): adds partitions to topics.
//! Source: Kafka 4.3.1 CreatePartitionsRequest.json, CreatePartitionsResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// CreatePartitionsRequest, versions 0–3.
    pub struct CreatePartitionsRequest {
        topics: Vec<CreatePartitionsTopic> [v(0)],
        timeout_ms: i32 [v(0)],
        validate_only: bool [v(0)],
    }

    /// A part of [`CreatePartitionsRequest`].
    pub struct CreatePartitionsTopic {
        name: String [v(0)],
        count: i32 [v(0)],
        assignments: Option<Vec<CreatePartitionsAssignment>> [v(0).null(0)],
    }

    /// A part of [`CreatePartitionsRequest`].
    pub struct CreatePartitionsAssignment {
        broker_ids: Vec<i32> [v(0)],
    }

    /// CreatePartitionsResponse, versions 0–3.
    pub struct CreatePartitionsResponse {
        throttle_time_ms: i32 [v(0)],
        results: Vec<CreatePartitionsTopicResult> [v(0)],
    }

    /// A part of [`CreatePartitionsResponse`].
    pub struct CreatePartitionsTopicResult {
        name: String [v(0)],
        error_code: i16 [v(0)],
        error_message: Option<String> [v(0).null(0)],
    }
}
