//! IncrementalAlterConfigs (key 44), versions 0–1.
//! Source: Kafka 4.3.1 IncrementalAlterConfigsRequest.json; ConfigAdminManager.scala; KIP-339.
//! Needs: nothing; every broker takes it and asks the controller.
//! Answers: per resource an error or nothing; a resource changes whole or not at all.
//! Skips: broker loggers — SKIPPED.md.

use crate::config::ConfigResource;
use crate::controller::{ConfigChange, ConfigOp};
use crate::protocol::ErrorCode;
use crate::protocol::messages::incremental_alter_configs::{
    AlterConfigsResourceResponse, IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse,
};
use crate::server::Ctx;

pub async fn handle(ctx: Ctx, request: IncrementalAlterConfigsRequest) -> IncrementalAlterConfigsResponse {
    let asked = request.resources.into_iter().map(|resource| Asked {
        kind: resource.resource_type,
        name: resource.resource_name,
        ops: resource
            .configs
            .into_iter()
            .map(|c| (c.name, ConfigOp::from_code(c.config_operation), c.value))
            .collect(),
        replace: false,
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
    IncrementalAlterConfigsResponse { responses: rows.collect(), ..Default::default() }
}

/// A change as a client asks for it.
pub(super) struct Asked {
    pub kind: i8,
    pub name: String,
    /// Name, operation if there is one of its number, value.
    pub ops: Vec<(String, Option<ConfigOp>, Option<String>)>,
    pub replace: bool,
}

type Row = (ErrorCode, Option<String>);

/// Makes the changes that can be asked for so; a row for each.
pub(super) async fn alter(ctx: &Ctx, asked: &[Asked], validate_only: bool) -> Vec<Row> {
    let checked: Vec<Result<ConfigChange, Row>> = asked.iter().map(|one| check(ctx, one, asked)).collect();
    let changes: Vec<ConfigChange> = checked.iter().flatten().cloned().collect();
    let mut outcomes = match ctx.broker.alter_configs(changes, validate_only).await {
        Ok(outcomes) => outcomes.into_iter(),
        Err(code) => {
            let gone = Some("the controller is gone".to_owned());
            return asked.iter().map(|_| (code, gone.clone())).collect();
        }
    };
    let rows = checked.into_iter().map(|checked| match checked {
        Err(row) => row,
        Ok(_) => match outcomes.next() {
            Some(Err(err)) => (err.code, Some(err.message)),
            Some(Ok(())) | None => (ErrorCode::None, None),
        },
    });
    rows.collect()
}

fn check(ctx: &Ctx, one: &Asked, all: &[Asked]) -> Result<ConfigChange, Row> {
    let refuse = |message: String| Err((ErrorCode::InvalidRequest, Some(message)));
    if all.iter().filter(|other| other.kind == one.kind && other.name == one.name).count() > 1 {
        return refuse("each resource may be named once".to_owned());
    }
    let Some(resource) = ConfigResource::parse(one.kind, &one.name) else {
        return refuse(format!("resource {:?} of type {} cannot be changed", one.name, one.kind));
    };
    if let ConfigResource::Broker(Some(id)) = resource
        && id != ctx.broker.id()
    {
        return refuse(format!("this is broker {}, not {id}", ctx.broker.id()));
    }
    let mut ops = Vec::with_capacity(one.ops.len());
    for (name, op, value) in &one.ops {
        let Some(op) = *op else { return refuse(format!("config {name}: there is no such operation")) };
        if one.ops.iter().filter(|(other, ..)| other == name).count() > 1 {
            return refuse(format!("config {name} is named twice"));
        }
        if value.is_none() && op != ConfigOp::Delete {
            return refuse(format!("config {name} has no value"));
        }
        ops.push((name.clone(), op, value.clone()));
    }
    Ok(ConfigChange { resource, ops, replace: one.replace })
}
