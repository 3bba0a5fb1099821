//! EndTxn (key 26), versions 0–5.
//! Source: Kafka 4.3.1 EndTxnRequest.json; TransactionCoordinator.endTransaction; KIP-98, KIP-890.
//! Needs: coordinator of the transactional id.
//! Answers: a code once the end is decided and written down; the markers follow.
//! Versions: 2 PRODUCER_FENCED · 5 the producer for the next transaction, whose epoch has risen.

use super::init_producer_id::for_version;
use crate::protocol::ErrorCode;
use crate::protocol::messages::end_txn::{EndTxnRequest, EndTxnResponse};
use crate::server::Ctx;
use crate::txn::{Event, Producer};

pub async fn handle(ctx: Ctx, request: EndTxnRequest) -> EndTxnResponse {
    let event = Event::End {
        producer: Producer { id: request.producer_id, epoch: request.producer_epoch },
        committed: request.committed,
        bumps: ctx.version >= 5,
    };
    let outcome = match request.transactional_id.as_str() {
        "" => Err(ErrorCode::InvalidRequest),
        id => ctx.broker.transact(id, event).await,
    };
    match outcome {
        Ok(producer) => {
            EndTxnResponse { producer_id: producer.id, producer_epoch: producer.epoch, ..Default::default() }
        }
        Err(code) => {
            let error_code = for_version(code, ctx.version, 2).code();
            EndTxnResponse { error_code, ..Default::default() }
        }
    }
}
