//! SaslHandshake (key 17): a client names its mechanism.
//! Source: Kafka 4.3.1 SaslHandshakeRequest.json, SaslHandshakeResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// SaslHandshakeRequest, versions 0–1.
    pub struct SaslHandshakeRequest {
        mechanism: String [v(0)],
    }

    /// SaslHandshakeResponse, versions 0–1.
    pub struct SaslHandshakeResponse {
        error_code: i16 [v(0)],
        mechanisms: Vec<String> [v(0)],
    }
}
