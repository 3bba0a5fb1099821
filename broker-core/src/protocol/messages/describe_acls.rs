//! DescribeAcls (key 29): access rules.
//! Source: Kafka 4.3.1 DescribeAclsRequest.json, DescribeAclsResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// DescribeAclsRequest, versions 1–3.
    pub struct DescribeAclsRequest {
        resource_type_filter: i8 [v(0)],
        resource_name_filter: Option<String> [v(0).null(0)],
        pattern_type_filter: i8 [v(1)] = 3,
        principal_filter: Option<String> [v(0).null(0)],
        host_filter: Option<String> [v(0).null(0)],
        operation: i8 [v(0)],
        permission_type: i8 [v(0)],
    }

    /// DescribeAclsResponse, versions 1–3.
    pub struct DescribeAclsResponse {
        throttle_time_ms: i32 [v(0)],
        error_code: i16 [v(0)],
        error_message: Option<String> [v(0).null(0)],
        resources: Vec<DescribeAclsResource> [v(0)],
    }

    /// A part of [`DescribeAclsResponse`].
    pub struct DescribeAclsResource {
        resource_type: i8 [v(0)],
        resource_name: String [v(0)],
        pattern_type: i8 [v(1)] = 3,
        acls: Vec<AclDescription> [v(0)],
    }

    /// A part of [`DescribeAclsResponse`].
    pub struct AclDescription {
        principal: String [v(0)],
        host: String [v(0)],
        operation: i8 [v(0)],
        permission_type: i8 [v(0)],
    }
}
