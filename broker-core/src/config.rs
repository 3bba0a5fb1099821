//! Kafka's configuration names: type, default, limits, and a line on what each does.
//!
//! Tables only. Who acts on a config reads it from here by name, so that a value shown by DescribeConfigs is
//! the value in force.
//! Source: Kafka 4.3.1 `TopicConfig.java`, `LogConfig.java`, `ServerConfigs.java` and their siblings.

mod broker;
mod resource;
mod settings;
mod topic;

pub use broker::{
    BROKER_CONFIGS, DYNAMIC_BROKER_CONFIGS, IGNORED_BROKER_CONFIGS, THREAD_CONFIGS, UNLISTED_BROKER_CONFIGS,
    laptop_overrides,
};
pub use resource::{ConfigResource, GROUP_CONFIGS, METRICS_CONFIGS};
pub use settings::BrokerConfig;
pub use topic::TOPIC_CONFIGS;

/// The type of a config, numbered as DescribeConfigs numbers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "Kafka's own names")]
pub enum Kind {
    Boolean = 1,
    String = 2,
    Int = 3,
    Short = 4,
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
    /// `*`, or pairs of partition and broker such as `0:1`.
    Replicas,
    /// Only `false`, for this reason.
    Never(&'static str),
}

/// One config.
#[derive(Debug, Clone, Copy)]
pub struct ConfigDef {
    /// Kafka's name.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// Kafka's default, if it has one.
    pub default: Option<&'static str>,
    /// What it does, in one line.
    pub doc: &'static str,
    /// Its limits.
    pub check: Check,
    /// For a config of a topic or a group, the broker config whose value it inherits.
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
    ConfigDef { name, kind, default: Some(default), doc, check, broker_name: None }
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
            Kind::Boolean if !matches!(self.canonical(value).as_str(), "true" | "false") => {
                return refuse(format!("{value:?} is neither true nor false"));
            }
            Kind::Short if number.as_ref().ok().is_none_or(|&n| i16::try_from(n).is_err()) => {
                return refuse(format!("{value:?} is not a 16-bit number"));
            }
            Kind::Int if number.as_ref().ok().is_none_or(|&n| i32::try_from(n).is_err()) => {
                return refuse(format!("{value:?} is not a 32-bit number"));
            }
            Kind::Long if number.is_err() => return refuse(format!("{value:?} is not a 64-bit number")),
            Kind::Double if value.trim().parse::<f64>().ok().is_none_or(|n| !(0.0..=1.0).contains(&n)) => {
                return refuse(format!("{value:?} is not between 0 and 1"));
            }
            Kind::Boolean
            | Kind::Short
            | Kind::Int
            | Kind::Long
            | Kind::Double
            | Kind::String
            | Kind::List => {}
        }
        match (self.check, number) {
            (Check::Min(min), Ok(n)) if n < min => refuse(format!("{n} is below {min}")),
            (Check::Between(min, max), Ok(n)) if n < min || n > max => {
                refuse(format!("{n} is not between {min} and {max}"))
            }
            (Check::OneOf(words), _) => {
                let parts = if self.kind == Kind::List { elements(value) } else { vec![value] };
                match parts.iter().find(|part| !words.contains(part)) {
                    Some(part) => refuse(format!("{part:?} is not one of {}", words.join(", "))),
                    None => Ok(()),
                }
            }
            (Check::Replicas, _) => match elements(value).iter().find(|part| !is_replica(part)) {
                Some(part) if elements(value) != ["*"] => {
                    refuse(format!("{part:?} is neither * nor partition:broker, such as 0:1"))
                }
                Some(_) | None => Ok(()),
            },
            (Check::Never(reason), _) if self.canonical(value) != "false" => refuse(reason.to_owned()),
            (Check::Any | Check::Min(_) | Check::Between(..) | Check::Never(_), _) => Ok(()),
        }
    }

    /// The one way to write a valid `value`: numbers and list elements without spaces around them.
    pub fn canonical(&self, value: &str) -> String {
        match self.kind {
            Kind::Boolean => value.trim().to_ascii_lowercase(),
            Kind::Short | Kind::Int | Kind::Long | Kind::Double => value.trim().to_owned(),
            Kind::List => elements(value).join(","),
            Kind::String => value.to_owned(),
        }
    }
}

fn elements(list: &str) -> Vec<&str> {
    list.split(',').map(str::trim).filter(|part| !part.is_empty()).collect()
}

fn is_replica(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once(':').is_some_and(|(partition, broker)| is_number(partition) && is_number(broker))
}

/// The topic config of this name.
pub fn topic_config(name: &str) -> Option<&'static ConfigDef> {
    TOPIC_CONFIGS.iter().find(|def| def.name == name)
}

/// Whether a broker config of this name is served, or known to mean nothing inside one process.
pub fn is_broker_config(name: &str) -> bool {
    broker_config(name).is_some() || IGNORED_BROKER_CONFIGS.contains(&name)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_passes_its_own_check_and_names_are_unique() {
        for table in [TOPIC_CONFIGS, BROKER_CONFIGS, GROUP_CONFIGS, METRICS_CONFIGS] {
            for (at, def) in table.iter().enumerate() {
                def.default.map_or(Ok(()), |default| def.validate(default)).unwrap();
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
            "config no.such.name: no broker config of this name is served"
        );
        let def = topic_config("cleanup.policy").unwrap();
        assert_eq!(
            def.validate("compact,shred").unwrap_err().reason,
            "\"shred\" is not one of compact, delete"
        );
        assert!(topic_config("segment.bytes").unwrap().validate("1000").is_err());
    }
}
