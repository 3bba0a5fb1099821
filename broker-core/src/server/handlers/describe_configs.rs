//! DescribeConfigs (key 32), versions 1–4.
//! Source: Kafka 4.3.1 DescribeConfigsRequest.json; ConfigHelper.scala; KIP-133, KIP-226 (synonyms), KIP-569.
//! Needs: the topic, or this broker.
//! Answers: every config with value, origin and, if asked, synonyms and documentation.
//! Versions: 1 synonyms, origin · 3 type and documentation.
//! Skips: dynamic broker, logger, group and client-metrics resources — SKIPPED.md.

use std::collections::BTreeMap;

use crate::config::{BROKER_CONFIGS, BrokerConfig, ConfigDef, Source, TOPIC_CONFIGS};
use crate::protocol::ErrorCode;
use crate::protocol::messages::describe_configs::{
    DescribeConfigsRequest, DescribeConfigsResource, DescribeConfigsResourceResult, DescribeConfigsResponse,
    DescribeConfigsResult, DescribeConfigsSynonym,
};
use crate::server::Ctx;

const TOPIC: i8 = 2;
const BROKER: i8 = 4;

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
    let (name, config) = (&resource.resource_name, ctx.broker.config());
    match resource.resource_type {
        TOPIC => ctx.broker.with_image(|image| match image.topics.get(name) {
            Some(topic) => {
                Ok(TOPIC_CONFIGS.iter().map(|def| topic_row(config, def, &topic.configs)).collect())
            }
            None => Err((ErrorCode::UnknownTopicOrPartition, format!("topic {name} does not exist"))),
        }),
        // An empty name asks for the cluster-wide dynamic configs, of which there are none yet.
        BROKER if name.is_empty() => Ok(Vec::new()),
        BROKER if *name == ctx.broker.id().to_string() => {
            Ok(BROKER_CONFIGS.iter().map(|def| broker_row(config, def)).collect())
        }
        BROKER => Err((ErrorCode::InvalidRequest, format!("this is broker {}, not {name}", ctx.broker.id()))),
        other => Err((ErrorCode::InvalidRequest, format!("resource type {other} is not served"))),
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
        synonyms.push(synonym(def.name, value, source));
    }
    if let Some(name) = def.broker_name {
        synonyms.extend(broker_synonyms(config, name));
    }
    row(def, value, source, false, synonyms)
}

fn broker_row(config: &BrokerConfig, def: &ConfigDef) -> DescribeConfigsResourceResult {
    let (value, source) = config.get(def.name).unwrap_or((def.default, Source::Default));
    row(def, value, source, true, broker_synonyms(config, def.name))
}

fn broker_synonyms(config: &BrokerConfig, name: &str) -> Vec<DescribeConfigsSynonym> {
    let mut synonyms = Vec::new();
    if let Some((value, Source::StaticBroker)) = config.get(name) {
        synonyms.push(synonym(name, value, Source::StaticBroker));
    }
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
