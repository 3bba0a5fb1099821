//! OffsetDelete (key 47), version 0.
//! Source: Kafka 4.3.1 OffsetDeleteRequest.json; OffsetMetadataManager.deleteOffsets; KIP-496.
//! Needs: coordinator of the group.
//! Answers: a code for each partition; topics that members subscribe to keep their offsets.

use crate::group::{Answer, Event, OffsetKey};
use crate::protocol::ErrorCode;
use crate::protocol::messages::offset_delete::{
    OffsetDeleteRequest, OffsetDeleteResponse, OffsetDeleteResponsePartition, OffsetDeleteResponseTopic,
};
use crate::server::Ctx;

pub async fn handle(ctx: Ctx, request: OffsetDeleteRequest) -> OffsetDeleteResponse {
    let mut keys = Vec::new();
    for topic in &request.topics {
        let named =
            topic.partitions.iter().filter(|p| ctx.broker.has_partition(&topic.name, p.partition_index));
        keys.extend(named.map(|p| OffsetKey { topic: topic.name.clone(), partition: p.partition_index }));
    }
    let failed = |code: ErrorCode| OffsetDeleteResponse { error_code: code.code(), ..Default::default() };
    if request.group_id.is_empty() {
        return failed(ErrorCode::InvalidGroupId);
    }
    let known = ctx.broker.has_group(&request.group_id);
    let mut codes = match known {
        Err(code) => return failed(code),
        Ok(false) => return failed(ErrorCode::GroupIdNotFound),
        Ok(true) => match ctx.broker.ask_group(&request.group_id, Event::DeleteOffsets(keys)).await {
            Ok(Answer::Codes(codes)) if codes.contains(&ErrorCode::NonEmptyGroup) => {
                return failed(ErrorCode::NonEmptyGroup);
            }
            Ok(Answer::Codes(codes)) => codes.into_iter(),
            other => return failed(code_of(other)),
        },
    };
    let topics = request.topics.iter().map(|topic| {
        let rows = topic.partitions.iter().map(|partition| {
            let code = if ctx.broker.has_partition(&topic.name, partition.partition_index) {
                codes.next().unwrap_or(ErrorCode::None)
            } else {
                ErrorCode::UnknownTopicOrPartition
            };
            OffsetDeleteResponsePartition {
                partition_index: partition.partition_index,
                error_code: code.code(),
            }
        });
        let partitions = rows.collect();
        OffsetDeleteResponseTopic { name: topic.name.clone(), partitions }
    });
    OffsetDeleteResponse { topics: topics.collect(), ..Default::default() }
}

/// The code in an answer that is nothing but a code.
pub(super) fn code_of(answer: Result<Answer, ErrorCode>) -> ErrorCode {
    match answer {
        Ok(Answer::Codes(codes)) => codes.first().copied().unwrap_or(ErrorCode::None),
        Ok(other) => other.code(),
        Err(code) => code,
    }
}
