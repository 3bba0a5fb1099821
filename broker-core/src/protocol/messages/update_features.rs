//! UpdateFeatures (key 57): raises and lowers finalized features.
//! Source: Kafka 4.3.1 UpdateFeaturesRequest.json, UpdateFeaturesResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// UpdateFeaturesRequest, versions 0–2.
    pub struct UpdateFeaturesRequest {
        timeout_ms: i32 [v(0)] = 60000,
        feature_updates: Vec<FeatureUpdateKey> [v(0)],
        validate_only: bool [v(1)],
    }

    /// A part of [`UpdateFeaturesRequest`].
    pub struct FeatureUpdateKey {
        feature: String [v(0)],
        max_version_level: i16 [v(0)],
        allow_downgrade: bool [v(0).until(0)],
        upgrade_type: i8 [v(1)] = 1,
    }

    /// UpdateFeaturesResponse, versions 0–2.
    pub struct UpdateFeaturesResponse {
        throttle_time_ms: i32 [v(0)],
        error_code: i16 [v(0)],
        error_message: Option<String> [v(0).null(0)],
        results: Vec<UpdatableFeatureResult> [v(0).until(1)],
    }

    /// A part of [`UpdateFeaturesResponse`].
    pub struct UpdatableFeatureResult {
        feature: String [v(0)],
        error_code: i16 [v(0)],
        error_message: Option<String> [v(0).null(0)],
    }
}
