//! LeaveGroup (key 13): members leave a classic group.
//! Source: Kafka 4.3.1 LeaveGroupRequest.json, LeaveGroupResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// LeaveGroupRequest, versions 0–5.
    pub struct LeaveGroupRequest {
        group_id: String [v(0)],
        member_id: String [v(0).until(2)],
        members: Vec<MemberIdentity> [v(3)],
    }

    /// A part of [`LeaveGroupRequest`].
    pub struct MemberIdentity {
        member_id: String [v(3)],
        group_instance_id: Option<String> [v(3).null(3)],
        reason: Option<String> [v(5).null(5)],
    }

    /// LeaveGroupResponse, versions 0–5.
    pub struct LeaveGroupResponse {
        throttle_time_ms: i32 [v(1)],
        error_code: i16 [v(0)],
        members: Vec<MemberResponse> [v(3)],
    }

    /// A part of [`LeaveGroupResponse`].
    pub struct MemberResponse {
        member_id: String [v(3)],
        group_instance_id: Option<String> [v(3).null(3)],
        error_code: i16 [v(3)],
    }
}
