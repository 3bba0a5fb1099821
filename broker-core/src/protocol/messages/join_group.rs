//! JoinGroup (key 11): a member enters a classic group.
//! Source: Kafka 4.3.1 JoinGroupRequest.json, JoinGroupResponse.json.

use bytes::Bytes;

use crate::protocol::wire::{message, v};

message! {
    /// JoinGroupRequest, versions 0–9.
    pub struct JoinGroupRequest {
        group_id: String [v(0)],
        session_timeout_ms: i32 [v(0)],
        rebalance_timeout_ms: i32 [v(1)] = -1,
        member_id: String [v(0)],
        group_instance_id: Option<String> [v(5).null(5)],
        protocol_type: String [v(0)],
        protocols: Vec<JoinGroupRequestProtocol> [v(0)],
        reason: Option<String> [v(8).null(8)],
    }

    /// A part of [`JoinGroupRequest`].
    pub struct JoinGroupRequestProtocol {
        name: String [v(0)],
        metadata: Bytes [v(0)],
    }

    /// JoinGroupResponse, versions 0–9.
    pub struct JoinGroupResponse {
        throttle_time_ms: i32 [v(2)],
        error_code: i16 [v(0)],
        generation_id: i32 [v(0)] = -1,
        protocol_type: Option<String> [v(7).null(7)],
        protocol_name: Option<String> [v(0).null(7)],
        leader: String [v(0)],
        skip_assignment: bool [v(9)],
        member_id: String [v(0)],
        members: Vec<JoinGroupResponseMember> [v(0)],
    }

    /// A part of [`JoinGroupResponse`].
    pub struct JoinGroupResponseMember {
        member_id: String [v(0)],
        group_instance_id: Option<String> [v(5).null(5)],
        metadata: Bytes [v(0)],
    }
}
