//! CreateTopics (key 19): creates topics.
//! Source: Kafka 4.3.1 CreateTopicsRequest.json, CreateTopicsResponse.json.

use crate::protocol::wire::{Uuid, message, v};

message! {
    /// CreateTopicsRequest, versions 2–7.
    pub struct CreateTopicsRequest {
        topics: Vec<CreatableTopic> [v(0)],
        timeout_ms: i32 [v(0)] = 60000,
        validate_only: bool [v(1)],
    }

    /// A part of [`CreateTopicsRequest`].
    pub struct CreatableTopic {
        name: String [v(0)],
        num_partitions: i32 [v(0)],
        replication_factor: i16 [v(0)],
        assignments: Vec<CreatableReplicaAssignment> [v(0)],
        configs: Vec<CreatableTopicConfig> [v(0)],
    }

    /// A part of [`CreateTopicsRequest`].
    pub struct CreatableReplicaAssignment {
        partition_index: i32 [v(0)],
        broker_ids: Vec<i32> [v(0)],
    }

    /// A part of [`CreateTopicsRequest`].
    pub struct CreatableTopicConfig {
        name: String [v(0)],
        value: Option<String> [v(0).null(0)],
    }

    /// CreateTopicsResponse, versions 2–7.
    pub struct CreateTopicsResponse {
        throttle_time_ms: i32 [v(2)],
        topics: Vec<CreatableTopicResult> [v(0)],
    }

    /// A part of [`CreateTopicsResponse`].
    pub struct CreatableTopicResult {
        name: String [v(0)],
        topic_id: Uuid [v(7)],
        error_code: i16 [v(0)],
        error_message: Option<String> [v(1).null(0)],
        topic_config_error_code: i16 [v(5).tag(0)],
        num_partitions: i32 [v(5)] = -1,
        replication_factor: i16 [v(5)] = -1,
        configs: Option<Vec<CreatableTopicConfigs>> [v(5).null(5)],
    }

    /// A part of [`CreateTopicsResponse`].
    pub struct CreatableTopicConfigs {
        name: String [v(5)],
        value: Option<String> [v(5).null(5)],
        read_only: bool [v(5)],
        config_source: i8 [v(5)] = -1,
        is_sensitive: bool [v(5)],
    }
}
