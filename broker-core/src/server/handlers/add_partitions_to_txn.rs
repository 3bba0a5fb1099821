//! AddPartitionsToTxn (key 24), versions 0–5.
//! Source: Kafka 4.3.1 AddPartitionsToTxnRequest.json; KafkaApis.handleAddPartitionsToTxnRequest; KIP-98, KIP-890.
//! Needs: coordinator of the transactional id.
//! Answers: a code for each partition; all are added or none.
//! Versions: 2 PRODUCER_FENCED · 4 several transactions at once, and only checking, for brokers.

use std::collections::BTreeSet;

use super::init_producer_id::for_version;
use crate::protocol::ErrorCode;
use crate::protocol::messages::add_partitions_to_txn::{
    AddPartitionsToTxnPartitionResult, AddPartitionsToTxnRequest, AddPartitionsToTxnResponse,
    AddPartitionsToTxnResult, AddPartitionsToTxnTopic, AddPartitionsToTxnTopicResult,
};
use crate::server::Ctx;
use crate::txn::{Event, Producer, TxnPartition};

pub async fn handle(ctx: Ctx, request: AddPartitionsToTxnRequest) -> AddPartitionsToTxnResponse {
    if ctx.version < 4 {
        let producer =
            Producer { id: request.v3_and_below_producer_id, epoch: request.v3_and_below_producer_epoch };
        let topics = request.v3_and_below_topics;
        let rows = add(&ctx, &request.v3_and_below_transactional_id, producer, topics, false).await;
        return AddPartitionsToTxnResponse { results_by_topic_v3_and_below: rows, ..Default::default() };
    }
    let mut response = AddPartitionsToTxnResponse::default();
    for transaction in request.transactions {
        let producer = Producer { id: transaction.producer_id, epoch: transaction.producer_epoch };
        let id = transaction.transactional_id;
        let topic_results = add(&ctx, &id, producer, transaction.topics, transaction.verify_only).await;
        let result = AddPartitionsToTxnResult { transactional_id: id, topic_results };
        response.results_by_transaction.push(result);
    }
    response
}

async fn add(
    ctx: &Ctx,
    id: &str,
    producer: Producer,
    topics: Vec<AddPartitionsToTxnTopic>,
    verify_only: bool,
) -> Vec<AddPartitionsToTxnTopicResult> {
    let named = topics.iter().flat_map(|topic| topic.partitions.iter().map(|&at| (topic.name.clone(), at)));
    let partitions: BTreeSet<TxnPartition> = named.collect();
    let unknown: BTreeSet<TxnPartition> =
        partitions.iter().filter(|(topic, at)| !ctx.broker.has_partition(topic, *at)).cloned().collect();
    let code = if !unknown.is_empty() {
        // Those that exist are not tried, as all are added or none.
        ErrorCode::OperationNotAttempted
    } else {
        let event = match verify_only {
            true => Event::Verify { producer, partitions },
            false => Event::Add { producer, partitions },
        };
        match ctx.broker.transact(id, event).await {
            Ok(_) => ErrorCode::None,
            Err(code) => for_version(code, ctx.version, 2),
        }
    };
    let rows = topics.into_iter().map(|topic| {
        let rows = topic.partitions.iter().map(|&partition_index| {
            let missing = unknown.contains(&(topic.name.clone(), partition_index));
            let code = if missing { ErrorCode::UnknownTopicOrPartition } else { code };
            AddPartitionsToTxnPartitionResult { partition_index, partition_error_code: code.code() }
        });
        let results_by_partition = rows.collect();
        AddPartitionsToTxnTopicResult { name: topic.name, results_by_partition }
    });
    rows.collect()
}
