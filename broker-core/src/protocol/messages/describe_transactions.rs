//! DescribeTransactions (key 65): the state of transactions.
//! Source: Kafka 4.3.1 DescribeTransactionsRequest.json, DescribeTransactionsResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// DescribeTransactionsRequest, versions 0.
    pub struct DescribeTransactionsRequest {
        transactional_ids: Vec<String> [v(0)],
    }

    /// DescribeTransactionsResponse, versions 0.
    pub struct DescribeTransactionsResponse {
        throttle_time_ms: i32 [v(0)],
        transaction_states: Vec<TransactionState> [v(0)],
    }

    /// A part of [`DescribeTransactionsResponse`].
    pub struct TransactionState {
        error_code: i16 [v(0)],
        transactional_id: String [v(0)],
        transaction_state: String [v(0)],
        transaction_timeout_ms: i32 [v(0)],
        transaction_start_time_ms: i64 [v(0)],
        producer_id: i64 [v(0)],
        producer_epoch: i16 [v(0)],
        topics: Vec<TopicData> [v(0)],
    }

    /// A part of [`DescribeTransactionsResponse`].
    pub struct TopicData {
        topic: String [v(0)],
        partitions: Vec<i32> [v(0)],
    }
}
