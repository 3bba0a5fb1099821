//! DescribeConfigs (key 32), versions 1–4.
//! Source: Kafka 4.3.1 DescribeConfigsRequest.json; ConfigHelper.scala; KIP-133, KIP-226 (synonyms), KIP-569.
//! Needs: the topic, or this broker; groups and client metrics subscriptions need not exist.
//! Answers: every config with value, origin and, if asked, synonyms and documentation.
//! Versions: 1 synonyms, origin · 3 type and documentation.
//! Skips: broker loggers — SKIPPED.md.

use std::collections::BTreeMap;

use crate::config::{
    BrokerConfig, ConfigDef, ConfigResource, DYNAMIC_BROKER_CONFIGS, GROUP_CONFIGS, METRICS_CONFIGS,
    NO_EFFECT, Source, TOPIC_CONFIGS, UNLISTED_BROKER_CONFIGS, broker_config, broker_configs, is_inert,
    of_listener,
};
use crate::controller::validate_topic_name;
use crate::protocol::ErrorCode;
use crate::protocol::messages::describe_configs::{
    DescribeConfigsRequest, DescribeConfigsResource, DescribeConfigsResourceResult, DescribeConfigsResponse,
    DescribeConfigsResult, DescribeConfigsSynonym,
};
use crate::server::Ctx;

pub async fn handle(ctx: Ctx, request: DescribeConfigsRequest) -> DescribeConfigsResponse {
    let with_docs = request.include_documentation;
    let describe_one = |resource: &DescribeConfigsResource| {
        let (error, message, configs) = match describe(&ctx, resource) {
            Ok(configs) => (ErrorCode::None, None, configs),
            Err((code, message)) => (code, Some(message), Vec::new()),
        };
        let wanted = resource.configuration_keys.as_ref();
        let mut configs: Vec<DescribeConfigsResourceResult> = configs
            .into_iter()
            .filter(|config| wanted.is_none_or(|keys| keys.contains(&config.name)))
            .collect();
        for config in &mut configs {
            if !with_docs {
                config.documentation = None;
            }
            if !request.include_synonyms {
                config.synonyms.clear();
            }
        }
        DescribeConfigsResult {
            error_code: error.code(),
            error_message: message,
            resource_type: resource.resource_type,
            resource_name: resource.resource_name.clone(),
            configs,
        }
    };
    let results = request.resources.iter().map(describe_one).collect();
    DescribeConfigsResponse { results, ..Default::default() }
}

type Described = Result<Vec<DescribeConfigsResourceResult>, (ErrorCode, String)>;

fn describe(ctx: &Ctx, resource: &DescribeConfigsResource) -> Described {
    let (kind, name) = (resource.resource_type, &resource.resource_name);
    let invalid = |message: String| Err((ErrorCode::InvalidRequest, message));
    let Some(resource) = ConfigResource::parse(kind, name) else {
        return invalid(format!("resource {name:?} of type {kind} has no configs here"));
    };
    let config = ctx.broker.config();
    let own = ctx.broker.with_image(|image| image.configs_of(&resource).cloned());
    match resource {
        ConfigResource::Topic(name) => match own {
            Some(own) => Ok(TOPIC_CONFIGS.iter().map(|def| topic_row(&config, def, &own)).collect()),
            None => Err(match validate_topic_name(&name) {
                Some(reason) => (ErrorCode::InvalidTopicException, reason),
                None => (ErrorCode::UnknownTopicOrPartition, format!("topic {name} does not exist")),
            }),
        },
        // For all brokers together only what was set for all of them is shown.
        ConfigResource::Broker(None) => {
            let rows = own.unwrap_or_default().into_iter().map(|(name, value)| {
                let source = Source::DynamicDefaultBroker;
                match broker_config(&name) {
                    Some(def) => row(def, Some(&value), source, false, vec![synonym(&name, &value, source)]),
                    None => unlisted_row(&name, &value, source, vec![synonym(&name, &value, source)]),
                }
            });
            Ok(rows.collect())
        }
        ConfigResource::Broker(Some(id)) if id == ctx.broker.id() => Ok(broker_rows(&config)),
        ConfigResource::Broker(Some(id)) => invalid(format!("this is broker {}, not {id}", ctx.broker.id())),
        ConfigResource::ClientMetrics(name) | ConfigResource::Group(name) if name.is_empty() => {
            invalid("the resource needs a name".to_owned())
        }
        ConfigResource::ClientMetrics(_) => {
            Ok(METRICS_CONFIGS.iter().map(|def| metrics_row(def, own.as_ref())).collect())
        }
        ConfigResource::Group(_) => {
            Ok(GROUP_CONFIGS.iter().map(|def| group_row(&config, def, own.as_ref())).collect())
        }
    }
}

/// A config of a metrics subscription with its own value, else the default, which is no synonym here
/// (`ConfigHelper.describeConfigs`).
fn metrics_row(def: &ConfigDef, own: Option<&BTreeMap<String, String>>) -> DescribeConfigsResourceResult {
    match own.and_then(|own| own.get(def.name)) {
        Some(value) => {
            let own = synonym(def.name, value, Source::ClientMetrics);
            row(def, Some(value), Source::ClientMetrics, false, vec![own])
        }
        None => row(def, def.default, Source::Default, false, Vec::new()),
    }
}

/// A config of a group with its own value, else the broker's, else the default.
fn group_row(
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

fn topic_row(
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

fn broker_rows(config: &BrokerConfig) -> Vec<DescribeConfigsResourceResult> {
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

fn synonym(name: &str, value: &str, source: Source) -> DescribeConfigsSynonym {
    DescribeConfigsSynonym { name: name.to_owned(), value: Some(value.to_owned()), source: source as i8 }
}

/// A config of one listener, or one that no table has: that might be a password, so Kafka keeps its value to itself.
fn unlisted_row(
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

fn row(
    def: &ConfigDef,
    value: Option<&str>,
    source: Source,
    read_only: bool,
    synonyms: Vec<DescribeConfigsSynonym>,
) -> DescribeConfigsResourceResult {
    let doc = if is_inert(def) { format!("{} {NO_EFFECT}", def.doc) } else { def.doc.to_owned() };
    let row = DescribeConfigsResourceResult {
        name: def.name.to_owned(),
        value: value.map(str::to_owned),
        read_only,
        config_source: source as i8,
        is_sensitive: false,
        synonyms,
        config_type: def.kind as i8,
        documentation: Some(doc),
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
