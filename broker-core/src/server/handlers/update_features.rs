//! UpdateFeatures (key 57), versions 0–2.
//! Source: Kafka 4.3.1 UpdateFeaturesRequest.json; FeatureControlManager.updateFeatures; KIP-584, KIP-1022.
//! Needs: nothing; every broker takes it and asks the controller.
//! Answers: all of the updates are made, or none of them and why; before version 2 the success of each.
//! Versions: 1 kind of update and a trial · 2 no results of single features.

use crate::controller::{FeatureUpdate, UpdateKind};
use crate::protocol::ErrorCode;
use crate::protocol::messages::update_features::{
    UpdatableFeatureResult, UpdateFeaturesRequest, UpdateFeaturesResponse,
};
use crate::server::Ctx;

pub async fn handle(ctx: Ctx, request: UpdateFeaturesRequest) -> UpdateFeaturesResponse {
    let names: Vec<String> = request.feature_updates.iter().map(|update| update.feature.clone()).collect();
    let updates = request.feature_updates.into_iter().map(|update| FeatureUpdate {
        name: update.feature,
        level: update.max_version_level,
        kind: match update.upgrade_type {
            _ if ctx.version == 0 && update.allow_downgrade => UpdateKind::Downgrade,
            1 => UpdateKind::Upgrade,
            2 | 3 => UpdateKind::Downgrade,
            _ => UpdateKind::Unknown,
        },
    });
    match ctx.broker.update_features(updates.collect(), request.validate_only).await {
        Err(code) => UpdateFeaturesResponse { error_code: code.code(), ..Default::default() },
        Ok(Err(refusal)) => UpdateFeaturesResponse {
            error_code: refusal.code.code(),
            error_message: Some(format!(
                "The update failed for all features since the following feature had an error: {}",
                refusal.message
            )),
            ..Default::default()
        },
        Ok(Ok(())) => {
            let done = |feature| UpdatableFeatureResult {
                feature,
                error_code: ErrorCode::None.code(),
                error_message: None,
            };
            UpdateFeaturesResponse { results: names.into_iter().map(done).collect(), ..Default::default() }
        }
    }
}
