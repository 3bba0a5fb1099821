//! DeleteGroups (key 42), versions 0–2.
//! Source: Kafka 4.3.1 DeleteGroupsRequest.json; GroupMetadataManager; KIP-229.
//! Needs: coordinator of the group.
//! Answers: per group an error or nothing; only groups without members go, and their offsets with them.

use super::offset_delete::code_of;
use crate::group::Event;
use crate::protocol::ErrorCode;
use crate::protocol::messages::delete_groups::{
    DeletableGroupResult, DeleteGroupsRequest, DeleteGroupsResponse,
};
use crate::server::Ctx;

pub async fn handle(ctx: Ctx, request: DeleteGroupsRequest) -> DeleteGroupsResponse {
    let mut results = Vec::with_capacity(request.groups_names.len());
    for group_id in request.groups_names {
        let code = if group_id.is_empty() {
            ErrorCode::GroupIdNotFound
        } else {
            code_of(ctx.broker.ask_group(&group_id, Event::Delete).await)
        };
        results.push(DeletableGroupResult { group_id, error_code: code.code() });
    }
    DeleteGroupsResponse { results, ..Default::default() }
}
