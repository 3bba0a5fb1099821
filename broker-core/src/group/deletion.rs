//! Groups and committed offsets go: because somebody asks, or because nobody needs them any more.
//! Source: Kafka `OffsetMetadataManager.deleteOffsets`, `cleanupExpiredOffsets`; KIP-211, KIP-496.

use super::classic::Group;
use super::embedded::Subscription;
use super::events::Effects;
use super::offsets::OffsetKey;
use super::records::GroupRecord;
use crate::protocol::ErrorCode;
use crate::seams::Now;

impl Group {
    /// The records that delete the group `name`, if it has no members.
    pub(super) fn deletion(&self, name: &str) -> Result<Vec<GroupRecord>, ErrorCode> {
        if !self.is_empty() {
            return Err(ErrorCode::NonEmptyGroup);
        }
        let gone = |key: &OffsetKey| forgotten(name, key);
        let mut records: Vec<GroupRecord> = self.offsets.keys().map(gone).collect();
        records.extend(self.tombstones(name));
        Ok(records)
    }

    /// The records that take back what was written of a group without members.
    pub(super) fn tombstones(&self, name: &str) -> Vec<GroupRecord> {
        match &self.consumer {
            Some(consumer) => consumer.tombstones(name),
            None => vec![GroupRecord::Group { group: name.to_owned(), value: None }],
        }
    }

    /// Deletes the offsets of partitions nobody in the group reads; a code for each.
    pub(super) fn delete_offsets(
        &self,
        name: &str,
        keys: Vec<OffsetKey>,
        effects: &mut Effects,
    ) -> Vec<ErrorCode> {
        if !self.is_empty() && self.consumer.is_none() && self.protocol_type != "consumer" {
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
        if !self.is_empty() || self.offsets.is_empty() {
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
            effects.records.extend(self.tombstones(name));
        }
    }

    /// Topics that members subscribe to.
    fn subscribed_topics(&self) -> Vec<String> {
        let mut topics: Vec<String> = self.consumer.iter().flat_map(|consumer| consumer.topics()).collect();
        for member in self.members.values() {
            let subscription = Subscription::read(member.metadata(&self.protocol));
            topics.extend(subscription.into_iter().flat_map(|subscription| subscription.topics));
        }
        topics
    }
}

fn forgotten(group: &str, key: &OffsetKey) -> GroupRecord {
    GroupRecord::Offset { group: group.to_owned(), key: key.clone(), value: None }
}
