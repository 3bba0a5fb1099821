//! JoinGroup (key 11), versions 0–9.
//! Source: Kafka 4.3.1 JoinGroupRequest.json; KIP-345 (static members), KIP-394 (known ids), KIP-814.
//! Needs: coordinator of the group.
//! Answers: once all members have joined, the generation; the leader also gets everybody's metadata.
//! Versions: 1 rebalance timeout · 4 a known member id is required · 5 static members · 7 protocol type ·
//! 9 the leader may skip the assignment.

use crate::group::{Answer, Event, JoinRequest, Joined};
use crate::protocol::ErrorCode;
use crate::protocol::messages::join_group::{JoinGroupRequest, JoinGroupResponse, JoinGroupResponseMember};
use crate::server::Ctx;

pub async fn handle(ctx: Ctx, request: JoinGroupRequest) -> JoinGroupResponse {
    if request.group_id.is_empty() {
        return refused(&ctx, ErrorCode::InvalidGroupId, request.member_id);
    }
    let rebalance = if ctx.version >= 1 { request.rebalance_timeout_ms } else { request.session_timeout_ms };
    let join = JoinRequest {
        needs_known_id: ctx.version >= 4 && request.group_instance_id.is_none(),
        fresh_id: ctx.broker.fresh_member_id(request.group_instance_id.as_deref().unwrap_or(&ctx.client_id)),
        member_id: request.member_id.clone(),
        instance_id: request.group_instance_id,
        client_id: ctx.client_id.clone(),
        client_host: ctx.client_host.clone(),
        session_timeout_ms: request.session_timeout_ms,
        rebalance_timeout_ms: rebalance,
        protocol_type: request.protocol_type,
        protocols: request.protocols.into_iter().map(|protocol| (protocol.name, protocol.metadata)).collect(),
    };
    match ctx.broker.ask_group(&request.group_id, Event::Join(join)).await {
        Ok(Answer::Joined(joined)) => accepted(&ctx, joined),
        Ok(Answer::JoinRefused(code, member_id)) => refused(&ctx, code, member_id),
        Ok(Answer::Synced(..) | Answer::Beaten(_) | Answer::Code(_) | Answer::Codes(_)) => {
            refused(&ctx, ErrorCode::UnknownServerError, request.member_id)
        }
        Err(code) => refused(&ctx, code, request.member_id),
    }
}

fn accepted(ctx: &Ctx, joined: Joined) -> JoinGroupResponse {
    let member = |(member_id, group_instance_id, metadata)| JoinGroupResponseMember {
        member_id,
        group_instance_id,
        metadata,
    };
    JoinGroupResponse {
        generation_id: joined.generation,
        protocol_type: Some(joined.protocol_type),
        protocol_name: Some(joined.protocol),
        leader: joined.leader,
        skip_assignment: joined.skip_assignment && ctx.version >= 9,
        member_id: joined.member_id,
        members: joined.members.into_iter().map(member).collect(),
        ..Default::default()
    }
}

fn refused(ctx: &Ctx, code: ErrorCode, member_id: String) -> JoinGroupResponse {
    JoinGroupResponse {
        error_code: code.code(),
        // Before version 7 the protocol's name may not be null.
        protocol_name: (ctx.version < 7).then(String::new),
        member_id,
        ..Default::default()
    }
}
