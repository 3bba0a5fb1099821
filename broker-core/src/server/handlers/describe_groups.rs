//! DescribeGroups (key 15), versions 0–6.
//! Source: Kafka 4.3.1 DescribeGroupsRequest.json; KIP-1043 (GROUP_ID_NOT_FOUND).
//! Needs: coordinator of the group.
//! Answers: state, protocol and members with metadata and assignment. A group nobody knows is Dead, and from
//! version 6 on an error; the empty name is one of those.
//! Versions: 3 authorized operations · 4 static members · 6 error for unknown groups.

use crate::group::Described;
use crate::protocol::ErrorCode;
use crate::protocol::messages::describe_groups::{
    DescribeGroupsRequest, DescribeGroupsResponse, DescribedGroup, DescribedGroupMember,
};
use crate::server::Ctx;

/// What everyone may do with a group while no authorizer is set, as Kafka's bit field.
pub(super) const GROUP_OPERATIONS: i32 = 3400;

pub async fn handle(ctx: Ctx, request: DescribeGroupsRequest) -> DescribeGroupsResponse {
    let groups = request.groups.into_iter().map(|group_id| {
        let mut row = match ctx.broker.describe_group(&group_id) {
            Ok(Some(group)) => described(group_id, group),
            Ok(None) if ctx.version >= 6 => DescribedGroup {
                error_code: ErrorCode::GroupIdNotFound.code(),
                error_message: Some(match ctx.broker.has_group(&group_id) {
                    Ok(true) => format!("group {group_id} is not a classic group"),
                    Ok(false) | Err(_) => format!("group {group_id} does not exist"),
                }),
                group_id,
                group_state: "Dead".to_owned(),
                ..Default::default()
            },
            Ok(None) => DescribedGroup { group_id, group_state: "Dead".to_owned(), ..Default::default() },
            Err(code) => DescribedGroup { error_code: code.code(), group_id, ..Default::default() },
        };
        if request.include_authorized_operations && row.error_code == 0 {
            row.authorized_operations = GROUP_OPERATIONS;
        }
        row
    });
    DescribeGroupsResponse { groups: groups.collect(), ..Default::default() }
}

fn described(group_id: String, group: Described) -> DescribedGroup {
    let members = group.members.into_iter().map(|member| DescribedGroupMember {
        member_id: member.member_id,
        group_instance_id: member.instance_id,
        client_id: member.client_id,
        client_host: member.client_host,
        member_metadata: member.metadata,
        member_assignment: member.assignment,
    });
    DescribedGroup {
        group_id,
        group_state: group.state.to_owned(),
        protocol_type: group.protocol_type,
        protocol_data: group.protocol,
        members: members.collect(),
        ..Default::default()
    }
}
