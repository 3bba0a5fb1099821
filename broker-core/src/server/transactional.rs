//! Before the batches of a produce request are appended, the transaction they belong to must know where they go.
//! Source: Kafka `ReplicaManager.handleProduceAppend`; KIP-890.

use super::Ctx;
use crate::broker::Joining;
use crate::partition::PartitionId;
use crate::protocol::ErrorCode;
use crate::protocol::batch::BatchHeader;
use crate::protocol::messages::produce::ProduceRequest;
use crate::txn::Producer;

/// The version of Produce from which on clients know that a transaction can be aborted and gone on from.
const ABORTABLE_SINCE: i16 = 11;

/// Makes sure that the transaction of the batches knows the partitions they go to.
pub(super) async fn join(ctx: &Ctx, request: &ProduceRequest) -> Result<(), (ErrorCode, String)> {
    let mut producer = None;
    let mut joining = Vec::new();
    for topic in &request.topic_data {
        for data in &topic.partition_data {
            let head = data.records.to_bytes().ok().and_then(|raw| BatchHeader::parse(&raw).ok());
            let Some(head) = head.filter(BatchHeader::is_transactional) else { continue };
            let Some(id) = ctx.broker.topic_id(&topic.name, topic.topic_id) else { continue };
            let this = Producer { id: head.producer_id, epoch: head.producer_epoch };
            if *producer.get_or_insert(this) != this {
                return Err((ErrorCode::InvalidRecord, "one request carries two producers".to_owned()));
            }
            let topic = ctx.broker.topic_name(id).unwrap_or_default();
            joining.push(Joining { id: PartitionId { topic: id, index: data.index }, topic });
        }
    }
    let Some(producer) = producer else { return Ok(()) };
    let Some(transactional_id) = &request.transactional_id else {
        let reason = "a transactional batch needs a transactional id".to_owned();
        return Err((ErrorCode::TransactionalIdAuthorizationFailed, reason));
    };
    let adds = ctx.version >= 12;
    let refused = |code: ErrorCode| {
        let moved = matches!(
            code,
            ErrorCode::CoordinatorLoadInProgress
                | ErrorCode::CoordinatorNotAvailable
                | ErrorCode::NotCoordinator
        );
        // Producers know none of these here; they try again when replicas are too few.
        let code = if moved || (code == ErrorCode::ConcurrentTransactions && !adds) {
            ErrorCode::NotEnoughReplicas
        } else if code == ErrorCode::TransactionAbortable && ctx.version < ABORTABLE_SINCE {
            ErrorCode::InvalidTxnState
        } else {
            code
        };
        (code, format!("the transaction of {transactional_id} does not take the batch: {code}"))
    };
    let guards =
        ctx.broker.join_transaction(transactional_id, producer, &joining, adds).await.map_err(refused)?;
    let holds = guards.iter().all(|guard| ctx.broker.holds(guard));
    if holds { Ok(()) } else { Err(refused(ErrorCode::InvalidTxnState)) }
}
