//! DeleteTopics (key 20): deletes topics by name or id.
//! Source: Kafka 4.3.1 DeleteTopicsRequest.json, DeleteTopicsResponse.json.

use crate::protocol::wire::{Uuid, message, v};

message! {
    /// DeleteTopicsRequest, versions 1–6.
    pub struct DeleteTopicsRequest {
        topics: Vec<DeleteTopicState> [v(6)],
        topic_names: Vec<String> [v(0).until(5)],
        timeout_ms: i32 [v(0)],
    }

    /// A part of [`DeleteTopicsRequest`].
    pub struct DeleteTopicState {
        name: Option<String> [v(6).null(6)],
        topic_id: Uuid [v(6)],
    }

    /// DeleteTopicsResponse, versions 1–6.
    pub struct DeleteTopicsResponse {
        throttle_time_ms: i32 [v(1)],
        responses: Vec<DeletableTopicResult> [v(0)],
    }

    /// A part of [`DeleteTopicsResponse`].
    pub struct DeletableTopicResult {
        name: Option<String> [v(0).null(6)],
        topic_id: Uuid [v(6)],
        error_code: i16 [v(0)],
        error_message: Option<String> [v(5).null(5)],
    }
}
