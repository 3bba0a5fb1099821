//! The groups of one partition of `__consumer_offsets`.

use std::collections::BTreeMap;
use std::time::Duration;

use super::classic::{Group, GroupState};
use super::consumer::classic::CONSUMER;
use super::consumer::{ConsumerRecord, Refusal};
use super::events::{Answer, Described, DescribedConsumer, Effects, Event, Listed, Token};
use super::offsets::{CommittedOffset, OffsetKey};
use super::records::GroupRecord;
use super::view::View;
use crate::config::BrokerConfig;
use crate::protocol::ErrorCode;
use crate::seams::Now;

/// The broker configs groups act on.
#[derive(Debug, Clone)]
pub struct GroupConfig {
    /// `group.initial.rebalance.delay.ms`.
    pub initial_delay: Duration,
    /// `group.min.session.timeout.ms`.
    pub session_min_ms: i64,
    /// `group.max.session.timeout.ms`.
    pub session_max_ms: i64,
    /// `group.max.size`.
    pub members_max: usize,
    /// `group.consumer.max.size`.
    pub consumers_max: usize,
    /// `group.consumer.migration.policy`: whether groups in use may go over to the consumer protocol.
    pub upgrades: bool,
    /// The same, and back to the classic one.
    pub downgrades: bool,
    /// `offset.metadata.max.bytes`.
    pub metadata_max: usize,
    /// `offsets.retention.minutes`, in milliseconds.
    pub offsets_retention_ms: i64,
}

impl GroupConfig {
    /// The values in force.
    pub fn of(config: &BrokerConfig) -> Self {
        let policy = config.get("group.consumer.migration.policy").map_or("", |(value, _)| value);
        let allows =
            |direction| ["bidirectional", direction].iter().any(|one| policy.eq_ignore_ascii_case(one));
        Self {
            initial_delay: Duration::from_millis(
                config.number("group.initial.rebalance.delay.ms").max(0) as u64
            ),
            session_min_ms: config.number("group.min.session.timeout.ms"),
            session_max_ms: config.number("group.max.session.timeout.ms"),
            members_max: config.number("group.max.size").max(1) as usize,
            consumers_max: config.number("group.consumer.max.size").max(1) as usize,
            upgrades: allows("upgrade"),
            downgrades: allows("downgrade"),
            metadata_max: config.number("offset.metadata.max.bytes").max(0) as usize,
            offsets_retention_ms: config.number("offsets.retention.minutes").saturating_mul(60_000),
        }
    }
}

/// The groups of one partition.
#[derive(Debug, Clone)]
pub struct Shard {
    config: GroupConfig,
    groups: BTreeMap<String, Group>,
    last_tick: Option<Duration>,
}

/// A pause between ticks that means the machine slept: sessions are extended by it.
const SLEEP_GAP: Duration = Duration::from_secs(2);

impl Shard {
    /// A shard without groups.
    pub fn new(config: GroupConfig) -> Self {
        Self { config, groups: BTreeMap::new(), last_tick: None }
    }

    /// Takes a committed record in, live or replayed.
    pub fn apply(&mut self, now: Now, record: GroupRecord, replay: bool) {
        match record {
            GroupRecord::Offset { group, key, value: Some(value) } => {
                self.groups.entry(group).or_default().offsets.insert(key, value);
            }
            GroupRecord::Offset { group, key, value: None } => {
                if let Some(group) = self.groups.get_mut(&group) {
                    group.offsets.remove(&key);
                }
            }
            GroupRecord::Group { group, value: None } => self.drop_classic(&group, replay),
            // Live, the members are there already, with the places where they wait.
            GroupRecord::Group { group, value: Some(value) } if replay => {
                self.groups.entry(group).or_default().restore(now, value);
            }
            GroupRecord::Group { .. } => {}
            GroupRecord::Consumer { group, change: ConsumerRecord::Epoch(None) } => {
                self.drop_consumer(&group, replay);
            }
            GroupRecord::Consumer { group, change } if replay => {
                let consumer = &mut self.groups.entry(group).or_default().consumer;
                consumer.get_or_insert_default().restore(change);
            }
            GroupRecord::Consumer { .. } => {}
        }
    }

    /// A classic group was deleted, or has become a consumer group. Live, the group has changed already.
    fn drop_classic(&mut self, name: &str, replay: bool) {
        let Some(group) = self.groups.get_mut(name) else { return };
        let offsets = !group.offsets.is_empty() || !group.pending.is_empty();
        if group.consumer.is_none() && !offsets {
            self.groups.remove(name);
        } else if replay {
            let kept = (std::mem::take(&mut group.offsets), std::mem::take(&mut group.pending));
            *group = Group {
                offsets: kept.0,
                pending: kept.1,
                consumer: group.consumer.take(),
                ..Group::default()
            };
        }
    }

    /// A consumer group was deleted, or has become a classic group. Live, the group has changed already.
    fn drop_consumer(&mut self, name: &str, replay: bool) {
        let Some(group) = self.groups.get_mut(name) else { return };
        if replay {
            group.consumer = None;
        }
        let idle = group
            .consumer
            .as_ref()
            .map_or(replay && group.state == GroupState::Empty, |consumer| consumer.members.is_empty());
        if idle && group.offsets.is_empty() && group.pending.is_empty() {
            self.groups.remove(name);
        }
    }

    /// The last record is read back.
    pub fn loaded(&mut self, now: Now) {
        self.groups
            .values_mut()
            .filter_map(|group| group.consumer.as_mut())
            .for_each(|group| group.loaded(now));
    }

    /// Takes in an offset that counts only if the transaction of `producer_id` commits.
    pub fn apply_pending(&mut self, producer_id: i64, record: GroupRecord) {
        if let GroupRecord::Offset { group, key, value: Some(value) } = record {
            let pending = &mut self.groups.entry(group).or_default().pending;
            pending.entry(producer_id).or_default().insert(key, value);
        }
    }

    /// The transaction of `producer_id` has ended: its offsets count, or are forgotten.
    pub fn end_transaction(&mut self, producer_id: i64, committed: bool) {
        for group in self.groups.values_mut() {
            if let Some(offsets) = group.pending.remove(&producer_id).filter(|_| committed) {
                group.offsets.extend(offsets);
            }
        }
    }

    /// Whether an open transaction may still change this offset.
    pub fn is_unstable(&self, name: &str, key: &OffsetKey) -> bool {
        self.groups
            .get(name)
            .is_some_and(|group| group.pending.values().any(|offsets| offsets.contains_key(key)))
    }

    /// Something is asked of `name`; the answer goes to `token`.
    pub fn handle(&mut self, now: Now, view: &dyn View, name: &str, token: Token, event: Event) -> Effects {
        let mut effects = Effects::default();
        let creates = match &event {
            Event::Beat(beat) => beat.epoch == 0,
            Event::Join(request) => request.member_id.is_empty(),
            Event::Commit { generation, .. } => *generation < 0,
            Event::Sync { .. }
            | Event::Heartbeat { .. }
            | Event::Leave(_)
            | Event::Delete
            | Event::DeleteOffsets(_) => false,
        };
        if !creates && !self.groups.contains_key(name) {
            effects.answer(token, refusal_of_unknown(event));
            return effects;
        }
        let group = self.groups.entry(name.to_owned()).or_default();
        let was_empty = group.is_empty();
        group.convert(name, &event, &mut effects.records);
        if self.config.upgrades && matches!(&event, Event::Beat(beat) if beat.epoch == 0) {
            group.upgrade(now, name, view, self.config.consumers_max, &mut effects);
        }
        match group.consume(now, view, name, token, event, &self.config, &mut effects) {
            Some(event) => group.serve(now, name, token, event, &self.config, &mut effects),
            None if group.is_unborn() => {
                self.groups.remove(name);
                return effects;
            }
            None if self.config.downgrades => group.downgrade(now, name, view, &mut effects),
            None => {}
        }
        note_emptied(name, group, was_empty, now, &mut effects);
        effects
    }

    /// Whether time decides about one of them soon.
    pub fn has_deadlines(&self) -> bool {
        self.groups.values().any(|group| group.deadline.is_some() || !group.is_empty())
    }

    /// Time passes: silent members go, phases end.
    pub fn tick(&mut self, now: Now, view: &dyn View) -> Effects {
        let gap = self.last_tick.map_or(Duration::ZERO, |last| now.mono.saturating_sub(last));
        self.last_tick = Some(now.mono);
        let mut effects = Effects::default();
        for (name, group) in &mut self.groups {
            if gap > SLEEP_GAP {
                group.deadline = group.deadline.map(|deadline| deadline + gap);
                for member in group.members.values_mut() {
                    member.seen += gap;
                }
            }
            let was_empty = group.is_empty();
            if let Some(consumer) = &mut group.consumer {
                consumer.extend(if gap > SLEEP_GAP { gap } else { Duration::ZERO });
                let session = view.group_number(name, "consumer.session.timeout.ms");
                let session = Duration::from_millis(session.max(0) as u64);
                consumer.expire(now, name, session, &mut effects.records);
                if self.config.downgrades {
                    group.downgrade(now, name, view, &mut effects);
                }
            } else if group.expire(now, &mut effects) {
                group.after_removal(now, &mut effects);
            } else {
                group.complete_if_all_joined_after_promises(now, &mut effects);
            }
            if group.deadline.is_some_and(|deadline| deadline <= now.mono) {
                match group.state {
                    GroupState::PreparingRebalance => group.complete_join(now, &mut effects),
                    GroupState::CompletingRebalance => group.sync_timed_out(now, &mut effects),
                    GroupState::Empty | GroupState::Stable => group.deadline = None,
                }
            }
            note_emptied(name, group, was_empty, now, &mut effects);
            group.forget_offsets(now, self.config.offsets_retention_ms, name, &mut effects);
        }
        effects
    }

    /// The committed offsets of a group.
    pub fn offsets(&self, name: &str) -> Option<&BTreeMap<OffsetKey, CommittedOffset>> {
        self.groups.get(name).map(|group| &group.offsets)
    }

    /// Whether there is a group of this name.
    pub fn has(&self, name: &str) -> bool {
        self.groups.contains_key(name)
    }

    /// The longest text that may be attached to an offset.
    pub fn metadata_max(&self) -> usize {
        self.config.metadata_max
    }

    /// Every group.
    pub fn list(&self) -> Vec<Listed> {
        let listed = self.groups.iter().map(|(name, group)| Listed {
            group: name.clone(),
            protocol_type: match group.consumer {
                Some(_) => CONSUMER.to_owned(),
                None => group.protocol_type.clone(),
            },
            state: group.consumer.as_ref().map_or(group.state.name(), |consumer| consumer.state()),
            kind: if group.consumer.is_some() { "consumer" } else { "classic" },
        });
        listed.collect()
    }

    /// A classic group in full; `None` if there is none of this name.
    pub fn describe(&self, name: &str) -> Option<Described> {
        self.groups.get(name).filter(|group| group.consumer.is_none()).map(Group::describe)
    }

    /// A consumer group in full; `None` if there is none of this name.
    pub fn describe_consumer(&self, name: &str, view: &dyn View) -> Option<DescribedConsumer> {
        Some(self.groups.get(name)?.consumer.as_ref()?.describe(view))
    }

    /// Whether the member may read offsets; asked by members of consumer groups only.
    pub fn check_fetch(&self, name: &str, member: &str, epoch: i32) -> Result<(), ErrorCode> {
        match self.groups.get(name).and_then(|group| group.consumer.as_ref()) {
            Some(consumer) => consumer.check_epoch_of(member, epoch),
            None => Ok(()),
        }
    }
}

impl Group {
    /// A rebalance may have waited only for somebody who was promised a place and never came.
    fn complete_if_all_joined_after_promises(&mut self, now: Now, effects: &mut Effects) {
        let initial = self.members.values().all(|member| member.joining.is_some());
        let waits_for_delay = self.generation == 0 || self.protocol.is_empty();
        if initial && !waits_for_delay && !self.members.is_empty() {
            self.complete_if_all_joined(now, effects);
        }
    }
}

/// A group whose last member is gone writes that down, so that a restart does not bring the member back.
fn note_emptied(name: &str, group: &mut Group, was_empty: bool, now: Now, effects: &mut Effects) {
    if was_empty || !group.is_empty() {
        return;
    }
    group.emptied_at_ms = Some(now.wall_ms);
    if group.consumer.is_none() {
        effects.records.push(GroupRecord::of_group(name, group, now.wall_ms));
    }
}

fn refusal_of_unknown(event: Event) -> Answer {
    match event {
        Event::Beat(_) => {
            let message = "the consumer group does not exist".to_owned();
            Answer::Beaten(Err(Refusal { code: ErrorCode::GroupIdNotFound, message }))
        }
        Event::Join(request) => Answer::JoinRefused(ErrorCode::UnknownMemberId, request.member_id),
        Event::Sync { .. } | Event::Heartbeat { .. } => Answer::Code(ErrorCode::UnknownMemberId),
        Event::Leave(members) => Answer::Codes(vec![ErrorCode::UnknownMemberId; members.len()]),
        Event::Commit { knows_epochs: true, .. } => Answer::Code(ErrorCode::GroupIdNotFound),
        Event::Commit { .. } => Answer::Code(ErrorCode::IllegalGeneration),
        Event::Delete => Answer::Code(ErrorCode::GroupIdNotFound),
        Event::DeleteOffsets(keys) => Answer::Codes(vec![ErrorCode::GroupIdNotFound; keys.len()]),
    }
}
