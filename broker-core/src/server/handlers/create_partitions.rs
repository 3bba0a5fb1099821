//! CreatePartitions (key 37), versions 0–3.
//! Source: Kafka 4.3.1 CreatePartitionsRequest.json; ReplicationControlManager.createPartitions; KIP-195.
//! Needs: nothing; every broker takes it and asks the controller.
//! Answers: per topic an error or nothing.

use crate::broker::messages::MorePartitions;
use crate::protocol::ErrorCode;
use crate::protocol::messages::create_partitions::{
    CreatePartitionsRequest, CreatePartitionsResponse, CreatePartitionsTopicResult,
};
use crate::server::Ctx;

pub async fn handle(ctx: Ctx, request: CreatePartitionsRequest) -> CreatePartitionsResponse {
    let by_hand = |rows: Vec<crate::protocol::messages::create_partitions::CreatePartitionsAssignment>| {
        rows.into_iter().map(|row| row.broker_ids).collect()
    };
    let wanted: Vec<MorePartitions> = request
        .topics
        .into_iter()
        .map(|topic| MorePartitions {
            topic: topic.name,
            total: topic.count,
            by_hand: topic.assignments.map(by_hand),
        })
        .collect();
    let names: Vec<String> = wanted.iter().map(|topic| topic.topic.clone()).collect();
    let outcomes = ctx.broker.create_partitions(wanted, request.validate_only).await;
    let rows = names.into_iter().enumerate().map(|(at, name)| {
        let outcome = match &outcomes {
            Ok(outcomes) => outcomes.get(at).cloned().unwrap_or(Ok(())).map_err(|e| (e.code, e.message)),
            Err(code) => Err((*code, "the controller is gone".to_owned())),
        };
        let (code, error_message) = match outcome {
            Ok(()) => (ErrorCode::None, None),
            Err((code, message)) => (code, Some(message)),
        };
        CreatePartitionsTopicResult { name, error_code: code.code(), error_message }
    });
    CreatePartitionsResponse { results: rows.collect(), ..Default::default() }
}
