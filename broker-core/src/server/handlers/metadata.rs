//! Metadata (key 3), versions 0–13.
//! Source: Kafka 4.3.1 MetadataRequest.json; KafkaApis.handleTopicMetadataRequest; KIP-516 (topic ids).
//! Needs: nothing.
//! Answers: live brokers, and topics: all (null, or empty in v0), none (empty), or those named.
//! Versions: 1 null means all · 4 auto-creation may be refused · 10 topic ids · 12 ask by id.
//! A named topic that is missing is created if both client and auto.create.topics.enable agree.

use std::sync::Arc;

use crate::controller::{MetadataImage, NewTopic, PartitionImage, TopicImage, validate_topic_name};
use crate::protocol::messages::metadata::{
    MetadataRequest, MetadataRequestTopic, MetadataResponse, MetadataResponseBroker,
    MetadataResponsePartition, MetadataResponseTopic,
};
use crate::protocol::{ErrorCode, Uuid};
use crate::server::Ctx;

/// What everyone may do with a topic while no authorizer is set, as Kafka's bit field.
pub(super) const TOPIC_OPERATIONS: i32 = 3576;
/// The same for the cluster.
const CLUSTER_OPERATIONS: i32 = 8096;

pub async fn handle(ctx: Ctx, request: MetadataRequest) -> MetadataResponse {
    let wanted = match request.topics {
        Some(topics) if topics.is_empty() && ctx.version == 0 => None,
        topics => topics,
    };
    let mut refused = Vec::new();
    if let Some(topics) = &wanted {
        let may_create = ctx.version < 4 || request.allow_auto_topic_creation;
        if may_create && ctx.broker.config().flag("auto.create.topics.enable") {
            refused = create_missing(&ctx, topics).await;
        }
    }
    let operations = request.include_topic_authorized_operations;
    ctx.broker.with_image(|image| {
        let mut topics = match &wanted {
            None => image.topics.values().map(|topic| describe(image, topic)).collect(),
            Some(wanted) => wanted.iter().map(|topic| find(image, topic, &refused)).collect::<Vec<_>>(),
        };
        for topic in topics.iter_mut().filter(|_| operations) {
            topic.topic_authorized_operations = TOPIC_OPERATIONS;
        }
        let mut response = MetadataResponse {
            brokers: brokers(image, &ctx.listener),
            cluster_id: Some(ctx.broker.cluster_id()),
            controller_id: image.live_brokers().next().map_or(-1, |broker| broker.id),
            topics,
            ..Default::default()
        };
        if request.include_cluster_authorized_operations {
            response.cluster_authorized_operations = CLUSTER_OPERATIONS;
        }
        response
    })
}

/// Creates the named topics that are missing; returns those that could not be, with the code.
async fn create_missing(ctx: &Ctx, topics: &[MetadataRequestTopic]) -> Vec<(String, ErrorCode)> {
    let missing: Vec<NewTopic> = ctx.broker.with_image(|image| {
        let names = topics.iter().filter(|topic| !by_id(topic)).filter_map(|topic| topic.name.clone());
        names
            .filter(|name| !image.topics.contains_key(name))
            .map(|name| ctx.broker.automatic_topic(name))
            .collect()
    });
    if missing.is_empty() {
        return Vec::new();
    }
    let names: Vec<String> = missing.iter().map(|topic| topic.name.clone()).collect();
    match ctx.broker.create_topics(missing, false).await {
        Err(code) => names.into_iter().map(|name| (name, code)).collect(),
        Ok(results) => {
            let failed =
                names.into_iter().zip(results).filter_map(|(name, result)| Some((name, result.err()?.code)));
            // Somebody else was faster: the topic is there, which is all that was wanted.
            failed.filter(|(_, code)| *code != ErrorCode::TopicAlreadyExists).collect()
        }
    }
}

fn brokers(image: &MetadataImage, listener: &str) -> Vec<MetadataResponseBroker> {
    let live = image.live_brokers().filter_map(|broker| {
        let endpoint = broker.endpoint(listener)?;
        Some(MetadataResponseBroker {
            node_id: broker.id,
            host: endpoint.host.clone(),
            port: endpoint.port.into(),
            rack: broker.rack.clone(),
        })
    });
    live.collect()
}

/// Whether a topic is asked for by id: Java's client sends an empty name beside it.
fn by_id(wanted: &MetadataRequestTopic) -> bool {
    !wanted.topic_id.is_zero()
}

fn find(
    image: &MetadataImage,
    wanted: &MetadataRequestTopic,
    refused: &[(String, ErrorCode)],
) -> MetadataResponseTopic {
    let name = wanted.name.as_ref().filter(|_| !by_id(wanted));
    let found = match name {
        Some(name) => image.topics.get(name),
        None => image.topic_by_id(wanted.topic_id),
    };
    if let Some(topic) = found {
        return describe(image, topic);
    }
    let error = match name {
        None => ErrorCode::UnknownTopicId,
        Some(name) if validate_topic_name(name).is_some() => ErrorCode::InvalidTopicException,
        Some(name) => refused
            .iter()
            .find(|(other, _)| other == name)
            .map_or(ErrorCode::UnknownTopicOrPartition, |(_, code)| *code),
    };
    let topic_id = if name.is_some() { Uuid::ZERO } else { wanted.topic_id };
    MetadataResponseTopic { error_code: error.code(), name: name.cloned(), topic_id, ..Default::default() }
}

fn describe(image: &MetadataImage, topic: &Arc<TopicImage>) -> MetadataResponseTopic {
    let partitions = topic.partitions.iter().enumerate();
    MetadataResponseTopic {
        name: Some(topic.name.clone()),
        topic_id: topic.id,
        is_internal: topic.is_internal(),
        partitions: partitions
            .map(|(index, partition)| describe_partition(image, index, partition))
            .collect(),
        ..Default::default()
    }
}

fn describe_partition(
    image: &MetadataImage,
    index: usize,
    partition: &PartitionImage,
) -> MetadataResponsePartition {
    let lost = !image.is_live(partition.leader);
    MetadataResponsePartition {
        error_code: if lost { ErrorCode::LeaderNotAvailable } else { ErrorCode::None }.code(),
        partition_index: index as i32,
        leader_id: partition.leader,
        leader_epoch: partition.leader_epoch,
        replica_nodes: partition.replicas.clone(),
        isr_nodes: partition.isr.clone(),
        offline_replicas: image.offline_replicas(partition),
    }
}
