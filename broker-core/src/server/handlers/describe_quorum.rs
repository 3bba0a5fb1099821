//! DescribeQuorum (key 55), versions 0–2.
//! Source: Kafka 4.3.1 DescribeQuorumRequest.json; KIP-595, KIP-836, KIP-853.
//! Needs: nothing.
//! Answers: the one controller as leader and only voter of the metadata log, and the brokers as its observers.
//! Versions: 1 times of the last fetch · 2 directories and nodes.

use crate::protocol::ErrorCode;
use crate::protocol::messages::describe_quorum::{
    DescribeQuorumRequest, DescribeQuorumResponse, PartitionDataResult, ReplicaState, TopicDataResult,
};
use crate::server::Ctx;

/// The metadata log's topic.
const METADATA: &str = "__cluster_metadata";
/// The controller's id in a cluster whose brokers are 1 to 9.
const CONTROLLER: i32 = 3000;
/// The leader epoch under which the controller writes.
const EPOCH: i32 = 1;

pub async fn handle(ctx: Ctx, request: DescribeQuorumRequest) -> DescribeQuorumResponse {
    let quorum = match ctx.broker.quorum().await {
        Ok(quorum) => quorum,
        Err(code) => return DescribeQuorumResponse { error_code: code.code(), ..Default::default() },
    };
    let state = |replica_id: i32, log_end_offset: i64, at_ms: i64| ReplicaState {
        replica_id,
        log_end_offset,
        last_fetch_timestamp: at_ms,
        // Whoever has everything was caught up when it last asked.
        last_caught_up_timestamp: if log_end_offset >= quorum.end_offset { at_ms } else { -1 },
        ..Default::default()
    };
    let readers = quorum.readers.iter().map(|&(broker, end_offset, at_ms)| state(broker, end_offset, at_ms));
    let observers: Vec<ReplicaState> = readers.collect();
    let voter = state(CONTROLLER, quorum.end_offset, ctx.broker.now().wall_ms);
    let topics = request.topics.into_iter().map(|topic| {
        let known = topic.topic_name == METADATA;
        let rows = topic.partitions.iter().map(|partition| {
            if !known || partition.partition_index != 0 {
                return PartitionDataResult {
                    partition_index: partition.partition_index,
                    error_code: ErrorCode::UnknownTopicOrPartition.code(),
                    ..Default::default()
                };
            }
            PartitionDataResult {
                leader_id: CONTROLLER,
                leader_epoch: EPOCH,
                high_watermark: quorum.end_offset,
                current_voters: vec![voter.clone()],
                observers: observers.clone(),
                ..Default::default()
            }
        });
        let partitions = rows.collect();
        TopicDataResult { topic_name: topic.topic_name, partitions }
    });
    DescribeQuorumResponse { topics: topics.collect(), ..Default::default() }
}
