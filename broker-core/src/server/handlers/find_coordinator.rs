//! FindCoordinator (key 10), versions 0–6.
//! Source: Kafka 4.3.1 FindCoordinatorRequest.json; KafkaApis.handleFindCoordinatorRequest; KIP-699 (batches).
//! Needs: nothing. The first question creates __consumer_offsets.
//! Answers: the leader of the partition of __consumer_offsets that holds the group.
//! Versions: 1 key types · 4 several keys.
//! Skips: transactional ids and share groups, refused with INVALID_REQUEST — SKIPPED.md.

use crate::broker::CONSUMER_OFFSETS;
use crate::protocol::ErrorCode;
use crate::protocol::messages::find_coordinator::{
    Coordinator, FindCoordinatorRequest, FindCoordinatorResponse,
};
use crate::server::Ctx;

const GROUP: i8 = 0;

pub async fn handle(ctx: Ctx, request: FindCoordinatorRequest) -> FindCoordinatorResponse {
    let single = ctx.version < 4;
    let keys = if single { vec![request.key] } else { request.coordinator_keys };
    if request.key_type == GROUP && ctx.broker.topic_id(CONSUMER_OFFSETS, Default::default()).is_none() {
        let topic = ctx.broker.automatic_topic(CONSUMER_OFFSETS.to_owned());
        if let Err(err) = ctx.broker.create_topics(vec![topic], false).await {
            tracing::warn!(broker = ctx.broker.id(), %err, "the topic of offsets was not created");
        }
    }
    let mut rows: Vec<Coordinator> = keys.into_iter().map(|key| find(&ctx, request.key_type, key)).collect();
    if !single {
        return FindCoordinatorResponse { coordinators: rows, ..Default::default() };
    }
    let row = rows.pop().unwrap_or_default();
    FindCoordinatorResponse {
        error_code: row.error_code,
        error_message: row.error_message,
        node_id: row.node_id,
        host: row.host,
        port: row.port,
        ..Default::default()
    }
}

fn find(ctx: &Ctx, key_type: i8, key: String) -> Coordinator {
    let failed = |key: String, code: ErrorCode, message: &str| Coordinator {
        key,
        node_id: -1,
        port: -1,
        error_code: code.code(),
        error_message: Some(message.to_owned()),
        ..Default::default()
    };
    if key_type != GROUP {
        return failed(key, ErrorCode::InvalidRequest, "only consumer groups are served");
    }
    let leader = ctx.broker.group_partition(&key).and_then(|id| ctx.broker.leader_of(id));
    let broker = leader.and_then(|(id, _)| ctx.broker.with_image(|image| image.brokers.get(&id).cloned()));
    match broker {
        None => failed(key, ErrorCode::CoordinatorNotAvailable, "the group's partition has no leader now"),
        Some(broker) => Coordinator {
            key,
            node_id: broker.id,
            host: broker.host,
            port: broker.port.into(),
            error_code: 0,
            error_message: None,
        },
    }
}
