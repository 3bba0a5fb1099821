//! ElectLeaders (key 43), versions 0–2.
//! Source: Kafka 4.3.1 ElectLeadersRequest.json; ReplicationControlManager.electLeaders; KIP-183, KIP-460.
//! Needs: nothing; every broker takes it and asks the controller.
//! Answers: an error or nothing per partition; with no partitions named, those that got a new leader.
//! Versions: 1 unclean elections.

use std::collections::BTreeMap;

use crate::controller::Election;
use crate::protocol::ErrorCode;
use crate::protocol::messages::elect_leaders::{
    ElectLeadersRequest, ElectLeadersResponse, PartitionResult, ReplicaElectionResult,
};
use crate::server::Ctx;

pub async fn handle(ctx: Ctx, request: ElectLeadersRequest) -> ElectLeadersResponse {
    let failed = |code: ErrorCode| ElectLeadersResponse { error_code: code.code(), ..Default::default() };
    let election = match request.election_type {
        0 => Election::Preferred,
        1 => Election::Unclean,
        _ => return failed(ErrorCode::InvalidRequest),
    };
    let all = request.topic_partitions.is_none();
    let partitions: Vec<(String, i32)> = match request.topic_partitions {
        Some(topics) => topics
            .into_iter()
            .flat_map(|topic| topic.partitions.into_iter().map(move |index| (topic.topic.clone(), index)))
            .collect(),
        None => ctx.broker.with_image(|image| {
            let topics = image.topics.values();
            topics.flat_map(|t| (0..t.partitions.len()).map(|at| (t.name.clone(), at as i32))).collect()
        }),
    };
    let outcomes = match ctx.broker.elect_leaders(partitions.clone(), election).await {
        Ok(outcomes) => outcomes,
        Err(code) => return failed(code),
    };
    let mut rows: BTreeMap<String, Vec<PartitionResult>> = BTreeMap::new();
    for ((topic, partition_id), outcome) in partitions.into_iter().zip(outcomes) {
        let (code, error_message) = match outcome {
            Ok(()) => (ErrorCode::None, None),
            Err(err) if all && err.code == ErrorCode::ElectionNotNeeded => continue,
            Err(err) => (err.code, Some(err.message)),
        };
        let row = PartitionResult { partition_id, error_code: code.code(), error_message };
        rows.entry(topic).or_default().push(row);
    }
    let results =
        rows.into_iter().map(|(topic, partition_result)| ReplicaElectionResult { topic, partition_result });
    ElectLeadersResponse { replica_election_results: results.collect(), ..Default::default() }
}
