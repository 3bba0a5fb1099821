//! InitProducerId (key 22), versions 0–5.
//! Source: Kafka 4.3.1 InitProducerIdRequest.json; KIP-98, KIP-360 (epoch bump).
//! Needs: nothing.
//! Answers: a fresh producer id at epoch 0. An idempotent producer that gives its old id gets a new one too,
//! as Kafka does without a transactional id.
//! Skips: transactional ids, refused with INVALID_REQUEST — SKIPPED.md.

use crate::protocol::ErrorCode;
use crate::protocol::messages::init_producer_id::{InitProducerIdRequest, InitProducerIdResponse};
use crate::server::Ctx;

pub async fn handle(ctx: Ctx, request: InitProducerIdRequest) -> InitProducerIdResponse {
    let failed = |code: ErrorCode| InitProducerIdResponse {
        error_code: code.code(),
        producer_epoch: -1,
        ..Default::default()
    };
    if request.transactional_id.is_some() {
        return failed(ErrorCode::InvalidRequest);
    }
    match ctx.broker.next_producer_id().await {
        Ok(producer_id) => InitProducerIdResponse { producer_id, producer_epoch: 0, ..Default::default() },
        Err(_) => failed(ErrorCode::CoordinatorNotAvailable),
    }
}
