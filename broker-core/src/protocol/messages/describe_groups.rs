//! DescribeGroups (key 15): state and members of classic groups.
//! Source: Kafka 4.3.1 DescribeGroupsRequest.json, DescribeGroupsResponse.json.

use bytes::Bytes;

use crate::protocol::wire::{message, v};

message! {
    /// DescribeGroupsRequest, versions 0–6.
    pub struct DescribeGroupsRequest {
        groups: Vec<String> [v(0)],
        include_authorized_operations: bool [v(3)],
    }

    /// DescribeGroupsResponse, versions 0–6.
    pub struct DescribeGroupsResponse {
        throttle_time_ms: i32 [v(1)],
        groups: Vec<DescribedGroup> [v(0)],
    }

    /// A part of [`DescribeGroupsResponse`].
    pub struct DescribedGroup {
        error_code: i16 [v(0)],
        error_message: Option<String> [v(6).null(6)],
        group_id: String [v(0)],
        group_state: String [v(0)],
        protocol_type: String [v(0)],
        protocol_data: String [v(0)],
        members: Vec<DescribedGroupMember> [v(0)],
        authorized_operations: i32 [v(3)] = -2147483648,
    }

    /// A part of [`DescribeGroupsResponse`].
    pub struct DescribedGroupMember {
        member_id: String [v(0)],
        group_instance_id: Option<String> [v(4).null(4)],
        client_id: String [v(0)],
        client_host: String [v(0)],
        member_metadata: Bytes [v(0)],
        member_assignment: Bytes [v(0)],
    }
}
