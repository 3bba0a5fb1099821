//! What is asked of a classic group.

use super::classic::Group;
use super::consumer::Refusal;
use super::events::{Answer, Effects, Event, Token};
use super::records::GroupRecord;
use super::shard::GroupConfig;
use crate::protocol::ErrorCode;
use crate::seams::Now;

impl Group {
    /// Answers the event now, or holds the answer until its records are committed or others have come.
    pub(super) fn serve(
        &mut self,
        now: Now,
        name: &str,
        token: Token,
        event: Event,
        config: &GroupConfig,
        effects: &mut Effects,
    ) {
        match event {
            Event::Beat(_) => {
                let refusal = Refusal {
                    code: ErrorCode::GroupIdNotFound,
                    message: format!("group {name} is not a consumer group"),
                };
                effects.answer(token, Answer::Beaten(Err(refusal)));
            }
            Event::Join(request) => {
                self.join(now, config, token, request, effects);
                if !effects.held.is_empty() {
                    // A static member has come back in place of its old self, in the midst of a generation.
                    effects.records.push(GroupRecord::of_group(name, self, now.wall_ms));
                }
            }
            Event::Sync { generation, member_id, instance_id, protocol, assignments } => {
                let member = (member_id.as_str(), instance_id.as_deref());
                self.sync(now, name, token, generation, member, protocol, assignments, effects);
            }
            Event::Heartbeat { generation, member_id, instance_id } => {
                let code = self.heartbeat(now, generation, &member_id, instance_id.as_deref());
                effects.answer(token, Answer::Code(code));
            }
            Event::Leave(members) => {
                let codes = self.leave(now, &members, effects);
                effects.answer(token, Answer::Codes(codes));
            }
            Event::Delete => match self.deletion(name) {
                Ok(records) => {
                    effects.records = records;
                    effects.held.push((token, Answer::Code(ErrorCode::None)));
                }
                Err(code) => effects.answer(token, Answer::Code(code)),
            },
            Event::DeleteOffsets(keys) => {
                let codes = self.delete_offsets(name, keys, effects);
                if effects.records.is_empty() {
                    effects.answer(token, Answer::Codes(codes));
                } else {
                    effects.held.push((token, Answer::Codes(codes)));
                }
            }
            Event::Commit { generation, member_id, instance_id, offsets, transaction, .. } => {
                let checked =
                    self.check_commit(generation, &member_id, instance_id.as_deref(), transaction.is_some());
                match checked {
                    Err(code) => effects.answer(token, Answer::Code(code)),
                    Ok(()) => {
                        effects.commit(name, token, offsets, transaction);
                        if let Some(member) = self.members.get_mut(&member_id) {
                            member.seen = now.mono;
                        }
                    }
                }
            }
        }
    }
}
