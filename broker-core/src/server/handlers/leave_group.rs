//! LeaveGroup (key 13), versions 0–5.
//! Source: Kafka 4.3.1 LeaveGroupRequest.json; KIP-345 (several members, static ones by instance id).
//! Needs: coordinator of the group.
//! Answers: a code for each member.
//! Versions: 3 several members.

use crate::group::{Answer, Event};
use crate::protocol::ErrorCode;
use crate::protocol::messages::leave_group::{LeaveGroupRequest, LeaveGroupResponse, MemberResponse};
use crate::server::Ctx;

pub async fn handle(ctx: Ctx, request: LeaveGroupRequest) -> LeaveGroupResponse {
    let single = ctx.version < 3;
    let members: Vec<(String, Option<String>)> = match single {
        true => vec![(request.member_id, None)],
        false => request.members.into_iter().map(|m| (m.member_id, m.group_instance_id)).collect(),
    };
    let (error, codes) = match ctx.broker.ask_group(&request.group_id, Event::Leave(members.clone())).await {
        Ok(Answer::Codes(codes)) => (ErrorCode::None, codes),
        Ok(other) => (other.code(), Vec::new()),
        Err(code) => (code, Vec::new()),
    };
    if single {
        let code = codes.first().copied().unwrap_or(error);
        return LeaveGroupResponse { error_code: code.code(), ..Default::default() };
    }
    let row = |((member_id, group_instance_id), code): ((String, Option<String>), ErrorCode)| {
        MemberResponse { member_id, group_instance_id, error_code: code.code() }
    };
    let members = members.into_iter().zip(codes).map(row).collect();
    LeaveGroupResponse { error_code: error.code(), members, ..Default::default() }
}
