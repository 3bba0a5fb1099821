//! What configs can be set on, and the configs of groups and of client metrics subscriptions.
//! Source: Kafka 4.3.1 `ConfigResource.java`, `GroupConfig.java`, `ClientMetricsConfigs.java`.

use super::Check::{Any, Between, Limits, Min, OneOf, Selectors};
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
            Self::Broker(_) => return super::broker_config(name),
            Self::ClientMetrics(_) => METRICS_CONFIGS,
            Self::Group(_) => GROUP_CONFIGS,
        };
        table.iter().find(|def| def.name == name)
    }
}

/// A config of a group whose value comes from `broker_name` while the group has none of its own.
const fn inherits(def: ConfigDef, broker_name: &'static str) -> ConfigDef {
    ConfigDef { broker_name: Some(broker_name), ..def }
}

/// Every config of a group. The limits are broker configs (`GroupConfig.validate`).
#[rustfmt::skip]
pub const GROUP_CONFIGS: &[ConfigDef] = &[
    inherits(own("consumer.assignment.interval.ms", Int, "1000", Limits(Some("group.consumer.min.assignment.interval.ms"), "group.consumer.max.assignment.interval.ms"),
        "Shortest time between two assignments of a consumer group."),
        "group.consumer.assignment.interval.ms"),
    inherits(own("consumer.heartbeat.interval.ms", Int, "5000", Limits(Some("group.consumer.min.heartbeat.interval.ms"), "group.consumer.max.heartbeat.interval.ms"),
        "How often members of a consumer group heartbeat."),
        "group.consumer.heartbeat.interval.ms"),
    inherits(own("consumer.session.timeout.ms", Int, "45000", Limits(Some("group.consumer.min.session.timeout.ms"), "group.consumer.max.session.timeout.ms"),
        "Silence after which a member of a consumer group is taken for gone."),
        "group.consumer.session.timeout.ms"),
    inherits(own("share.assignment.interval.ms", Int, "1000", Limits(Some("group.share.min.assignment.interval.ms"), "group.share.max.assignment.interval.ms"),
        "Shortest time between two assignments of a share group."),
        "group.share.assignment.interval.ms"),
    own("share.auto.offset.reset", Text, "latest", Any,
        "Where a share group begins without an offset: latest, earliest, or by_duration:…."),
    inherits(own("share.delivery.count.limit", Int, "5", Limits(Some("group.share.min.delivery.count.limit"), "group.share.max.delivery.count.limit"),
        "Deliveries after which a share group gives a record up."),
        "group.share.delivery.count.limit"),
    inherits(own("share.heartbeat.interval.ms", Int, "5000", Limits(Some("group.share.min.heartbeat.interval.ms"), "group.share.max.heartbeat.interval.ms"),
        "How often members of a share group heartbeat."),
        "group.share.heartbeat.interval.ms"),
    own("share.isolation.level", Text, "read_uncommitted", OneOf(&["read_committed", "read_uncommitted"]),
        "Whether a share group sees records of open and aborted transactions."),
    inherits(own("share.partition.max.record.locks", Int, "2000", Limits(Some("group.share.min.partition.max.record.locks"), "group.share.max.partition.max.record.locks"),
        "Records of one partition that a share group may hold at a time."),
        "group.share.partition.max.record.locks"),
    inherits(own("share.record.lock.duration.ms", Int, "30000", Limits(Some("group.share.min.record.lock.duration.ms"), "group.share.max.record.lock.duration.ms"),
        "How long a member of a share group holds a record."),
        "group.share.record.lock.duration.ms"),
    own("share.renew.acknowledge.enable", Boolean, "true", Any,
        "Whether members of a share group may hold a record for longer."),
    inherits(own("share.session.timeout.ms", Int, "45000", Limits(Some("group.share.min.session.timeout.ms"), "group.share.max.session.timeout.ms"),
        "Silence after which a member of a share group is taken for gone."),
        "group.share.session.timeout.ms"),
    inherits(own("streams.assignment.interval.ms", Int, "1000", Limits(Some("group.streams.min.assignment.interval.ms"), "group.streams.max.assignment.interval.ms"),
        "Shortest time between two assignments of a streams group."),
        "group.streams.assignment.interval.ms"),
    inherits(own("streams.heartbeat.interval.ms", Int, "5000", Limits(Some("group.streams.min.heartbeat.interval.ms"), "group.streams.max.heartbeat.interval.ms"),
        "How often members of a streams group heartbeat."),
        "group.streams.heartbeat.interval.ms"),
    inherits(own("streams.initial.rebalance.delay.ms", Int, "3000", Min(0),
        "Wait for more members before the first assignment of a streams group."),
        "group.streams.initial.rebalance.delay.ms"),
    inherits(own("streams.num.standby.replicas", Int, "0", Limits(None, "group.streams.max.standby.replicas"),
        "Standby copies of each task of a streams group."),
        "group.streams.num.standby.replicas"),
    inherits(own("streams.session.timeout.ms", Int, "45000", Limits(Some("group.streams.min.session.timeout.ms"), "group.streams.max.session.timeout.ms"),
        "Silence after which a member of a streams group is taken for gone."),
        "group.streams.session.timeout.ms"),
];

/// Every config of a client metrics subscription.
#[rustfmt::skip]
pub const METRICS_CONFIGS: &[ConfigDef] = &[
    own("interval.ms", Int, "300000", Between(100, 3_600_000),
        "How often clients push the metrics."),
    own("match", List, "", Selectors,
        "Which clients push: selectors such as client_software_name=apache-kafka-java."),
    own("metrics", List, "", Any,
        "Prefixes of the metrics that are pushed."),
];
