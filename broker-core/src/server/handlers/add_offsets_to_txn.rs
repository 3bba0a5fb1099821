//! AddOffsetsToTxn (key 25), versions 0–4.
//! Source: Kafka 4.3.1 AddOffsetsToTxnRequest.json; KafkaApis.handleAddOffsetsToTxnRequest; KIP-98.
//! Needs: coordinator of the transactional id. The group need not exist.
//! Answers: a code, once the partition with the group's offsets is part of the transaction.
//! Versions: 2 PRODUCER_FENCED.

use std::collections::BTreeSet;

use super::init_producer_id::for_version;
use crate::broker::CONSUMER_OFFSETS;
use crate::protocol::ErrorCode;
use crate::protocol::messages::add_offsets_to_txn::{AddOffsetsToTxnRequest, AddOffsetsToTxnResponse};
use crate::server::Ctx;
use crate::txn::{Event, Producer};

pub async fn handle(ctx: Ctx, request: AddOffsetsToTxnRequest) -> AddOffsetsToTxnResponse {
    // A producer need not have asked for the group's coordinator, and asks here again until its offsets have a place.
    ctx.broker.ensure_internal_topic(CONSUMER_OFFSETS).await;
    let code = match ctx.broker.group_partition(&request.group_id) {
        _ if request.transactional_id.is_empty() || request.group_id.is_empty() => ErrorCode::InvalidRequest,
        None => ErrorCode::CoordinatorNotAvailable,
        Some(partition) => {
            let producer = Producer { id: request.producer_id, epoch: request.producer_epoch };
            let partitions = BTreeSet::from([(CONSUMER_OFFSETS.to_owned(), partition.index)]);
            match ctx.broker.transact(&request.transactional_id, Event::Add { producer, partitions }).await {
                Ok(_) => ErrorCode::None,
                Err(code) => for_version(code, ctx.version, 2),
            }
        }
    };
    AddOffsetsToTxnResponse { error_code: code.code(), ..Default::default() }
}
