//! The leader hands out assignments, members fetch theirs, say that they live, and leave.

use bytes::Bytes;

use super::classic::{Group, GroupState};
use super::events::{Answer, Effects, Token};
use super::records::GroupRecord;
use crate::protocol::ErrorCode;
use crate::seams::Now;

impl Group {
    #[expect(clippy::too_many_arguments, reason = "they are the fields of one SyncGroup request")]
    pub(super) fn sync(
        &mut self,
        now: Now,
        name: &str,
        token: Token,
        generation: i32,
        (member_id, instance_id): (&str, Option<&str>),
        (protocol_type, protocol): (Option<String>, Option<String>),
        assignments: Vec<(String, Bytes)>,
        effects: &mut Effects,
    ) {
        let differs =
            |wanted: &Option<String>, have: &String| wanted.as_ref().is_some_and(|wanted| wanted != have);
        let refusal = match self.check_member(member_id, instance_id) {
            Err(code) => Some(code),
            Ok(()) if generation != self.generation => Some(ErrorCode::IllegalGeneration),
            Ok(()) if differs(&protocol_type, &self.protocol_type) || differs(&protocol, &self.protocol) => {
                Some(ErrorCode::InconsistentGroupProtocol)
            }
            Ok(()) => None,
        };
        if let Some(code) = refusal {
            return effects.answer(token, Answer::Code(code));
        }
        let leads = self.leader == member_id;
        let Some(member) = self.members.get_mut(member_id) else { return };
        member.seen = now.mono;
        match self.state {
            GroupState::Empty => effects.answer(token, Answer::Code(ErrorCode::UnknownMemberId)),
            GroupState::PreparingRebalance => {
                effects.answer(token, Answer::Code(ErrorCode::RebalanceInProgress));
            }
            GroupState::Stable => {
                let assignment = member.assignment.clone();
                let answer = Answer::Synced(self.protocol_type.clone(), self.protocol.clone(), assignment);
                // The leader's assignment may not be committed yet, and a crash would take this generation back.
                effects.held.push((token, answer));
            }
            GroupState::CompletingRebalance => {
                if let Some(earlier) = member.syncing.replace(token) {
                    effects.answer(earlier, Answer::Code(ErrorCode::RebalanceInProgress));
                }
                if leads {
                    self.assign(now, name, assignments, effects);
                }
            }
        }
    }

    /// The leader has assigned: the generation is written down, and then everybody learns its part.
    fn assign(&mut self, now: Now, name: &str, assignments: Vec<(String, Bytes)>, effects: &mut Effects) {
        for (id, assignment) in assignments {
            if let Some(member) = self.members.get_mut(&id) {
                member.assignment = assignment;
            }
        }
        self.state = GroupState::Stable;
        self.deadline = None;
        effects.records.push(GroupRecord::of_group(name, self, now.wall_ms));
        for member in self.members.values_mut() {
            member.seen = now.mono;
            if let Some(token) = member.syncing.take() {
                let (kind, protocol) = (self.protocol_type.clone(), self.protocol.clone());
                effects.held.push((token, Answer::Synced(kind, protocol, member.assignment.clone())));
            }
        }
    }

    /// Members that never asked for their assignment are dropped when time is up.
    pub(super) fn sync_timed_out(&mut self, now: Now, effects: &mut Effects) {
        let missing = self.members.iter().filter(|(_, member)| member.syncing.is_none());
        let missing: Vec<String> = missing.map(|(id, _)| id.clone()).collect();
        for id in missing {
            self.remove(&id, effects);
        }
        self.prepare(now, std::time::Duration::ZERO, effects);
    }

    pub(super) fn heartbeat(
        &mut self,
        now: Now,
        generation: i32,
        member_id: &str,
        instance_id: Option<&str>,
    ) -> ErrorCode {
        if let Err(code) = self.check_member(member_id, instance_id) {
            return code;
        }
        if generation != self.generation {
            return ErrorCode::IllegalGeneration;
        }
        if let Some(member) = self.members.get_mut(member_id) {
            member.seen = now.mono;
        }
        match self.state {
            GroupState::Empty => ErrorCode::UnknownMemberId,
            GroupState::PreparingRebalance => ErrorCode::RebalanceInProgress,
            GroupState::CompletingRebalance | GroupState::Stable => ErrorCode::None,
        }
    }

    pub(super) fn leave(
        &mut self,
        now: Now,
        members: &[(String, Option<String>)],
        effects: &mut Effects,
    ) -> Vec<ErrorCode> {
        let mut removed = false;
        let codes = members.iter().map(|(id, instance)| {
            if self.promised.remove(id).is_some() {
                removed = true;
                return ErrorCode::None;
            }
            // An admin names static members by their instance id alone.
            let found = match instance {
                Some(instance) => self.static_member(instance),
                None => self.members.contains_key(id).then(|| id.clone()),
            };
            match found {
                None => ErrorCode::UnknownMemberId,
                Some(known) if instance.is_some() && !id.is_empty() && known != *id => {
                    ErrorCode::FencedInstanceId
                }
                Some(known) => {
                    self.remove(&known, effects);
                    removed = true;
                    ErrorCode::None
                }
            }
        });
        let codes = codes.collect();
        if removed {
            self.after_removal(now, effects);
        }
        codes
    }

    /// Whether a commit under this member and generation counts.
    pub(super) fn check_commit(
        &self,
        generation: i32,
        member_id: &str,
        instance_id: Option<&str>,
        in_transaction: bool,
    ) -> Result<(), ErrorCode> {
        let outside = generation < 0 && member_id.is_empty() && instance_id.is_none();
        if outside && in_transaction {
            // Clients from before KIP-447 do not say who they are; their transactional id fences them.
            return Ok(());
        }
        if outside {
            // A tool may set the offsets of a group nobody is in.
            return if self.state == GroupState::Empty { Ok(()) } else { Err(ErrorCode::UnknownMemberId) };
        }
        self.check_member(member_id, instance_id)?;
        if generation != self.generation {
            return Err(ErrorCode::IllegalGeneration);
        }
        match self.state {
            GroupState::CompletingRebalance => Err(ErrorCode::RebalanceInProgress),
            GroupState::Empty | GroupState::PreparingRebalance | GroupState::Stable => Ok(()),
        }
    }
}
