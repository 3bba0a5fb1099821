//! What is asked of a group that is a consumer group, by requests of both protocols, and how a group of one protocol
//! becomes one of the other.
//! Source: Kafka `GroupMetadataManager.getOrMaybeCreateConsumerGroup`, `getOrMaybeCreateClassicGroup`.

use super::classic::Group;
use super::consumer::classic::CONSUMER;
use super::consumer::{ConsumerGroup, Refusal};
use super::events::{Answer, Effects, Event, Token};
use super::records::GroupRecord;
use super::shard::GroupConfig;
use super::view::View;
use crate::protocol::ErrorCode;
use crate::seams::Now;

impl Group {
    /// A group nobody is in takes the protocol of whoever joins it. Offsets stay.
    pub(super) fn convert(&mut self, name: &str, event: &Event, records: &mut Vec<GroupRecord>) {
        let to_consumer = match event {
            Event::Beat(beat) if beat.epoch == 0 => true,
            Event::Join(_) => false,
            Event::Beat(_)
            | Event::Sync { .. }
            | Event::Heartbeat { .. }
            | Event::Leave(_)
            | Event::Delete
            | Event::DeleteOffsets(_)
            | Event::Commit { .. } => return,
        };
        if to_consumer == self.consumer.is_some() || !self.is_empty() || !self.promised.is_empty() {
            return;
        }
        if to_consumer {
            if self.generation > 0 {
                records.extend(self.tombstones(name));
            }
            self.consumer = Some(Box::new(ConsumerGroup::default()));
        } else {
            records.extend(self.tombstones(name));
            self.consumer = None;
        }
        (self.generation, self.emptied_at_ms) = (0, None);
        self.protocol_type = String::new();
    }

    /// Whether this is a consumer group that nothing was ever written of: whoever would have founded it was refused.
    pub(super) fn is_unborn(&self) -> bool {
        let never = self.consumer.as_ref().is_some_and(|consumer| consumer.epoch == 0);
        never && self.offsets.is_empty() && self.pending.is_empty()
    }

    /// Answers the event if this is a consumer group, and hands it back otherwise.
    #[expect(clippy::too_many_arguments, reason = "they are what Shard::handle has")]
    pub(super) fn consume(
        &mut self,
        now: Now,
        view: &dyn View,
        name: &str,
        token: Token,
        event: Event,
        config: &GroupConfig,
        effects: &mut Effects,
    ) -> Option<Event> {
        let Some(consumer) = &mut self.consumer else { return Some(event) };
        match event {
            Event::Beat(beat) => {
                let beaten = match beat.epoch {
                    0 if consumer.is_full(&beat.member_id, config.consumers_max) => Err(Refusal {
                        code: ErrorCode::GroupMaxSizeReached,
                        message: format!("the group has its {} members", config.consumers_max),
                    }),
                    0.. => consumer.beat(now, name, view, *beat, &mut effects.records),
                    _ => consumer.leave(now, name, &beat, &mut effects.records),
                };
                effects.held.push((token, Answer::Beaten(beaten)));
            }
            Event::Join(request) => {
                let sessions = config.session_min_ms..=config.session_max_ms;
                let id = request.member_id.clone();
                let joined = if consumer.is_full(&id, config.consumers_max) {
                    Err((ErrorCode::GroupMaxSizeReached, id))
                } else if sessions.contains(&i64::from(request.session_timeout_ms)) {
                    consumer.join_classic(now, name, view, request, &mut effects.records)
                } else {
                    Err((ErrorCode::InvalidSessionTimeout, id))
                };
                let refused = |(code, id)| Answer::JoinRefused(code, id);
                effects.held.push((token, joined.map_or_else(refused, Answer::Joined)));
            }
            Event::Sync { generation, member_id, instance_id, protocol, .. } => {
                let member = (member_id.as_str(), instance_id.as_deref());
                let synced = consumer.sync_classic(now, view, member, generation, protocol);
                let answer = synced.map_or_else(Answer::Code, |(protocol, assignment)| {
                    Answer::Synced(CONSUMER.to_owned(), protocol, assignment)
                });
                effects.held.push((token, answer));
            }
            Event::Heartbeat { generation, member_id, instance_id } => {
                let code = consumer.heartbeat_classic(now, &member_id, instance_id.as_deref(), generation);
                effects.held.push((token, Answer::Code(code)));
            }
            Event::Leave(members) => {
                let codes = consumer.leave_classic(name, &members, &mut effects.records);
                effects.held.push((token, Answer::Codes(codes)));
            }
            Event::Commit { generation, member_id, offsets, transaction, knows_epochs, .. } => {
                let checked =
                    consumer.check_commit(generation, &member_id, transaction.is_some(), knows_epochs);
                match checked {
                    Ok(()) => effects.commit(name, token, offsets, transaction),
                    Err(code) => effects.answer(token, Answer::Code(code)),
                }
            }
            Event::Delete | Event::DeleteOffsets(_) => return Some(event),
        }
        None
    }
}
