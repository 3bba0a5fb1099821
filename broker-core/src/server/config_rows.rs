//! The rows of which a description of configs is made.
//! Source: Kafka `ConfigHelper.scala`.

use std::collections::BTreeMap;

use crate::config::{
    BrokerConfig, ConfigDef, DYNAMIC_BROKER_CONFIGS, NO_EFFECT, Source, UNLISTED_BROKER_CONFIGS,
    broker_config, broker_configs, is_inert, of_listener,
};
use crate::protocol::messages::describe_configs::{DescribeConfigsResourceResult, DescribeConfigsSynonym};

/// A config of a metrics subscription with its own value, else the default, which is no synonym here
/// (`ConfigHelper.describeConfigs`).
pub(super) fn metrics_row(
    def: &ConfigDef,
    own: Option<&BTreeMap<String, String>>,
) -> DescribeConfigsResourceResult {
    match own.and_then(|own| own.get(def.name)) {
        Some(value) => {
            let own = synonym(def.name, value, Source::ClientMetrics);
            row(def, Some(value), Source::ClientMetrics, false, vec![own])
        }
        None => row(def, def.default, Source::Default, false, Vec::new()),
    }
}

/// A config of a group with its own value, else the broker's, else the default.
pub(super) fn group_row(
    config: &BrokerConfig,
    def: &ConfigDef,
    own: Option<&BTreeMap<String, String>>,
) -> DescribeConfigsResourceResult {
    let default = || def.default.map(|value| synonym(def.name, value, Source::Default));
    let inherited = match def.broker_name {
        Some(name) => broker_synonyms(config, name),
        None => default().into_iter().collect(),
    };
    match own.and_then(|own| own.get(def.name)) {
        Some(value) => {
            let synonyms = std::iter::once(synonym(def.name, value, Source::Group)).chain(inherited);
            row(def, Some(value), Source::Group, false, synonyms.collect())
        }
        None => {
            let (value, source) = def.broker_name.and_then(|name| config.get(name)).unzip();
            let value = value.or(def.default);
            row(def, value, source.unwrap_or(Source::Default), false, inherited)
        }
    }
}

/// A config of a topic with its own value, else the broker's, else the default.
pub(super) fn topic_row(
    config: &BrokerConfig,
    def: &ConfigDef,
    own: &BTreeMap<String, String>,
) -> DescribeConfigsResourceResult {
    let (value, source) = config.topic_value(def, own);
    let mut synonyms = Vec::new();
    if source == Source::DynamicTopic {
        synonyms.push(synonym(def.name, &value, source));
    }
    if let Some(name) = def.broker_name {
        synonyms.extend(broker_synonyms(config, name));
    }
    row(def, Some(&value), source, false, synonyms)
}

/// Configs that Kafka keeps outside its table of broker configs, and so shows without default and documentation
/// (`DynamicConfig.java`, `QuotaConfig.java`).
const OUTSIDE_THE_TABLE: [&str; 2] =
    ["follower.replication.throttled.rate", "leader.replication.throttled.rate"];

/// Every config of a broker.
pub(super) fn broker_rows(config: &BrokerConfig) -> Vec<DescribeConfigsResourceResult> {
    let listed = |def: &&'static ConfigDef| {
        !UNLISTED_BROKER_CONFIGS.contains(&def.name) || config.layers(def.name).next().is_some()
    };
    let known = broker_configs().filter(listed).map(|def| {
        let (value, source) = config.get(def.name).unzip();
        let read_only = !DYNAMIC_BROKER_CONFIGS.contains(&def.name);
        let synonyms = broker_synonyms(config, def.name);
        row(def, value, source.unwrap_or(Source::Default), read_only, synonyms)
    });
    let unknown = config.unknown_names().into_iter().map(|name| {
        let own: Vec<_> = config.layers(name).collect();
        let (value, source) = own.first().copied().unwrap_or(("", Source::Default));
        let mut synonyms: Vec<_> = own.iter().map(|(value, source)| synonym(name, value, *source)).collect();
        synonyms.extend(of_listener(name).map_or_else(Vec::new, |base| broker_synonyms(config, base)));
        unlisted_row(name, value, source, synonyms)
    });
    known.chain(unknown).collect()
}

fn broker_synonyms(config: &BrokerConfig, name: &str) -> Vec<DescribeConfigsSynonym> {
    let synonyms = config.synonyms(name).into_iter();
    synonyms.map(|(name, value, source)| synonym(name, value, source)).collect()
}

/// A value that a config has, and where it was set.
pub(super) fn synonym(name: &str, value: &str, source: Source) -> DescribeConfigsSynonym {
    DescribeConfigsSynonym { name: name.to_owned(), value: Some(value.to_owned()), source: source as i8 }
}

/// A config of one listener, or one that no table has: that might be a password, so Kafka keeps its value to itself.
pub(super) fn unlisted_row(
    name: &str,
    value: &str,
    source: Source,
    synonyms: Vec<DescribeConfigsSynonym>,
) -> DescribeConfigsResourceResult {
    let described = match of_listener(name).and_then(broker_config) {
        Some(def) => row(def, Some(value), source, true, synonyms),
        None => hidden(DescribeConfigsResourceResult {
            config_source: source as i8,
            read_only: true,
            synonyms,
            ..Default::default()
        }),
    };
    DescribeConfigsResourceResult { name: name.to_owned(), documentation: None, ..described }
}

/// The row without any value.
fn hidden(mut row: DescribeConfigsResourceResult) -> DescribeConfigsResourceResult {
    row.value = None;
    row.is_sensitive = true;
    row.synonyms.iter_mut().for_each(|synonym| synonym.value = None);
    row
}

/// A config with the value in force.
pub(super) fn row(
    def: &ConfigDef,
    value: Option<&str>,
    source: Source,
    read_only: bool,
    mut synonyms: Vec<DescribeConfigsSynonym>,
) -> DescribeConfigsResourceResult {
    let mut documentation =
        Some(if is_inert(def) { format!("{} {NO_EFFECT}", def.doc) } else { def.doc.to_owned() });
    if OUTSIDE_THE_TABLE.contains(&def.name) {
        synonyms.retain(|synonym| synonym.source != Source::Default as i8);
        documentation = None;
    }
    let row = DescribeConfigsResourceResult {
        name: def.name.to_owned(),
        value: value.map(str::to_owned),
        read_only,
        config_source: source as i8,
        is_sensitive: false,
        synonyms,
        config_type: def.kind as i8,
        documentation,
    };
    if def.is_sensitive() { hidden(row) } else { row }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How a broker shows a config that has this value, set while it runs.
    fn shown(name: &str, value: &str) -> DescribeConfigsResourceResult {
        let set: BTreeMap<_, _> = [(name.to_owned(), value.to_owned())].into();
        let config = BrokerConfig::new(1, &[]).unwrap().with_dynamic(None, Some(&set));
        broker_rows(&config).into_iter().find(|row| row.name == name).unwrap()
    }

    #[test]
    fn a_config_without_effect_is_shown_with_its_default_and_says_so() {
        let row = shown("log.cleaner.threads", "2");
        assert_eq!((row.value.as_deref(), row.is_sensitive, row.read_only), (Some("2"), false, false));
        let synonyms: Vec<_> = row.synonyms.iter().map(|one| (one.value.as_deref(), one.source)).collect();
        assert_eq!(synonyms, [(Some("2"), 2), (Some("1"), 5)]);
        assert!(row.documentation.unwrap().ends_with(NO_EFFECT));
    }

    #[test]
    fn a_secret_is_never_shown() {
        for name in ["sasl.jaas.config", "listener.name.inside.ssl.key.password", "a.plugins.own"] {
            let row = shown(name, "secret");
            assert!(row.is_sensitive && row.value.is_none(), "{name}");
            assert!(row.synonyms.iter().all(|synonym| synonym.value.is_none()), "{name}");
        }
        let row = shown("listener.name.inside.max.connections", "7");
        assert_eq!((row.value.as_deref(), row.config_type), (Some("7"), 3));
    }
}
