//! The embedded cluster.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{BrokerState, ClusterId, ConfigEntry, LocalSnapshot};

#[derive(Clone, Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct LocalOptions {
    pub brokers: Option<u8>,
    pub base_port: Option<u16>,
    /// Kafka's broker settings by name, in place of the last start's.
    pub overrides: Option<Vec<ConfigEntry>>,
    /// A second listener for programs in containers; as at the last start where it is not said.
    pub containers: Option<bool>,
    /// Bytes it may have on disk; 0 for as many as there is room for. As at the last start where it is not said.
    pub disk_max: Option<u64>,
    /// Open the sample shop with it.
    pub shop: Option<bool>,
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

/// The local cluster as its panel shows it.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct LocalPanel {
    pub running: bool,
    pub brokers: Vec<LocalBrokerView>,
    pub data_dir: String,
    pub data_bytes: u64,
    /// Bytes free on the volume that holds the data, while the cluster runs, and the volume's size.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk_free: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disk_total: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bootstrap: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ready_ms: Option<f64>,
    pub overrides: Vec<ConfigEntry>,
    /// The first port and the most bytes on disk at the next start; 0 for as many as there is room for.
    pub base_port: u16,
    pub disk_max: u64,
    pub snapshots: Vec<LocalSnapshot>,
    /// What was done to disks, links and clock and not mended, and disks that are full.
    pub faults: Vec<StandingFaultView>,
    /// What programs in containers connect to, where there is a listener for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub containers_bootstrap: Option<String>,
    /// Their listener is bound to every address of this machine, not to a container bridge alone.
    pub containers_open: bool,
}

#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StandingFaultView {
    /// A sentence, which begins small.
    pub words: String,
    /// Mending disks and links ends it.
    pub mends: bool,
}

#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LocalBrokerView {
    pub id: i32,
    pub address: String,
    pub state: BrokerState,
    pub log_bytes: u64,
}

/// A broker setting: Kafka's default, what a laptop gets instead, and what the person set.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct LocalSetting {
    pub name: String,
    pub doc: String,
    pub default: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub laptop: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum LocalLogLevel {
    Error,
    Warn,
    Info,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct LocalLogLine {
    /// Counts up; a line keeps its number.
    pub number: u32,
    /// Milliseconds since the epoch.
    pub at: i64,
    pub level: LocalLogLevel,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broker: Option<i32>,
    pub text: String,
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

/// Something that goes wrong with disks, links or the clock, or its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum LocalFault {
    /// Its disk has no room until [`LocalFault::Mend`].
    FillDisk {
        broker: i32,
    },
    FailWrite {
        broker: i32,
    },
    FailSync {
        broker: i32,
    },
    CutFromClients {
        broker: i32,
    },
    CutFromController {
        broker: i32,
    },
    /// Every message between brokers takes so many milliseconds longer.
    Delay {
        ms: u32,
    },
    /// The brokers' clock goes on by so many seconds; it does not come back.
    MoveClock {
        seconds: u32,
    },
    /// Disks, links and delays are as they should be.
    Mend,
}
