//! OffsetFetch (key 9), versions 1–10.
//! Source: Kafka 4.3.1 OffsetFetchRequest.json; KIP-447 (stable offsets), KIP-709 (several groups).
//! Needs: coordinator of the group.
//! Answers: for each partition asked for, or for all of the group, its committed offset, −1 if there is none.
//! Versions: 2 null asks for all · 5 leader epochs · 7 require_stable · 8 several groups · 9 member and epoch ·
//! 10 topic ids.

use std::collections::BTreeMap;

use crate::group::{CommittedOffset, OffsetKey};
use crate::protocol::messages::offset_fetch::{
    OffsetFetchRequest, OffsetFetchRequestTopics, OffsetFetchResponse, OffsetFetchResponseGroup,
    OffsetFetchResponsePartition, OffsetFetchResponsePartitions, OffsetFetchResponseTopic,
    OffsetFetchResponseTopics,
};
use crate::protocol::{ErrorCode, Uuid};
use crate::server::Ctx;

pub async fn handle(ctx: Ctx, request: OffsetFetchRequest) -> OffsetFetchResponse {
    let stable = request.require_stable;
    if ctx.version >= 8 {
        let groups = request.groups.into_iter().map(|group| {
            let reader = group.member_id.as_deref().map(|member| (member, group.member_epoch));
            match refusal(&ctx, &group.group_id, reader) {
                Some(error_code) => {
                    OffsetFetchResponseGroup { group_id: group.group_id, error_code, ..Default::default() }
                }
                None => fetch(&ctx, group.group_id, group.topics, stable),
            }
        });
        return OffsetFetchResponse { groups: groups.collect(), ..Default::default() };
    }
    let topics = request.topics.map(|topics| {
        let row = |topic: crate::protocol::messages::offset_fetch::OffsetFetchRequestTopic| {
            OffsetFetchRequestTopics {
                name: topic.name,
                topic_id: Uuid::ZERO,
                partition_indexes: topic.partition_indexes,
            }
        };
        topics.into_iter().map(row).collect()
    });
    let group = fetch(&ctx, request.group_id, topics, stable);
    let topics = group.topics.into_iter().map(|topic| OffsetFetchResponseTopic {
        name: topic.name,
        partitions: topic.partitions.into_iter().map(old_row).collect(),
    });
    OffsetFetchResponse { topics: topics.collect(), error_code: group.error_code, ..Default::default() }
}

/// Why this member of a consumer group may not read. Whoever does not say who it is may.
fn refusal(ctx: &Ctx, group: &str, reader: Option<(&str, i32)>) -> Option<i16> {
    let (member, epoch) = reader.filter(|&(member, epoch)| epoch >= 0 || !member.is_empty())?;
    ctx.broker.check_offset_reader(group, member, epoch).err().map(ErrorCode::code)
}

fn old_row(row: OffsetFetchResponsePartitions) -> OffsetFetchResponsePartition {
    OffsetFetchResponsePartition {
        partition_index: row.partition_index,
        committed_offset: row.committed_offset,
        committed_leader_epoch: row.committed_leader_epoch,
        metadata: row.metadata,
        error_code: row.error_code,
    }
}

fn fetch(
    ctx: &Ctx,
    group_id: String,
    topics: Option<Vec<OffsetFetchRequestTopics>>,
    stable: bool,
) -> OffsetFetchResponseGroup {
    let mut response = fetch_any(ctx, group_id, topics, stable);
    if stable {
        // What an open transaction may still change is not to be relied on.
        for topic in &mut response.topics {
            let name = if topic.name.is_empty() {
                ctx.broker.topic_name(topic.topic_id)
            } else {
                Some(topic.name.clone())
            };
            for row in topic.partitions.iter_mut().filter(|row| row.error_code == 0) {
                let key =
                    OffsetKey { topic: name.clone().unwrap_or_default(), partition: row.partition_index };
                if ctx.broker.is_unstable(&response.group_id, &key) {
                    *row = failed(&key, ErrorCode::UnstableOffsetCommit);
                }
            }
        }
    }
    response
}

fn fetch_any(
    ctx: &Ctx,
    group_id: String,
    topics: Option<Vec<OffsetFetchRequestTopics>>,
    stable: bool,
) -> OffsetFetchResponseGroup {
    match topics {
        None => match ctx.broker.group_offsets(&group_id, None, stable) {
            Ok(offsets) => all(ctx, group_id, offsets),
            Err(code) => OffsetFetchResponseGroup { group_id, error_code: code.code(), ..Default::default() },
        },
        Some(topics) => {
            let mut response = OffsetFetchResponseGroup { group_id, ..Default::default() };
            for topic in topics {
                let name = match ctx.version {
                    10.. => ctx.broker.topic_name(topic.topic_id),
                    _ => Some(topic.name.clone()),
                };
                let keys = topic
                    .partition_indexes
                    .iter()
                    .map(|&partition| OffsetKey { topic: name.clone().unwrap_or_default(), partition });
                let keys: Vec<OffsetKey> = keys.collect();
                let partitions = match ctx.broker.group_offsets(&response.group_id, Some(&keys), stable) {
                    _ if name.is_none() => {
                        keys.iter().map(|key| failed(key, ErrorCode::UnknownTopicId)).collect()
                    }
                    Ok(found) => found.into_iter().map(|(key, value)| row(&key, value)).collect(),
                    Err(code) => {
                        response.error_code = code.code();
                        keys.iter().map(|key| failed(key, code)).collect()
                    }
                };
                let (name, topic_id) = (topic.name, topic.topic_id);
                response.topics.push(OffsetFetchResponseTopics { name, topic_id, partitions });
            }
            response
        }
    }
}

fn all(
    ctx: &Ctx,
    group_id: String,
    offsets: Vec<(OffsetKey, Option<CommittedOffset>)>,
) -> OffsetFetchResponseGroup {
    let mut topics: BTreeMap<String, Vec<OffsetFetchResponsePartitions>> = BTreeMap::new();
    for (key, value) in offsets {
        topics.entry(key.topic.clone()).or_default().push(row(&key, value));
    }
    let topics = topics.into_iter().map(|(name, partitions)| OffsetFetchResponseTopics {
        topic_id: ctx.broker.topic_id(&name, Uuid::ZERO).unwrap_or_default(),
        name,
        partitions,
    });
    OffsetFetchResponseGroup { group_id, topics: topics.collect(), error_code: 0 }
}

fn row(key: &OffsetKey, value: Option<CommittedOffset>) -> OffsetFetchResponsePartitions {
    let value = value.unwrap_or(CommittedOffset { offset: -1, leader_epoch: -1, ..Default::default() });
    OffsetFetchResponsePartitions {
        partition_index: key.partition,
        committed_offset: value.offset,
        committed_leader_epoch: value.leader_epoch,
        metadata: Some(value.metadata),
        error_code: 0,
    }
}

fn failed(key: &OffsetKey, code: ErrorCode) -> OffsetFetchResponsePartitions {
    OffsetFetchResponsePartitions { error_code: code.code(), ..row(key, None) }
}
