//! OffsetCommit (key 8), versions 2–10.
//! Source: Kafka 4.3.1 OffsetCommitRequest.json; OffsetMetadataManager.commitOffset.
//! Needs: coordinator of the group; a member of the present generation, or nobody in the group.
//! Answers: a code for each partition, once the offsets are committed themselves.
//! Versions: 6 leader epochs · 7 static members · 9 consumer protocol · 10 topic ids.

use crate::group::{CommittedOffset, Event, OffsetKey};
use crate::protocol::ErrorCode;
use crate::protocol::messages::offset_commit::{
    OffsetCommitRequest, OffsetCommitRequestPartition, OffsetCommitRequestTopic, OffsetCommitResponse,
    OffsetCommitResponsePartition, OffsetCommitResponseTopic,
};
use crate::server::Ctx;

pub async fn handle(ctx: Ctx, request: OffsetCommitRequest) -> OffsetCommitResponse {
    let mut offsets = Vec::new();
    let mut topics: Vec<OffsetCommitResponseTopic> = Vec::new();
    for topic in &request.topics {
        let name = match ctx.version {
            10.. => ctx.broker.topic_name(topic.topic_id),
            _ => Some(topic.name.clone())
                .filter(|name| ctx.broker.topic_id(name, Default::default()).is_some()),
        };
        let rows = topic.partitions.iter().map(|partition| {
            let code = match &name {
                None if ctx.version >= 10 => ErrorCode::UnknownTopicId,
                None => ErrorCode::UnknownTopicOrPartition,
                Some(name) => check(&ctx, name, partition),
            };
            if let (ErrorCode::None, Some(name)) = (code, &name) {
                offsets.push(to_commit(&ctx, name, partition));
            }
            OffsetCommitResponsePartition {
                partition_index: partition.partition_index,
                error_code: code.code(),
            }
        });
        let partitions = rows.collect();
        topics.push(response_topic(topic, partitions));
    }
    let event = Event::Commit {
        generation: request.generation_id_or_member_epoch,
        member_id: request.member_id,
        instance_id: request.group_instance_id,
        offsets: offsets.clone(),
        transaction: None,
        knows_epochs: ctx.version >= 9,
    };
    // The empty name is a group here, as in Kafka, which keeps it for the oldest clients.
    let code = match offsets.is_empty() {
        true => ErrorCode::None,
        false => match ctx.broker.ask_group(&request.group_id, event).await {
            Ok(answer) => answer.code(),
            Err(code) => code,
        },
    };
    if code != ErrorCode::None {
        let rows = topics.iter_mut().flat_map(|topic| &mut topic.partitions);
        rows.filter(|row| row.error_code == 0).for_each(|row| row.error_code = code.code());
    }
    OffsetCommitResponse { topics, ..Default::default() }
}

fn check(ctx: &Ctx, topic: &str, partition: &OffsetCommitRequestPartition) -> ErrorCode {
    check_offset(ctx, topic, partition.partition_index, partition.committed_metadata.as_deref())
}

/// Whether an offset may be committed for this partition, with this text.
pub(super) fn check_offset(ctx: &Ctx, topic: &str, index: i32, text: Option<&str>) -> ErrorCode {
    let text = text.unwrap_or_default();
    if !ctx.broker.has_partition(topic, index) {
        ErrorCode::UnknownTopicOrPartition
    } else if text.len() > ctx.broker.offset_metadata_max() {
        ErrorCode::OffsetMetadataTooLarge
    } else {
        ErrorCode::None
    }
}

fn to_commit(
    ctx: &Ctx,
    topic: &str,
    partition: &OffsetCommitRequestPartition,
) -> (OffsetKey, CommittedOffset) {
    let key = OffsetKey { topic: topic.to_owned(), partition: partition.partition_index };
    let value = CommittedOffset {
        offset: partition.committed_offset,
        leader_epoch: partition.committed_leader_epoch,
        metadata: partition.committed_metadata.clone().unwrap_or_default(),
        committed_at_ms: ctx.broker.now().wall_ms,
    };
    (key, value)
}

fn response_topic(
    topic: &OffsetCommitRequestTopic,
    partitions: Vec<OffsetCommitResponsePartition>,
) -> OffsetCommitResponseTopic {
    OffsetCommitResponseTopic { name: topic.name.clone(), topic_id: topic.topic_id, partitions }
}
