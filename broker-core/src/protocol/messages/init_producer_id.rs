//! InitProducerId (key 22): an id and epoch for an idempotent or transactional producer.
//! Source: Kafka 4.3.1 InitProducerIdRequest.json, InitProducerIdResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// InitProducerIdRequest, versions 0–6.
    pub struct InitProducerIdRequest {
        transactional_id: Option<String> [v(0).null(0)],
        transaction_timeout_ms: i32 [v(0)],
        producer_id: i64 [v(3)] = -1,
        producer_epoch: i16 [v(3)] = -1,
        enable2_pc: bool [v(6)],
        keep_prepared_txn: bool [v(6)],
    }

    /// InitProducerIdResponse, versions 0–6.
    pub struct InitProducerIdResponse {
        throttle_time_ms: i32 [v(0)],
        error_code: i16 [v(0)],
        producer_id: i64 [v(0)] = -1,
        producer_epoch: i16 [v(0)],
        ongoing_txn_producer_id: i64 [v(6)] = -1,
        ongoing_txn_producer_epoch: i16 [v(6)] = -1,
    }
}
