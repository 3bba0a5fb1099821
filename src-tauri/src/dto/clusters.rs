//! The connections of this app.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ClusterId;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Env {
    Local,
    Dev,
    Staging,
    Prod,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ClusterKind {
    Local,
    Remote,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ClusterState {
    Stopped,
    Starting,
    Connected,
    Connecting,
    Unreachable,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct ClusterSummary {
    pub cluster_id: ClusterId,
    pub name: String,
    pub kind: ClusterKind,
    pub environment: Env,
    pub read_only: bool,
    pub bootstrap: String,
    pub state: ClusterState,
    /// When the state began, milliseconds since the epoch.
    pub since: i64,
    /// When the local cluster was started last, since this program began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brokers: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topics: Option<u32>,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct AddCluster {
    pub name: Option<String>,
    pub bootstrap: String,
    pub environment: Env,
    pub read_only: bool,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UpdateCluster {
    pub cluster_id: ClusterId,
    pub name: String,
    pub environment: Env,
    pub read_only: bool,
}

/// A connection that was taken off the list and can be restored.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RemovedCluster {
    pub cluster_id: ClusterId,
    pub name: String,
    pub environment: Env,
    pub bootstrap: String,
    /// Milliseconds since the epoch.
    pub removed_at: i64,
}

/// A request or answer that is only about one connection.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ClusterRef {
    pub cluster_id: ClusterId,
}

/// The `status` feed: is it there, how far away, and who is connected (local cluster only).
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct ClusterStatus {
    pub state: ClusterState,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<f64>,
    pub since: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brokers_up: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brokers_total: Option<u32>,
    pub clients: Vec<ConnectedClient>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct ConnectedClient {
    pub software: String,
    pub version: String,
    pub address: String,
    pub client_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_topic: Option<String>,
    /// Records it has sent.
    pub records: u64,
    /// The topic it was last given records of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_read: Option<String>,
    /// Bytes of records it was given, as they lie in the log.
    pub read_bytes: u64,
    pub at: i64,
    /// When it left; it is told of for ten minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_at: Option<i64>,
}
