//! SaslAuthenticate (key 36): one step of an exchange.
//! Source: Kafka 4.3.1 SaslAuthenticateRequest.json, SaslAuthenticateResponse.json.

use bytes::Bytes;

use crate::protocol::wire::{message, v};

message! {
    /// SaslAuthenticateRequest, versions 0–2.
    pub struct SaslAuthenticateRequest {
        auth_bytes: Bytes [v(0)],
    }

    /// SaslAuthenticateResponse, versions 0–2.
    pub struct SaslAuthenticateResponse {
        error_code: i16 [v(0)],
        error_message: Option<String> [v(0).null(0)],
        auth_bytes: Bytes [v(0)],
        session_lifetime_ms: i64 [v(1)],
    }
}
