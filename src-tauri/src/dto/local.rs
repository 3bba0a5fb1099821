//! The embedded cluster.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ClusterId;

#[derive(Clone, Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct LocalOptions {
    pub brokers: Option<u8>,
    pub base_port: Option<u16>,
}

#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct LocalPreview {
    pub brokers: u8,
    pub ports: Vec<u16>,
    pub data_dir: String,
    /// Said when the usual ports are taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    /// There is data from before.
    pub existing: bool,
}

#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LocalStarted {
    pub cluster_id: ClusterId,
    pub ready_ms: f64,
    pub bootstrap: String,
    pub brokers: u8,
}

#[derive(Clone, Debug, Deserialize, TS)]
pub struct LocalReset {
    /// Must be `Local`.
    pub confirm: String,
}

#[derive(Clone, Debug, Deserialize, TS)]
pub struct LocalBroker {
    pub broker: i32,
}
