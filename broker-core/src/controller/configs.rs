//! Configs of topics, brokers, groups and client metrics subscriptions are changed.
//! Source: Kafka `ConfigurationControlManager.java`, `ConfigAdminManager.java`; KIP-339 (incremental).

use std::collections::BTreeMap;

use super::topics::refuse;
use super::{Controller, TopicError};
use crate::config::{ConfigDef, ConfigResource, DYNAMIC_BROKER_CONFIGS, Kind};
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
            let def = definition(resource, name)?;
            let inherited = || self.config.topic_value(def, &after).0.to_owned();
            match next_value(def, *op, value.as_deref(), inherited)? {
                Some(value) => after.insert(name.clone(), value),
                None => after.remove(name),
            };
        }
        if validate_only {
            return Ok(());
        }
        let gone = before.keys().filter(|name| !after.contains_key(*name)).map(|name| (name, None));
        let set = after.iter().filter(|(name, value)| before.get(*name) != Some(value));
        let changes: Vec<_> = gone.chain(set.map(|(name, value)| (name, Some(value.clone())))).collect();
        for (name, value) in changes {
            let (resource_type, resource_name) = (resource.kind(), resource.name());
            self.emit(ConfigRecord { resource_type, resource_name, name: name.clone(), value });
        }
        Ok(())
    }

    fn check_resource(&self, resource: &ConfigResource) -> Result<(), TopicError> {
        match resource {
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
}

fn definition(resource: &ConfigResource, name: &str) -> Result<&'static ConfigDef, TopicError> {
    let Some(def) = resource.config(name) else {
        let what = match resource {
            ConfigResource::Topic(_) => "topic",
            ConfigResource::Broker(_) => "broker",
            ConfigResource::Group(_) => "group",
            ConfigResource::ClientMetrics(_) => "client metrics",
        };
        return refuse(ErrorCode::InvalidConfig, format!("Kafka has no {what} config named {name}"));
    };
    let fixed = matches!(resource, ConfigResource::Broker(_)) && !DYNAMIC_BROKER_CONFIGS.contains(&name);
    if fixed {
        let message = format!("{name} cannot change while brokers run; set it when the cluster starts");
        return refuse(ErrorCode::InvalidRequest, message);
    }
    Ok(def)
}

/// The value after the operation; `None` for what is inherited.
fn next_value(
    def: &ConfigDef,
    op: ConfigOp,
    value: Option<&str>,
    present: impl FnOnce() -> String,
) -> Result<Option<String>, TopicError> {
    if op == ConfigOp::Delete {
        return Ok(None);
    }
    let Some(value) = value else {
        return refuse(ErrorCode::InvalidConfig, format!("config {} has no value", def.name));
    };
    let next = match op {
        ConfigOp::Set | ConfigOp::Delete => value.to_owned(),
        ConfigOp::Append | ConfigOp::Subtract => {
            if def.kind != Kind::List {
                let message = format!("{} is not a list: nothing can be added or taken away", def.name);
                return refuse(ErrorCode::InvalidConfig, message);
            }
            let words = |text: &str| -> Vec<String> {
                text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect()
            };
            let (mut list, named) = (words(&present()), words(value));
            list.retain(|word| !named.contains(word));
            if op == ConfigOp::Append {
                list.extend(named);
            }
            list.join(",")
        }
    };
    match def.validate(&next) {
        Ok(()) => Ok(Some(next)),
        Err(err) => refuse(ErrorCode::InvalidConfig, err.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(
        name: &str,
        op: ConfigOp,
        value: Option<&str>,
        present: &str,
    ) -> Result<Option<String>, ErrorCode> {
        let def = crate::config::topic_config(name).unwrap();
        next_value(def, op, value, || present.to_owned()).map_err(|err| err.code)
    }

    #[test]
    fn lists_grow_and_shrink_and_nothing_else_does() {
        let policy = "cleanup.policy";
        assert_eq!(
            next(policy, ConfigOp::Append, Some("compact"), "delete"),
            Ok(Some("delete,compact".into()))
        );
        assert_eq!(next(policy, ConfigOp::Append, Some("delete"), "delete"), Ok(Some("delete".into())));
        assert_eq!(next(policy, ConfigOp::Subtract, Some("delete"), "delete"), Ok(Some(String::new())));
        assert_eq!(next(policy, ConfigOp::Append, Some("shred"), "delete"), Err(ErrorCode::InvalidConfig));
        assert_eq!(next("retention.ms", ConfigOp::Append, Some("1"), "2"), Err(ErrorCode::InvalidConfig));
        assert_eq!(next("retention.ms", ConfigOp::Set, None, "2"), Err(ErrorCode::InvalidConfig));
        assert_eq!(next("retention.ms", ConfigOp::Delete, None, "2"), Ok(None));
    }
}
