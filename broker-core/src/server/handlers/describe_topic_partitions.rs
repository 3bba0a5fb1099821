//! DescribeTopicPartitions (key 75), version 0.
//! Source: Kafka 4.3.1 DescribeTopicPartitionsRequest.json; DescribeTopicPartitionsRequestHandler.java; KIP-966.
//! Needs: nothing. Never creates a topic.
//! Answers: topics by name with their partitions, at most the limit, and where to go on. No topics asks for all.

use std::collections::BTreeSet;

use super::metadata::TOPIC_OPERATIONS;
use crate::controller::{MetadataImage, TopicImage, validate_topic_name};
use crate::protocol::ErrorCode;
use crate::protocol::messages::describe_topic_partitions::{
    CursorResult, DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse,
    DescribeTopicPartitionsResponsePartition, DescribeTopicPartitionsResponseTopic,
};
use crate::server::Ctx;

pub async fn handle(ctx: Ctx, request: DescribeTopicPartitionsRequest) -> DescribeTopicPartitionsResponse {
    let most = ctx.broker.config().number("max.request.partition.size.limit") as i32;
    let limit = request.response_partition_limit.clamp(1, most) as usize;
    let cursor = request.cursor;
    ctx.broker.with_image(|image| {
        let mut names: BTreeSet<String> = request.topics.into_iter().map(|topic| topic.name).collect();
        if names.is_empty() {
            names = image.topics.keys().cloned().collect();
        }
        let mut left = limit;
        let mut response = DescribeTopicPartitionsResponse::default();
        for name in names {
            let from = match &cursor {
                Some(cursor) if name < cursor.topic_name => continue,
                Some(cursor) if name == cursor.topic_name => cursor.partition_index.max(0) as usize,
                Some(_) | None => 0,
            };
            let Some(topic) = image.topics.get(&name) else {
                let invalid = validate_topic_name(&name).is_some();
                let code = if invalid {
                    ErrorCode::InvalidTopicException
                } else {
                    ErrorCode::UnknownTopicOrPartition
                };
                response.topics.push(DescribeTopicPartitionsResponseTopic {
                    error_code: code.code(),
                    name: Some(name),
                    ..Default::default()
                });
                continue;
            };
            if left == 0 {
                response.next_cursor = Some(CursorResult { topic_name: name, partition_index: 0 });
                break;
            }
            let row = describe(image, topic, from, left);
            let next = from + row.partitions.len();
            left -= row.partitions.len();
            response.topics.push(row);
            if next < topic.partitions.len() {
                response.next_cursor = Some(CursorResult { topic_name: name, partition_index: next as i32 });
                break;
            }
        }
        response
    })
}

fn describe(
    image: &MetadataImage,
    topic: &TopicImage,
    from: usize,
    limit: usize,
) -> DescribeTopicPartitionsResponseTopic {
    let partitions = topic.partitions.iter().enumerate().skip(from).take(limit).map(|(index, partition)| {
        let lost = !image.is_live(partition.leader);
        DescribeTopicPartitionsResponsePartition {
            error_code: if lost { ErrorCode::LeaderNotAvailable } else { ErrorCode::None }.code(),
            partition_index: index as i32,
            leader_id: partition.leader,
            leader_epoch: partition.leader_epoch,
            replica_nodes: partition.replicas.clone(),
            isr_nodes: partition.isr.clone(),
            eligible_leader_replicas: Some(partition.elr.clone()),
            last_known_elr: Some(partition.last_known_elr.clone()),
            offline_replicas: image.offline_replicas(partition),
        }
    });
    DescribeTopicPartitionsResponseTopic {
        error_code: 0,
        name: Some(topic.name.clone()),
        topic_id: topic.id,
        is_internal: topic.is_internal(),
        partitions: partitions.collect(),
        topic_authorized_operations: TOPIC_OPERATIONS,
    }
}
