//! AlterConfigs (key 33), versions 0–2.
//! Source: Kafka 4.3.1 AlterConfigsRequest.json; ConfigurationControlManager.legacyAlterConfigs.
//! Needs: nothing; every broker takes it and asks the controller.
//! Answers: per resource an error or nothing. Configs that are not named go back to what they inherit.

use super::incremental_alter_configs::{Asked, alter};
use crate::controller::ConfigOp;
use crate::protocol::messages::alter_configs::{
    AlterConfigsRequest, AlterConfigsResourceResponse, AlterConfigsResponse,
};
use crate::server::Ctx;

pub async fn handle(ctx: Ctx, request: AlterConfigsRequest) -> AlterConfigsResponse {
    let asked = request.resources.into_iter().map(|resource| Asked {
        kind: resource.resource_type,
        name: resource.resource_name,
        ops: resource.configs.into_iter().map(|c| (c.name, Some(ConfigOp::Set), c.value)).collect(),
        replace: true,
    });
    let asked: Vec<Asked> = asked.collect();
    let outcomes = alter(&ctx, &asked, request.validate_only).await;
    let rows =
        asked.into_iter().zip(outcomes).map(|(asked, (code, error_message))| AlterConfigsResourceResponse {
            error_code: code.code(),
            error_message,
            resource_type: asked.kind,
            resource_name: asked.name,
        });
    AlterConfigsResponse { responses: rows.collect(), ..Default::default() }
}
