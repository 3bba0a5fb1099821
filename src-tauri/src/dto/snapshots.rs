//! Named snapshots of the embedded cluster.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A snapshot: the cluster's files as they were at one moment.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct LocalSnapshot {
    pub name: String,
    pub directory: String,
    /// Milliseconds since the epoch; none where it cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<i64>,
    pub bytes: u64,
    pub brokers: u8,
    /// Why it is of no use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LocalSnapshotName {
    pub name: String,
}
