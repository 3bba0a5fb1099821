//! ListConfigResources (key 74): the resources that have configs of their own.
//! Source: Kafka 4.3.1 ListConfigResourcesRequest.json, ListConfigResourcesResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// ListConfigResourcesRequest, versions 0–1.
    pub struct ListConfigResourcesRequest {
        resource_types: Vec<i8> [v(1)],
    }

    /// ListConfigResourcesResponse, versions 0–1.
    pub struct ListConfigResourcesResponse {
        throttle_time_ms: i32 [v(0)],
        error_code: i16 [v(0)],
        config_resources: Vec<ConfigResource> [v(0)],
    }

    /// A part of [`ListConfigResourcesResponse`].
    pub struct ConfigResource {
        resource_name: String [v(0)],
        resource_type: i8 [v(1)] = 16,
    }
}
