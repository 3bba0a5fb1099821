//! Heartbeat (key 12): a member says that it is alive.
//! Source: Kafka 4.3.1 HeartbeatRequest.json, HeartbeatResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// HeartbeatRequest, versions 0–4.
    pub struct HeartbeatRequest {
        group_id: String [v(0)],
        generation_id: i32 [v(0)],
        member_id: String [v(0)],
        group_instance_id: Option<String> [v(3).null(3)],
    }

    /// HeartbeatResponse, versions 0–4.
    pub struct HeartbeatResponse {
        throttle_time_ms: i32 [v(1)],
        error_code: i16 [v(0)],
    }
}
