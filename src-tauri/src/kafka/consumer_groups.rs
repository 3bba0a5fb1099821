//! Groups of the new consumer protocol (KIP-848), which another request describes than classic ones.

use std::collections::HashMap;

use broker_core::protocol::messages::consumer_group_describe::{
    Assignment, ConsumerGroupDescribeRequest, DescribedGroup,
};

use super::client::KafkaClient;
use super::errors::{explain_code, explain_link};
use super::groups::{DescribedMembers, Member};
use crate::dto::AppError;
use crate::error::AppResult;

const WHAT: &str = "The group could not be described";

impl KafkaClient {
    /// Describes groups of the new protocol that share a coordinator.
    pub async fn describe_consumer_groups(
        &self,
        coordinator: i32,
        group_ids: Vec<String>,
    ) -> AppResult<HashMap<String, Result<DescribedMembers, AppError>>> {
        let request = ConsumerGroupDescribeRequest { group_ids, include_authorized_operations: false };
        let answer = self.pool().ask_broker(coordinator, &request).await;
        let answer = answer.map_err(|error| explain_link(WHAT, &error))?;
        let described = answer.groups.into_iter().map(|group| {
            let name = group.group_id.clone();
            let outcome = match group.error_code {
                0 => Ok(read(group)),
                code => Err(explain_code(WHAT, code, group.error_message.as_deref())),
            };
            (name, outcome)
        });
        Ok(described.collect())
    }
}

fn read(group: DescribedGroup) -> DescribedMembers {
    let members = group.members.into_iter().map(|member| Member {
        member_id: member.member_id,
        instance_id: member.instance_id,
        client_id: member.client_id,
        host: member.client_host.trim_start_matches('/').to_owned(),
        partitions: partitions(member.assignment),
    });
    DescribedMembers {
        members: members.collect(),
        state: group.group_state,
        protocol_type: "consumer".to_owned(),
        protocol: group.assignor_name,
    }
}

fn partitions(assignment: Assignment) -> Vec<(String, i32)> {
    let topics = assignment.topic_partitions.into_iter();
    let named = topics.flat_map(|topic| {
        topic.partitions.into_iter().map(move |partition| (topic.topic_name.clone(), partition))
    });
    named.collect()
}
