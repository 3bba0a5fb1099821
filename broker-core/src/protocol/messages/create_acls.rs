//! CreateAcls (key 30): creates access rules.
//! Source: Kafka 4.3.1 CreateAclsRequest.json, CreateAclsResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// CreateAclsRequest, versions 1–3.
    pub struct CreateAclsRequest {
        creations: Vec<AclCreation> [v(0)],
    }

    /// A part of [`CreateAclsRequest`].
    pub struct AclCreation {
        resource_type: i8 [v(0)],
        resource_name: String [v(0)],
        resource_pattern_type: i8 [v(1)] = 3,
        principal: String [v(0)],
        host: String [v(0)],
        operation: i8 [v(0)],
        permission_type: i8 [v(0)],
    }

    /// CreateAclsResponse, versions 1–3.
    pub struct CreateAclsResponse {
        throttle_time_ms: i32 [v(0)],
        results: Vec<AclCreationResult> [v(0)],
    }

    /// A part of [`CreateAclsResponse`].
    pub struct AclCreationResult {
        error_code: i16 [v(0)],
        error_message: Option<String> [v(0).null(0)],
    }
}
