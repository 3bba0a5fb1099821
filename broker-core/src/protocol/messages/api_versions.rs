//! ApiVersions (key 18): which APIs and features a broker has.
//! Source: Kafka 4.3.1 ApiVersionsRequest.json, ApiVersionsResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// ApiVersionsRequest, versions 0–4.
    pub struct ApiVersionsRequest {
        client_software_name: String [v(3)],
        client_software_version: String [v(3)],
    }

    /// ApiVersionsResponse, versions 0–4.
    pub struct ApiVersionsResponse {
        error_code: i16 [v(0)],
        api_keys: Vec<ApiVersion> [v(0)],
        throttle_time_ms: i32 [v(1)],
        supported_features: Vec<SupportedFeatureKey> [v(3).tag(0)],
        finalized_features_epoch: i64 [v(3).tag(1)] = -1,
        finalized_features: Vec<FinalizedFeatureKey> [v(3).tag(2)],
        zk_migration_ready: bool [v(3).tag(3)],
    }

    /// A part of [`ApiVersionsResponse`].
    pub struct ApiVersion {
        api_key: i16 [v(0)],
        min_version: i16 [v(0)],
        max_version: i16 [v(0)],
    }

    /// A part of [`ApiVersionsResponse`].
    pub struct SupportedFeatureKey {
        name: String [v(3)],
        min_version: i16 [v(3)],
        max_version: i16 [v(3)],
    }

    /// A part of [`ApiVersionsResponse`].
    pub struct FinalizedFeatureKey {
        name: String [v(3)],
        max_version_level: i16 [v(3)],
        min_version_level: i16 [v(3)],
    }
}
