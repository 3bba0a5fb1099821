//! Heartbeat (key 12), versions 0–4.
//! Source: Kafka 4.3.1 HeartbeatRequest.json.
//! Needs: coordinator of the group.
//! Answers: nothing, or why the member must act: REBALANCE_IN_PROGRESS, UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION.

use crate::group::Event;
use crate::protocol::ErrorCode;
use crate::protocol::messages::heartbeat::{HeartbeatRequest, HeartbeatResponse};
use crate::server::Ctx;

pub async fn handle(ctx: Ctx, request: HeartbeatRequest) -> HeartbeatResponse {
    let event = Event::Heartbeat {
        generation: request.generation_id,
        member_id: request.member_id,
        instance_id: request.group_instance_id,
    };
    let code = match ctx.broker.ask_group(&request.group_id, event).await {
        Ok(answer) => answer.code(),
        Err(code) => code,
    };
    // A group that still loads is no reason for its members to leave it.
    let code = if code == ErrorCode::CoordinatorLoadInProgress { ErrorCode::None } else { code };
    HeartbeatResponse { error_code: code.code(), ..Default::default() }
}
