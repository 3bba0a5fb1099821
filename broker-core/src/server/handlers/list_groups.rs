//! ListGroups (key 16), versions 0–5.
//! Source: Kafka 4.3.1 ListGroupsRequest.json; KIP-518 (states), KIP-848 (types).
//! Needs: nothing; a client asks every broker and gets the groups it coordinates.
//! Answers: id, protocol type, state and type of each group.
//! Versions: 4 filter by state · 5 filter by type.

use crate::protocol::ErrorCode;
use crate::protocol::messages::list_groups::{ListGroupsRequest, ListGroupsResponse, ListedGroup};
use crate::server::Ctx;

pub async fn handle(ctx: Ctx, request: ListGroupsRequest) -> ListGroupsResponse {
    let listed = match ctx.broker.list_groups() {
        Ok(listed) => listed,
        Err(code) => return ListGroupsResponse { error_code: code.code(), ..Default::default() },
    };
    let passes = |filter: &[String], value: &str| {
        filter.is_empty() || filter.iter().any(|wanted| wanted.eq_ignore_ascii_case(value))
    };
    let groups = listed
        .into_iter()
        .filter(|group| {
            passes(&request.states_filter, group.state) && passes(&request.types_filter, group.kind)
        })
        .map(|group| ListedGroup {
            group_id: group.group,
            protocol_type: group.protocol_type,
            group_state: group.state.to_owned(),
            group_type: group.kind.to_owned(),
        });
    ListGroupsResponse { error_code: ErrorCode::None.code(), groups: groups.collect(), ..Default::default() }
}
