//! A consumer group from its records.

use super::{ConsumerGroup, ConsumerRecord};
use crate::seams::Now;

impl ConsumerGroup {
    /// Takes in a record that is read back.
    pub(in crate::group) fn restore(&mut self, change: ConsumerRecord) {
        match change {
            ConsumerRecord::Epoch(value) => (self.epoch, self.topics_hash) = value.unwrap_or_default(),
            ConsumerRecord::TargetEpoch(epoch) => self.assignment_epoch = epoch.unwrap_or_default(),
            ConsumerRecord::Target(id, Some(target)) => {
                self.targets.insert(id, target);
            }
            ConsumerRecord::Target(id, None) => {
                self.targets.remove(&id);
            }
            ConsumerRecord::Member(id, None) => {
                self.members.remove(&id);
            }
            ConsumerRecord::Member(id, Some(mut written)) => {
                let member = self.members.entry(id).or_default();
                (written.epoch, written.previous_epoch) = (member.epoch, member.previous_epoch);
                written.state = member.state;
                written.assigned = std::mem::take(&mut member.assigned);
                written.revoking = std::mem::take(&mut member.revoking);
                *member = *written;
            }
            ConsumerRecord::Current(id, value) => {
                // A member that is gone has this record taken back first.
                let Some(member) = self.members.get_mut(&id) else { return };
                let written = value.map(|value| *value).unwrap_or_default();
                (member.epoch, member.previous_epoch) = (written.epoch, written.previous_epoch);
                (member.state, member.assigned, member.revoking) =
                    (written.state, written.assigned, written.revoking);
            }
        }
    }

    /// Times that are not written down begin anew where the group is loaded.
    pub(in crate::group) fn loaded(&mut self, now: Now) {
        for member in self.members.values_mut() {
            let timeout = std::time::Duration::from_millis(member.rebalance_timeout_ms.max(0) as u64);
            member.seen = now.mono;
            member.revoke_by = (member.state == super::MemberState::Unrevoked).then(|| now.mono + timeout);
        }
    }
}
