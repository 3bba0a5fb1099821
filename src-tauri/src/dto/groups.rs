//! Consumer groups and their lag.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Cell, ClusterId, Offset};

#[derive(Clone, Debug, Serialize, TS)]
#[ts(optional_fields)]
pub struct GroupRow {
    pub group: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub state: String,
    pub members: Cell<u32>,
    pub topics: Cell<Vec<String>>,
    pub lag: Cell<u64>,
    /// Further behind than what its topics got in the last 15 s.
    pub lagging: bool,
    /// The lag of the last quarter of an hour, or since it is known, in sixty steps, the newest last.
    pub trend: Vec<Option<f64>>,
    /// By how much the lag grows a second; below zero the group catches up.
    #[serde(rename = "changePerSec", skip_serializing_if = "Option::is_none")]
    pub change_per_sec: Option<f64>,
    /// Since when its members are behind and have committed nothing, once that is a minute.
    #[serde(rename = "stuckSince", skip_serializing_if = "Option::is_none")]
    pub stuck_since: Option<i64>,
    pub coordinator: Cell<i32>,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GroupRef {
    pub cluster_id: ClusterId,
    pub group: String,
}

#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct GroupDetail {
    pub group: String,
    pub state: String,
    pub protocol_type: String,
    pub protocol: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coordinator: Option<i32>,
    pub members: Cell<Vec<GroupMember>>,
    pub offsets: Vec<GroupOffset>,
    pub lag: Cell<u64>,
    /// Further behind than what its topics got in the last 15 s.
    pub lagging: bool,
    /// As in [`GroupRow`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stuck_since: Option<i64>,
}

#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct GroupMember {
    pub member_id: String,
    pub client_id: String,
    pub host: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_id: Option<String>,
    pub partitions: Vec<TopicPartition>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, TS)]
pub struct TopicPartition {
    pub topic: String,
    pub partition: i32,
}

#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct GroupOffset {
    pub topic: String,
    pub partition: i32,
    pub committed: Cell<Offset>,
    pub end: Cell<Offset>,
    pub lag: Cell<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<String>,
}
