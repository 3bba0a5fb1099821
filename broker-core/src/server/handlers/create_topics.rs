//! CreateTopics (key 19), versions 2–7.
//! Source: Kafka 4.3.1 CreateTopicsRequest.json; ReplicationControlManager.createTopics; KIP-525 (configs back).
//! Needs: nothing; every broker takes it and asks the controller.
//! Answers: per topic an error, or its id, size and configs. Valid topics of a request are created beside
//! invalid ones; a name that stands twice is refused.
//! Versions: 4 defaults by −1 · 5 configs in the answer · 7 topic ids.

use std::collections::BTreeMap;

use crate::config::TOPIC_CONFIGS;
use crate::controller::{CreatedTopic, NewTopic, TopicError};
use crate::protocol::ErrorCode;
use crate::protocol::messages::create_topics::{
    CreatableTopic, CreatableTopicConfigs, CreatableTopicResult, CreateTopicsRequest, CreateTopicsResponse,
};
use crate::server::Ctx;

pub async fn handle(ctx: Ctx, request: CreateTopicsRequest) -> CreateTopicsResponse {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for topic in &request.topics {
        *counts.entry(topic.name.clone()).or_default() += 1;
    }
    let (single, twice): (Vec<_>, Vec<_>) =
        request.topics.into_iter().partition(|topic| counts.get(&topic.name) == Some(&1));
    let wanted: Vec<NewTopic> = single.into_iter().map(new_topic).collect();
    let results = match wanted.is_empty() {
        true => Ok(Vec::new()),
        false => ctx.broker.create_topics(wanted.clone(), request.validate_only).await,
    };
    let mut topics: Vec<CreatableTopicResult> = match results {
        Ok(results) => wanted.iter().zip(results).map(|(topic, result)| row(&ctx, topic, result)).collect(),
        Err(code) => {
            wanted.iter().map(|topic| refused(&topic.name, code, "the controller is gone")).collect()
        }
    };
    let mut names: Vec<String> = twice.into_iter().map(|topic| topic.name).collect();
    names.dedup();
    topics.extend(names.iter().map(|name| refused(name, ErrorCode::InvalidRequest, "the name stands twice")));
    CreateTopicsResponse { topics, ..Default::default() }
}

fn new_topic(topic: CreatableTopic) -> NewTopic {
    NewTopic {
        name: topic.name,
        partitions: topic.num_partitions,
        replication_factor: topic.replication_factor,
        assignments: topic.assignments.into_iter().map(|a| (a.partition_index, a.broker_ids)).collect(),
        configs: topic.configs.into_iter().map(|config| (config.name, config.value)).collect(),
    }
}

fn refused(name: &str, code: ErrorCode, message: &str) -> CreatableTopicResult {
    CreatableTopicResult {
        name: name.to_owned(),
        error_code: code.code(),
        error_message: Some(message.to_owned()),
        ..Default::default()
    }
}

fn row(ctx: &Ctx, topic: &NewTopic, result: Result<CreatedTopic, TopicError>) -> CreatableTopicResult {
    match result {
        Err(err) => CreatableTopicResult { configs: None, ..refused(&topic.name, err.code, &err.message) },
        Ok(created) => CreatableTopicResult {
            name: topic.name.clone(),
            topic_id: created.id,
            num_partitions: created.partitions,
            replication_factor: created.replication_factor,
            configs: Some(configs(ctx, topic)),
            ..Default::default()
        },
    }
}

fn configs(ctx: &Ctx, topic: &NewTopic) -> Vec<CreatableTopicConfigs> {
    let own = topic.configs.iter().filter_map(|(name, value)| Some((name.clone(), value.clone()?)));
    let own: BTreeMap<String, String> = own.collect();
    let row = |def: &crate::config::ConfigDef| {
        let config = ctx.broker.config();
        let (value, source) = config.topic_value(def, &own);
        CreatableTopicConfigs {
            name: def.name.to_owned(),
            value: Some(value.into_owned()),
            config_source: source as i8,
            ..Default::default()
        }
    };
    TOPIC_CONFIGS.iter().map(row).collect()
}
