//! ListPartitionReassignments (key 46), version 0.
//! Source: Kafka 4.3.1 ListPartitionReassignmentsRequest.json; KIP-455.
//! Needs: nothing.
//! Answers: the partitions on the move among those asked for; null asks for all.

use crate::protocol::messages::list_partition_reassignments::{
    ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse, OngoingPartitionReassignment,
    OngoingTopicReassignment,
};
use crate::server::Ctx;

pub async fn handle(
    ctx: Ctx,
    request: ListPartitionReassignmentsRequest,
) -> ListPartitionReassignmentsResponse {
    let is_wanted = |topic: &str, index: i32| match &request.topics {
        None => true,
        Some(topics) => topics.iter().any(|t| t.name == topic && t.partition_indexes.contains(&index)),
    };
    let topics = ctx.broker.with_image(|image| {
        let mut topics = Vec::new();
        for topic in image.topics.values() {
            let rows = topic.partitions.iter().enumerate().filter_map(|(index, partition)| {
                let partition_index = index as i32;
                let listed = partition.is_moving() && is_wanted(&topic.name, partition_index);
                listed.then(|| OngoingPartitionReassignment {
                    partition_index,
                    replicas: partition.replicas.clone(),
                    adding_replicas: partition.adding.clone(),
                    removing_replicas: partition.removing.clone(),
                })
            });
            let partitions: Vec<_> = rows.collect();
            if !partitions.is_empty() {
                topics.push(OngoingTopicReassignment { name: topic.name.clone(), partitions });
            }
        }
        topics
    });
    ListPartitionReassignmentsResponse { topics, ..Default::default() }
}
