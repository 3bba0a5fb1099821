//! DescribeConfigs (key 32), versions 1–4.
//! Source: Kafka 4.3.1 DescribeConfigsRequest.json; ConfigHelper.scala; KIP-133, KIP-226 (synonyms), KIP-569.
//! Needs: the topic, or this broker; groups and client metrics subscriptions need not exist.
//! Answers: every config with value, origin and, if asked, synonyms and documentation.
//! Versions: 1 synonyms, origin · 3 type and documentation.
//! Skips: broker loggers — SKIPPED.md.

use std::collections::BTreeMap;

use crate::config::{
    BROKER_CONFIGS, BrokerConfig, ConfigDef, ConfigResource, DYNAMIC_BROKER_CONFIGS, GROUP_CONFIGS,
    METRICS_CONFIGS, Source, TOPIC_CONFIGS, UNLISTED_BROKER_CONFIGS, broker_config,
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
                    None => unknown_row(&name, source),
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
            // A default is no synonym here (`ConfigHelper.describeConfigs`).
            let rows = METRICS_CONFIGS.iter().map(|def| {
                let mut row = own_row(def, own.as_ref(), Source::ClientMetrics);
                row.synonyms.retain(|synonym| synonym.source != Source::Default as i8);
                row
            });
            Ok(rows.collect())
        }
        ConfigResource::Group(_) => {
            Ok(GROUP_CONFIGS.iter().map(|def| own_row(def, own.as_ref(), Source::Group)).collect())
        }
    }
}

/// A config of a resource with its own value, else the default, which may be a broker config's.
fn own_row(
    def: &ConfigDef,
    own: Option<&BTreeMap<String, String>>,
    source: Source,
) -> DescribeConfigsResourceResult {
    let set = own.and_then(|own| own.get(def.name));
    let mut synonyms: Vec<_> = set.map(|value| synonym(def.name, value, source)).into_iter().collect();
    let fallback = def.broker_name.unwrap_or(def.name);
    synonyms.extend(def.default.map(|value| synonym(fallback, value, Source::Default)));
    match set {
        Some(value) => row(def, Some(value), source, false, synonyms),
        None => row(def, def.default, Source::Default, false, synonyms),
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
    let listed = |def: &&ConfigDef| {
        !UNLISTED_BROKER_CONFIGS.contains(&def.name) || config.layers(def.name).next().is_some()
    };
    let known = BROKER_CONFIGS.iter().filter(listed).map(|def| {
        let (value, source) = config.get(def.name).unzip();
        let read_only = !DYNAMIC_BROKER_CONFIGS.contains(&def.name);
        let synonyms = broker_synonyms(config, def.name);
        row(def, value, source.unwrap_or(Source::Default), read_only, synonyms)
    });
    let unknown = config.unknown_names().into_iter().map(|name| {
        let source = config.layers(name).next().map_or(Source::Default, |(_, source)| source);
        DescribeConfigsResourceResult { read_only: true, ..unknown_row(name, source) }
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

/// A config that no table has: it might be a password, so Kafka keeps its value to itself.
fn unknown_row(name: &str, source: Source) -> DescribeConfigsResourceResult {
    DescribeConfigsResourceResult {
        name: name.to_owned(),
        config_source: source as i8,
        is_sensitive: true,
        synonyms: vec![DescribeConfigsSynonym { name: name.to_owned(), value: None, source: source as i8 }],
        ..Default::default()
    }
}

fn row(
    def: &ConfigDef,
    value: Option<&str>,
    source: Source,
    read_only: bool,
    synonyms: Vec<DescribeConfigsSynonym>,
) -> DescribeConfigsResourceResult {
    DescribeConfigsResourceResult {
        name: def.name.to_owned(),
        value: value.map(str::to_owned),
        read_only,
        config_source: source as i8,
        is_sensitive: false,
        synonyms,
        config_type: def.kind as i8,
        documentation: Some(def.doc.to_owned()),
    }
}
