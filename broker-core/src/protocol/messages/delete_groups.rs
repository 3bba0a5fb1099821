//! DeleteGroups (key 42): deletes groups without members.
//! Source: Kafka 4.3.1 DeleteGroupsRequest.json, DeleteGroupsResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// DeleteGroupsRequest, versions 0–2.
    pub struct DeleteGroupsRequest {
        groups_names: Vec<String> [v(0)],
    }

    /// DeleteGroupsResponse, versions 0–2.
    pub struct DeleteGroupsResponse {
        throttle_time_ms: i32 [v(0)],
        results: Vec<DeletableGroupResult> [v(0)],
    }

    /// A part of [`DeleteGroupsResponse`].
    pub struct DeletableGroupResult {
        group_id: String [v(0)],
        error_code: i16 [v(0)],
    }
}
