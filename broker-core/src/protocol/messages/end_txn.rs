//! EndTxn (key 26): commits or aborts a transaction.
//! Source: Kafka 4.3.1 EndTxnRequest.json, EndTxnResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// EndTxnRequest, versions 0–5.
    pub struct EndTxnRequest {
        transactional_id: String [v(0)],
        producer_id: i64 [v(0)],
        producer_epoch: i16 [v(0)],
        committed: bool [v(0)],
    }

    /// EndTxnResponse, versions 0–5.
    pub struct EndTxnResponse {
        throttle_time_ms: i32 [v(0)],
        error_code: i16 [v(0)],
        producer_id: i64 [v(5)] = -1,
        producer_epoch: i16 [v(5)] = -1,
    }
}
