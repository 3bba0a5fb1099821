//! AddPartitionsToTxn (key 24): names partitions a transaction writes to.
//! Source: Kafka 4.3.1 AddPartitionsToTxnRequest.json, AddPartitionsToTxnResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// AddPartitionsToTxnRequest, versions 0–5.
    pub struct AddPartitionsToTxnRequest {
        transactions: Vec<AddPartitionsToTxnTransaction> [v(4)],
        v3_and_below_transactional_id: String [v(0).until(3)],
        v3_and_below_producer_id: i64 [v(0).until(3)],
        v3_and_below_producer_epoch: i16 [v(0).until(3)],
        v3_and_below_topics: Vec<AddPartitionsToTxnTopic> [v(0).until(3)],
    }

    /// A part of [`AddPartitionsToTxnRequest`].
    pub struct AddPartitionsToTxnTransaction {
        transactional_id: String [v(4)],
        producer_id: i64 [v(4)],
        producer_epoch: i16 [v(4)],
        verify_only: bool [v(4)],
        topics: Vec<AddPartitionsToTxnTopic> [v(4)],
    }

    /// A part of [`AddPartitionsToTxnRequest`].
    pub struct AddPartitionsToTxnTopic {
        name: String [v(0)],
        partitions: Vec<i32> [v(0)],
    }

    /// AddPartitionsToTxnResponse, versions 0–5.
    pub struct AddPartitionsToTxnResponse {
        throttle_time_ms: i32 [v(0)],
        error_code: i16 [v(4)],
        results_by_transaction: Vec<AddPartitionsToTxnResult> [v(4)],
        results_by_topic_v3_and_below: Vec<AddPartitionsToTxnTopicResult> [v(0).until(3)],
    }

    /// A part of [`AddPartitionsToTxnResponse`].
    pub struct AddPartitionsToTxnResult {
        transactional_id: String [v(4)],
        topic_results: Vec<AddPartitionsToTxnTopicResult> [v(4)],
    }

    /// A part of [`AddPartitionsToTxnResponse`].
    pub struct AddPartitionsToTxnTopicResult {
        name: String [v(0)],
        results_by_partition: Vec<AddPartitionsToTxnPartitionResult> [v(0)],
    }

    /// A part of [`AddPartitionsToTxnResponse`].
    pub struct AddPartitionsToTxnPartitionResult {
        partition_index: i32 [v(0)],
        partition_error_code: i16 [v(0)],
    }
}
