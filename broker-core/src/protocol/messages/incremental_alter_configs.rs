//! IncrementalAlterConfigs (key 44): changes single configs of resources.
//! Source: Kafka 4.3.1 IncrementalAlterConfigsRequest.json, IncrementalAlterConfigsResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// IncrementalAlterConfigsRequest, versions 0–1.
    pub struct IncrementalAlterConfigsRequest {
        resources: Vec<AlterConfigsResource> [v(0)],
        validate_only: bool [v(0)],
    }

    /// A part of [`IncrementalAlterConfigsRequest`].
    pub struct AlterConfigsResource {
        resource_type: i8 [v(0)],
        resource_name: String [v(0)],
        configs: Vec<AlterableConfig> [v(0)],
    }

    /// A part of [`IncrementalAlterConfigsRequest`].
    pub struct AlterableConfig {
        name: String [v(0)],
        config_operation: i8 [v(0)],
        value: Option<String> [v(0).null(0)],
    }

    /// IncrementalAlterConfigsResponse, versions 0–1.
    pub struct IncrementalAlterConfigsResponse {
        throttle_time_ms: i32 [v(0)],
        responses: Vec<AlterConfigsResourceResponse> [v(0)],
    }

    /// A part of [`IncrementalAlterConfigsResponse`].
    pub struct AlterConfigsResourceResponse {
        error_code: i16 [v(0)],
        error_message: Option<String> [v(0).null(0)],
        resource_type: i8 [v(0)],
        resource_name: String [v(0)],
    }
}
