//! DescribeConfigs (key 32), versions 1–4.
//! Source: Kafka 4.3.1 DescribeConfigsRequest.json; ConfigHelper.scala; KIP-133, KIP-226 (synonyms), KIP-569.
//! Needs: the topic, or this broker; groups and client metrics subscriptions need not exist.
//! Answers: every config with value, origin and, if asked, synonyms and documentation.
//! Versions: 1 synonyms, origin · 3 type and documentation.
//! Skips: broker loggers — SKIPPED.md.

use crate::config::{ConfigResource, GROUP_CONFIGS, METRICS_CONFIGS, Source, TOPIC_CONFIGS, broker_config};
use crate::controller::validate_topic_name;
use crate::protocol::ErrorCode;
use crate::protocol::messages::describe_configs::{
    DescribeConfigsRequest, DescribeConfigsResource, DescribeConfigsResourceResult, DescribeConfigsResponse,
    DescribeConfigsResult,
};
use crate::server::Ctx;
use crate::server::config_rows::{
    broker_rows, group_row, metrics_row, row, synonym, topic_row, unlisted_row,
};

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
