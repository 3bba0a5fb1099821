//! Members leave a consumer group: by themselves, for a while, or because they are silent or too slow.
//! Source: Kafka `GroupMetadataManager.consumerGroupLeave`, `consumerGroupFenceMember`.

use std::time::Duration;

use super::heartbeat::{Beat, Beaten, Refusal, gone, record, refuse};
use super::member::{AWAY, MemberState};
use super::records::ConsumerRecord;
use super::{ConsumerGroup, Partitions};
use crate::group::records::GroupRecord;
use crate::protocol::ErrorCode;
use crate::seams::Now;

impl ConsumerGroup {
    /// A beat with epoch −1 or −2.
    pub(in crate::group) fn leave(
        &mut self,
        now: Now,
        name: &str,
        beat: &Beat,
        records: &mut Vec<GroupRecord>,
    ) -> Result<Beaten, Refusal> {
        let id = self.leaver(beat)?;
        if beat.epoch == AWAY {
            if let Some(member) = self.members.get_mut(&id) {
                (member.epoch, member.seen) = (AWAY, now.mono);
                (member.revoking, member.revoke_by) = (Partitions::new(), None);
                member.state = MemberState::Stable;
                let value = Some(Box::new(member.clone()));
                records.push(record(name, ConsumerRecord::Current(id.clone(), value)));
            }
        } else {
            self.remove(name, &id, records);
            self.next_epoch(name, records);
        }
        Ok(Beaten { member_id: id, epoch: beat.epoch, assignment: None })
    }

    fn leaver(&self, beat: &Beat) -> Result<String, Refusal> {
        let id = &beat.member_id;
        match &beat.instance_id {
            None if self.members.contains_key(id) => Ok(id.clone()),
            None => refuse(ErrorCode::UnknownMemberId, format!("member {id} is not in the group")),
            Some(instance) => match self.static_member(instance) {
                None => {
                    refuse(ErrorCode::UnknownMemberId, format!("instance id {instance} is not in the group"))
                }
                Some(known) if known != id => refuse(
                    ErrorCode::FencedInstanceId,
                    format!("instance id {instance} belongs to member {known}, not to {id}"),
                ),
                Some(known) => Ok(known.clone()),
            },
        }
    }

    /// Removes a member, without a new epoch.
    pub(in crate::group) fn remove(&mut self, name: &str, id: &str, records: &mut Vec<GroupRecord>) {
        if self.members.remove(id).is_some() {
            self.targets.remove(id);
            records.extend(gone(name, id));
        }
    }

    /// LeaveGroup, by which tools remove static members and members of the classic protocol leave.
    pub(in crate::group) fn leave_classic(
        &mut self,
        name: &str,
        members: &[(String, Option<String>)],
        records: &mut Vec<GroupRecord>,
    ) -> Vec<ErrorCode> {
        let before = self.members.len();
        let codes = members.iter().map(|(id, instance)| {
            let found = match instance {
                Some(instance) => self.static_member(instance).cloned(),
                None => {
                    let classic = |id: &&String| self.members.get(*id).is_some_and(|m| m.classic.is_some());
                    Some(id).filter(classic).cloned()
                }
            };
            match found {
                None => ErrorCode::UnknownMemberId,
                Some(known) if instance.is_some() && !id.is_empty() && known != *id => {
                    ErrorCode::FencedInstanceId
                }
                Some(known) => {
                    self.remove(name, &known, records);
                    ErrorCode::None
                }
            }
        });
        let codes = codes.collect();
        if self.members.len() < before {
            self.next_epoch(name, records);
        }
        codes
    }

    /// Fences members that were silent for their session or did not give partitions up in time.
    pub(in crate::group) fn expire(
        &mut self,
        now: Now,
        name: &str,
        session: Duration,
        records: &mut Vec<GroupRecord>,
    ) {
        let late = self.members.iter().filter(|(_, member)| {
            let session = member
                .classic
                .as_ref()
                .map_or(session, |classic| Duration::from_millis(classic.session_timeout_ms.max(0) as u64));
            now.mono.saturating_sub(member.seen) > session
                || member.revoke_by.is_some_and(|until| now.mono > until)
        });
        let late: Vec<String> = late.map(|(id, _)| id.clone()).collect();
        if late.is_empty() {
            return;
        }
        for id in late {
            self.remove(name, &id, records);
        }
        self.next_epoch(name, records);
    }

    /// The machine slept: nobody could have been heard meanwhile.
    pub(in crate::group) fn extend(&mut self, gap: Duration) {
        for member in self.members.values_mut() {
            member.seen += gap;
            member.revoke_by = member.revoke_by.map(|until| until + gap);
        }
    }

    /// Everything that is to be written of the group.
    pub(in crate::group) fn all_records(&self, name: &str) -> Vec<GroupRecord> {
        let mut all = Vec::new();
        for (id, member) in &self.members {
            all.push(ConsumerRecord::Member(id.clone(), Some(Box::new(member.clone()))));
        }
        all.push(ConsumerRecord::Epoch(Some((self.epoch, self.topics_hash))));
        for (id, target) in &self.targets {
            all.push(ConsumerRecord::Target(id.clone(), Some(target.clone())));
        }
        all.push(ConsumerRecord::TargetEpoch(Some(self.assignment_epoch)));
        for (id, member) in &self.members {
            all.push(ConsumerRecord::Current(id.clone(), Some(Box::new(member.clone()))));
        }
        all.into_iter().map(|change| record(name, change)).collect()
    }

    /// The records that take back all that was written of the group.
    pub(in crate::group) fn tombstones(&self, name: &str) -> Vec<GroupRecord> {
        let members = self.members.keys().flat_map(|id| gone(name, id));
        let targets = self.targets.keys().map(|id| ConsumerRecord::Target(id.clone(), None));
        let all = targets.chain([ConsumerRecord::TargetEpoch(None), ConsumerRecord::Epoch(None)]);
        members.chain(all.map(|change| record(name, change))).collect()
    }
}
