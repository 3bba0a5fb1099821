//! Kafka's configuration names: type, default, limits, and a line on what each does.
//!
//! Tables only. Who acts on a config reads it from here by name, so that a value shown by DescribeConfigs is
//! the value in force.
//! Source: Kafka 4.3.1 `TopicConfig.java`, `LogConfig.java`, `ServerConfigs.java` and their siblings.

mod broker;
mod resource;
mod topic;

use std::collections::BTreeMap;

pub use broker::{BROKER_CONFIGS, DYNAMIC_BROKER_CONFIGS, IGNORED_BROKER_CONFIGS, laptop_overrides};
pub use resource::{ConfigResource, GROUP_CONFIGS, METRICS_CONFIGS};
pub use topic::TOPIC_CONFIGS;

/// The type of a config, numbered as DescribeConfigs numbers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "Kafka's own names")]
pub enum Kind {
    Boolean = 1,
    String = 2,
    Int = 3,
    Long = 5,
    Double = 6,
    List = 7,
}

/// Which values a config takes beside those its type allows.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// Any of its type.
    Any,
    /// At least this.
    Min(i64),
    /// Between these, both included.
    Between(i64, i64),
    /// One of these words, or a list of them.
    OneOf(&'static [&'static str]),
}

/// One config.
#[derive(Debug, Clone, Copy)]
pub struct ConfigDef {
    /// Kafka's name.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// Kafka's default.
    pub default: &'static str,
    /// What it does, in one line.
    pub doc: &'static str,
    /// Its limits.
    pub check: Check,
    /// For a topic config, the broker config whose value it inherits.
    pub broker_name: Option<&'static str>,
}

/// A config that inherits from no other.
const fn plain(
    name: &'static str,
    kind: Kind,
    default: &'static str,
    check: Check,
    doc: &'static str,
) -> ConfigDef {
    ConfigDef { name, kind, default, doc, check, broker_name: None }
}

/// A config that cannot be set so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("config {name}: {reason}")]
pub struct ConfigError {
    /// The config's name.
    pub name: String,
    /// Why it is refused.
    pub reason: String,
}

impl ConfigDef {
    /// Whether `value` may stand here.
    pub fn validate(&self, value: &str) -> Result<(), ConfigError> {
        let refuse = |reason: String| Err(ConfigError { name: self.name.to_owned(), reason });
        let number = value.trim().parse::<i64>();
        match self.kind {
            Kind::Boolean if !matches!(value.trim(), "true" | "false") => {
                return refuse(format!("{value:?} is neither true nor false"));
            }
            Kind::Int if number.as_ref().ok().is_none_or(|&n| i32::try_from(n).is_err()) => {
                return refuse(format!("{value:?} is not a 32-bit number"));
            }
            Kind::Long if number.is_err() => return refuse(format!("{value:?} is not a 64-bit number")),
            Kind::Double if value.trim().parse::<f64>().ok().is_none_or(|n| !(0.0..=1.0).contains(&n)) => {
                return refuse(format!("{value:?} is not between 0 and 1"));
            }
            Kind::Boolean | Kind::Int | Kind::Long | Kind::Double | Kind::String | Kind::List => {}
        }
        match (self.check, number) {
            (Check::Min(min), Ok(n)) if n < min => refuse(format!("{n} is below {min}")),
            (Check::Between(min, max), Ok(n)) if n < min || n > max => {
                refuse(format!("{n} is not between {min} and {max}"))
            }
            (Check::OneOf(words), _) => {
                let parts: Vec<&str> = match self.kind {
                    Kind::List => value.split(',').map(str::trim).filter(|part| !part.is_empty()).collect(),
                    Kind::Boolean | Kind::String | Kind::Int | Kind::Long | Kind::Double => vec![value],
                };
                match parts.iter().find(|part| !words.contains(part)) {
                    Some(part) => refuse(format!("{part:?} is not one of {}", words.join(", "))),
                    None => Ok(()),
                }
            }
            (Check::Any | Check::Min(_) | Check::Between(..), _) => Ok(()),
        }
    }
}

/// The topic config of this name.
pub fn topic_config(name: &str) -> Option<&'static ConfigDef> {
    TOPIC_CONFIGS.iter().find(|def| def.name == name)
}

/// The broker config of this name.
pub fn broker_config(name: &str) -> Option<&'static ConfigDef> {
    BROKER_CONFIGS.iter().find(|def| def.name == name)
}

/// Where a value comes from, numbered as DescribeConfigs numbers sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "Kafka's own names")]
pub enum Source {
    DynamicTopic = 1,
    DynamicBroker = 2,
    DynamicDefaultBroker = 3,
    StaticBroker = 4,
    Default = 5,
    ClientMetrics = 7,
    Group = 8,
}

/// The broker's own settings: what was changed while it runs, for it or for all brokers, over what was given at
/// start, over our laptop values, over Kafka's defaults.
#[derive(Debug, Clone, Default)]
pub struct BrokerConfig {
    set: BTreeMap<String, String>,
    all_brokers: BTreeMap<String, String>,
    this_broker: BTreeMap<String, String>,
}

impl BrokerConfig {
    /// The settings of a cluster of `brokers`, with `overrides` by Kafka's names.
    /// Errors: a name Kafka does not know, or a value it would refuse, naming which.
    pub fn new(brokers: u8, overrides: &[(String, String)]) -> Result<Self, ConfigError> {
        let mut set: BTreeMap<String, String> = laptop_overrides(brokers).into_iter().collect();
        for (name, value) in overrides {
            match broker_config(name) {
                Some(def) => {
                    def.validate(value)?;
                    set.insert(name.clone(), value.clone());
                }
                None if IGNORED_BROKER_CONFIGS.contains(&name.as_str()) => {
                    tracing::warn!(name, "this config has no effect here and is ignored");
                }
                None => {
                    let reason = "Kafka has no broker config of this name".to_owned();
                    return Err(ConfigError { name: name.clone(), reason });
                }
            }
        }
        Ok(Self { set, ..Self::default() })
    }

    /// The same under other values of the configs that change while brokers run.
    pub fn with_dynamic(
        &self,
        all_brokers: Option<&BTreeMap<String, String>>,
        this_broker: Option<&BTreeMap<String, String>>,
    ) -> Self {
        Self {
            set: self.set.clone(),
            all_brokers: all_brokers.cloned().unwrap_or_default(),
            this_broker: this_broker.cloned().unwrap_or_default(),
        }
    }

    /// Every value set for this name and where, the one in force first; Kafka's default is not among them.
    pub fn layers<'a>(&'a self, name: &str) -> impl Iterator<Item = (&'a str, Source)> {
        let layers = [
            (&self.this_broker, Source::DynamicBroker),
            (&self.all_brokers, Source::DynamicDefaultBroker),
            (&self.set, Source::StaticBroker),
        ];
        layers.into_iter().filter_map(move |(layer, source)| Some((layer.get(name)?.as_str(), source)))
    }

    /// The value in force and where it comes from; `None` for a name that is not a broker config.
    pub fn get(&self, name: &str) -> Option<(&str, Source)> {
        self.layers(name).next().or_else(|| broker_config(name).map(|def| (def.default, Source::Default)))
    }

    /// A number, by a name that the table has.
    pub fn number(&self, name: &'static str) -> i64 {
        let (value, _) = self.get(name).expect("callers name configs that the table has");
        value.trim().parse().expect("values are checked when they are set, defaults by a test")
    }

    /// A switch, by a name that the table has.
    pub fn flag(&self, name: &'static str) -> bool {
        self.get(name).is_some_and(|(value, _)| value.trim() == "true")
    }

    /// The value of a topic config: the topic's own, else the broker's, else the default.
    pub fn topic_value<'a>(
        &'a self,
        def: &ConfigDef,
        own: &'a BTreeMap<String, String>,
    ) -> (&'a str, Source) {
        if let Some(value) = own.get(def.name) {
            return (value, Source::DynamicTopic);
        }
        let inherited = def.broker_name.and_then(|name| self.layers(name).next());
        inherited.unwrap_or((def.default, Source::Default))
    }

    /// A number of a topic, by a name that the table has.
    pub fn topic_number(&self, name: &'static str, own: &BTreeMap<String, String>) -> i64 {
        let def = topic_config(name).expect("callers name configs that the table has");
        let (value, _) = self.topic_value(def, own);
        value.trim().parse().expect("values are checked when they are set, defaults by a test")
    }

    /// A word of a topic, by a name that the table has.
    pub fn topic_text<'a>(&'a self, name: &'static str, own: &'a BTreeMap<String, String>) -> &'a str {
        let def = topic_config(name).expect("callers name configs that the table has");
        self.topic_value(def, own).0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_passes_its_own_check_and_names_are_unique() {
        for table in [TOPIC_CONFIGS, BROKER_CONFIGS, GROUP_CONFIGS, METRICS_CONFIGS] {
            for (at, def) in table.iter().enumerate() {
                def.validate(def.default).unwrap();
                assert!(table[..at].iter().all(|other| other.name != def.name), "{} twice", def.name);
                assert!(def.doc.ends_with('.'), "{} has a sentence", def.name);
            }
        }
        for def in TOPIC_CONFIGS {
            assert!(def.broker_name.is_none_or(|name| broker_config(name).is_some()), "{}", def.name);
        }
        for name in DYNAMIC_BROKER_CONFIGS {
            assert!(broker_config(name).is_some(), "{name}");
        }
        for brokers in 1..=9 {
            BrokerConfig::new(brokers, &laptop_overrides(brokers)).unwrap();
        }
    }

    #[test]
    fn a_refusal_names_the_config_and_the_reason() {
        let refuse = |name: &str, value: &str| {
            BrokerConfig::new(3, &[(name.to_owned(), value.to_owned())]).unwrap_err().to_string()
        };
        assert_eq!(
            refuse("log.retention.ms", "soon"),
            "config log.retention.ms: \"soon\" is not a 64-bit number"
        );
        assert_eq!(
            refuse("no.such.name", "1"),
            "config no.such.name: Kafka has no broker config of this name"
        );
        let def = topic_config("cleanup.policy").unwrap();
        assert_eq!(
            def.validate("compact,shred").unwrap_err().reason,
            "\"shred\" is not one of compact, delete"
        );
        assert!(topic_config("segment.bytes").unwrap().validate("1000").is_err());
    }
}
