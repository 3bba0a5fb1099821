//! Joining a classic group.
//! Source: Kafka `GroupMetadataManager.classicGroupJoin*`; KIP-345 (static members), KIP-394 (known member ids),
//! KIP-814 (static leader).

use std::time::Duration;

use super::classic::{Group, GroupState, Member};
use super::events::{Answer, Effects, JoinRequest, Token};
use super::shard::GroupConfig;
use crate::protocol::ErrorCode;
use crate::seams::Now;

impl Group {
    pub(super) fn join(
        &mut self,
        now: Now,
        config: &GroupConfig,
        token: Token,
        request: JoinRequest,
        effects: &mut Effects,
    ) {
        let refuse = |effects: &mut Effects, code| {
            effects.answer(token, Answer::JoinRefused(code, request.member_id.clone()));
        };
        if let Err(code) = self.admissible(config, &request) {
            return refuse(effects, code);
        }
        if request.member_id.is_empty() {
            return self.join_new(now, config, token, request, effects);
        }
        if self.promised.remove(&request.member_id).is_some() {
            let id = request.member_id.clone();
            return self.add(now, config, token, id, request, effects);
        }
        match self.check_member(&request.member_id, request.instance_id.as_deref()) {
            Err(code) => refuse(effects, code),
            Ok(()) => self.rejoin(now, token, request, effects),
        }
    }

    /// Whether a member with these protocols may be in this group at all.
    fn admissible(&self, config: &GroupConfig, request: &JoinRequest) -> Result<(), ErrorCode> {
        let sessions = config.session_min_ms..=config.session_max_ms;
        if !sessions.contains(&i64::from(request.session_timeout_ms)) {
            return Err(ErrorCode::InvalidSessionTimeout);
        }
        if request.protocol_type.is_empty() || request.protocols.is_empty() {
            return Err(ErrorCode::InconsistentGroupProtocol);
        }
        let others = self.members.iter().filter(|(id, member)| {
            **id != request.member_id
                && (member.instance_id.is_none() || member.instance_id != request.instance_id)
        });
        let others: Vec<&Member> = others.map(|(_, member)| member).collect();
        if others.is_empty() {
            return Ok(());
        }
        let spoken_by_all =
            |name: &String| others.iter().all(|m| m.protocols.iter().any(|(other, _)| other == name));
        if self.protocol_type != request.protocol_type
            || !request.protocols.iter().any(|(n, _)| spoken_by_all(n))
        {
            return Err(ErrorCode::InconsistentGroupProtocol);
        }
        if others.len() >= config.members_max && !self.members.contains_key(&request.member_id) {
            return Err(ErrorCode::GroupMaxSizeReached);
        }
        Ok(())
    }

    fn join_new(
        &mut self,
        now: Now,
        config: &GroupConfig,
        token: Token,
        request: JoinRequest,
        effects: &mut Effects,
    ) {
        let id = request.fresh_id.clone();
        if let Some(instance) = &request.instance_id {
            return match self.static_member(instance) {
                Some(old) => self.replace_static(now, &old, id, token, request, effects),
                None => self.add(now, config, token, id, request, effects),
            };
        }
        if request.needs_known_id {
            let session = Duration::from_millis(request.session_timeout_ms.max(0) as u64);
            self.promised.insert(id.clone(), now.mono + session);
            return effects.answer(token, Answer::JoinRefused(ErrorCode::MemberIdRequired, id));
        }
        self.add(now, config, token, id, request, effects);
    }

    fn add(
        &mut self,
        now: Now,
        config: &GroupConfig,
        token: Token,
        id: String,
        request: JoinRequest,
        effects: &mut Effects,
    ) {
        if self.members.is_empty() {
            self.protocol_type.clone_from(&request.protocol_type);
        }
        let mut member = Member::default();
        take_over(&mut member, now, token, request);
        self.members.insert(id, member);
        match self.state {
            GroupState::PreparingRebalance => self.complete_if_all_joined(now, effects),
            GroupState::Empty => self.prepare(now, config.initial_delay, effects),
            GroupState::CompletingRebalance | GroupState::Stable => {
                self.prepare(now, Duration::ZERO, effects)
            }
        }
    }

    fn rejoin(&mut self, now: Now, token: Token, request: JoinRequest, effects: &mut Effects) {
        let id = request.member_id.clone();
        let Some(member) = self.members.get_mut(&id) else { return };
        let changed = member.protocols != request.protocols;
        let leads = self.leader == id;
        let again = match self.state {
            // It asks again because the answer to its last join was lost.
            GroupState::CompletingRebalance => changed,
            GroupState::Stable => changed || leads,
            GroupState::Empty | GroupState::PreparingRebalance => true,
        };
        if !again {
            member.seen = now.mono;
            let joined = self.joined(&id, false);
            return effects.answer(token, Answer::Joined(joined));
        }
        if let Some(earlier) = member.joining.take() {
            effects.answer(earlier, Answer::JoinRefused(ErrorCode::UnknownMemberId, id.clone()));
        }
        take_over(member, now, token, request);
        match self.state {
            GroupState::PreparingRebalance => self.complete_if_all_joined(now, effects),
            GroupState::Empty | GroupState::CompletingRebalance | GroupState::Stable => {
                self.prepare(now, Duration::ZERO, effects);
            }
        }
    }

    /// A static member comes back under a new member id. If nothing else changed, nobody else need notice.
    fn replace_static(
        &mut self,
        now: Now,
        old: &str,
        id: String,
        token: Token,
        request: JoinRequest,
        effects: &mut Effects,
    ) {
        let Some(mut member) = self.members.remove(old) else { return };
        for waiting in [member.joining.take(), member.syncing.take()].into_iter().flatten() {
            effects.answer(waiting, Answer::JoinRefused(ErrorCode::FencedInstanceId, old.to_owned()));
        }
        let before = member.metadata(&self.protocol);
        if self.leader == old {
            self.leader.clone_from(&id);
        }
        take_over(&mut member, now, token, request);
        let same = member.metadata(&self.protocol) == before;
        let stays = self.state == GroupState::Stable && same;
        if stays {
            member.joining = None;
        }
        self.members.insert(id.clone(), member);
        match self.state {
            GroupState::Stable if stays => {
                let joined = self.joined(&id, true);
                effects.held.push((token, Answer::Joined(joined)));
            }
            GroupState::PreparingRebalance => self.complete_if_all_joined(now, effects),
            GroupState::Empty | GroupState::CompletingRebalance | GroupState::Stable => {
                self.prepare(now, Duration::ZERO, effects);
            }
        }
    }
}

fn take_over(member: &mut Member, now: Now, token: Token, request: JoinRequest) {
    member.instance_id = request.instance_id;
    member.client_id = request.client_id;
    member.client_host = request.client_host;
    member.session_timeout_ms = request.session_timeout_ms;
    member.rebalance_timeout_ms = request.rebalance_timeout_ms;
    member.protocols = request.protocols;
    member.seen = now.mono;
    member.joining = Some(token);
}
