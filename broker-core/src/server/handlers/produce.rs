//! Produce (key 0), versions 3–13 (0 is advertised, see `protocol/api.rs`).
//! Source: Kafka 4.3.1 ProduceRequest.json; KafkaApis.handleProduceRequest; KIP-951 (new leader in errors).
//! Needs: leader of the partition; enough in-sync replicas for acks=all.
//! Answers: offset of the first record. acks: 0 no answer (an error closes the connection) · 1 written here ·
//! −1 written by every in-sync replica.
//! Versions: 8 errors of single records · 10 current leader · 12 adds partitions to the transaction · 13 topic ids.

use std::time::Duration;

use crate::broker::ProduceOutcome;
use crate::controller::MetadataImage;
use crate::partition::{AppendError, PartitionId};
use crate::protocol::messages::produce::{
    BatchIndexAndErrorMessage, LeaderIdAndEpoch, NodeEndpoint, PartitionProduceData,
    PartitionProduceResponse, ProduceRequest, ProduceResponse, TopicProduceResponse,
};
use crate::protocol::{ErrorCode, Uuid};
use crate::server::Ctx;
use crate::server::dispatch::Refused;
use crate::server::endpoints::endpoints_of;
use crate::server::transactional;

/// Source: Kafka `AdminUtils.ADMIN_CLIENT_ID`.
const ADMIN_CLIENT: &str = "__admin_client";

pub(in crate::server) async fn handle(
    ctx: Ctx,
    request: ProduceRequest,
) -> Result<Option<ProduceResponse>, Refused> {
    let acks = request.acks;
    // A transaction may have to be asked about first; what comes after on this connection waits for it.
    let turn = std::rc::Rc::clone(&ctx.appends);
    let turn = turn.lock().await;
    let refusal = match acks {
        -1..=1 => transactional::join(&ctx, &request).await.err(),
        other => Some((ErrorCode::InvalidRequiredAcks, format!("acks {other} is none of -1, 0 and 1"))),
    };
    let mut waits: Vec<ProduceOutcome> = Vec::new();
    let mut response = ProduceResponse::default();
    for topic in request.topic_data {
        let topic_id = ctx.broker.topic_id(&topic.name, topic.topic_id);
        let closed = topic_id.is_some_and(|id| is_closed(&ctx, id));
        let mut rows = Vec::with_capacity(topic.partition_data.len());
        for data in topic.partition_data {
            let index = data.index;
            let id = topic_id.map(|topic| PartitionId { topic, index });
            let outcome = match (&refusal, id) {
                (Some((code, message)), _) => Err(refused(*code, message)),
                (None, None) if ctx.version >= 13 => {
                    Err(refused(ErrorCode::UnknownTopicId, "no topic has this id"))
                }
                (None, None) => Err(refused(ErrorCode::UnknownTopicOrPartition, "no topic has this name")),
                (None, Some(_)) if closed => {
                    Err(refused(ErrorCode::InvalidTopicException, "clients may not write to internal topics"))
                }
                (None, Some(id)) => append(&ctx, id, &topic.name, data, acks).await,
            };
            rows.push(match outcome {
                Ok(outcome) => {
                    waits.push(outcome);
                    appended(&ctx, &outcome)
                }
                Err(err) => failed(&ctx, index, id, err),
            });
        }
        response.responses.push(TopicProduceResponse {
            name: topic.name,
            topic_id: topic.topic_id,
            partition_responses: rows,
        });
    }
    drop(turn);
    if acks == 0 {
        let any =
            response.responses.iter().flat_map(|t| &t.partition_responses).any(|row| row.error_code != 0);
        return if any { Err(Refused::SilentProduce) } else { Ok(None) };
    }
    if acks == -1 && !waits.is_empty() {
        let timeout = Duration::from_millis(request.timeout_ms.max(0) as u64);
        let results = ctx.broker.committed(&waits, timeout).await;
        settle(&ctx, &mut response, &waits, &results);
    }
    name_leaders(&ctx, &mut response);
    Ok(Some(response))
}

fn refused(code: ErrorCode, message: &str) -> AppendError {
    AppendError { code, message: message.to_owned(), records: Vec::new(), log: None }
}

/// Whether only brokers write to this topic. Kafka lets its own admin client in.
fn is_closed(ctx: &Ctx, id: Uuid) -> bool {
    let is_internal = |image: &MetadataImage| image.topic_by_id(id).is_some_and(|topic| topic.is_internal());
    ctx.broker.with_image(is_internal) && ctx.client_id != ADMIN_CLIENT
}

async fn append(
    ctx: &Ctx,
    id: PartitionId,
    name: &str,
    data: PartitionProduceData,
    acks: i16,
) -> Result<ProduceOutcome, AppendError> {
    let Ok(records) = data.records.to_bytes() else { return Err(AppendError::not_here()) };
    let outcome = ctx.broker.append(id, records, acks == -1).await?;
    let count = (outcome.appended.next_offset - outcome.appended.base_offset) as u64;
    ctx.broker.clients().sends(ctx.connection, name, count);
    Ok(outcome)
}

fn appended(ctx: &Ctx, outcome: &ProduceOutcome) -> PartitionProduceResponse {
    PartitionProduceResponse {
        index: outcome.id.index,
        base_offset: outcome.appended.base_offset,
        log_append_time_ms: outcome.appended.append_time,
        log_start_offset: ctx.broker.log_start_offset(outcome.id),
        ..Default::default()
    }
}

fn failed(ctx: &Ctx, index: i32, id: Option<PartitionId>, err: AppendError) -> PartitionProduceResponse {
    let code = match (err.code, id) {
        (ErrorCode::NotLeaderOrFollower, Some(id)) => ctx.broker.why_not_leader(id),
        (code, _) => code,
    };
    let row = |(batch_index, message): (i32, String)| BatchIndexAndErrorMessage {
        batch_index,
        batch_index_error_message: Some(message),
    };
    PartitionProduceResponse {
        index,
        error_code: code.code(),
        base_offset: -1,
        record_errors: err.records.into_iter().map(row).collect(),
        error_message: Some(err.message),
        ..Default::default()
    }
}

/// Turns appends that were not committed in time into errors.
fn settle(
    ctx: &Ctx,
    response: &mut ProduceResponse,
    waits: &[ProduceOutcome],
    results: &[Result<(), ErrorCode>],
) {
    let mut left = waits.iter().zip(results);
    for topic in &mut response.responses {
        for row in topic.partition_responses.iter_mut().filter(|row| row.error_code == 0) {
            if let Some((outcome, Err(code))) = left.next() {
                let message = format!("offset {} is not committed: {code}", outcome.appended.base_offset);
                let err = AppendError { code: *code, message, records: Vec::new(), log: None };
                *row = failed(ctx, row.index, Some(outcome.id), err);
            }
        }
    }
}

/// Tells a client that asked the wrong broker who leads (KIP-951).
fn name_leaders(ctx: &Ctx, response: &mut ProduceResponse) {
    if ctx.version < 10 {
        return;
    }
    let mut leaders = Vec::new();
    for topic in &mut response.responses {
        let topic_id = ctx.broker.topic_id(&topic.name, topic.topic_id);
        for row in &mut topic.partition_responses {
            let moved = row.error_code == ErrorCode::NotLeaderOrFollower.code();
            let id = topic_id.map(|topic| PartitionId { topic, index: row.index });
            if let Some((leader_id, leader_epoch)) =
                id.filter(|_| moved).and_then(|id| ctx.broker.leader_of(id))
            {
                row.current_leader = LeaderIdAndEpoch { leader_id, leader_epoch };
                leaders.push(leader_id);
            }
        }
    }
    let endpoint = |(node_id, host, port, rack)| NodeEndpoint { node_id, host, port, rack };
    response.node_endpoints = endpoints_of(ctx, leaders).into_iter().map(endpoint).collect();
}
