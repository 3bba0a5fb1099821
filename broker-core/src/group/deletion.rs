//! Groups and committed offsets go: because somebody asks, or because nobody needs them any more.
//! Source: Kafka `OffsetMetadataManager.deleteOffsets`, `cleanupExpiredOffsets`; KIP-211, KIP-496.

use bytes::Buf;

use super::classic::{Group, GroupState};
use super::events::Effects;
use super::offsets::OffsetKey;
use super::records::GroupRecord;
use crate::protocol::ErrorCode;
use crate::seams::Now;

impl Group {
    /// The records that delete the group `name`, if it has no members.
    pub(super) fn deletion(&self, name: &str) -> Result<Vec<GroupRecord>, ErrorCode> {
        if self.state != GroupState::Empty {
            return Err(ErrorCode::NonEmptyGroup);
        }
        let gone = |key: &OffsetKey| forgotten(name, key);
        let mut records: Vec<GroupRecord> = self.offsets.keys().map(gone).collect();
        records.push(GroupRecord::Group { group: name.to_owned(), value: None });
        Ok(records)
    }

    /// Deletes the offsets of partitions nobody in the group reads; a code for each.
    pub(super) fn delete_offsets(
        &self,
        name: &str,
        keys: Vec<OffsetKey>,
        effects: &mut Effects,
    ) -> Vec<ErrorCode> {
        if self.state != GroupState::Empty && self.protocol_type != "consumer" {
            return vec![ErrorCode::NonEmptyGroup; keys.len()];
        }
        let subscribed = self.subscribed_topics();
        let mut codes = Vec::with_capacity(keys.len());
        for key in keys {
            if subscribed.contains(&key.topic) {
                codes.push(ErrorCode::GroupSubscribedToTopic);
                continue;
            }
            if self.offsets.contains_key(&key) {
                effects.records.push(forgotten(name, &key));
            }
            codes.push(ErrorCode::None);
        }
        codes
    }

    /// Forgets offsets that an empty group has not committed for `retention_ms`, and the group with the last.
    pub(super) fn forget_offsets(&self, now: Now, retention_ms: i64, name: &str, effects: &mut Effects) {
        if self.state != GroupState::Empty || self.offsets.is_empty() {
            return;
        }
        let due = |at_ms: i64| now.wall_ms.saturating_sub(at_ms) > retention_ms;
        if !self.emptied_at_ms.is_none_or(due) {
            return;
        }
        let old = self.offsets.iter().filter(|(_, offset)| due(offset.committed_at_ms));
        let old: Vec<GroupRecord> = old.map(|(key, _)| forgotten(name, key)).collect();
        let all = old.len() == self.offsets.len();
        effects.records.extend(old);
        if all {
            effects.records.push(GroupRecord::Group { group: name.to_owned(), value: None });
        }
    }

    /// Topics that members of a consumer group subscribe to: version i16, then names.
    fn subscribed_topics(&self) -> Vec<String> {
        let mut topics = Vec::new();
        for member in self.members.values() {
            let mut raw = member.metadata(&self.protocol);
            if raw.remaining() < 6 {
                continue;
            }
            let (_version, count) = (raw.get_i16(), raw.get_i32());
            for _ in 0..count.max(0) {
                if raw.remaining() < 2 {
                    break;
                }
                let len = usize::try_from(raw.get_i16()).unwrap_or(usize::MAX);
                if len > raw.remaining() {
                    break;
                }
                topics.push(String::from_utf8_lossy(&raw.split_to(len)).into_owned());
            }
        }
        topics
    }
}

fn forgotten(group: &str, key: &OffsetKey) -> GroupRecord {
    GroupRecord::Offset { group: group.to_owned(), key: key.clone(), value: None }
}
