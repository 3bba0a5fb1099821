//! DeleteRecords (key 21), versions 0–2.
//! Source: Kafka 4.3.1 DeleteRecordsRequest.json; ReplicaManager.deleteRecords; KIP-107.
//! Needs: leader of the partition; a topic whose cleanup.policy has `delete`.
//! Answers: the low watermark, once every replica that runs begins there. −1 asks for the high watermark.

use std::time::Duration;

use crate::partition::PartitionId;
use crate::protocol::messages::delete_records::{
    DeleteRecordsPartitionResult, DeleteRecordsRequest, DeleteRecordsResponse, DeleteRecordsTopicResult,
};
use crate::protocol::{ErrorCode, Uuid};
use crate::server::Ctx;

pub async fn handle(ctx: Ctx, request: DeleteRecordsRequest) -> DeleteRecordsResponse {
    let mut wanted = Vec::new();
    for topic in &request.topics {
        if let Some(id) = ctx.broker.topic_id(&topic.name, Uuid::ZERO) {
            let ids = topic
                .partitions
                .iter()
                .map(|p| (PartitionId { topic: id, index: p.partition_index }, p.offset));
            wanted.extend(ids);
        }
    }
    let timeout = Duration::from_millis(request.timeout_ms.max(0) as u64);
    let mut done = ctx.broker.delete_records(&wanted, timeout).await.into_iter();
    let topics = request.topics.into_iter().map(|topic| {
        let exists = ctx.broker.topic_id(&topic.name, Uuid::ZERO).is_some();
        let rows = topic.partitions.iter().map(|partition| {
            let unknown = Err(ErrorCode::UnknownTopicOrPartition);
            let outcome = if exists { done.next().unwrap_or(unknown) } else { unknown };
            DeleteRecordsPartitionResult {
                partition_index: partition.partition_index,
                low_watermark: outcome.unwrap_or(-1),
                error_code: outcome.err().unwrap_or(ErrorCode::None).code(),
            }
        });
        let partitions = rows.collect();
        DeleteRecordsTopicResult { name: topic.name, partitions }
    });
    DeleteRecordsResponse { topics: topics.collect(), ..Default::default() }
}
