//! A member joins or reports, and learns its epoch and its partitions.
//! Source: Kafka `GroupMetadataManager.consumerGroupHeartbeat`; KIP-848.

use std::collections::BTreeSet;
use std::time::Duration;

use super::member::{AWAY, ConsumerMember, MemberState};
use super::reconcile::both;
use super::records::ConsumerRecord;
use super::subscriptions::pattern;
use super::{ConsumerGroup, Partitions, assign};
use crate::group::records::GroupRecord;
use crate::group::view::View;
use crate::protocol::ErrorCode;
use crate::seams::Now;

/// What a member says; `None` where it says nothing new.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Beat {
    /// Its id, which it made itself.
    pub member_id: String,
    /// The epoch it knows: 0 to join, −1 to leave, −2 to leave for a while.
    pub epoch: i32,
    /// Its group.instance.id, if it is static.
    pub instance_id: Option<String>,
    /// Its rack.
    pub rack_id: Option<String>,
    /// How long it may take to give partitions up (milliseconds).
    pub rebalance_timeout_ms: Option<i32>,
    /// Topics by name.
    pub topics: Option<Vec<String>>,
    /// Topics by pattern; empty for none any more.
    pub regex: Option<String>,
    /// The assignor it asks for.
    pub assignor: Option<String>,
    /// The partitions it has.
    pub owned: Option<Partitions>,
    /// Its client.id.
    pub client_id: String,
    /// Its host.
    pub client_host: String,
}

/// What a member learns.
#[derive(Debug, Clone, PartialEq)]
pub struct Beaten {
    /// Its id.
    pub member_id: String,
    /// Its epoch.
    pub epoch: i32,
    /// Its partitions, if they changed or it said everything anew.
    pub assignment: Option<Partitions>,
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Kafka's code.
    pub code: ErrorCode,
    /// The reason in words.
    pub message: String,
}

pub(super) fn refuse<T>(code: ErrorCode, message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal { code, message: message.into() })
}

impl ConsumerGroup {
    /// Takes the beat in. What changes is put into `records`.
    pub(in crate::group) fn beat(
        &mut self,
        now: Now,
        name: &str,
        view: &dyn View,
        beat: Beat,
        records: &mut Vec<GroupRecord>,
    ) -> Result<Beaten, Refusal> {
        check_pattern(beat.regex.as_deref())?;
        let id = beat.member_id.clone();
        let replaced = self.admit(&beat)?;
        if let Some(old) = &replaced {
            self.rename(old, &id, name, records);
        }
        let full = beat.epoch == 0
            || (beat.rebalance_timeout_ms.is_some() && beat.topics.is_some() && beat.owned.is_some());
        let owned = beat.owned.clone();
        let replaced = replaced.is_some();
        let changed = self.take(now, name, view, &id, replaced, owned.as_ref(), records, |member| {
            take_in(member, now, beat);
        });
        let member = self.members.get(&id).cloned().unwrap_or_default();
        let assignment = (full || changed).then_some(member.assigned);
        Ok(Beaten { member_id: id, epoch: member.epoch, assignment })
    }

    /// Takes in what a member of either protocol says, and moves the group and the member on. A `replaced` member has
    /// a new id, under which nothing is written down yet. True if the member's partitions changed.
    #[expect(clippy::too_many_arguments, reason = "what beats and joins have in common, and what they say")]
    pub(super) fn take(
        &mut self,
        now: Now,
        name: &str,
        view: &dyn View,
        id: &str,
        replaced: bool,
        owned: Option<&Partitions>,
        records: &mut Vec<GroupRecord>,
        take_in: impl FnOnce(&mut ConsumerMember),
    ) -> bool {
        let known = self.members.get(id).cloned();
        let member = self.members.entry(id.to_owned()).or_default();
        take_in(member);
        // A member may subscribe to nothing at first, as clients do that match patterns themselves.
        let resubscribed = known.as_ref().is_none_or(|known| !known.same_subscription(member));
        let before = known.filter(|_| !replaced);
        if before.as_ref().is_none_or(|before| !before.same_metadata(member)) {
            records.push(record(name, ConsumerRecord::Member(id.to_owned(), Some(Box::new(member.clone())))));
        }
        self.follow_topics(name, view, resubscribed, records);
        self.retarget(name, view, records);
        self.step(now, name, id, owned, before.as_ref(), records)
    }

    /// Whether the member may speak. The id that a returning static member had before, if it has a new one.
    fn admit(&self, beat: &Beat) -> Result<Option<String>, Refusal> {
        let joins = beat.epoch == 0;
        let Some(instance) = &beat.instance_id else {
            return match self.members.get(&beat.member_id) {
                Some(member) => check_epoch(member, beat).map(|()| None),
                None if joins => Ok(None),
                None => unknown(&beat.member_id),
            };
        };
        let known = self.static_member(instance).and_then(|id| self.members.get_key_value(id));
        match known {
            None if joins => Ok(None),
            None => refuse(ErrorCode::UnknownMemberId, format!("instance id {instance} is not in the group")),
            Some((id, member)) if joins && (member.epoch == AWAY || *id == beat.member_id) => {
                let back = member.epoch == AWAY;
                if back { Ok(Some(id.clone())) } else { check_epoch(member, beat).map(|()| None) }
            }
            Some((id, _)) if joins => refuse(
                ErrorCode::UnreleasedInstanceId,
                format!("instance id {instance} is in use by member {id}, which has not left"),
            ),
            Some((id, _)) if *id != beat.member_id => refuse(
                ErrorCode::FencedInstanceId,
                format!("instance id {instance} belongs to member {id}, not to {}", beat.member_id),
            ),
            Some((_, member)) => check_epoch(member, beat).map(|()| None),
        }
    }

    /// A static member is back under another id and gets what it had.
    pub(super) fn rename(&mut self, old: &str, new: &str, name: &str, records: &mut Vec<GroupRecord>) {
        let Some(mut member) = self.members.remove(old) else { return };
        (member.epoch, member.previous_epoch, member.state) = (0, 0, MemberState::Stable);
        let target = self.targets.remove(old).unwrap_or_default();
        if old != new {
            records.extend(gone(name, old));
        }
        records.push(record(name, ConsumerRecord::Target(new.to_owned(), Some(target.clone()))));
        self.targets.insert(new.to_owned(), target);
        self.members.insert(new.to_owned(), member);
    }

    /// A new epoch, if subscriptions or the topics behind them have changed.
    fn follow_topics(
        &mut self,
        name: &str,
        view: &dyn View,
        resubscribed: bool,
        records: &mut Vec<GroupRecord>,
    ) {
        let version = view.version();
        if !resubscribed && self.matched == Some(version) {
            return;
        }
        let hash = self.wishes(view).hash();
        if resubscribed || hash != self.topics_hash {
            self.topics_hash = hash;
            self.next_epoch(name, records);
        }
        self.matched = Some(version);
    }

    pub(super) fn next_epoch(&mut self, name: &str, records: &mut Vec<GroupRecord>) {
        self.epoch += 1;
        let value = ConsumerRecord::Epoch(Some((self.epoch, self.topics_hash)));
        records.push(record(name, value));
    }

    /// A target assignment for the group's epoch, if there is none yet.
    fn retarget(&mut self, name: &str, view: &dyn View, records: &mut Vec<GroupRecord>) {
        if self.epoch <= self.assignment_epoch {
            return;
        }
        let targets = assign::assign(self.assignor(view), &self.wishes(view), &self.targets);
        for (id, target) in &targets {
            if self.targets.get(id) != Some(target) {
                records.push(record(name, ConsumerRecord::Target(id.clone(), Some(target.clone()))));
            }
        }
        self.targets = targets;
        self.assignment_epoch = self.epoch;
        records.push(record(name, ConsumerRecord::TargetEpoch(Some(self.epoch))));
    }

    /// Moves the member on; true if its partitions changed since `before`.
    fn step(
        &mut self,
        now: Now,
        name: &str,
        id: &str,
        owned: Option<&Partitions>,
        before: Option<&ConsumerMember>,
        records: &mut Vec<GroupRecord>,
    ) -> bool {
        if let Some(mut next) = self.reconciled(id, owned) {
            let waits = next.state == MemberState::Unrevoked;
            let timeout = Duration::from_millis(next.rebalance_timeout_ms.max(0) as u64);
            next.revoke_by = waits.then(|| now.mono + timeout);
            self.members.insert(id.to_owned(), next);
        }
        let Some(member) = self.members.get(id) else { return false };
        if before.is_none_or(|before| !before.same_assignment(member)) {
            records
                .push(record(name, ConsumerRecord::Current(id.to_owned(), Some(Box::new(member.clone())))));
        }
        before.is_none_or(|before| before.assigned != member.assigned)
    }
}

pub(super) fn record(name: &str, change: ConsumerRecord) -> GroupRecord {
    GroupRecord::Consumer { group: name.to_owned(), change }
}

/// The records that take back all that was written of a member.
pub(super) fn gone(name: &str, id: &str) -> [GroupRecord; 3] {
    let id = || id.to_owned();
    [
        ConsumerRecord::Current(id(), None),
        ConsumerRecord::Target(id(), None),
        ConsumerRecord::Member(id(), None),
    ]
    .map(|change| record(name, change))
}

fn unknown<T>(id: &str) -> Result<T, Refusal> {
    refuse(ErrorCode::UnknownMemberId, format!("member {id} is not in the group"))
}

fn check_pattern(regex: Option<&str>) -> Result<(), Refusal> {
    match regex.filter(|text| !text.is_empty()).map(pattern) {
        Some(Err(err)) => refuse(
            ErrorCode::InvalidRegularExpression,
            format!("subscribed_topic_regex is not a valid regular expression: {err}"),
        ),
        Some(Ok(_)) | None => Ok(()),
    }
}

/// The epoch must be the member's, or the one before if the answer with the new one may have been lost.
fn check_epoch(member: &ConsumerMember, beat: &Beat) -> Result<(), Refusal> {
    let subset = |owned: &Partitions| both(owned, &member.assigned) == *owned;
    let lost = beat.epoch == member.previous_epoch && beat.owned.as_ref().is_some_and(subset);
    if beat.epoch == member.epoch || (beat.epoch < member.epoch && lost) {
        return Ok(());
    }
    let than = if beat.epoch > member.epoch { "greater" } else { "smaller" };
    refuse(
        ErrorCode::FencedMemberEpoch,
        format!(
            "member epoch {} is {than} than the one the coordinator knows ({}): the member must give up all its \
             partitions and rejoin",
            beat.epoch, member.epoch
        ),
    )
}

fn take_in(member: &mut ConsumerMember, now: Now, beat: Beat) {
    member.seen = now.mono;
    member.client_id = beat.client_id;
    member.client_host = beat.client_host;
    member.classic = None;
    if beat.instance_id.is_some() {
        member.instance_id = beat.instance_id;
    }
    if beat.rack_id.is_some() {
        member.rack_id = beat.rack_id;
    }
    if let Some(timeout) = beat.rebalance_timeout_ms {
        member.rebalance_timeout_ms = timeout;
    }
    if let Some(topics) = beat.topics {
        member.topics = topics.into_iter().collect::<BTreeSet<_>>();
    }
    if let Some(regex) = beat.regex {
        member.regex = Some(regex).filter(|text| !text.is_empty());
    }
    if beat.assignor.is_some() {
        member.assignor = beat.assignor;
    }
}
