//! AlterPartitionReassignments (key 45), versions 0–1.
//! Source: Kafka 4.3.1 AlterPartitionReassignmentsRequest.json; KIP-455, KIP-860 (replication factor).
//! Needs: nothing; every broker takes it and asks the controller.
//! Answers: an error or nothing per partition; a null list of replicas calls the move off.
//! Versions: 1 whether the number of replicas may change.

use crate::controller::Reassignment;
use crate::protocol::ErrorCode;
use crate::protocol::messages::alter_partition_reassignments::{
    AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse, ReassignablePartitionResponse,
    ReassignableTopicResponse,
};
use crate::server::Ctx;

pub async fn handle(
    ctx: Ctx,
    request: AlterPartitionReassignmentsRequest,
) -> AlterPartitionReassignmentsResponse {
    let any_factor = request.allow_replication_factor_change;
    let moves: Vec<Reassignment> = request
        .topics
        .iter()
        .flat_map(|topic| {
            topic.partitions.iter().map(|partition| Reassignment {
                topic: topic.name.clone(),
                index: partition.partition_index,
                target: partition.replicas.clone(),
            })
        })
        .collect();
    let mut response = AlterPartitionReassignmentsResponse {
        allow_replication_factor_change: any_factor,
        ..Default::default()
    };
    let mut outcomes = match ctx.broker.reassign(moves, any_factor).await {
        Ok(outcomes) => outcomes.into_iter(),
        Err(code) => {
            response.error_code = code.code();
            return response;
        }
    };
    for topic in request.topics {
        let rows = topic.partitions.iter().map(|partition| {
            let (code, error_message) = match outcomes.next() {
                Some(Err(err)) => (err.code, Some(err.message)),
                Some(Ok(())) | None => (ErrorCode::None, None),
            };
            let (partition_index, error_code) = (partition.partition_index, code.code());
            ReassignablePartitionResponse { partition_index, error_code, error_message }
        });
        let partitions = rows.collect();
        response.responses.push(ReassignableTopicResponse { name: topic.name, partitions });
    }
    response
}
