//! A classic group: members meet, one of them assigns, all learn their part.
//!
//! Empty → PreparingRebalance (members join) → CompletingRebalance (the leader assigns) → Stable, and back to
//! PreparingRebalance whenever membership changes.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;

use super::consumer::ConsumerGroup;
use super::events::{Answer, Described, DescribedMember, Effects, Joined, Token};
use super::offsets::{CommittedOffset, OffsetKey};
use crate::protocol::ErrorCode;
use crate::protocol::records::group::GroupMetadataValue;
use crate::seams::Now;

/// Where a group stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GroupState {
    /// No members; it may have offsets.
    #[default]
    Empty,
    /// Members are joining.
    PreparingRebalance,
    /// The leader is assigning.
    CompletingRebalance,
    /// Everybody knows its part.
    Stable,
}

impl GroupState {
    /// Kafka's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Empty => "Empty",
            Self::PreparingRebalance => "PreparingRebalance",
            Self::CompletingRebalance => "CompletingRebalance",
            Self::Stable => "Stable",
        }
    }
}

/// A member of a group.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Member {
    pub(super) instance_id: Option<String>,
    pub(super) client_id: String,
    pub(super) client_host: String,
    pub(super) session_timeout_ms: i32,
    pub(super) rebalance_timeout_ms: i32,
    pub(super) protocols: Vec<(String, Bytes)>,
    pub(super) assignment: Bytes,
    /// When it last showed a sign of life.
    pub(super) seen: Duration,
    pub(super) joining: Option<Token>,
    pub(super) syncing: Option<Token>,
}

impl Member {
    pub(super) fn metadata(&self, protocol: &str) -> Bytes {
        let found = self.protocols.iter().find(|(name, _)| name == protocol);
        found.map(|(_, metadata)| metadata.clone()).unwrap_or_default()
    }

    fn session(&self) -> Duration {
        Duration::from_millis(self.session_timeout_ms.max(0) as u64)
    }

    fn is_silent(&self, now: Now) -> bool {
        // A member that waits for an answer cannot send heartbeats.
        self.joining.is_none()
            && self.syncing.is_none()
            && now.mono.saturating_sub(self.seen) > self.session()
    }
}

/// A group.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Group {
    pub(super) state: GroupState,
    pub(super) generation: i32,
    pub(super) protocol_type: String,
    pub(super) protocol: String,
    pub(super) leader: String,
    pub(super) members: BTreeMap<String, Member>,
    /// Member ids given out under KIP-394 and not yet used, and until when.
    pub(super) promised: BTreeMap<String, Duration>,
    pub(super) offsets: BTreeMap<OffsetKey, CommittedOffset>,
    /// Offsets of open transactions, by producer id.
    pub(super) pending: BTreeMap<i64, BTreeMap<OffsetKey, CommittedOffset>>,
    /// When its last member left (milliseconds since the epoch), as far as that is known.
    pub(super) emptied_at_ms: Option<i64>,
    /// What there is beside offsets if this is a consumer group; the classic fields are empty then.
    pub(super) consumer: Option<Box<ConsumerGroup>>,
    /// When the present phase ends by itself.
    pub(super) deadline: Option<Duration>,
}

impl Group {
    /// Takes over what a completed generation wrote down. Members known already keep what is not written.
    pub(super) fn restore(&mut self, now: Now, value: GroupMetadataValue) {
        self.consumer = None;
        self.generation = value.generation;
        self.protocol_type = value.protocol_type;
        self.protocol = value.protocol.unwrap_or_default();
        self.leader = value.leader.unwrap_or_default();
        self.members = value
            .members
            .into_iter()
            .map(|written| {
                let member = Member {
                    instance_id: written.group_instance_id,
                    client_id: written.client_id,
                    client_host: written.client_host,
                    session_timeout_ms: written.session_timeout,
                    rebalance_timeout_ms: written.rebalance_timeout,
                    protocols: vec![(self.protocol.clone(), written.subscription)],
                    assignment: written.assignment,
                    seen: now.mono,
                    joining: None,
                    syncing: None,
                };
                (written.member_id, member)
            })
            .collect();
        self.state = if self.members.is_empty() { GroupState::Empty } else { GroupState::Stable };
        self.emptied_at_ms = Some(value.current_state_timestamp).filter(|&at_ms| at_ms >= 0);
        self.deadline = None;
    }

    /// Whether nobody is in the group, of either protocol.
    pub(super) fn is_empty(&self) -> bool {
        self.consumer.as_ref().map_or(self.state == GroupState::Empty, |consumer| consumer.members.is_empty())
    }

    pub(super) fn static_member(&self, instance: &str) -> Option<String> {
        let found = self.members.iter().find(|(_, member)| member.instance_id.as_deref() == Some(instance));
        found.map(|(id, _)| id.clone())
    }

    /// Whether the member may speak, and if not, why.
    pub(super) fn check_member(&self, id: &str, instance: Option<&str>) -> Result<(), ErrorCode> {
        if let Some(instance) = instance {
            return match self.static_member(instance) {
                None => Err(ErrorCode::UnknownMemberId),
                Some(known) if known == id => Ok(()),
                Some(_) => Err(ErrorCode::FencedInstanceId),
            };
        }
        if self.members.contains_key(id) { Ok(()) } else { Err(ErrorCode::UnknownMemberId) }
    }

    /// Begins a rebalance: those that wait for an assignment are sent back to join.
    pub(super) fn prepare(&mut self, now: Now, initial_delay: Duration, effects: &mut Effects) {
        for member in self.members.values_mut() {
            member.assignment = Bytes::new();
            if let Some(token) = member.syncing.take() {
                effects.answer(token, Answer::Code(ErrorCode::RebalanceInProgress));
            }
        }
        let fresh = self.state == GroupState::Empty;
        self.state = GroupState::PreparingRebalance;
        let longest = self.members.values().map(|member| member.rebalance_timeout_ms.max(0)).max();
        let wait = Duration::from_millis(longest.unwrap_or(0) as u64);
        self.deadline = Some(now.mono + if fresh && !initial_delay.is_zero() { initial_delay } else { wait });
        if !fresh || initial_delay.is_zero() {
            self.complete_if_all_joined(now, effects);
        }
    }

    pub(super) fn complete_if_all_joined(&mut self, now: Now, effects: &mut Effects) {
        let joined = self.members.values().all(|member| member.joining.is_some());
        if self.state == GroupState::PreparingRebalance && joined && self.promised.is_empty() {
            self.complete_join(now, effects);
        }
    }

    /// Everybody who should has joined, or time is up: the next generation begins.
    pub(super) fn complete_join(&mut self, now: Now, effects: &mut Effects) {
        // Static members may be away for a while without losing their place.
        self.members.retain(|_, member| member.joining.is_some() || member.instance_id.is_some());
        self.generation += 1;
        self.deadline = None;
        if self.members.is_empty() {
            self.state = GroupState::Empty;
            self.protocol = String::new();
            self.leader = String::new();
            return;
        }
        self.protocol = self.choose_protocol();
        let leads = self.members.get(&self.leader).is_some_and(|member| member.joining.is_some());
        if !leads {
            let next =
                self.members.iter().find(|(_, member)| member.joining.is_some()).map(|(id, _)| id.clone());
            self.leader = next.or_else(|| self.members.keys().next().cloned()).unwrap_or_default();
        }
        self.state = GroupState::CompletingRebalance;
        let longest = self.members.values().map(|member| member.rebalance_timeout_ms.max(0)).max();
        self.deadline = Some(now.mono + Duration::from_millis(longest.unwrap_or(0) as u64));
        let ids: Vec<String> = self.members.keys().cloned().collect();
        for id in ids {
            let joined = self.joined(&id, false);
            if let Some(member) = self.members.get_mut(&id) {
                member.seen = now.mono;
                if let Some(token) = member.joining.take() {
                    effects.answer(token, Answer::Joined(joined));
                }
            }
        }
    }

    /// The protocol that most members prefer among those that all of them speak.
    pub(super) fn choose_protocol(&self) -> String {
        let common =
            |name: &str| self.members.values().all(|m| m.protocols.iter().any(|(other, _)| other == name));
        let mut votes: BTreeMap<&str, usize> = BTreeMap::new();
        for member in self.members.values() {
            if let Some((name, _)) = member.protocols.iter().find(|(name, _)| common(name)) {
                *votes.entry(name).or_default() += 1;
            }
        }
        let best = votes.into_iter().max_by_key(|&(_, count)| count);
        best.map(|(name, _)| name.to_owned()).unwrap_or_default()
    }

    /// A member's place in the present generation.
    pub(super) fn joined(&self, id: &str, skip_assignment: bool) -> Joined {
        let leads = self.leader == id;
        let all = self
            .members
            .iter()
            .map(|(id, member)| (id.clone(), member.instance_id.clone(), member.metadata(&self.protocol)));
        Joined {
            generation: self.generation,
            protocol_type: self.protocol_type.clone(),
            protocol: self.protocol.clone(),
            leader: self.leader.clone(),
            member_id: id.to_owned(),
            skip_assignment,
            members: if leads { all.collect() } else { Vec::new() },
        }
    }

    /// Removes a member; whoever waits for its answers is told so.
    pub(super) fn remove(&mut self, id: &str, effects: &mut Effects) {
        self.promised.remove(id);
        let Some(member) = self.members.remove(id) else { return };
        if let Some(token) = member.joining {
            effects.answer(token, Answer::JoinRefused(ErrorCode::UnknownMemberId, String::new()));
        }
        if let Some(token) = member.syncing {
            effects.answer(token, Answer::Code(ErrorCode::UnknownMemberId));
        }
    }

    /// What follows when members are gone: the rest rebalances.
    pub(super) fn after_removal(&mut self, now: Now, effects: &mut Effects) {
        match self.state {
            GroupState::Empty => {}
            GroupState::PreparingRebalance => self.complete_if_all_joined(now, effects),
            GroupState::CompletingRebalance | GroupState::Stable => {
                self.prepare(now, Duration::ZERO, effects)
            }
        }
    }

    /// Members that have been silent for their session, and promises nobody came back for.
    pub(super) fn expire(&mut self, now: Now, effects: &mut Effects) -> bool {
        self.promised.retain(|_, until| *until > now.mono);
        let silent = self.members.iter().filter(|(_, member)| member.is_silent(now));
        let silent: Vec<String> = silent.map(|(id, _)| id.clone()).collect();
        for id in &silent {
            self.remove(id, effects);
        }
        !silent.is_empty()
    }

    /// The group in full.
    pub(super) fn describe(&self) -> Described {
        let settled = matches!(self.state, GroupState::Stable | GroupState::CompletingRebalance);
        let members = self.members.iter().map(|(id, member)| DescribedMember {
            member_id: id.clone(),
            instance_id: member.instance_id.clone(),
            client_id: member.client_id.clone(),
            client_host: member.client_host.clone(),
            metadata: if settled { member.metadata(&self.protocol) } else { Bytes::new() },
            assignment: if settled { member.assignment.clone() } else { Bytes::new() },
        });
        Described {
            state: self.state.name(),
            protocol_type: self.protocol_type.clone(),
            protocol: if settled { self.protocol.clone() } else { String::new() },
            members: members.collect(),
        }
    }
}
