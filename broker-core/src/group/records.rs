//! The records of `__consumer_offsets`, in Kafka's format.

use bytes::Bytes;

use super::classic::{Group, Member};
use super::consumer::ConsumerRecord;
use super::offsets::{CommittedOffset, OffsetKey};
use crate::protocol::batch::NewRecord;
use crate::protocol::records::group::{
    GroupMetadataKey, GroupMetadataValue, MemberMetadata, OffsetCommitKey, OffsetCommitValue,
};
use crate::protocol::records::state::{framed, read_value, unframe};
use crate::protocol::wire::{Reader, WireError};

const OFFSET_KEY: i16 = 1;
const OFFSET_KEY_OLD: i16 = 0;
const GROUP_KEY: i16 = 2;
const VALUE_VERSION: i16 = 3;
const FLEXIBLE_SINCE: i16 = 4;

/// A change of a shard.
#[derive(Debug, Clone, PartialEq)]
pub enum GroupRecord {
    /// An offset is committed, or with `None` forgotten.
    Offset {
        /// The group.
        group: String,
        /// The partition.
        key: OffsetKey,
        /// The offset.
        value: Option<CommittedOffset>,
    },
    /// A generation is complete, or with `None` the group is gone.
    Group {
        /// The group.
        group: String,
        /// Its state.
        value: Option<GroupMetadataValue>,
    },
    /// A consumer group changes.
    Consumer {
        /// The group.
        group: String,
        /// What changes.
        change: ConsumerRecord,
    },
}

impl GroupRecord {
    /// The log record.
    pub fn encode(&self, now_ms: i64) -> Result<NewRecord, WireError> {
        let (key, value) = match self {
            Self::Offset { group, key, value } => {
                let mut wire = OffsetCommitKey {
                    group: group.clone(),
                    topic: key.topic.clone(),
                    partition: key.partition,
                };
                let value = value.as_ref().map(|committed| OffsetCommitValue {
                    offset: committed.offset,
                    leader_epoch: committed.leader_epoch,
                    metadata: committed.metadata.clone(),
                    commit_timestamp: committed.committed_at_ms,
                    ..Default::default()
                });
                let value = value.map(|mut value| {
                    framed(VALUE_VERSION, VALUE_VERSION, VALUE_VERSION >= FLEXIBLE_SINCE, &mut value)
                });
                (framed(OFFSET_KEY, 0, false, &mut wire)?, value.transpose()?)
            }
            Self::Group { group, value } => {
                let mut wire = GroupMetadataKey { group: group.clone() };
                let value = value.clone().map(|mut value| {
                    framed(VALUE_VERSION, VALUE_VERSION, VALUE_VERSION >= FLEXIBLE_SINCE, &mut value)
                });
                (framed(GROUP_KEY, 0, false, &mut wire)?, value.transpose()?)
            }
            Self::Consumer { group, change } => change.encode(group)?,
        };
        Ok(NewRecord { timestamp: now_ms, key: Some(key), value, headers: Vec::new() })
    }

    /// Reads a log record; `Ok(None)` for record types of protocols not served here.
    pub fn decode(key: Bytes, value: Option<Bytes>) -> Result<Option<Self>, WireError> {
        let (kind, key) = unframe(key)?;
        match kind {
            OFFSET_KEY_OLD | OFFSET_KEY => {
                let key: OffsetCommitKey = Reader::read(key, 0, false)?;
                let value =
                    value.map(|raw| read_value::<OffsetCommitValue>(raw, FLEXIBLE_SINCE)).transpose()?;
                let value = value.map(|value| CommittedOffset {
                    offset: value.offset,
                    leader_epoch: value.leader_epoch,
                    metadata: value.metadata,
                    committed_at_ms: value.commit_timestamp,
                });
                let offset_key = OffsetKey { topic: key.topic, partition: key.partition };
                Ok(Some(Self::Offset { group: key.group, key: offset_key, value }))
            }
            GROUP_KEY => {
                let key: GroupMetadataKey = Reader::read(key, 0, false)?;
                let value =
                    value.map(|raw| read_value::<GroupMetadataValue>(raw, FLEXIBLE_SINCE)).transpose()?;
                Ok(Some(Self::Group { group: key.group, value }))
            }
            _ => {
                let found = ConsumerRecord::decode(kind, key, value)?;
                Ok(found.map(|(group, change)| Self::Consumer { group, change }))
            }
        }
    }

    /// What is written when a generation is complete.
    pub(super) fn of_group(name: &str, group: &Group, now_ms: i64) -> Self {
        let protocol = group.protocol.clone();
        let value = GroupMetadataValue {
            protocol_type: group.protocol_type.clone(),
            generation: group.generation,
            protocol: (!protocol.is_empty()).then_some(protocol),
            leader: (!group.leader.is_empty()).then(|| group.leader.clone()),
            current_state_timestamp: now_ms,
            members: group
                .members
                .iter()
                .map(|(id, member)| member_record(id, member, &group.protocol))
                .collect(),
        };
        Self::Group { group: name.to_owned(), value: Some(value) }
    }
}

fn member_record(id: &str, member: &Member, protocol: &str) -> MemberMetadata {
    MemberMetadata {
        member_id: id.to_owned(),
        group_instance_id: member.instance_id.clone(),
        client_id: member.client_id.clone(),
        client_host: member.client_host.clone(),
        rebalance_timeout: member.rebalance_timeout_ms,
        session_timeout: member.session_timeout_ms,
        subscription: member.metadata(protocol),
        assignment: member.assignment.clone(),
    }
}
