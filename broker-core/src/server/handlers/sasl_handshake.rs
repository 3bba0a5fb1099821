//! SaslHandshake (key 17), versions 0–1.
//! Source: Kafka 4.3.1 KafkaApis.handleSaslHandshakeRequest; KIP-43.
//! Needs: nothing.
//! Answers: ILLEGAL_SASL_STATE and no mechanism, as Kafka does on a listener without SASL: the client is set for
//!   SASL and the port is not.
//! Skips: SASL listeners — SKIPPED.md.

use crate::protocol::ErrorCode;
use crate::protocol::messages::sasl_handshake::{SaslHandshakeRequest, SaslHandshakeResponse};
use crate::server::Ctx;

pub async fn handle(_: Ctx, _: SaslHandshakeRequest) -> SaslHandshakeResponse {
    SaslHandshakeResponse { error_code: ErrorCode::IllegalSaslState.code(), mechanisms: Vec::new() }
}
