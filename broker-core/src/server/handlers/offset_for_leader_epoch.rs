//! OffsetForLeaderEpoch (key 23), versions 2–4.
//! Source: Kafka 4.3.1 OffsetForLeaderEpochRequest.json; Partition.lastOffsetForLeaderEpoch; KIP-101, KIP-320.
//! Needs: leader of the partition.
//! Answers: the largest epoch at or below the one asked for and where it ended; for one from before all records here
//! itself and where they begin; for none, and for one that is still to come, −1 and −1.

use crate::partition::PartitionId;
use crate::protocol::messages::offset_for_leader_epoch::{
    EpochEndOffset, OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse, OffsetForLeaderTopicResult,
};
use crate::protocol::{ErrorCode, Uuid};
use crate::server::Ctx;

pub async fn handle(ctx: Ctx, request: OffsetForLeaderEpochRequest) -> OffsetForLeaderEpochResponse {
    let topics = request.topics.into_iter().map(|topic| {
        let id = ctx.broker.topic_id(&topic.topic, Uuid::ZERO);
        let rows = topic.partitions.iter().map(|wanted| {
            let found = match id {
                None => Err(ErrorCode::UnknownTopicOrPartition),
                Some(topic) => {
                    let id = PartitionId { topic, index: wanted.partition };
                    ctx.broker.epoch_end(id, wanted.current_leader_epoch, wanted.leader_epoch)
                }
            };
            let (leader_epoch, end_offset) = found.unwrap_or((-1, -1));
            EpochEndOffset {
                error_code: found.err().unwrap_or(ErrorCode::None).code(),
                partition: wanted.partition,
                leader_epoch,
                end_offset,
            }
        });
        let partitions = rows.collect();
        OffsetForLeaderTopicResult { topic: topic.topic, partitions }
    });
    OffsetForLeaderEpochResponse { topics: topics.collect(), ..Default::default() }
}
