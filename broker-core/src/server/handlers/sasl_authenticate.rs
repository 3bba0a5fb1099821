//! SaslAuthenticate (key 36), versions 0–2.
//! Source: Kafka 4.3.1 KafkaApis.handleSaslAuthenticateRequest; KIP-152.
//! Needs: nothing.
//! Answers: ILLEGAL_SASL_STATE, as Kafka does on a listener without SASL.
//! Skips: SASL listeners — SKIPPED.md.

use crate::protocol::ErrorCode;
use crate::protocol::messages::sasl_authenticate::{SaslAuthenticateRequest, SaslAuthenticateResponse};
use crate::server::Ctx;

pub async fn handle(_: Ctx, _: SaslAuthenticateRequest) -> SaslAuthenticateResponse {
    SaslAuthenticateResponse {
        error_code: ErrorCode::IllegalSaslState.code(),
        error_message: Some("SaslAuthenticate on a listener without SASL".to_owned()),
        ..Default::default()
    }
}
