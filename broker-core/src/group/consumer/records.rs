//! The records of a consumer group, in Kafka's format.
//! Source: Kafka `GroupCoordinatorRecordHelpers.java`.

use bytes::Bytes;

use super::{ClassicSide, ConsumerMember, MemberState, Partitions};
use crate::protocol::records::consumer_group::{
    ClassicMemberMetadata, ClassicProtocol, CurrentValue, EpochValue, GroupKey, MemberKey, MemberValue,
    TargetEpochValue, TargetValue, TopicPartition, TopicPartitions,
};
use crate::protocol::records::state::{framed, read_value};
use crate::protocol::wire::{Message, Reader, WireError};

const EPOCH: i16 = 3;
const MEMBER: i16 = 5;
const TARGET_EPOCH: i16 = 6;
const TARGET: i16 = 7;
const CURRENT: i16 = 8;

/// A change of a consumer group; `None` takes back what was written.
#[derive(Debug, Clone, PartialEq)]
pub enum ConsumerRecord {
    /// The group's epoch and the hash of its topics.
    Epoch(Option<(i32, i64)>),
    /// A member and what it wants.
    Member(String, Option<Box<ConsumerMember>>),
    /// The epoch of the target assignment.
    TargetEpoch(Option<i32>),
    /// What a member should have.
    Target(String, Option<Partitions>),
    /// What a member has.
    Current(String, Option<Box<ConsumerMember>>),
}

impl ConsumerRecord {
    /// Key and value of the log record.
    pub(in crate::group) fn encode(&self, group: &str) -> Result<(Bytes, Option<Bytes>), WireError> {
        let key = |kind, member: Option<&String>| match member {
            None => framed(kind, 0, false, &mut GroupKey { group_id: group.to_owned() }),
            Some(id) => {
                framed(kind, 0, false, &mut MemberKey { group_id: group.to_owned(), member_id: id.clone() })
            }
        };
        Ok(match self {
            Self::Epoch(value) => {
                let value = value.map(|(epoch, metadata_hash)| EpochValue { epoch, metadata_hash });
                (key(EPOCH, None)?, written(value)?)
            }
            Self::Member(id, member) => {
                (key(MEMBER, Some(id))?, written(member.as_deref().map(member_value))?)
            }
            Self::TargetEpoch(epoch) => {
                let value = epoch
                    .map(|assignment_epoch| TargetEpochValue { assignment_epoch, assignment_timestamp: 0 });
                (key(TARGET_EPOCH, None)?, written(value)?)
            }
            Self::Target(id, target) => (key(TARGET, Some(id))?, written(target.as_ref().map(target_value))?),
            Self::Current(id, member) => {
                (key(CURRENT, Some(id))?, written(member.as_deref().map(current_value))?)
            }
        })
    }

    /// The group and the change of a record of type `kind`; `Ok(None)` for other types.
    pub(in crate::group) fn decode(
        kind: i16,
        key: Bytes,
        value: Option<Bytes>,
    ) -> Result<Option<(String, Self)>, WireError> {
        Ok(Some(match kind {
            EPOCH | TARGET_EPOCH => {
                let GroupKey { group_id } = Reader::read(key, 0, false)?;
                let change = if kind == EPOCH {
                    let value: Option<EpochValue> = read(value)?;
                    Self::Epoch(value.map(|value| (value.epoch, value.metadata_hash)))
                } else {
                    let value: Option<TargetEpochValue> = read(value)?;
                    Self::TargetEpoch(value.map(|value| value.assignment_epoch))
                };
                (group_id, change)
            }
            MEMBER | TARGET | CURRENT => {
                let MemberKey { group_id, member_id } = Reader::read(key, 0, false)?;
                let change = match kind {
                    MEMBER => Self::Member(member_id, read(value)?.map(member_of).map(Box::new)),
                    TARGET => {
                        let value: Option<TargetValue> = read(value)?;
                        let rows = |value: TargetValue| {
                            value.topic_partitions.into_iter().map(|row| (row.topic_id, row.partitions))
                        };
                        Self::Target(member_id, value.map(|value| partitions(rows(value))))
                    }
                    _ => Self::Current(member_id, read(value)?.map(current_of).map(Box::new)),
                };
                (group_id, change)
            }
            _ => return Ok(None),
        }))
    }
}

fn written<M: Message>(value: Option<M>) -> Result<Option<Bytes>, WireError> {
    value.map(|mut value| framed(0, 0, true, &mut value)).transpose()
}

fn read<M: Message>(value: Option<Bytes>) -> Result<Option<M>, WireError> {
    value.map(|raw| read_value(raw, 0)).transpose()
}

fn partitions(rows: impl Iterator<Item = (crate::protocol::Uuid, Vec<i32>)>) -> Partitions {
    rows.map(|(topic, numbers)| (topic, numbers.into_iter().collect())).collect()
}

fn member_value(member: &ConsumerMember) -> MemberValue {
    let protocol = |(name, metadata): &(String, Bytes)| ClassicProtocol {
        name: name.clone(),
        metadata: metadata.clone(),
    };
    MemberValue {
        instance_id: member.instance_id.clone(),
        rack_id: member.rack_id.clone(),
        client_id: member.client_id.clone(),
        client_host: member.client_host.clone(),
        subscribed_topic_names: member.topics.iter().cloned().collect(),
        subscribed_topic_regex: member.regex.clone(),
        rebalance_timeout_ms: member.rebalance_timeout_ms,
        server_assignor: member.assignor.clone(),
        classic_member_metadata: member.classic.as_ref().map(|classic| ClassicMemberMetadata {
            session_timeout_ms: classic.session_timeout_ms,
            supported_protocols: classic.protocols.iter().map(protocol).collect(),
        }),
    }
}

fn member_of(value: MemberValue) -> ConsumerMember {
    ConsumerMember {
        instance_id: value.instance_id,
        rack_id: value.rack_id,
        client_id: value.client_id,
        client_host: value.client_host,
        topics: value.subscribed_topic_names.into_iter().collect(),
        regex: value.subscribed_topic_regex.filter(|text| !text.is_empty()),
        rebalance_timeout_ms: value.rebalance_timeout_ms,
        assignor: value.server_assignor,
        classic: value.classic_member_metadata.map(|classic| ClassicSide {
            session_timeout_ms: classic.session_timeout_ms,
            protocols: classic.supported_protocols.into_iter().map(|p| (p.name, p.metadata)).collect(),
        }),
        ..ConsumerMember::default()
    }
}

fn target_value(target: &Partitions) -> TargetValue {
    let row = |(topic_id, numbers): (&crate::protocol::Uuid, &std::collections::BTreeSet<i32>)| {
        TopicPartition { topic_id: *topic_id, partitions: numbers.iter().copied().collect() }
    };
    TargetValue { topic_partitions: target.iter().map(row).collect() }
}

fn current_value(member: &ConsumerMember) -> CurrentValue {
    let rows = |partitions: &Partitions| {
        let row = |(topic_id, numbers): (&crate::protocol::Uuid, &std::collections::BTreeSet<i32>)| {
            TopicPartitions {
                topic_id: *topic_id,
                partitions: numbers.iter().copied().collect(),
                assignment_epochs: None,
            }
        };
        partitions.iter().map(row).collect()
    };
    CurrentValue {
        member_epoch: member.epoch,
        previous_member_epoch: member.previous_epoch,
        state: member.state as i8,
        assigned_partitions: rows(&member.assigned),
        partitions_pending_revocation: rows(&member.revoking),
    }
}

fn current_of(value: CurrentValue) -> ConsumerMember {
    let rows = |rows: Vec<TopicPartitions>| partitions(rows.into_iter().map(|r| (r.topic_id, r.partitions)));
    ConsumerMember {
        epoch: value.member_epoch,
        previous_epoch: value.previous_member_epoch,
        state: MemberState::from_code(value.state),
        assigned: rows(value.assigned_partitions),
        revoking: rows(value.partitions_pending_revocation),
        ..ConsumerMember::default()
    }
}
