//! Kafka's configuration names: type, default, limits, and a line on what each does.
//!
//! Tables only. Who acts on a config reads it from here by name, so that a value shown by DescribeConfigs is
//! the value in force.
//! Source: Kafka 4.3.1 `TopicConfig.java`, `LogConfig.java`, `ServerConfigs.java` and their siblings.

mod broker;
mod dynamic;
mod identity;
mod inert;
mod resource;
mod selectors;
mod settings;
mod topic;

pub use broker::{BROKER_CONFIGS, RACK_AWARE, laptop_overrides};
pub use dynamic::{
    DYNAMIC_BROKER_CONFIGS, LISTENER_CONFIGS_OF_ALL, PER_BROKER_CONFIGS, PER_LISTENER_CONFIGS,
    THREAD_CONFIGS, UNLISTED_BROKER_CONFIGS,
};
pub use identity::IDENTITY_CONFIGS;
pub use inert::{INERT_BROKER_CONFIGS, NO_EFFECT};
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
    Class = 8,
    Password = 9,
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
    /// Between these, both included.
    Within(f64, f64),
    /// One of these words, or a list of them.
    OneOf(&'static [&'static str]),
    /// The same, in capitals or not.
    OneOfAnyCase(&'static [&'static str]),
    /// A list of these words, not empty and without repetition.
    SomeOf(&'static [&'static str]),
    /// A list without repetition, and not empty if there must be `some`.
    Names {
        /// Whether there must be one.
        some: bool,
    },
    /// At least one character.
    NonEmpty,
    /// At least 0, or the value of the first broker config, and at most that of the second.
    Limits(Option<&'static str>, &'static str),
    /// Pairs of what is known of a client and a pattern for it, such as `client_id=shop.*`.
    Selectors,
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

/// A config without a default.
const fn unset(name: &'static str, kind: Kind, check: Check, doc: &'static str) -> ConfigDef {
    ConfigDef { name, kind, default: None, doc, check, broker_name: None }
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
        self.check_type(value).or_else(refuse)?;
        self.check_limits(value).or_else(refuse)
    }

    /// Whether `value` can be read at all, within its limits or not.
    pub fn is_of_its_type(&self, value: &str) -> bool {
        self.check_type(value).is_ok()
    }

    fn check_type(&self, value: &str) -> Result<(), String> {
        let number = value.trim().parse::<i64>();
        let fits = |fits: bool, wanted: &str| match fits {
            true => Ok(()),
            false => Err(format!("{value:?} is not {wanted}")),
        };
        match self.kind {
            Kind::Boolean if !matches!(self.canonical(value).as_str(), "true" | "false") => {
                Err(format!("{value:?} is neither true nor false"))
            }
            Kind::Short => fits(number.is_ok_and(|n| i16::try_from(n).is_ok()), "a 16-bit number"),
            Kind::Int => fits(number.is_ok_and(|n| i32::try_from(n).is_ok()), "a 32-bit number"),
            Kind::Long => fits(number.is_ok(), "a 64-bit number"),
            Kind::Double => fits(value.trim().parse::<f64>().is_ok(), "a number"),
            Kind::Boolean | Kind::String | Kind::List | Kind::Class | Kind::Password => Ok(()),
        }
    }

    fn check_limits(&self, value: &str) -> Result<(), String> {
        let number = value.trim().parse::<i64>();
        match (self.check, number) {
            (Check::Min(min), Ok(n)) if n < min => Err(format!("{n} is below {min}")),
            (Check::Between(min, max), Ok(n)) if n < min || n > max => {
                Err(format!("{n} is not between {min} and {max}"))
            }
            (Check::Within(min, max), _)
                if !value.trim().parse().is_ok_and(|n: f64| (min..=max).contains(&n)) =>
            {
                Err(format!("{value:?} is not between {min} and {max}"))
            }
            (Check::OneOf(words), _) if self.kind != Kind::List => one_of(words, value),
            (Check::OneOf(words), _) => elements(value).into_iter().try_for_each(|part| one_of(words, part)),
            (Check::SomeOf(words), _) => {
                elements(value).into_iter().try_for_each(|part| one_of(words, part))?;
                not_empty(value)?;
                without_repetition(value)
            }
            (Check::OneOfAnyCase(words), _) if !words.iter().any(|word| word.eq_ignore_ascii_case(value)) => {
                one_of(words, value)
            }
            (Check::Names { some }, _) => {
                if some {
                    not_empty(value)?;
                }
                without_repetition(value)
            }
            (Check::NonEmpty, _) => not_empty(value),
            (Check::Replicas, _) => match elements(value).iter().find(|part| !is_replica(part)) {
                Some(part) if elements(value) != ["*"] => {
                    Err(format!("{part:?} is neither * nor partition:broker, such as 0:1"))
                }
                Some(_) | None => Ok(()),
            },
            (Check::Selectors, _) => selectors::check(&elements(value)),
            (Check::Never(reason), _) if self.canonical(value) != "false" => Err(reason.to_owned()),
            (
                Check::Any
                | Check::Min(_)
                | Check::Between(..)
                | Check::Within(..)
                | Check::OneOfAnyCase(_)
                | Check::Limits(..)
                | Check::Never(_),
                _,
            ) => Ok(()),
        }
    }

    /// The one way to write a valid `value`: numbers and list elements without spaces around them, none twice.
    pub fn canonical(&self, value: &str) -> String {
        match self.kind {
            Kind::Boolean => value.trim().to_ascii_lowercase(),
            Kind::Short | Kind::Int | Kind::Long | Kind::Double | Kind::Class => value.trim().to_owned(),
            Kind::List => {
                // Kafka drops repetitions where it does not refuse them (KIP-1161).
                let mut seen = std::collections::BTreeSet::new();
                elements(value).into_iter().filter(|part| seen.insert(*part)).collect::<Vec<_>>().join(",")
            }
            Kind::String | Kind::Password => value.to_owned(),
        }
    }

    /// Whether the value is a secret, which is never shown.
    pub fn is_sensitive(&self) -> bool {
        self.kind == Kind::Password
    }
}

fn one_of(words: &[&str], value: &str) -> Result<(), String> {
    match words.contains(&value) {
        true => Ok(()),
        false => Err(format!("{value:?} is not one of {}", words.join(", "))),
    }
}

fn not_empty(value: &str) -> Result<(), String> {
    if value.trim().is_empty() { Err("it may not be empty".to_owned()) } else { Ok(()) }
}

fn without_repetition(list: &str) -> Result<(), String> {
    let parts = elements(list);
    match parts.iter().enumerate().find(|(at, part)| parts.iter().skip(at + 1).any(|other| other == *part)) {
        Some((_, twice)) => Err(format!("{twice:?} is there twice")),
        None => Ok(()),
    }
}

/// The elements of a list.
pub(crate) fn elements(list: &str) -> Vec<&str> {
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

/// Every broker config: those that act, those that the cluster gives, those without effect.
pub fn broker_configs() -> impl Iterator<Item = &'static ConfigDef> {
    BROKER_CONFIGS.iter().chain(IDENTITY_CONFIGS).chain(INERT_BROKER_CONFIGS.iter().copied().flatten())
}

/// The broker config of this name.
pub fn broker_config(name: &str) -> Option<&'static ConfigDef> {
    broker_configs().find(|def| def.name == name)
}

/// Whether it is taken without effect.
pub fn is_inert(def: &ConfigDef) -> bool {
    INERT_BROKER_CONFIGS.iter().copied().flatten().any(|inert| inert.name == def.name)
}

/// Whether the cluster gives it, and nobody sets it.
pub fn is_identity(name: &str) -> bool {
    IDENTITY_CONFIGS.iter().any(|def| def.name == name)
}

/// The name of the config that a config of one listener stands for: `max.connections` for
/// `listener.name.external.max.connections`.
pub fn of_listener(name: &str) -> Option<&str> {
    name.strip_prefix(dynamic::LISTENER_PREFIX)?.split_once('.').map(|(_, base)| base)
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
        let broker: Vec<ConfigDef> = broker_configs().copied().collect();
        for table in [TOPIC_CONFIGS, &broker, GROUP_CONFIGS, METRICS_CONFIGS] {
            for (at, def) in table.iter().enumerate() {
                def.default.map_or(Ok(()), |default| def.validate(default)).unwrap();
                assert!(table[..at].iter().all(|other| other.name != def.name), "{} twice", def.name);
                assert!(def.doc.ends_with('.'), "{} has a sentence", def.name);
            }
        }
        for def in TOPIC_CONFIGS.iter().chain(GROUP_CONFIGS) {
            assert!(def.broker_name.is_none_or(|name| broker_config(name).is_some()), "{}", def.name);
        }
        let named = [DYNAMIC_BROKER_CONFIGS, PER_BROKER_CONFIGS, PER_LISTENER_CONFIGS, THREAD_CONFIGS];
        for name in named.into_iter().chain([LISTENER_CONFIGS_OF_ALL, UNLISTED_BROKER_CONFIGS]).flatten() {
            assert!(broker_config(name).is_some(), "{name}");
        }
        for brokers in 1..=9 {
            BrokerConfig::new(brokers, &laptop_overrides(brokers)).unwrap();
        }
    }

    #[test]
    fn every_broker_config_is_in_one_table() {
        assert_eq!(broker_configs().count(), 363, "360 of AbstractKafkaConfig, and three rates of quotas");
        assert_eq!(of_listener("listener.name.inside.ssl.key.password"), Some("ssl.key.password"));
        let secret = |def: &&ConfigDef| def.is_sensitive();
        assert_eq!(broker_configs().filter(secret).count(), 10);
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
        assert_eq!(def.canonical("compact, compact,delete"), "compact,delete");
        assert!(topic_config("segment.bytes").unwrap().validate("1000").is_err());
    }
}
