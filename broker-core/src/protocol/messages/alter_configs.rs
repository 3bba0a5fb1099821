//! AlterConfigs (key 33): replaces all configs of a resource.
//! Source: Kafka 4.3.1 AlterConfigsRequest.json, AlterConfigsResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// AlterConfigsRequest, versions 0–2.
    pub struct AlterConfigsRequest {
        resources: Vec<AlterConfigsResource> [v(0)],
        validate_only: bool [v(0)],
    }

    /// A part of [`AlterConfigsRequest`].
    pub struct AlterConfigsResource {
        resource_type: i8 [v(0)],
        resource_name: String [v(0)],
        configs: Vec<AlterableConfig> [v(0)],
    }

    /// A part of [`AlterConfigsRequest`].
    pub struct AlterableConfig {
        name: String [v(0)],
        value: Option<String> [v(0).null(0)],
    }

    /// AlterConfigsResponse, versions 0–2.
    pub struct AlterConfigsResponse {
        throttle_time_ms: i32 [v(0)],
        responses: Vec<AlterConfigsResourceResponse> [v(0)],
    }

    /// A part of [`AlterConfigsResponse`].
    pub struct AlterConfigsResourceResponse {
        error_code: i16 [v(0)],
        error_message: Option<String> [v(0).null(0)],
        resource_type: i8 [v(0)],
        resource_name: String [v(0)],
    }
}
