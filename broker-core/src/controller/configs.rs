//! Configs of topics, brokers, groups and client metrics subscriptions are changed.
//! Source: Kafka `ConfigurationControlManager.java`, `ConfigAdminManager.java`; KIP-339 (incremental).

use std::collections::BTreeMap;

use super::eligible::MIN_ISR;
use super::names::validate_topic_name;
use super::topics::refuse;
use super::{Controller, TopicError};
use crate::config::{
    ConfigDef, ConfigResource, DYNAMIC_BROKER_CONFIGS, Kind, LISTENER_CONFIGS_OF_ALL, PER_BROKER_CONFIGS,
    PER_LISTENER_CONFIGS, THREAD_CONFIGS, broker_config, elements, is_inert, of_listener,
};
use crate::protocol::ErrorCode;
use crate::protocol::records::metadata::ConfigRecord;

/// What happens to one config.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfigOp {
    /// It gets a value.
    Set,
    /// It goes back to what it inherits.
    Delete,
    /// Its list gets more elements.
    Append,
    /// Its list loses elements.
    Subtract,
}

impl ConfigOp {
    /// The operation of this number.
    pub fn from_code(code: i8) -> Option<Self> {
        [Self::Set, Self::Delete, Self::Append, Self::Subtract].get(usize::try_from(code).ok()?).copied()
    }
}

/// A change of the configs of one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigChange {
    /// The resource.
    pub resource: ConfigResource,
    /// Name, operation and value of each config.
    pub ops: Vec<(String, ConfigOp, Option<String>)>,
    /// Whether configs that are not named go back to what they inherit.
    pub replace: bool,
}

impl Controller {
    /// Makes the change, or only checks whether it could be made.
    pub fn alter_configs(&mut self, change: &ConfigChange, validate_only: bool) -> Result<(), TopicError> {
        let resource = &change.resource;
        self.check_resource(resource)?;
        let before = self.image.configs_of(resource).cloned().unwrap_or_default();
        let mut after = if change.replace { BTreeMap::new() } else { before.clone() };
        for (name, op, value) in &change.ops {
            if name == MIN_ISR && matches!(resource, ConfigResource::Broker(Some(_))) && self.keeps_eligible()
            {
                let message = "min.insync.replicas is one for all brokers while eligible.leader.replicas.version is \
                               on: set it as the cluster's default or for a topic";
                return refuse(ErrorCode::InvalidConfig, message);
            }
            if *op == ConfigOp::Delete {
                after.remove(name);
                continue;
            }
            let value = value.as_deref().unwrap_or_default();
            let next = match definition(resource, name)? {
                Some(def) => {
                    let inherited = || self.config.topic_value(def, &after).0.into_owned();
                    let next = next_value(def, *op, value, inherited)?;
                    self.check_value(resource, def, &next)?;
                    self.check_threads(resource, name, &next)?;
                    def.canonical(&next)
                }
                None if *op == ConfigOp::Set => value.to_owned(),
                None => return refuse(ErrorCode::InvalidConfig, format!("{name} is not known to be a list")),
            };
            after.insert(name.clone(), next);
        }
        if matches!(resource, ConfigResource::Topic(_)) {
            self.check_topic_configs(&after)?;
        }
        if validate_only {
            return Ok(());
        }
        let gone = before.keys().filter(|name| !after.contains_key(*name)).map(|name| (name, None));
        let set = after.iter().filter(|(name, value)| before.get(*name) != Some(value));
        let changes: Vec<_> = gone.chain(set.map(|(name, value)| (name, Some(value.clone())))).collect();
        let reviews = changes.iter().any(|(name, _)| *name == MIN_ISR);
        for (name, value) in changes {
            let (resource_type, resource_name) = (resource.kind(), resource.name());
            let is_broker = matches!(resource, ConfigResource::Broker(_));
            if is_broker && broker_config(name).is_some_and(is_inert) {
                tracing::info!(name, "a config was changed that has no effect here");
            }
            self.emit(ConfigRecord { resource_type, resource_name, name: name.clone(), value });
        }
        if reviews {
            self.review_eligible();
        }
        Ok(())
    }

    fn check_resource(&self, resource: &ConfigResource) -> Result<(), TopicError> {
        match resource {
            ConfigResource::Topic(name) if name.is_empty() => {
                refuse(ErrorCode::InvalidRequest, "the topic needs a name")
            }
            ConfigResource::Topic(name) if validate_topic_name(name).is_some() => {
                let reason = validate_topic_name(name).unwrap_or_default();
                refuse(ErrorCode::InvalidTopicException, reason)
            }
            ConfigResource::Topic(name) if !self.image.topics.contains_key(name) => {
                refuse(ErrorCode::UnknownTopicOrPartition, format!("topic {name} does not exist"))
            }
            ConfigResource::Broker(Some(id)) if !self.image.brokers.contains_key(id) => {
                refuse(ErrorCode::BrokerIdNotRegistered, format!("no broker has the id {id}"))
            }
            ConfigResource::Group(name) | ConfigResource::ClientMetrics(name) if name.is_empty() => {
                refuse(ErrorCode::InvalidRequest, "the resource needs a name")
            }
            ConfigResource::Topic(_)
            | ConfigResource::Broker(_)
            | ConfigResource::Group(_)
            | ConfigResource::ClientMetrics(_) => Ok(()),
        }
    }

    /// Refuses configs that a topic may have each but not together.
    pub(super) fn check_topic_configs(&self, own: &BTreeMap<String, String>) -> Result<(), TopicError> {
        let lag_ms = |name| self.config.topic_number(name, own);
        let (min, max) = (lag_ms("min.compaction.lag.ms"), lag_ms("max.compaction.lag.ms"));
        if min > max {
            let message = format!("min.compaction.lag.ms {min} is above max.compaction.lag.ms {max}");
            return refuse(ErrorCode::InvalidConfig, message);
        }
        Ok(())
    }

    fn check_value(
        &self,
        resource: &ConfigResource,
        def: &'static ConfigDef,
        value: &str,
    ) -> Result<(), TopicError> {
        let code = code_of_refusal(resource, def, value);
        def.validate(value).or_else(|err| refuse(code, err.to_string()))?;
        let limited = self.config.check_group_limits(def, value);
        limited.or_else(|reason| refuse(code, format!("config {}: {reason}", def.name)))
    }

    fn check_threads(&self, resource: &ConfigResource, name: &str, value: &str) -> Result<(), TopicError> {
        let ConfigResource::Broker(broker) = resource else { return Ok(()) };
        if !THREAD_CONFIGS.contains(&name) {
            return Ok(());
        }
        let of = |id| self.image.configs_of(&ConfigResource::Broker(id));
        let config = self.config.with_dynamic(of(None), broker.and_then(|id| of(Some(id))));
        let number = |text: &str| text.trim().parse::<i64>().unwrap_or_default();
        let (present, wanted) = (config.get(name).map_or(0, |(value, _)| number(value)), number(value));
        if wanted < present / 2 || wanted > present * 2 {
            let message =
                format!("{name} is {present} and may go to half or double of it at a time, not to {wanted}");
            return refuse(ErrorCode::InvalidRequest, message);
        }
        Ok(())
    }
}

/// What a value that cannot be is refused with. For client metrics Kafka takes an interval out of range for a mistake
/// of the request, anything else for one of the config.
fn code_of_refusal(resource: &ConfigResource, def: &ConfigDef, value: &str) -> ErrorCode {
    match resource {
        ConfigResource::Topic(_) | ConfigResource::Group(_) => ErrorCode::InvalidConfig,
        ConfigResource::ClientMetrics(_) if def.is_of_its_type(value) && def.kind == Kind::Int => {
            ErrorCode::InvalidRequest
        }
        ConfigResource::ClientMetrics(_) => ErrorCode::InvalidConfig,
        ConfigResource::Broker(_) => ErrorCode::InvalidRequest,
    }
}

/// The config of this name; `None` for one that nobody knows and that Kafka keeps for a broker nevertheless, as a
/// plugin may read it.
fn definition(resource: &ConfigResource, name: &str) -> Result<Option<&'static ConfigDef>, TopicError> {
    let def = resource.config(name);
    let unknown = |code, what| refuse(code, format!("Kafka has no {what} config named {name}"));
    match resource {
        ConfigResource::Broker(id) => {
            check_dynamic(name, id.is_none())?;
            Ok(def.or_else(|| of_listener(name).and_then(broker_config)))
        }
        ConfigResource::Topic(_) => {
            def.map_or_else(|| unknown(ErrorCode::InvalidConfig, "topic"), |def| Ok(Some(def)))
        }
        ConfigResource::Group(_) => {
            def.map_or_else(|| unknown(ErrorCode::InvalidConfig, "group"), |def| Ok(Some(def)))
        }
        ConfigResource::ClientMetrics(_) => {
            def.map_or_else(|| unknown(ErrorCode::InvalidRequest, "client metrics"), |def| Ok(Some(def)))
        }
    }
}

/// Refuses a broker config that cannot change while brokers run, or not for all of them.
/// Source: Kafka `DynamicBrokerConfig.validateConfigs`.
fn check_dynamic(name: &str, for_all: bool) -> Result<(), TopicError> {
    if PER_LISTENER_CONFIGS.contains(&name) {
        let message = format!("{name} changes for one listener only: listener.name.LISTENER.{name}");
        return refuse(ErrorCode::InvalidRequest, message);
    }
    if broker_config(name).is_some() && !DYNAMIC_BROKER_CONFIGS.contains(&name) {
        let message = format!("{name} cannot change while brokers run; set it when the cluster starts");
        return refuse(ErrorCode::InvalidRequest, message);
    }
    let of_one = PER_BROKER_CONFIGS.contains(&name)
        || of_listener(name).is_some_and(|base| !LISTENER_CONFIGS_OF_ALL.contains(&base));
    if for_all && of_one {
        return refuse(ErrorCode::InvalidRequest, format!("{name} changes for one broker, not for all"));
    }
    Ok(())
}

/// The value after the operation, not yet checked.
fn next_value(
    def: &ConfigDef,
    op: ConfigOp,
    value: &str,
    present: impl FnOnce() -> String,
) -> Result<String, TopicError> {
    Ok(match op {
        ConfigOp::Set | ConfigOp::Delete => value.to_owned(),
        ConfigOp::Append | ConfigOp::Subtract => {
            if def.kind != Kind::List {
                let message = format!("{} is not a list: nothing can be added or taken away", def.name);
                return refuse(ErrorCode::InvalidConfig, message);
            }
            let present = present();
            let (mut list, named) = (elements(&present), elements(value));
            list.retain(|word| !named.contains(word));
            if op == ConfigOp::Append {
                list.extend(named);
            }
            list.join(",")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(name: &str, op: ConfigOp, value: &str, present: &str) -> Result<String, ErrorCode> {
        let def = crate::config::topic_config(name).unwrap();
        next_value(def, op, value, || present.to_owned()).map_err(|err| err.code)
    }

    #[test]
    fn lists_grow_and_shrink_and_nothing_else_does() {
        let policy = "cleanup.policy";
        assert_eq!(next(policy, ConfigOp::Append, "compact", "delete"), Ok("delete,compact".into()));
        assert_eq!(next(policy, ConfigOp::Append, "delete", "delete"), Ok("delete".into()));
        assert_eq!(next(policy, ConfigOp::Subtract, "delete", "delete"), Ok(String::new()));
        assert_eq!(next("retention.ms", ConfigOp::Append, "1", "2"), Err(ErrorCode::InvalidConfig));
    }

    /// One op on one resource of a cluster with the topic orders; the value that is kept, or the code.
    fn after(
        resource: ConfigResource,
        name: &str,
        op: ConfigOp,
        value: &str,
    ) -> Result<Option<String>, ErrorCode> {
        let mut controller = crate::controller::topics::tests::with_topic("orders");
        let ops = vec![(name.to_owned(), op, Some(value.to_owned()))];
        let change = ConfigChange { resource: resource.clone(), ops, replace: false };
        controller.alter_configs(&change, false).map_err(|err| err.code)?;
        Ok(controller.image.configs_of(&resource).and_then(|own| own.get(name).cloned()))
    }

    #[test]
    fn topics_keep_values_that_fit_and_write_them_one_way() {
        let of = |name, op, value| after(ConfigResource::Topic("orders".into()), name, op, value);
        assert_eq!(of("index.interval.bytes", ConfigOp::Set, " 4096 "), Ok(Some("4096".into())));
        assert_eq!(of("cleanup.policy", ConfigOp::Set, "compact, delete"), Ok(Some("compact,delete".into())));
        assert_eq!(of("preallocate", ConfigOp::Set, "TRUE"), Ok(Some("true".into())));
        assert_eq!(of("no.such.config", ConfigOp::Delete, ""), Ok(None));
        for (name, value) in [
            ("no.such.config", "1"),
            ("cleanup.policy", "shred"),
            ("leader.replication.throttled.replicas", "0-1"),
            ("remote.storage.enable", "true"),
        ] {
            assert_eq!(of(name, ConfigOp::Set, value), Err(ErrorCode::InvalidConfig), "{name}={value}");
        }
        for value in ["*", "0:1,0:2", ""] {
            assert!(of("leader.replication.throttled.replicas", ConfigOp::Set, value).is_ok(), "{value}");
        }
        let named = |name: &str| after(ConfigResource::Topic(name.into()), "flush.ms", ConfigOp::Set, "1");
        assert_eq!(named(""), Err(ErrorCode::InvalidRequest));
        assert_eq!(named("bad name"), Err(ErrorCode::InvalidTopicException));
        assert_eq!(named("missing"), Err(ErrorCode::UnknownTopicOrPartition));
    }

    #[test]
    fn brokers_keep_what_nobody_knows_and_refuse_what_cannot_change() {
        for broker in [None, Some(1)] {
            let of = |name, value| after(ConfigResource::Broker(broker), name, ConfigOp::Set, value);
            assert_eq!(of("no.such.config", "1"), Ok(Some("1".into())));
            assert_eq!(of("num.io.threads", "16"), Ok(Some("16".into())));
            for (name, value) in [
                ("node.id", "9"),
                ("num.partitions", "9"),
                ("log.retention.ms", "soon"),
                ("num.io.threads", "0"),
                ("num.io.threads", "17"),
                ("listeners", "PLAINTEXT://:1"),
                ("ssl.keystore.location", "store.jks"),
                ("log.cleaner.threads", "3"),
            ] {
                assert_eq!(of(name, value), Err(ErrorCode::InvalidRequest), "{name}={value}");
            }
        }
    }

    #[test]
    fn what_is_of_one_broker_does_not_change_for_all() {
        let of = |broker, name| after(ConfigResource::Broker(broker), name, ConfigOp::Set, "7");
        for name in ["sasl.kerberos.kinit.cmd", "listener.name.inside.ssl.keystore.location"] {
            assert_eq!(of(Some(1), name), Ok(Some("7".into())), "{name}");
            assert_eq!(of(None, name), Err(ErrorCode::InvalidRequest), "{name}");
        }
        assert_eq!(of(None, "listener.name.inside.max.connections"), Ok(Some("7".into())));
        assert_eq!(of(None, "log.cleaner.threads"), Err(ErrorCode::InvalidRequest));
    }

    #[test]
    fn groups_and_client_metrics_have_limits() {
        let group = |value| {
            after(ConfigResource::Group("g".into()), "consumer.session.timeout.ms", ConfigOp::Set, value)
        };
        assert_eq!(group("1"), Err(ErrorCode::InvalidConfig));
        assert_eq!(group("50000"), Ok(Some("50000".into())));
        let metrics =
            |value| after(ConfigResource::ClientMetrics("m".into()), "interval.ms", ConfigOp::Set, value);
        assert_eq!(metrics("1"), Err(ErrorCode::InvalidRequest));
        assert_eq!(metrics("soon"), Err(ErrorCode::InvalidConfig));
        let clients = |value| after(ConfigResource::ClientMetrics("m".into()), "match", ConfigOp::Set, value);
        assert_eq!(
            clients("client_id=a.*, client_source_port=9"),
            Ok(Some("client_id=a.*,client_source_port=9".into()))
        );
        for value in ["client_id=[", "client_name=a", "client_id"] {
            assert_eq!(clients(value), Err(ErrorCode::InvalidConfig), "{value}");
        }
    }
}
