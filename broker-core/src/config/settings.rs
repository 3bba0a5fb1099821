//! The value in force of every broker config and of every topic config, and where it comes from.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::broker::UNITS;
use super::{
    BROKER_CONFIGS, Check, ConfigDef, ConfigError, GROUP_CONFIGS, Source, broker_config, is_identity,
    is_inert, laptop_overrides, topic_config,
};

/// From 0 to 1: names that are less alike are not taken for slips.
const ALIKE: f64 = 0.9;

/// The broker's own settings: what was changed while it runs, for it or for all brokers, over what was given at
/// start, over our laptop values, over Kafka's defaults.
#[derive(Debug, Clone, Default)]
pub struct BrokerConfig {
    set: BTreeMap<String, String>,
    all_brokers: BTreeMap<String, String>,
    this_broker: BTreeMap<String, String>,
}

/// The name that somebody may have meant, as a question.
fn meant(name: &str) -> String {
    let near = |def: &&ConfigDef| strsim::jaro_winkler(def.name, name);
    let nearest = BROKER_CONFIGS.iter().max_by(|one, other| near(one).total_cmp(&near(other)));
    nearest.filter(|def| near(def) > ALIKE).map_or(String::new(), |def| format!("; was {} meant?", def.name))
}

impl BrokerConfig {
    /// The settings of a cluster of `brokers`, with `overrides` by Kafka's names.
    /// Errors: a name Kafka does not know, or a value it would refuse, naming which.
    pub fn new(brokers: u8, overrides: &[(String, String)]) -> Result<Self, ConfigError> {
        let mut set: BTreeMap<String, String> = laptop_overrides(brokers).into_iter().collect();
        for (name, value) in overrides {
            let Some(def) = broker_config(name) else {
                let reason = format!("no broker config of this name is served{}", meant(name));
                return Err(ConfigError { name: name.clone(), reason });
            };
            if is_inert(def) || is_identity(name) {
                tracing::warn!(name, "this config has no effect here");
            }
            if is_identity(name) {
                continue;
            }
            def.validate(value)?;
            set.insert(name.clone(), def.canonical(value));
        }
        let config = Self { set, ..Self::default() };
        config.check_group_defaults()?;
        Ok(config)
    }

    /// What groups inherit must be what they may have.
    fn check_group_defaults(&self) -> Result<(), ConfigError> {
        for def in GROUP_CONFIGS {
            let Some(name) = def.broker_name else { continue };
            let value = self.get(name).map_or("", |(value, _)| value);
            let refuse = |reason| ConfigError { name: name.to_owned(), reason };
            self.check_group_limits(def, value).map_err(refuse)?;
        }
        Ok(())
    }

    /// Whether a group may have `value`, as far as broker configs decide.
    pub fn check_group_limits(&self, def: &ConfigDef, value: &str) -> Result<(), String> {
        let (Check::Limits(low, high), Ok(number)) = (def.check, value.trim().parse::<i64>()) else {
            return Ok(());
        };
        let (min, max) = (low.map_or(0, |low| self.number(low)), self.number(high));
        if (min..=max).contains(&number) {
            return Ok(());
        }
        let low = low.unwrap_or("0");
        Err(format!("{number} is not between {min} and {max} ({low} and {high})"))
    }

    /// The same for one broker, with what the cluster gives it: see [`super::IDENTITY_CONFIGS`].
    pub fn identified(&self, given: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let mut config = self.clone();
        config.set.extend(given.into_iter().map(|(name, value)| (name.to_owned(), value)));
        config
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

    fn by_precedence(&self) -> [(&BTreeMap<String, String>, Source); 3] {
        [
            (&self.this_broker, Source::DynamicBroker),
            (&self.all_brokers, Source::DynamicDefaultBroker),
            (&self.set, Source::StaticBroker),
        ]
    }

    /// Every value set for this name and where, the one in force first; Kafka's default is not among them.
    pub fn layers<'a>(&'a self, name: &str) -> impl Iterator<Item = (&'a str, Source)> {
        let layers = self.by_precedence();
        layers.into_iter().filter_map(move |(layer, source)| Some((layer.get(name)?.as_str(), source)))
    }

    /// The names that were set while brokers run and that no table has.
    pub fn unknown_names(&self) -> BTreeSet<&str> {
        let names = self.this_broker.keys().chain(self.all_brokers.keys());
        names.map(String::as_str).filter(|name| broker_config(name).is_none()).collect()
    }

    /// The value in force and where it comes from; `None` for what has no value or is not in the table.
    pub fn get(&self, name: &str) -> Option<(&str, Source)> {
        self.layers(name).next().or_else(|| Some((broker_config(name)?.default?, Source::Default)))
    }

    /// Every value that a setting has, in whichever unit and wherever it was set; what is in force comes first.
    /// Nothing if the value in force is given in another unit: Kafka has no synonym that is not the config itself
    /// or below it (`ConfigHelper.configSynonyms`).
    pub fn synonyms(&self, name: &str) -> Vec<(&str, &str, Source)> {
        let names = units(name);
        let mut found = Vec::new();
        for (layer, source) in self.by_precedence() {
            let set = names.iter().filter_map(|(name, _)| layer.get_key_value(*name));
            found.extend(set.map(|(name, value)| (name.as_str(), value.as_str(), source)));
        }
        let defs = names.iter().filter_map(|(name, _)| broker_config(name));
        found.extend(defs.filter_map(|def| Some((def.name, def.default?, Source::Default))));
        found.into_iter().skip_while(|(found, ..)| *found != name).collect()
    }

    /// A number, by a name that the table has with a default.
    pub fn number(&self, name: &'static str) -> i64 {
        let (value, _) = self.get(name).expect("callers name configs that the table has");
        value.trim().parse().expect("values are checked when they are set, defaults by a test")
    }

    /// A switch, by a name that the table has.
    pub fn flag(&self, name: &'static str) -> bool {
        self.get(name).is_some_and(|(value, _)| value == "true")
    }

    /// The value of a topic config: the topic's own, else the broker's in whichever unit, else the default.
    pub fn topic_value<'a>(
        &'a self,
        def: &ConfigDef,
        own: &'a BTreeMap<String, String>,
    ) -> (Cow<'a, str>, Source) {
        if let Some(value) = own.get(def.name) {
            return (Cow::Borrowed(value), Source::DynamicTopic);
        }
        if let Some(found) = def.broker_name.and_then(|name| self.inherited(name)) {
            return found;
        }
        (Cow::Borrowed(def.default.unwrap_or_default()), Source::Default)
    }

    /// The value of a broker config that counts in milliseconds or is alone; `None` if nothing was set.
    fn inherited(&self, name: &str) -> Option<(Cow<'_, str>, Source)> {
        if let Some((value, source)) = self.layers(name).next() {
            return Some((Cow::Borrowed(value), source));
        }
        let others = units(name).into_iter().filter(|(other, _)| *other != name);
        let (number, unit_ms) =
            others.filter_map(|(other, unit_ms)| Some((self.get(other)?.0, unit_ms))).next()?;
        let number: i64 = number.parse().ok()?;
        let millis = if number < 0 { -1 } else { number.saturating_mul(unit_ms) };
        // Kafka says of hours that were set that the topic has the default (see `synonyms`).
        Some((Cow::Owned(millis.to_string()), Source::Default))
    }

    /// A number of a topic, by a name that the table has.
    pub fn topic_number(&self, name: &'static str, own: &BTreeMap<String, String>) -> i64 {
        let def = topic_config(name).expect("callers name configs that the table has");
        let (value, _) = self.topic_value(def, own);
        value.trim().parse().expect("values are checked when they are set, defaults by a test")
    }

    /// A word of a topic, by a name that the table has.
    pub fn topic_text<'a>(&'a self, name: &'static str, own: &'a BTreeMap<String, String>) -> Cow<'a, str> {
        let def = topic_config(name).expect("callers name configs that the table has");
        self.topic_value(def, own).0
    }
}

/// The configs of one setting that has several units, the one that counts first, with the milliseconds of each;
/// nothing else is in the answer for a setting that has one.
fn units(name: &str) -> Vec<(&str, i64)> {
    let family = UNITS.iter().find(|family| family.iter().any(|(member, _)| *member == name));
    family.map_or_else(|| vec![(name, 1)], |family| family.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn retention(overrides: &[(&str, &str)]) -> (String, Source) {
        let overrides: Vec<_> =
            overrides.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let config = BrokerConfig::new(1, &overrides).unwrap();
        let own = BTreeMap::new();
        let (value, source) = config.topic_value(topic_config("retention.ms").unwrap(), &own);
        (value.into_owned(), source)
    }

    #[test]
    fn retention_counts_in_hours_in_minutes_and_in_milliseconds_the_finest_first() {
        assert_eq!(retention(&[]), ("604800000".into(), Source::Default));
        assert_eq!(retention(&[("log.retention.hours", "2")]).0, "7200000");
        assert_eq!(retention(&[("log.retention.hours", "-1")]).0, "-1");
        assert_eq!(retention(&[("log.retention.hours", "2"), ("log.retention.minutes", "5")]).0, "300000");
        let ms = ("log.retention.ms", "7");
        assert_eq!(retention(&[("log.retention.minutes", "5"), ms]), ("7".into(), Source::StaticBroker));
    }

    fn one(name: &str, value: &str) -> Result<BrokerConfig, String> {
        BrokerConfig::new(1, &[(name.to_owned(), value.to_owned())]).map_err(|err| err.reason)
    }

    #[test]
    fn a_config_without_effect_is_taken_and_checked() {
        for (name, value) in [
            ("log.cleaner.threads", "2"),
            ("ssl.keystore.password", "secret"),
            ("log.cleaner.io.max.bytes.per.second", "1e9"),
            ("sasl.oauthbearer.assertion.algorithm", "es256"),
            ("listener.security.protocol.map", "any"),
        ] {
            assert!(one(name, value).is_ok(), "{name}={value}");
        }
        for (name, value, reason) in [
            ("log.cleaner.threads", "many", "\"many\" is not a 32-bit number"),
            ("log.cleaner.threads", "-1", "-1 is below 0"),
            ("group.share.max.size", "1001", "1001 is not between 1 and 1000"),
            ("remote.log.manager.task.retry.jitter", "0.6", "\"0.6\" is not between 0 and 0.5"),
            ("ssl.client.auth", "maybe", "\"maybe\" is not one of required, requested, none"),
            ("sasl.oauthbearer.assertion.algorithm", "HS1", "\"HS1\" is not one of ES256, RS256"),
            ("metric.reporters", "a.B, a.B", "\"a.B\" is there twice"),
            ("group.coordinator.rebalance.protocols", "", "it may not be empty"),
            ("group.share.assignors", " ", "it may not be empty"),
            ("remote.log.storage.manager.class.name", "", "it may not be empty"),
            (
                "group.consumer.assignors",
                "org.example.Own",
                "\"org.example.Own\" is not one of uniform, range",
            ),
        ] {
            assert_eq!(one(name, value).unwrap_err(), reason, "{name}={value}");
        }
        let config = one("log.cleaner.threads", "2").unwrap();
        assert_eq!(config.get("log.cleaner.threads"), Some(("2", Source::StaticBroker)));
        let given = one("node.id", "9").unwrap();
        assert_eq!(given.get("node.id"), None, "the cluster decides who a broker is");
        let one = given.identified([("node.id", "1".to_owned())]);
        assert_eq!(one.get("node.id"), Some(("1", Source::StaticBroker)));
    }

    #[test]
    fn what_groups_inherit_lies_within_what_they_may_have() {
        let err = one("group.consumer.session.timeout.ms", "1000").unwrap_err();
        assert!(
            err.contains("1000 is not between 45000 and 60000 (group.consumer.min.session.timeout.ms"),
            "{err}"
        );
        let low = ("group.consumer.min.session.timeout.ms".to_owned(), "1000".to_owned());
        let session = ("group.consumer.session.timeout.ms".to_owned(), "1000".to_owned());
        assert!(BrokerConfig::new(1, &[low, session]).is_ok());
    }

    #[test]
    fn a_config_without_a_value_has_no_synonyms_until_it_is_set() {
        let all: BTreeMap<_, _> = [("log.retention.ms".to_owned(), "9".to_owned())].into();
        let config = BrokerConfig::new(1, &[]).unwrap();
        assert_eq!(config.synonyms("log.retention.ms"), []);
        assert_eq!(
            config.with_dynamic(Some(&all), None).synonyms("log.retention.ms"),
            [
                ("log.retention.ms", "9", Source::DynamicDefaultBroker),
                ("log.retention.hours", "168", Source::Default)
            ]
        );
        let hours = ("log.retention.hours", "168", Source::Default);
        assert_eq!(config.with_dynamic(Some(&all), None).synonyms("log.retention.hours"), [hours]);
    }
}
