//! DescribeConfigs (key 32): the configs of topics and brokers.
//! Source: Kafka 4.3.1 DescribeConfigsRequest.json, DescribeConfigsResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// DescribeConfigsRequest, versions 1–4.
    pub struct DescribeConfigsRequest {
        resources: Vec<DescribeConfigsResource> [v(0)],
        include_synonyms: bool [v(1)],
        include_documentation: bool [v(3)],
    }

    /// A part of [`DescribeConfigsRequest`].
    pub struct DescribeConfigsResource {
        resource_type: i8 [v(0)],
        resource_name: String [v(0)],
        configuration_keys: Option<Vec<String>> [v(0).null(0)],
    }

    /// DescribeConfigsResponse, versions 1–4.
    pub struct DescribeConfigsResponse {
        throttle_time_ms: i32 [v(0)],
        results: Vec<DescribeConfigsResult> [v(0)],
    }

    /// A part of [`DescribeConfigsResponse`].
    pub struct DescribeConfigsResult {
        error_code: i16 [v(0)],
        error_message: Option<String> [v(0).null(0)],
        resource_type: i8 [v(0)],
        resource_name: String [v(0)],
        configs: Vec<DescribeConfigsResourceResult> [v(0)],
    }

    /// A part of [`DescribeConfigsResponse`].
    pub struct DescribeConfigsResourceResult {
        name: String [v(0)],
        value: Option<String> [v(0).null(0)],
        read_only: bool [v(0)],
        config_source: i8 [v(1)] = -1,
        is_sensitive: bool [v(0)],
        synonyms: Vec<DescribeConfigsSynonym> [v(1)],
        config_type: i8 [v(3)],
        documentation: Option<String> [v(3).null(0)],
    }

    /// A part of [`DescribeConfigsResponse`].
    pub struct DescribeConfigsSynonym {
        name: String [v(1)],
        value: Option<String> [v(1).null(0)],
        source: i8 [v(1)],
    }
}
