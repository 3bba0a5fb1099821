//! DeleteAcls (key 31): deletes access rules.
//! Source: Kafka 4.3.1 DeleteAclsRequest.json, DeleteAclsResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// DeleteAclsRequest, versions 1–3.
    pub struct DeleteAclsRequest {
        filters: Vec<DeleteAclsFilter> [v(0)],
    }

    /// A part of [`DeleteAclsRequest`].
    pub struct DeleteAclsFilter {
        resource_type_filter: i8 [v(0)],
        resource_name_filter: Option<String> [v(0).null(0)],
        pattern_type_filter: i8 [v(1)] = 3,
        principal_filter: Option<String> [v(0).null(0)],
        host_filter: Option<String> [v(0).null(0)],
        operation: i8 [v(0)],
        permission_type: i8 [v(0)],
    }

    /// DeleteAclsResponse, versions 1–3.
    pub struct DeleteAclsResponse {
        throttle_time_ms: i32 [v(0)],
        filter_results: Vec<DeleteAclsFilterResult> [v(0)],
    }

    /// A part of [`DeleteAclsResponse`].
    pub struct DeleteAclsFilterResult {
        error_code: i16 [v(0)],
        error_message: Option<String> [v(0).null(0)],
        matching_acls: Vec<DeleteAclsMatchingAcl> [v(0)],
    }

    /// A part of [`DeleteAclsResponse`].
    pub struct DeleteAclsMatchingAcl {
        error_code: i16 [v(0)],
        error_message: Option<String> [v(0).null(0)],
        resource_type: i8 [v(0)],
        resource_name: String [v(0)],
        pattern_type: i8 [v(1)] = 3,
        principal: String [v(0)],
        host: String [v(0)],
        operation: i8 [v(0)],
        permission_type: i8 [v(0)],
    }
}
