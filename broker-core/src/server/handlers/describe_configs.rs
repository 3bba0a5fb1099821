//! DescribeConfigs (key 32), versions 1–4.
//! Source: Kafka 4.3.1 DescribeConfigsRequest.json; ConfigHelper.scala; KIP-133, KIP-226 (synonyms), KIP-569.
//! Needs: the topic, or this broker; groups and client metrics subscriptions need not exist.
//! Answers: every config with value, origin and, if asked, synonyms and documentation.
//! Versions: 1 synonyms, origin · 3 type and documentation.
//! Skips: broker loggers — SKIPPED.md.

use std::collections::BTreeMap;

use crate::config::{
    BROKER_CONFIGS, BrokerConfig, ConfigDef, ConfigResource, DYNAMIC_BROKER_CONFIGS, GROUP_CONFIGS,
    METRICS_CONFIGS, Source, TOPIC_CONFIGS,
};
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
            None => Err((ErrorCode::UnknownTopicOrPartition, format!("topic {name} does not exist"))),
        },
        // For all brokers together only what was set for all of them is shown.
        ConfigResource::Broker(None) => {
            let own = own.unwrap_or_default();
            let set = BROKER_CONFIGS.iter().filter_map(|def| Some((def, own.get(def.name)?)));
            let source = Source::DynamicDefaultBroker;
            Ok(set
                .map(|(def, value)| row(def, value, source, false, vec![synonym(def.name, value, source)]))
                .collect())
        }
        ConfigResource::Broker(Some(id)) if id == ctx.broker.id() => {
            Ok(BROKER_CONFIGS.iter().map(|def| broker_row(&config, def)).collect())
        }
        ConfigResource::Broker(Some(id)) => invalid(format!("this is broker {}, not {id}", ctx.broker.id())),
        ConfigResource::ClientMetrics(name) | ConfigResource::Group(name) if name.is_empty() => {
            invalid("the resource needs a name".to_owned())
        }
        ConfigResource::ClientMetrics(_) => Ok(plain_rows(METRICS_CONFIGS, own, Source::ClientMetrics)),
        ConfigResource::Group(_) => Ok(plain_rows(GROUP_CONFIGS, own, Source::Group)),
    }
}

/// Rows of a resource that inherits from nothing.
fn plain_rows(
    table: &[ConfigDef],
    own: Option<BTreeMap<String, String>>,
    source: Source,
) -> Vec<DescribeConfigsResourceResult> {
    let own = own.unwrap_or_default();
    let rows = table.iter().map(|def| {
        let fallback = synonym(def.name, def.default, Source::Default);
        match own.get(def.name) {
            Some(value) => row(def, value, source, false, vec![synonym(def.name, value, source), fallback]),
            None => row(def, def.default, Source::Default, false, vec![fallback]),
        }
    });
    rows.collect()
}

fn topic_row(
    config: &BrokerConfig,
    def: &ConfigDef,
    own: &BTreeMap<String, String>,
) -> DescribeConfigsResourceResult {
    let (value, source) = config.topic_value(def, own);
    let mut synonyms = Vec::new();
    if source == Source::DynamicTopic {
        synonyms.push(synonym(def.name, value, source));
    }
    if let Some(name) = def.broker_name {
        synonyms.extend(broker_synonyms(config, name));
    }
    row(def, value, source, false, synonyms)
}

fn broker_row(config: &BrokerConfig, def: &ConfigDef) -> DescribeConfigsResourceResult {
    let (value, source) = config.get(def.name).unwrap_or((def.default, Source::Default));
    row(def, value, source, !DYNAMIC_BROKER_CONFIGS.contains(&def.name), broker_synonyms(config, def.name))
}

fn broker_synonyms(config: &BrokerConfig, name: &str) -> Vec<DescribeConfigsSynonym> {
    let layers = config.layers(name);
    let mut synonyms: Vec<_> = layers.map(|(value, source)| synonym(name, value, source)).collect();
    if let Some(def) = crate::config::broker_config(name) {
        synonyms.push(synonym(name, def.default, Source::Default));
    }
    synonyms
}

fn synonym(name: &str, value: &str, source: Source) -> DescribeConfigsSynonym {
    DescribeConfigsSynonym { name: name.to_owned(), value: Some(value.to_owned()), source: source as i8 }
}

fn row(
    def: &ConfigDef,
    value: &str,
    source: Source,
    read_only: bool,
    synonyms: Vec<DescribeConfigsSynonym>,
) -> DescribeConfigsResourceResult {
    DescribeConfigsResourceResult {
        name: def.name.to_owned(),
        value: Some(value.to_owned()),
        read_only,
        config_source: source as i8,
        is_sensitive: false,
        synonyms,
        config_type: def.kind as i8,
        documentation: Some(def.doc.to_owned()),
    }
}
