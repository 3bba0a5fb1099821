//! ListPartitionReassignments (key 46), version 0.
//! Source: Kafka 4.3.1 ListPartitionReassignmentsRequest.json; KIP-455.
//! Needs: nothing.
//! Answers: the partitions on the move: none, as replicas stay where they were made.
//! Skips: moving replicas (AlterPartitionReassignments) — SKIPPED.md.

use crate::protocol::messages::list_partition_reassignments::{
    ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse,
};
use crate::server::Ctx;

pub async fn handle(_: Ctx, _: ListPartitionReassignmentsRequest) -> ListPartitionReassignmentsResponse {
    ListPartitionReassignmentsResponse::default()
}
