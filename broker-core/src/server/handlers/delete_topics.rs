//! DeleteTopics (key 20), versions 1–6.
//! Source: Kafka 4.3.1 DeleteTopicsRequest.json; ControllerApis.deleteTopics; KIP-516 (by id).
//! Needs: delete.topic.enable.
//! Answers: per topic an error or nothing. A topic may be named by name or id, not both.
//! Versions: 5 messages · 6 topic ids.

use crate::protocol::messages::delete_topics::{
    DeletableTopicResult, DeleteTopicState, DeleteTopicsRequest, DeleteTopicsResponse,
};
use crate::protocol::{ErrorCode, Uuid};
use crate::server::Ctx;

pub async fn handle(ctx: Ctx, request: DeleteTopicsRequest) -> DeleteTopicsResponse {
    let by_name = request.topic_names.into_iter();
    let mut states: Vec<DeleteTopicState> =
        by_name.map(|name| DeleteTopicState { name: Some(name), topic_id: Uuid::ZERO }).collect();
    states.extend(request.topics);
    let found: Vec<Result<(String, Uuid), ErrorCode>> =
        states.iter().map(|state| find(&ctx, state)).collect();
    let ids: Vec<Uuid> = found.iter().flatten().map(|(_, id)| *id).collect();
    let mut outcomes = match ids.is_empty() {
        true => Vec::new(),
        false => match ctx.broker.delete_topics(ids.clone()).await {
            Ok(outcomes) => {
                outcomes.into_iter().map(|outcome| outcome.map_err(|e| (e.code, e.message))).collect()
            }
            Err(code) => vec![Err((code, "the controller is gone".to_owned())); ids.len()],
        },
    }
    .into_iter();
    let rows = states.into_iter().zip(found).map(|(state, found)| {
        let (name, topic_id, outcome) = match found {
            Ok((name, id)) => (Some(name), id, outcomes.next().unwrap_or(Ok(()))),
            Err(code) => (state.name, state.topic_id, Err((code, format!("no such topic: {code}")))),
        };
        let (code, error_message) = match outcome {
            Ok(()) => (ErrorCode::None, None),
            Err((code, message)) => (code, Some(message)),
        };
        DeletableTopicResult { name, topic_id, error_code: code.code(), error_message }
    });
    DeleteTopicsResponse { responses: rows.collect(), ..Default::default() }
}

fn find(ctx: &Ctx, state: &DeleteTopicState) -> Result<(String, Uuid), ErrorCode> {
    ctx.broker.with_image(|image| match &state.name {
        Some(_) if !state.topic_id.is_zero() => Err(ErrorCode::InvalidRequest),
        Some(name) => match image.topics.get(name) {
            Some(topic) => Ok((name.clone(), topic.id)),
            None => Err(ErrorCode::UnknownTopicOrPartition),
        },
        None => match image.topic_by_id(state.topic_id) {
            Some(topic) => Ok((topic.name.clone(), topic.id)),
            None => Err(ErrorCode::UnknownTopicId),
        },
    })
}
