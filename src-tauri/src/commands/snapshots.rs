//! Named snapshots of the local cluster.

use std::sync::Arc;

use super::local::{NO_COMMAND, note, outdate};
use super::registry::{Touched, Touches};
use crate::app::App;
use crate::dto::{Empty, LocalSnapshot, LocalSnapshotName};
use crate::error::AppResult;
use crate::services::connections::LOCAL_ID;
use crate::services::embedded::{DELETE, RESTORE, snapshot_resource};
use crate::services::jobs::JobHandle;

impl Touches for LocalSnapshotName {
    fn touched(&self, _: &App, operation: &str) -> AppResult<Touched> {
        let verb = if operation == DELETE { "Delete" } else { "Restore" };
        Ok(Touched {
            connection: LOCAL_ID,
            resources: vec![snapshot_resource(&self.name)],
            title: format!("{verb} the snapshot {}", self.name),
            command: NO_COMMAND.to_owned(),
            journaled: true,
        })
    }
}

pub async fn take(app: &Arc<App>, job: JobHandle, request: LocalSnapshotName) -> AppResult<LocalSnapshot> {
    let taken = app.embedded.take_snapshot(request.name, job).await?;
    note(app, "local.snapshot_take", format!("Take the snapshot {}", taken.name));
    Ok(taken)
}

pub async fn restore(app: &Arc<App>, request: LocalSnapshotName) -> AppResult<Empty> {
    let permit = app.policy_facts(LOCAL_ID)?.permit(RESTORE, &[snapshot_resource(&request.name)])?;
    // The shop writes to what is about to go; it opens again in what comes.
    app.shop.close().await;
    let restored = app.embedded.restore_snapshot(permit, &app.connections, &request.name).await;
    let opening = app.clone();
    tokio::spawn(async move { opening.shop.reopen(&opening.connections).await });
    restored?;
    Ok(outdate(app))
}

pub async fn delete(app: &Arc<App>, request: LocalSnapshotName) -> AppResult<Empty> {
    let permit = app.policy_facts(LOCAL_ID)?.permit(DELETE, &[snapshot_resource(&request.name)])?;
    app.embedded.delete_snapshot(permit, &request.name).await?;
    Ok(Empty {})
}
