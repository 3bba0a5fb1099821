//! The list of connections.

use std::sync::Arc;
use std::time::Duration;

use super::feed::{Feed, Wake};
use super::registry::Touched;
use crate::app::App;
use crate::dto::{
    AddCluster, AppError, BrokerState, ClusterId, ClusterKind, ClusterRef, ClusterState, ClusterStatus,
    ClusterSummary, Empty, OpClass, RemovedCluster, UpdateCluster,
};
use crate::error::AppResult;
use crate::services::connections::LOCAL_ID;

/// How often the status of a cluster that is shown is told.
const STATUS_EVERY: Duration = Duration::from_millis(1_000);
const REMOVE: &str = "clusters.remove";
const RESTORE: &str = "clusters.restore";

pub async fn list(app: &Arc<App>, _: Empty) -> AppResult<Vec<ClusterSummary>> {
    Ok(app.connections.summaries())
}

pub async fn feed(app: &Arc<App>, _: Empty) -> AppResult<Feed<Vec<ClusterSummary>>> {
    let reader = app.clone();
    Ok(Feed::new(Wake::Changed(app.connections.subscribe()), move || {
        let summaries = reader.connections.summaries();
        async move { Ok(summaries) }
    }))
}

pub async fn add(app: &Arc<App>, request: AddCluster) -> AppResult<ClusterRef> {
    let AddCluster { name, bootstrap, environment, read_only } = request;
    let cluster_id = app.connections.add(name, &bootstrap, environment, read_only)?;
    Ok(ClusterRef { cluster_id })
}

pub async fn update(app: &Arc<App>, request: UpdateCluster) -> AppResult<Empty> {
    let UpdateCluster { cluster_id, name, environment, read_only } = request;
    app.connections.update(cluster_id, name, environment, read_only)?;
    Ok(Empty {})
}

pub async fn remove(app: &Arc<App>, request: ClusterRef) -> AppResult<Empty> {
    let connection = app.connections.get(request.cluster_id)?;
    let runs =
        connection.row().kind == ClusterKind::Local && connection.health().state != ClusterState::Stopped;
    if runs {
        return Err(AppError::new("The local cluster stays in the list", "It is running.").remedy_call(
            "Stop it first",
            "local.stop",
            serde_json::json!({}),
        ));
    }
    let name = connection.row().name;
    app.connections.remove(request.cluster_id).await?;
    note(app, request.cluster_id, REMOVE, format!("Remove connection {name}"))?;
    Ok(Empty {})
}

pub async fn removed(app: &Arc<App>, _: Empty) -> AppResult<Vec<RemovedCluster>> {
    let rows = app.store.connections_removed()?.into_iter();
    let shown = rows.map(|(row, removed_at)| RemovedCluster {
        cluster_id: row.id,
        name: row.name,
        environment: row.environment,
        bootstrap: row.bootstrap,
        removed_at,
    });
    Ok(shown.collect())
}

pub async fn restore(app: &Arc<App>, request: ClusterRef) -> AppResult<Empty> {
    let name = app.connections.restore(request.cluster_id)?.row().name;
    note(app, request.cluster_id, RESTORE, format!("Restore connection {name}"))?;
    Ok(Empty {})
}

/// Changes of the list touch no cluster, but they are part of its history here.
fn note(app: &App, cluster: ClusterId, operation: &str, title: String) -> AppResult<()> {
    let touched = Touched {
        connection: cluster,
        resources: vec!["the list of clusters".to_owned()],
        title,
        command: String::new(),
        journaled: true,
    };
    app.store.journal_operation(OpClass::Local, operation, &touched, None)
}

pub async fn status_feed(app: &Arc<App>, request: ClusterRef) -> AppResult<Feed<ClusterStatus>> {
    app.connections.get(request.cluster_id)?;
    let reader = app.clone();
    Ok(Feed::new(Wake::Every(STATUS_EVERY), move || {
        let app = reader.clone();
        async move { status(&app, request.cluster_id).await }
    }))
}

async fn status(app: &App, cluster_id: ClusterId) -> AppResult<ClusterStatus> {
    let connection = app.connections.get(cluster_id)?;
    let (health, summary) = (connection.health(), connection.summary());
    let mut status = ClusterStatus {
        state: health.state,
        latency_ms: health.latency_ms,
        since: health.since,
        brokers_up: summary.brokers.filter(|_| health.state == ClusterState::Connected),
        brokers_total: summary.brokers,
        clients: Vec::new(),
    };
    if cluster_id == LOCAL_ID
        && let Some(local) = app.embedded.status().await
    {
        let up = local.brokers.iter().filter(|broker| broker.state == BrokerState::Running).count();
        status.brokers_up = Some(crate::count(up));
        status.brokers_total = Some(crate::count(local.brokers.len()));
        status.clients = app.embedded.clients().await;
    }
    Ok(status)
}
