//! SyncGroup (key 14): a member receives its assignment.
//! Source: Kafka 4.3.1 SyncGroupRequest.json, SyncGroupResponse.json.

use bytes::Bytes;

use crate::protocol::wire::{message, v};

message! {
    /// SyncGroupRequest, versions 0–5.
    pub struct SyncGroupRequest {
        group_id: String [v(0)],
        generation_id: i32 [v(0)],
        member_id: String [v(0)],
        group_instance_id: Option<String> [v(3).null(3)],
        protocol_type: Option<String> [v(5).null(5)],
        protocol_name: Option<String> [v(5).null(5)],
        assignments: Vec<SyncGroupRequestAssignment> [v(0)],
    }

    /// A part of [`SyncGroupRequest`].
    pub struct SyncGroupRequestAssignment {
        member_id: String [v(0)],
        assignment: Bytes [v(0)],
    }

    /// SyncGroupResponse, versions 0–5.
    pub struct SyncGroupResponse {
        throttle_time_ms: i32 [v(1)],
        error_code: i16 [v(0)],
        protocol_type: Option<String> [v(5).null(5)],
        protocol_name: Option<String> [v(5).null(5)],
        assignment: Bytes [v(0)],
    }
}
