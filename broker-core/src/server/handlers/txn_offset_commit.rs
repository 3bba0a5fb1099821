//! TxnOffsetCommit (key 28), versions 0–5.
//! Source: Kafka 4.3.1 TxnOffsetCommitRequest.json; KafkaApis.handleTxnOffsetCommitRequest; KIP-98, KIP-447, KIP-890.
//! Needs: coordinator of the group; a transaction that has its offsets (before version 5).
//! Answers: a code for each partition; the offsets count once the transaction commits.
//! Versions: 3 group membership · 5 adds the offsets to the transaction itself.

use super::offset_commit::check_offset;
use super::offset_delete::code_of;
use crate::broker::{CONSUMER_OFFSETS, Joining};
use crate::group::{CommittedOffset, Event, OffsetKey};
use crate::protocol::ErrorCode;
use crate::protocol::messages::txn_offset_commit::{
    TxnOffsetCommitRequest, TxnOffsetCommitResponse, TxnOffsetCommitResponsePartition,
    TxnOffsetCommitResponseTopic,
};
use crate::server::Ctx;
use crate::txn::Producer;

pub async fn handle(ctx: Ctx, request: TxnOffsetCommitRequest) -> TxnOffsetCommitResponse {
    let mut offsets = Vec::new();
    let mut topics = Vec::with_capacity(request.topics.len());
    for topic in &request.topics {
        let rows = topic.partitions.iter().map(|partition| {
            let (index, text) = (partition.partition_index, partition.committed_metadata.as_deref());
            let code = check_offset(&ctx, &topic.name, index, text);
            if code == ErrorCode::None {
                let key = OffsetKey { topic: topic.name.clone(), partition: index };
                let value = CommittedOffset {
                    offset: partition.committed_offset,
                    leader_epoch: partition.committed_leader_epoch,
                    metadata: text.unwrap_or_default().to_owned(),
                    committed_at_ms: ctx.broker.now().wall_ms,
                };
                offsets.push((key, value));
            }
            TxnOffsetCommitResponsePartition { partition_index: index, error_code: code.code() }
        });
        let partitions = rows.collect();
        topics.push(TxnOffsetCommitResponseTopic { name: topic.name.clone(), partitions });
    }
    let code = if offsets.is_empty() { ErrorCode::None } else { commit(&ctx, request, offsets).await };
    if code != ErrorCode::None {
        let rows = topics.iter_mut().flat_map(|topic| &mut topic.partitions);
        rows.filter(|row| row.error_code == 0).for_each(|row| row.error_code = code.code());
    }
    TxnOffsetCommitResponse { topics, ..Default::default() }
}

/// The version from which on clients know that a transaction can be aborted and gone on from.
const ABORTABLE_SINCE: i16 = 4;

async fn commit(
    ctx: &Ctx,
    request: TxnOffsetCommitRequest,
    offsets: Vec<(OffsetKey, CommittedOffset)>,
) -> ErrorCode {
    if request.group_id.is_empty() {
        return ErrorCode::InvalidGroupId;
    }
    let Some(id) = ctx.broker.group_partition(&request.group_id) else { return ErrorCode::NotCoordinator };
    let producer = Producer { id: request.producer_id, epoch: request.producer_epoch };
    let joining = [Joining { id, topic: CONSUMER_OFFSETS.to_owned() }];
    let adds = ctx.version >= 5;
    let guards = match ctx.broker.join_transaction(&request.transactional_id, producer, &joining, adds).await
    {
        Ok(guards) => guards,
        Err(ErrorCode::TransactionAbortable) if ctx.version < ABORTABLE_SINCE => {
            return ErrorCode::InvalidTxnState;
        }
        Err(ErrorCode::NotCoordinator) => return ErrorCode::CoordinatorNotAvailable,
        Err(code) => return code,
    };
    if !guards.iter().all(|guard| ctx.broker.holds(guard)) {
        return ErrorCode::InvalidTxnState;
    }
    // It may have been aborted since.
    if ctx.broker.is_fenced(id, producer) {
        return ErrorCode::InvalidProducerEpoch;
    }
    let event = Event::Commit {
        generation: request.generation_id,
        member_id: request.member_id,
        instance_id: request.group_instance_id,
        offsets,
        transaction: Some((producer.id, producer.epoch)),
        knows_epochs: false,
    };
    code_of(ctx.broker.ask_group(&request.group_id, event).await)
}
