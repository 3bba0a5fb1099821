//! ConsumerGroupDescribe (key 69), versions 0–1.
//! Source: Kafka 4.3.1 ConsumerGroupDescribeRequest.json; KIP-848, KIP-1099 (member types).
//! Needs: coordinator of the group.
//! Answers: state, epochs, assignor and members with what they have and what they should have. A group nobody knows,
//! or of the classic protocol, is GROUP_ID_NOT_FOUND.
//! Versions: 1 the protocol of each member.

use super::describe_groups::GROUP_OPERATIONS;
use crate::controller::GROUP_VERSION;
use crate::group::{DescribedConsumer, DescribedConsumerMember};
use crate::protocol::messages::consumer_group_describe::{
    Assignment, ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse, DescribedGroup, Member,
    TopicPartitions,
};
use crate::protocol::{ErrorCode, Uuid};
use crate::server::Ctx;

pub async fn handle(ctx: Ctx, request: ConsumerGroupDescribeRequest) -> ConsumerGroupDescribeResponse {
    let off = ctx.broker.feature(GROUP_VERSION) == 0;
    let groups = request.group_ids.into_iter().map(|group_id| {
        let failed = |code: ErrorCode, error_message| DescribedGroup {
            error_code: code.code(),
            error_message,
            group_id: group_id.clone(),
            ..Default::default()
        };
        match ctx.broker.describe_consumer_group(&group_id) {
            _ if off => failed(ErrorCode::UnsupportedVersion, None),
            _ if group_id.is_empty() => failed(ErrorCode::InvalidGroupId, None),
            Err(code) => failed(code, None),
            Ok(None) => {
                let why = match ctx.broker.has_group(&group_id) {
                    Ok(true) => "is not a consumer group",
                    Ok(false) | Err(_) => "does not exist",
                };
                failed(ErrorCode::GroupIdNotFound, Some(format!("group {group_id} {why}")))
            }
            Ok(Some(group)) => {
                let mut row = described(group_id, group);
                if request.include_authorized_operations {
                    row.authorized_operations = GROUP_OPERATIONS;
                }
                row
            }
        }
    });
    ConsumerGroupDescribeResponse { groups: groups.collect(), ..Default::default() }
}

fn described(group_id: String, group: DescribedConsumer) -> DescribedGroup {
    DescribedGroup {
        group_id,
        group_state: group.state.to_owned(),
        group_epoch: group.epoch,
        assignment_epoch: group.assignment_epoch,
        assignor_name: group.assignor.to_owned(),
        members: group.members.into_iter().map(member).collect(),
        ..Default::default()
    }
}

fn member(member: DescribedConsumerMember) -> Member {
    Member {
        member_id: member.member_id,
        instance_id: member.instance_id,
        rack_id: member.rack_id,
        member_epoch: member.epoch,
        client_id: member.client_id,
        client_host: member.client_host,
        subscribed_topic_names: member.topics,
        // Kafka's own client reads null as an empty pattern; Kafka sends the empty text.
        subscribed_topic_regex: Some(member.regex.unwrap_or_default()),
        assignment: assignment(member.assignment),
        target_assignment: assignment(member.target),
        member_type: i8::from(!member.classic),
    }
}

fn assignment(partitions: Vec<(Uuid, String, Vec<i32>)>) -> Assignment {
    let row = |(topic_id, topic_name, partitions)| TopicPartitions { topic_id, topic_name, partitions };
    Assignment { topic_partitions: partitions.into_iter().map(row).collect() }
}
