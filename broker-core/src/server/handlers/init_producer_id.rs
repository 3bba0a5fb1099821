//! InitProducerId (key 22), versions 0–5.
//! Source: Kafka 4.3.1 InitProducerIdRequest.json; TransactionCoordinator.handleInitProducerId; KIP-98, KIP-360.
//! Needs: for a transactional id its coordinator, else nothing.
//! Answers: without a transactional id a fresh producer id at epoch 0; with one its producer at the next epoch,
//! once an open transaction of its last instance is aborted.
//! Versions: 3 the producer it was · 4 PRODUCER_FENCED.

use crate::protocol::ErrorCode;
use crate::protocol::messages::init_producer_id::{InitProducerIdRequest, InitProducerIdResponse};
use crate::server::Ctx;
use crate::txn::{Event, Producer};

pub async fn handle(ctx: Ctx, request: InitProducerIdRequest) -> InitProducerIdResponse {
    let half_known = (request.producer_id < 0) != (request.producer_epoch < 0);
    let outcome = match &request.transactional_id {
        _ if half_known => Err(ErrorCode::InvalidRequest),
        None => ctx.broker.next_producer_id().await.map(|id| Producer { id, epoch: 0 }),
        Some(id) if id.is_empty() => Err(ErrorCode::InvalidRequest),
        Some(id) => {
            let known = Producer { id: request.producer_id, epoch: request.producer_epoch };
            let expected = (known.id >= 0).then_some(known);
            let event = Event::Init { timeout_ms: request.transaction_timeout_ms, expected };
            ctx.broker.transact(id, event).await
        }
    };
    match outcome {
        Ok(producer) => InitProducerIdResponse {
            producer_id: producer.id,
            producer_epoch: producer.epoch,
            ..Default::default()
        },
        Err(code) => InitProducerIdResponse {
            error_code: for_version(code, ctx.version, 4).code(),
            producer_epoch: -1,
            ..Default::default()
        },
    }
}

/// Clients before `since` know PRODUCER_FENCED by another name.
pub(super) fn for_version(code: ErrorCode, version: i16, since: i16) -> ErrorCode {
    if code == ErrorCode::ProducerFenced && version < since { ErrorCode::InvalidProducerEpoch } else { code }
}
