//! ListGroups (key 16): the groups a broker coordinates.
//! Source: Kafka 4.3.1 ListGroupsRequest.json, ListGroupsResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// ListGroupsRequest, versions 0–5.
    pub struct ListGroupsRequest {
        states_filter: Vec<String> [v(4)],
        types_filter: Vec<String> [v(5)],
    }

    /// ListGroupsResponse, versions 0–5.
    pub struct ListGroupsResponse {
        throttle_time_ms: i32 [v(1)],
        error_code: i16 [v(0)],
        groups: Vec<ListedGroup> [v(0)],
    }

    /// A part of [`ListGroupsResponse`].
    pub struct ListedGroup {
        group_id: String [v(0)],
        protocol_type: String [v(0)],
        group_state: String [v(4)],
        group_type: String [v(5)],
    }
}
