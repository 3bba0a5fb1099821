//! SyncGroup (key 14), versions 0–5.
//! Source: Kafka 4.3.1 SyncGroupRequest.json.
//! Needs: coordinator of the group; a member of the present generation.
//! Answers: the member's assignment, once the leader has given it and it is written down.
//! Versions: 3 static members · 5 protocol type and name are checked.

use crate::group::{Answer, Event};
use crate::protocol::ErrorCode;
use crate::protocol::messages::sync_group::{SyncGroupRequest, SyncGroupResponse};
use crate::server::Ctx;

pub async fn handle(ctx: Ctx, request: SyncGroupRequest) -> SyncGroupResponse {
    let failed = |code: ErrorCode| SyncGroupResponse { error_code: code.code(), ..Default::default() };
    if request.group_id.is_empty() {
        return failed(ErrorCode::InvalidGroupId);
    }
    let event = Event::Sync {
        generation: request.generation_id,
        member_id: request.member_id,
        instance_id: request.group_instance_id,
        protocol: (request.protocol_type, request.protocol_name),
        assignments: request.assignments.into_iter().map(|row| (row.member_id, row.assignment)).collect(),
    };
    match ctx.broker.ask_group(&request.group_id, event).await {
        Ok(Answer::Synced(protocol_type, protocol, assignment)) => SyncGroupResponse {
            protocol_type: Some(protocol_type),
            protocol_name: Some(protocol),
            assignment,
            ..Default::default()
        },
        Ok(other) => failed(other.code()),
        Err(code) => failed(code),
    }
}
