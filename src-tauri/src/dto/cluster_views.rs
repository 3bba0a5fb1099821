//! A cluster as the screens show it: overview, brokers, topics, partitions, configs.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Cell, ClusterId, Offset};

#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct Overview {
    pub cluster_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kafka_cluster_id: Option<String>,
    /// Whose protocol it speaks, such as `Kafka 3.9 protocol`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kafka: Option<String>,
    pub bootstrap: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub controller: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub up_since_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ready_ms: Option<f64>,
    pub brokers: Vec<BrokerRow>,
    pub brokers_total: u32,
    pub topics: u32,
    pub internal_topics: u32,
    pub partitions: u32,
    pub partitions_online: u32,
    pub under_replicated: u32,
    /// Of these, partitions of Kafka's own topics.
    pub under_replicated_internal: u32,
    pub below_min_isr: u32,
    pub offline: u32,
    /// Mean of the last seconds, over all topics.
    pub produced_per_sec: Cell<f64>,
    pub groups: Cell<u32>,
    pub groups_lagging: Cell<u32>,
    pub top_topics: Vec<TopicRow>,
}

#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct BrokerRow {
    pub id: i32,
    pub address: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rack: Option<String>,
    pub state: BrokerState,
    pub controller: bool,
    pub leaders: u32,
    pub replicas: u32,
    pub in_sync: u32,
    pub log_bytes: Cell<u64>,
    /// Bytes a second that clients produce to it, where it tells (the local cluster).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes_in_per_sec: Option<f64>,
    /// Bytes a second that clients fetch from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes_out_per_sec: Option<f64>,
    /// How full its disks are, from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk_used: Option<f64>,
}

/// What only the broker itself tells.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BrokerDetail {
    pub configs: Cell<Vec<ConfigRow>>,
    pub log_dirs: Cell<Vec<LogDir>>,
    /// Topics with a replica on it, from the newest listing.
    pub topics: Vec<BrokerTopic>,
}

/// A directory in which a broker keeps partitions.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct LogDir {
    pub path: String,
    pub bytes: u64,
    pub replicas: u32,
    /// Size of its volume and what is free of it; brokers before Kafka 3.3 do not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usable: Option<u64>,
    /// Why it is offline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A topic's share of a broker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BrokerTopic {
    pub topic: String,
    pub leaders: u32,
    pub replicas: u32,
    pub in_sync: u32,
    /// Of the whole topic.
    pub partitions: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum BrokerState {
    Running,
    Stopped,
    Crashed,
    /// Stands still: its connections stay open and nobody gets an answer.
    Paused,
    Unreachable,
}

#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TopicRow {
    pub name: String,
    pub internal: bool,
    pub partitions: u32,
    pub replication_factor: u32,
    pub under_replicated: u32,
    pub offline: u32,
    /// Offset span: the sum of high watermark − log start, not a count of records.
    pub records: Cell<u64>,
    pub rate_per_sec: Cell<f64>,
    pub log_bytes: Cell<u64>,
    pub cleanup: Cell<String>,
    pub retention_ms: Cell<i64>,
    pub last_record_at: Cell<i64>,
    /// Groups that committed for it or are assigned it.
    pub groups: Cell<Vec<String>>,
}

/// A broker of a cluster.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BrokerRef {
    pub cluster_id: ClusterId,
    pub broker: i32,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TopicRef {
    pub cluster_id: ClusterId,
    pub topic: String,
}

#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct TopicDetail {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic_id: Option<String>,
    pub internal: bool,
    pub partitions: Vec<PartitionRow>,
    pub configs: Cell<Vec<ConfigRow>>,
    pub groups: Cell<Vec<String>>,
}

#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct PartitionRow {
    pub partition: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leader: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leader_epoch: Option<i32>,
    pub replicas: Vec<i32>,
    pub isr: Vec<i32>,
    pub log_start: Cell<Offset>,
    pub high_watermark: Cell<Offset>,
    /// Of its largest replica.
    pub log_bytes: Cell<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ConfigSource {
    Topic,
    Broker,
    Cluster,
    Static,
    Default,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct ConfigRow {
    pub name: String,
    /// Absent for a sensitive value: it never leaves the broker.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    pub source: ConfigSource,
    /// What it would be without a value of the topic's own, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inherited: Option<String>,
    pub default: bool,
    pub sensitive: bool,
    pub read_only: bool,
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
}

/// Who leads and who keeps up, for a picture; internal topics are left out.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Layout {
    pub brokers: Vec<LayoutBroker>,
    /// At most 600.
    pub partitions: Vec<LayoutPartition>,
    pub total: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct LayoutBroker {
    pub id: i32,
    pub up: bool,
    pub controller: bool,
}

#[derive(Clone, Debug, Serialize, TS)]
#[ts(optional_fields)]
pub struct LayoutPartition {
    pub topic: String,
    pub partition: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leader: Option<i32>,
    pub replicas: Vec<i32>,
    pub isr: Vec<i32>,
}
