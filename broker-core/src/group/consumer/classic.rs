//! Members that speak the classic protocol to a consumer group: the coordinator assigns for them too, and they fetch
//! their part by joining again. Source: Kafka `GroupMetadataManager.classicGroupJoinToConsumerGroup` and its like.

use std::time::Duration;

use bytes::Bytes;

use super::member::{ClassicSide, ConsumerMember, MemberState};
use super::{ConsumerGroup, Partitions};
use crate::group::embedded::{Named, Subscription};
use crate::group::events::{JoinRequest, Joined};
use crate::group::records::GroupRecord;
use crate::group::view::View;
use crate::protocol::ErrorCode;
use crate::seams::Now;

/// The protocol type of consumers.
pub(in crate::group) const CONSUMER: &str = "consumer";

impl ConsumerGroup {
    /// JoinGroup. Errors with the id that the member is to come back with, where that is the reason.
    pub(in crate::group) fn join_classic(
        &mut self,
        now: Now,
        name: &str,
        view: &dyn View,
        request: JoinRequest,
        records: &mut Vec<GroupRecord>,
    ) -> Result<Joined, (ErrorCode, String)> {
        let refuse = |code| Err((code, request.member_id.clone()));
        let first = request.protocols.first().filter(|_| self.speaks(&request));
        let Some((protocol, metadata)) = first.cloned() else {
            return refuse(ErrorCode::InconsistentGroupProtocol);
        };
        let Some(subscription) = Subscription::read(metadata) else {
            return refuse(ErrorCode::InconsistentGroupProtocol);
        };
        let (new, id) = match request.member_id.is_empty() {
            true => (true, request.fresh_id.clone()),
            false => (false, request.member_id.clone()),
        };
        if new && request.instance_id.is_none() && request.needs_known_id {
            return Err((ErrorCode::MemberIdRequired, id));
        }
        let mut replaced = false;
        if let Some(instance) = &request.instance_id {
            match self.static_member(instance).cloned() {
                Some(old) if new => {
                    self.rename(&old, &id, name, records);
                    replaced = true;
                }
                Some(known) if known != id => return refuse(ErrorCode::FencedInstanceId),
                None if !new => return refuse(ErrorCode::UnknownMemberId),
                Some(_) | None => {}
            }
        }
        let owned = by_id(view, &subscription.owned);
        self.take(now, name, view, &id, replaced, Some(&owned), records, |member| {
            take_in(member, now, request, subscription);
        });
        if let Some(member) = self.members.get_mut(&id) {
            member.revoke_by = None;
        }
        let generation = self.members.get(&id).map_or(0, |member| member.epoch);
        Ok(Joined {
            generation,
            protocol_type: CONSUMER.into(),
            protocol,
            member_id: id,
            ..Joined::default()
        })
    }

    /// Whether the request speaks a protocol that every other classic member speaks.
    fn speaks(&self, request: &JoinRequest) -> bool {
        let others = self.members.iter().filter(|(id, _)| **id != request.member_id);
        let mut classic = others.filter_map(|(_, member)| member.classic.as_ref());
        let shared = |side: &ClassicSide| {
            request.protocols.iter().any(|(name, _)| side.protocols.iter().any(|(other, _)| other == name))
        };
        request.protocol_type == CONSUMER && classic.all(shared)
    }

    /// SyncGroup: the member's protocol and its assignment.
    pub(in crate::group) fn sync_classic(
        &mut self,
        now: Now,
        view: &dyn View,
        (member_id, instance_id): (&str, Option<&str>),
        generation: i32,
        protocol: (Option<String>, Option<String>),
    ) -> Result<(String, Bytes), ErrorCode> {
        let group_epoch = self.epoch;
        let member = self.classic_member(member_id, instance_id, generation)?;
        let side = member.classic.clone().ok_or(ErrorCode::UnknownMemberId)?;
        let spoken = side.protocol();
        let differs = |said: Option<String>, known: &str| said.is_some_and(|said| said != known);
        if differs(protocol.0, CONSUMER) || differs(protocol.1, &spoken) {
            return Err(ErrorCode::InconsistentGroupProtocol);
        }
        // Who has to give something up has joined already and does that first.
        if group_epoch > member.epoch && member.state != MemberState::Unrevoked {
            must_rejoin(member, now);
            return Err(ErrorCode::RebalanceInProgress);
        }
        member.seen = now.mono;
        Ok((spoken, side.assignment(view, &member.assigned)))
    }

    /// Heartbeat: whether the member must join again for its next step.
    pub(in crate::group) fn heartbeat_classic(
        &mut self,
        now: Now,
        member_id: &str,
        instance_id: Option<&str>,
        generation: i32,
    ) -> ErrorCode {
        let free = self.gets_more(member_id);
        let group_epoch = self.epoch;
        match self.classic_member(member_id, instance_id, generation) {
            Err(code) => code,
            Ok(member) => {
                member.seen = now.mono;
                let waits = match member.state {
                    MemberState::Unrevoked => true,
                    MemberState::Unreleased => free,
                    MemberState::Stable => false,
                };
                if !waits && member.epoch >= group_epoch {
                    return ErrorCode::None;
                }
                must_rejoin(member, now);
                ErrorCode::RebalanceInProgress
            }
        }
    }

    /// Whether something that the member waits for has been given up meanwhile.
    fn gets_more(&self, id: &str) -> bool {
        let waiting = self.members.get(id).filter(|member| member.state == MemberState::Unreleased);
        waiting.is_some_and(|member| {
            self.reconciled(id, None).is_some_and(|next| next.assigned != member.assigned)
        })
    }

    fn classic_member(
        &mut self,
        id: &str,
        instance: Option<&str>,
        generation: i32,
    ) -> Result<&mut ConsumerMember, ErrorCode> {
        if let Some(instance) = instance {
            let known = self.static_member(instance).ok_or(ErrorCode::UnknownMemberId)?;
            if known != id {
                return Err(ErrorCode::FencedInstanceId);
            }
        }
        let member = self.members.get_mut(id).filter(|member| member.classic.is_some());
        let member = member.ok_or(ErrorCode::UnknownMemberId)?;
        if member.epoch == generation { Ok(member) } else { Err(ErrorCode::IllegalGeneration) }
    }

    /// Whether only members of the classic protocol are left.
    pub(in crate::group) fn is_all_classic(&self) -> bool {
        !self.members.is_empty() && self.members.values().all(|member| member.classic.is_some())
    }
}

/// The member has its rebalance timeout to join again.
fn must_rejoin(member: &mut ConsumerMember, now: Now) {
    let timeout = Duration::from_millis(member.rebalance_timeout_ms.max(0) as u64);
    member.revoke_by.get_or_insert(now.mono + timeout);
}

fn take_in(member: &mut ConsumerMember, now: Now, request: JoinRequest, subscription: Subscription) {
    member.seen = now.mono;
    member.client_id = request.client_id;
    member.client_host = request.client_host;
    member.instance_id = request.instance_id;
    member.rack_id = subscription.rack;
    member.rebalance_timeout_ms = request.rebalance_timeout_ms;
    member.topics = subscription.topics.into_iter().collect();
    member.regex = None;
    member.classic =
        Some(ClassicSide { session_timeout_ms: request.session_timeout_ms, protocols: request.protocols });
}

/// Those of the partitions whose topics exist.
pub(in crate::group) fn by_id(view: &dyn View, named: &Named) -> Partitions {
    let found = named.iter().filter(|(_, numbers)| !numbers.is_empty());
    let found = found.filter_map(|(topic, numbers)| Some((view.topic(topic)?.0, numbers)));
    found.map(|(id, numbers)| (id, numbers.iter().copied().collect())).collect()
}

/// Those of the partitions whose topics exist.
pub(in crate::group) fn by_name(view: &dyn View, partitions: &Partitions) -> Named {
    let found = partitions.iter().filter_map(|(id, numbers)| Some((view.topic_name(*id)?, numbers)));
    found.map(|(topic, numbers)| (topic, numbers.iter().copied().collect())).collect()
}
