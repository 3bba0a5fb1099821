//! ListTransactions (key 66): the transactions a broker coordinates.
//! Source: Kafka 4.3.1 ListTransactionsRequest.json, ListTransactionsResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// ListTransactionsRequest, versions 0–2.
    pub struct ListTransactionsRequest {
        state_filters: Vec<String> [v(0)],
        producer_id_filters: Vec<i64> [v(0)],
        duration_filter: i64 [v(1)] = -1,
        transactional_id_pattern: Option<String> [v(2).null(2)],
    }

    /// ListTransactionsResponse, versions 0–2.
    pub struct ListTransactionsResponse {
        throttle_time_ms: i32 [v(0)],
        error_code: i16 [v(0)],
        unknown_state_filters: Vec<String> [v(0)],
        transaction_states: Vec<TransactionState> [v(0)],
    }

    /// A part of [`ListTransactionsResponse`].
    pub struct TransactionState {
        transactional_id: String [v(0)],
        producer_id: i64 [v(0)],
        transaction_state: String [v(0)],
    }
}
