//! What configs can be set on, and the configs of groups and of client metrics subscriptions.
//! Source: Kafka 4.3.1 `ConfigResource.java`, `GroupConfig.java`, `ClientMetricsConfigs.java`.

use super::Check::{Any, Between, Min, OneOf};
use super::Kind::{Boolean, Int, List, String as Text};
use super::{ConfigDef, plain as own};

/// A thing with configs of its own, numbered as the protocol numbers its types.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConfigResource {
    /// A topic.
    Topic(String),
    /// One broker, or with `None` all of them.
    Broker(Option<i32>),
    /// A client metrics subscription.
    ClientMetrics(String),
    /// A group.
    Group(String),
}

impl ConfigResource {
    /// The resource of a type number and a name; `None` if there is no such type, or the name does not fit.
    pub fn parse(kind: i8, name: &str) -> Option<Self> {
        Some(match kind {
            2 => Self::Topic(name.to_owned()),
            4 if name.is_empty() => Self::Broker(None),
            4 => Self::Broker(Some(name.parse().ok()?)),
            16 => Self::ClientMetrics(name.to_owned()),
            32 => Self::Group(name.to_owned()),
            _ => return None,
        })
    }

    /// The type number.
    pub fn kind(&self) -> i8 {
        match self {
            Self::Topic(_) => 2,
            Self::Broker(_) => 4,
            Self::ClientMetrics(_) => 16,
            Self::Group(_) => 32,
        }
    }

    /// The name, empty for all brokers.
    pub fn name(&self) -> String {
        match self {
            Self::Topic(name) | Self::ClientMetrics(name) | Self::Group(name) => name.clone(),
            Self::Broker(id) => id.map(|id| id.to_string()).unwrap_or_default(),
        }
    }

    /// The config of this name that the resource may have.
    pub fn config(&self, name: &str) -> Option<&'static ConfigDef> {
        let table = match self {
            Self::Topic(_) => super::TOPIC_CONFIGS,
            Self::Broker(_) => super::BROKER_CONFIGS,
            Self::ClientMetrics(_) => METRICS_CONFIGS,
            Self::Group(_) => GROUP_CONFIGS,
        };
        table.iter().find(|def| def.name == name)
    }
}

/// Every config of a group.
#[rustfmt::skip]
pub const GROUP_CONFIGS: &[ConfigDef] = &[
    own("consumer.assignment.interval.ms", Int, "1000", Min(0),
        "Shortest time between two assignments of a consumer group."),
    own("consumer.heartbeat.interval.ms", Int, "5000", Min(1),
        "How often members of a consumer group heartbeat."),
    own("consumer.session.timeout.ms", Int, "45000", Min(1),
        "Silence after which a member of a consumer group is taken for gone."),
    own("share.assignment.interval.ms", Int, "1000", Min(0),
        "Shortest time between two assignments of a share group."),
    own("share.auto.offset.reset", Text, "latest", Any,
        "Where a share group begins without an offset: latest, earliest, or by_duration:…."),
    own("share.delivery.count.limit", Int, "5", Min(2),
        "Deliveries after which a share group gives a record up."),
    own("share.heartbeat.interval.ms", Int, "5000", Min(1),
        "How often members of a share group heartbeat."),
    own("share.isolation.level", Text, "read_uncommitted", OneOf(&["read_committed", "read_uncommitted"]),
        "Whether a share group sees records of open and aborted transactions."),
    own("share.partition.max.record.locks", Int, "2000", Min(100),
        "Records of one partition that a share group may hold at a time."),
    own("share.record.lock.duration.ms", Int, "30000", Min(1000),
        "How long a member of a share group holds a record."),
    own("share.renew.acknowledge.enable", Boolean, "true", Any,
        "Whether members of a share group may hold a record for longer."),
    own("share.session.timeout.ms", Int, "45000", Min(1),
        "Silence after which a member of a share group is taken for gone."),
    own("streams.assignment.interval.ms", Int, "1000", Min(0),
        "Shortest time between two assignments of a streams group."),
    own("streams.heartbeat.interval.ms", Int, "5000", Min(1),
        "How often members of a streams group heartbeat."),
    own("streams.initial.rebalance.delay.ms", Int, "3000", Min(0),
        "Wait for more members before the first assignment of a streams group."),
    own("streams.num.standby.replicas", Int, "0", Min(0),
        "Standby copies of each task of a streams group."),
    own("streams.session.timeout.ms", Int, "45000", Min(1),
        "Silence after which a member of a streams group is taken for gone."),
];

/// Every config of a client metrics subscription.
#[rustfmt::skip]
pub const METRICS_CONFIGS: &[ConfigDef] = &[
    own("interval.ms", Int, "300000", Between(100, 3_600_000),
        "How often clients push the metrics."),
    own("match", List, "", Any,
        "Which clients push: selectors such as client_software_name=apache-kafka-java."),
    own("metrics", List, "", Any,
        "Prefixes of the metrics that are pushed."),
];
