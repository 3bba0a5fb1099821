//! Records of `__transaction_state`.
//! Source: Kafka 4.3.1 `transaction-coordinator/src/main/resources/common/message/*.json`.

use crate::protocol::wire::{message, v};

message! {
    /// TransactionLogKey, versions 0.
    pub struct TransactionLogKey {
        transactional_id: String [v(0)],
    }

    /// TransactionLogValue, versions 0–1.
    pub struct TransactionLogValue {
        producer_id: i64 [v(0)],
        previous_producer_id: i64 [v(1).tag(0)] = -1,
        next_producer_id: i64 [v(1).tag(1)] = -1,
        producer_epoch: i16 [v(0)],
        next_producer_epoch: i16 [v(1).tag(3)] = -1,
        transaction_timeout_ms: i32 [v(0)],
        transaction_status: i8 [v(0)],
        transaction_partitions: Option<Vec<PartitionsSchema>> [v(0).null(0)],
        transaction_last_update_timestamp_ms: i64 [v(0)],
        transaction_start_timestamp_ms: i64 [v(0)],
        client_transaction_version: i16 [v(1).tag(2)],
    }

    /// A part of [`TransactionLogValue`].
    pub struct PartitionsSchema {
        topic: String [v(0)],
        partition_ids: Vec<i32> [v(0)],
    }
}
