//! ConsumerGroupHeartbeat (key 68), versions 0–1.
//! Source: Kafka 4.3.1 ConsumerGroupHeartbeatRequest.json; GroupCoordinatorService.consumerGroupHeartbeat; KIP-848.
//! Needs: coordinator of the group.
//! Answers: the member's epoch, when to come again, and its partitions where they changed.
//! Versions: 1 topics by pattern; the member makes its id itself.

use crate::config::BrokerConfig;
use crate::controller::GROUP_VERSION;
use crate::group::{Answer, Beat, Beaten, Event, Partitions, assignors_of};
use crate::protocol::ErrorCode;
use crate::protocol::messages::consumer_group_heartbeat::{
    Assignment, ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse, TopicPartitions,
};
use crate::server::Ctx;

pub async fn handle(ctx: Ctx, request: ConsumerGroupHeartbeatRequest) -> ConsumerGroupHeartbeatResponse {
    if ctx.broker.feature(GROUP_VERSION) == 0 {
        return failed(ErrorCode::UnsupportedVersion, None);
    }
    if let Some((code, message)) = malformed(&ctx.broker.config(), ctx.version, &request) {
        return failed(code, Some(message));
    }
    let group = request.group_id.clone();
    let beat = to_beat(&ctx, request);
    match ctx.broker.ask_group(&group, Event::Beat(Box::new(beat))).await {
        Ok(Answer::Beaten(Ok(beaten))) => accepted(&ctx, &group, beaten),
        Ok(Answer::Beaten(Err(refusal))) => failed(refusal.code, Some(refusal.message)),
        Ok(other) => failed(other.code(), None),
        Err(code) => failed(code, None),
    }
}

/// What is wrong with the request itself.
fn malformed(
    config: &BrokerConfig,
    version: i16,
    request: &ConsumerGroupHeartbeatRequest,
) -> Option<(ErrorCode, String)> {
    let blank = |text: &Option<String>| text.as_ref().is_some_and(|text| text.trim().is_empty());
    let joins = request.member_epoch == 0;
    let needs_id = version >= 1 || !joins;
    let unsubscribed = request.subscribed_topic_names.is_none() && request.subscribed_topic_regex.is_none();
    let checks = [
        (needs_id && request.member_id.trim().is_empty(), "member_id may not be empty"),
        (request.group_id.trim().is_empty(), "group_id may not be empty"),
        (blank(&request.instance_id), "instance_id may not be empty"),
        (blank(&request.rack_id), "rack_id may not be empty"),
        (request.member_epoch < -2, "member_epoch is below -2"),
        (
            request.member_epoch == -2 && request.instance_id.is_none(),
            "only a static member leaves for a while",
        ),
        (joins && request.rebalance_timeout_ms == -1, "a joining member must say its rebalance_timeout_ms"),
        (
            joins && request.topic_partitions.as_ref().is_none_or(|owned| !owned.is_empty()),
            "a joining member has no topic_partitions",
        ),
        (
            joins && unsubscribed,
            "a joining member must say its subscribed_topic_names or subscribed_topic_regex",
        ),
    ];
    let wrong = checks.into_iter().find(|(wrong, _)| *wrong);
    if let Some((_, message)) = wrong {
        return Some((ErrorCode::InvalidRequest, message.to_owned()));
    }
    let offered = assignors_of(config);
    let assignor = request.server_assignor.as_deref().filter(|asked| !offered.contains(asked))?;
    let message = format!("assignor {assignor} is not one of {}", offered.join(", "));
    Some((ErrorCode::UnsupportedAssignor, message))
}

fn to_beat(ctx: &Ctx, request: ConsumerGroupHeartbeatRequest) -> Beat {
    let owned = |rows: Vec<TopicPartitions>| -> Partitions {
        let rows = rows.into_iter().filter(|row| !row.partitions.is_empty());
        rows.map(|row| (row.topic_id, row.partitions.into_iter().collect())).collect()
    };
    Beat {
        member_id: match request.member_id.is_empty() {
            true => ctx.broker.fresh_uuid(),
            false => request.member_id,
        },
        epoch: request.member_epoch,
        instance_id: request.instance_id,
        rack_id: request.rack_id,
        rebalance_timeout_ms: Some(request.rebalance_timeout_ms).filter(|&timeout| timeout != -1),
        topics: request.subscribed_topic_names,
        regex: request.subscribed_topic_regex,
        assignor: request.server_assignor,
        owned: request.topic_partitions.map(owned),
        client_id: ctx.client_id.clone(),
        client_host: ctx.client_host.clone(),
    }
}

fn accepted(ctx: &Ctx, group: &str, beaten: Beaten) -> ConsumerGroupHeartbeatResponse {
    let row = |(topic_id, numbers): (_, std::collections::BTreeSet<i32>)| TopicPartitions {
        topic_id,
        partitions: numbers.into_iter().collect(),
    };
    let assignment =
        |partitions: Partitions| Assignment { topic_partitions: partitions.into_iter().map(row).collect() };
    ConsumerGroupHeartbeatResponse {
        member_id: Some(beaten.member_id),
        member_epoch: beaten.epoch,
        heartbeat_interval_ms: if beaten.epoch < 0 { 0 } else { ctx.broker.heartbeat_interval_ms(group) },
        assignment: beaten.assignment.map(assignment),
        ..Default::default()
    }
}

fn failed(code: ErrorCode, error_message: Option<String>) -> ConsumerGroupHeartbeatResponse {
    ConsumerGroupHeartbeatResponse { error_code: code.code(), error_message, ..Default::default() }
}
