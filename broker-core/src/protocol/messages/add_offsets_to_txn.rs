//! AddOffsetsToTxn (key 25): names a group whose offsets a transaction commits.
//! Source: Kafka 4.3.1 AddOffsetsToTxnRequest.json, AddOffsetsToTxnResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// AddOffsetsToTxnRequest, versions 0–4.
    pub struct AddOffsetsToTxnRequest {
        transactional_id: String [v(0)],
        producer_id: i64 [v(0)],
        producer_epoch: i16 [v(0)],
        group_id: String [v(0)],
    }

    /// AddOffsetsToTxnResponse, versions 0–4.
    pub struct AddOffsetsToTxnResponse {
        throttle_time_ms: i32 [v(0)],
        error_code: i16 [v(0)],
    }
}
