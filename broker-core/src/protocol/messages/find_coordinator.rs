//! FindCoordinator (key 10): the broker that owns a group or transactional id.
//! Source: Kafka 4.3.1 FindCoordinatorRequest.json, FindCoordinatorResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// FindCoordinatorRequest, versions 0–6.
    pub struct FindCoordinatorRequest {
        key: String [v(0).until(3)],
        key_type: i8 [v(1)],
        coordinator_keys: Vec<String> [v(4)],
    }

    /// FindCoordinatorResponse, versions 0–6.
    pub struct FindCoordinatorResponse {
        throttle_time_ms: i32 [v(1)],
        error_code: i16 [v(0).until(3)],
        error_message: Option<String> [v(1).until(3).null(1)],
        node_id: i32 [v(0).until(3)],
        host: String [v(0).until(3)],
        port: i32 [v(0).until(3)],
        coordinators: Vec<Coordinator> [v(4)],
    }

    /// A part of [`FindCoordinatorResponse`].
    pub struct Coordinator {
        key: String [v(4)],
        node_id: i32 [v(4)],
        host: String [v(4)],
        port: i32 [v(4)],
        error_code: i16 [v(4)],
        error_message: Option<String> [v(4).null(4)],
    }
}
