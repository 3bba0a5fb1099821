//! DescribeTransactions (key 65), version 0.
//! Source: Kafka 4.3.1 DescribeTransactionsRequest.json; KIP-664.
//! Needs: coordinator of the transactional ids.
//! Answers: state, producer, times and partitions of each. One that is complete keeps the time it began.

use std::collections::BTreeMap;

use crate::protocol::ErrorCode;
use crate::protocol::messages::describe_transactions::{
    DescribeTransactionsRequest, DescribeTransactionsResponse, TopicData, TransactionState,
};
use crate::server::Ctx;
use crate::txn::Transaction;

pub async fn handle(ctx: Ctx, request: DescribeTransactionsRequest) -> DescribeTransactionsResponse {
    let rows = request.transactional_ids.into_iter().map(|id| {
        let found = match ctx.broker.transaction(&id) {
            _ if id.is_empty() => Err(ErrorCode::InvalidRequest),
            Ok(Some(known)) => Ok(known),
            Ok(None) => Err(ErrorCode::TransactionalIdNotFound),
            Err(code) => Err(code),
        };
        match found {
            Ok(known) => row(id, &known),
            Err(code) => TransactionState {
                error_code: code.code(),
                transactional_id: id,
                producer_id: -1,
                producer_epoch: -1,
                transaction_start_time_ms: -1,
                ..Default::default()
            },
        }
    });
    DescribeTransactionsResponse { transaction_states: rows.collect(), ..Default::default() }
}

fn row(id: String, known: &Transaction) -> TransactionState {
    let mut topics: BTreeMap<&str, Vec<i32>> = BTreeMap::new();
    for (topic, index) in &known.partitions {
        topics.entry(topic).or_default().push(*index);
    }
    let data = |(topic, partitions): (&str, Vec<i32>)| TopicData { topic: topic.to_owned(), partitions };
    TransactionState {
        error_code: 0,
        transactional_id: id,
        transaction_state: known.state.name().to_owned(),
        transaction_timeout_ms: known.timeout_ms,
        transaction_start_time_ms: known.started_ms,
        producer_id: known.producer.id,
        producer_epoch: known.producer.epoch,
        topics: topics.into_iter().map(data).collect(),
    }
}
