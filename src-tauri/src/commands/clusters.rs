//! The list of connections.

use std::sync::Arc;
use std::time::Duration;

use super::feed::{Feed, Wake};
use crate::app::App;
use crate::dto::{
    AddCluster, AppError, BrokerState, ClusterKind, ClusterRef, ClusterState, ClusterStatus, ClusterSummary,
    Empty, UpdateCluster,
};
use crate::error::AppResult;
use crate::services::connections::LOCAL_ID;

/// How often the status of a cluster that is shown is told.
const STATUS_EVERY: Duration = Duration::from_millis(1_000);

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
    app.connections.remove(request.cluster_id).await?;
    Ok(Empty {})
}

pub async fn status_feed(app: &Arc<App>, request: ClusterRef) -> AppResult<Feed<ClusterStatus>> {
    app.connections.get(request.cluster_id)?;
    let reader = app.clone();
    Ok(Feed::new(Wake::Every(STATUS_EVERY), move || {
        let app = reader.clone();
        async move { status(&app, request.cluster_id).await }
    }))
}

async fn status(app: &App, cluster_id: crate::dto::ClusterId) -> AppResult<ClusterStatus> {
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
