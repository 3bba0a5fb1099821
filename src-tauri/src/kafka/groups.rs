//! Consumer groups: who they are, who is in them, and how far they have read. Nothing joins or commits.

use std::collections::HashMap;

use broker_core::protocol::ErrorCode as KafkaCode;
use broker_core::protocol::messages::describe_groups::{DescribeGroupsRequest, DescribedGroup};
use broker_core::protocol::messages::list_groups::ListGroupsRequest;
use broker_core::protocol::messages::offset_fetch::{OffsetFetchRequest, OffsetFetchRequestGroup};
use bytes::{Buf, Bytes};
use futures_util::future::join_all;

use super::client::KafkaClient;
use super::errors::{explain_code, explain_link};
use crate::dto::AppError;
use crate::error::AppResult;

/// A group as its coordinator lists it.
#[derive(Clone, Debug)]
pub struct ListedGroup {
    pub group: String,
    pub kind: String,
    pub state: String,
    pub protocol_type: String,
    /// The broker that listed it is its coordinator.
    pub coordinator: i32,
}

/// A group's members, when the coordinator describes them.
#[derive(Clone, Debug)]
pub struct DescribedMembers {
    pub state: String,
    pub protocol_type: String,
    pub protocol: String,
    pub members: Vec<Member>,
}

#[derive(Clone, Debug)]
pub struct Member {
    pub member_id: String,
    pub instance_id: Option<String>,
    pub client_id: String,
    pub host: String,
    pub partitions: Vec<(String, i32)>,
}

/// One committed offset.
#[derive(Clone, Debug)]
pub struct Committed {
    pub topic: String,
    pub partition: i32,
    pub offset: i64,
    pub metadata: Option<String>,
}

impl KafkaClient {
    /// Lists the groups of every broker, sorted by name. A broker that does not answer is named beside them.
    pub async fn groups(&self, brokers: &[i32]) -> (Vec<ListedGroup>, Vec<(i32, AppError)>) {
        let asks = brokers.iter().map(|broker| async move { (*broker, self.groups_of(*broker).await) });
        let (mut groups, mut failures) = (Vec::new(), Vec::new());
        for (broker, answer) in join_all(asks).await {
            match answer {
                Ok(listed) => groups.extend(listed),
                Err(error) => failures.push((broker, error)),
            }
        }
        groups.sort_by(|one: &ListedGroup, other| one.group.cmp(&other.group));
        groups.dedup_by(|one, other| one.group == other.group);
        (groups, failures)
    }

    async fn groups_of(&self, broker: i32) -> AppResult<Vec<ListedGroup>> {
        const WHAT: &str = "The groups could not be listed";
        let answer = self
            .pool()
            .ask_broker(broker, &ListGroupsRequest::default())
            .await
            .map_err(|error| explain_link(WHAT, &error))?;
        if answer.error_code != 0 {
            return Err(explain_code(WHAT, answer.error_code, None).at_broker(broker.to_string()));
        }
        let named = |text: String, fallback: &str| if text.is_empty() { fallback.to_owned() } else { text };
        let listed = answer.groups.into_iter().map(|group| ListedGroup {
            group: group.group_id,
            kind: named(group.group_type, "classic").to_lowercase(),
            state: named(group.group_state, "Unknown"),
            protocol_type: group.protocol_type,
            coordinator: broker,
        });
        Ok(listed.collect())
    }

    /// Describes groups that share a coordinator. A group of the new protocol is refused by this request and
    /// answers an error of its own.
    pub async fn describe_groups(
        &self,
        coordinator: i32,
        groups: Vec<String>,
    ) -> AppResult<HashMap<String, Result<DescribedMembers, AppError>>> {
        const WHAT: &str = "The group could not be described";
        let request = DescribeGroupsRequest { groups, include_authorized_operations: false };
        let answer = self
            .pool()
            .ask_broker(coordinator, &request)
            .await
            .map_err(|error| explain_link(WHAT, &error))?;
        let described = answer.groups.into_iter().map(|group| {
            let name = group.group_id.clone();
            let outcome = match group.error_code {
                0 => Ok(read_group(group)),
                code => Err(explain_code(WHAT, code, group.error_message.as_deref())),
            };
            (name, outcome)
        });
        Ok(described.collect())
    }

    /// Returns every committed offset of groups that share a coordinator.
    pub async fn committed(
        &self,
        coordinator: i32,
        groups: &[String],
    ) -> AppResult<HashMap<String, Result<Vec<Committed>, AppError>>> {
        let mut all = HashMap::new();
        // Versions from 8 on take many groups at once, those before take one; the fields of the other kind
        // are not sent.
        let groups_field: Vec<_> = groups.iter().map(|group| whole_group(group)).collect();
        let first = groups.first().cloned().unwrap_or_default();
        let request = OffsetFetchRequest {
            group_id: first.clone(),
            topics: None,
            groups: groups_field,
            require_stable: false,
        };
        let answer = self.ask_committed(coordinator, &request).await?;
        if !answer.groups.is_empty() || groups.is_empty() {
            for group in answer.groups {
                let offsets = group.topics.into_iter().flat_map(|topic| {
                    let name = topic.name;
                    topic.partitions.into_iter().map(move |partition| {
                        committed_of(
                            &name,
                            partition.partition_index,
                            partition.committed_offset,
                            partition.metadata,
                        )
                    })
                });
                all.insert(group.group_id, checked(group.error_code, offsets.flatten().collect()));
            }
            return Ok(all);
        }
        all.insert(first, read_single(answer));
        for group in groups.iter().skip(1) {
            let request = OffsetFetchRequest { group_id: group.clone(), topics: None, ..Default::default() };
            all.insert(group.clone(), read_single(self.ask_committed(coordinator, &request).await?));
        }
        Ok(all)
    }

    async fn ask_committed(
        &self,
        coordinator: i32,
        request: &OffsetFetchRequest,
    ) -> AppResult<broker_core::protocol::messages::offset_fetch::OffsetFetchResponse> {
        self.pool()
            .ask_broker(coordinator, request)
            .await
            .map_err(|error| explain_link("The committed offsets could not be read", &error))
    }
}

fn whole_group(group: &str) -> OffsetFetchRequestGroup {
    OffsetFetchRequestGroup { group_id: group.to_owned(), topics: None, ..Default::default() }
}

fn read_single(
    answer: broker_core::protocol::messages::offset_fetch::OffsetFetchResponse,
) -> Result<Vec<Committed>, AppError> {
    let offsets = answer.topics.into_iter().flat_map(|topic| {
        let name = topic.name;
        topic.partitions.into_iter().filter_map(move |partition| {
            committed_of(&name, partition.partition_index, partition.committed_offset, partition.metadata)
        })
    });
    checked(answer.error_code, offsets.collect())
}

fn committed_of(topic: &str, partition: i32, offset: i64, metadata: Option<String>) -> Option<Committed> {
    let metadata = metadata.filter(|text| !text.is_empty());
    (offset >= 0).then(|| Committed { topic: topic.to_owned(), partition, offset, metadata })
}

fn checked(code: i16, offsets: Vec<Committed>) -> Result<Vec<Committed>, AppError> {
    match code {
        0 => Ok(offsets),
        code => Err(explain_code("The committed offsets could not be read", code, None)),
    }
}

fn read_group(group: DescribedGroup) -> DescribedMembers {
    let consumers = group.protocol_type == "consumer";
    let members = group.members.into_iter().map(|member| Member {
        member_id: member.member_id,
        instance_id: member.group_instance_id,
        client_id: member.client_id,
        host: member.client_host.trim_start_matches('/').to_owned(),
        partitions: if consumers { read_assignment(member.member_assignment) } else { Vec::new() },
    });
    DescribedMembers {
        members: members.collect(),
        state: group.group_state,
        protocol_type: group.protocol_type,
        protocol: group.protocol_data,
    }
}

/// Reads ConsumerProtocolAssignment (versions 0–3 begin alike): version, then topics with partitions.
/// Bytes that are none give no partitions. Source: ConsumerProtocolAssignment.json.
fn read_assignment(bytes: Bytes) -> Vec<(String, i32)> {
    let mut rest = bytes;
    let mut partitions = Vec::new();
    let _ = read_topics(&mut rest, &mut partitions);
    partitions
}

fn read_topics(rest: &mut Bytes, partitions: &mut Vec<(String, i32)>) -> Option<()> {
    let _version = rest.try_get_i16().ok()?;
    let topics = rest.try_get_i32().ok()?;
    for _ in 0..topics {
        let length = usize::try_from(rest.try_get_i16().ok()?).ok()?;
        if rest.len() < length {
            return None;
        }
        let name = String::from_utf8(rest.split_to(length).to_vec()).ok()?;
        for _ in 0..rest.try_get_i32().ok()? {
            partitions.push((name.clone(), rest.try_get_i32().ok()?));
        }
    }
    Some(())
}

/// Whether a description failed only because the group speaks the newer protocol.
pub fn needs_newer_description(error: &AppError) -> bool {
    error.kafka.as_ref().is_some_and(|kafka| kafka.code == i32::from(KafkaCode::GroupIdNotFound.code()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assignment_lists_its_partitions() {
        let bytes: &[u8] =
            &[0, 1, 0, 0, 0, 1, 0, 2, b'o', b'k', 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 5, 255, 255, 255, 255];
        let expected = vec![("ok".to_owned(), 0), ("ok".to_owned(), 5)];
        assert_eq!(read_assignment(Bytes::from_static(bytes)), expected);
    }

    #[test]
    fn a_cut_or_lying_assignment_ends_early() {
        assert!(read_assignment(Bytes::from_static(&[0, 1, 127, 255, 255, 255])).is_empty());
        assert!(read_assignment(Bytes::from_static(&[0, 1, 0, 0, 0, 1, 127, 255, 1])).is_empty());
        assert!(read_assignment(Bytes::new()).is_empty());
    }
}
