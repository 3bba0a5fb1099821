//! DescribeProducers (key 61), version 0.
//! Source: Kafka 4.3.1 DescribeProducersRequest.json, `ReplicaManager.activeProducerState`; KIP-664.
//! Needs: a replica of the partition; kafka-transactions asks every broker for all that it has.
//! Answers: the idempotent and transactional producers the replica knows.

use crate::partition::PartitionId;
use crate::protocol::messages::describe_producers::{
    DescribeProducersRequest, DescribeProducersResponse, PartitionResponse, ProducerState, TopicResponse,
};
use crate::protocol::{ErrorCode, Uuid};
use crate::server::Ctx;

pub async fn handle(ctx: Ctx, request: DescribeProducersRequest) -> DescribeProducersResponse {
    let topics = request.topics.into_iter().map(|topic| {
        let id = ctx.broker.topic_id(&topic.name, Uuid::ZERO);
        let rows = topic.partition_indexes.iter().map(|&index| {
            let found = match id {
                None => Err(ErrorCode::UnknownTopicOrPartition),
                Some(topic) => ctx.broker.producers(PartitionId { topic, index }),
            };
            let error_code = found.as_ref().err().copied().unwrap_or(ErrorCode::None).code();
            let active_producers = found.unwrap_or_default().into_iter().map(row).collect();
            PartitionResponse { partition_index: index, error_code, error_message: None, active_producers }
        });
        let partitions = rows.collect();
        TopicResponse { name: topic.name, partitions }
    });
    DescribeProducersResponse { topics: topics.collect(), ..Default::default() }
}

fn row(producer: crate::broker::ProducerInfo) -> ProducerState {
    ProducerState {
        producer_id: producer.producer_id,
        producer_epoch: producer.producer_epoch.into(),
        last_sequence: producer.last_sequence,
        last_timestamp: producer.last_timestamp,
        coordinator_epoch: producer.coordinator_epoch,
        current_txn_start_offset: producer.txn_start,
    }
}
