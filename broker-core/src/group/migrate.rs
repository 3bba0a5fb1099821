//! A group in use goes over to the other protocol: to the consumer protocol when its first member of that joins, back
//! when the last one has left. Source: Kafka `GroupMetadataManager.convertToConsumerGroup`, `convertToClassicGroup`;
//! as `group.consumer.migration.policy` allows.

use super::classic::{Group, GroupState, Member};
use super::consumer::classic::{CONSUMER, by_id};
use super::consumer::{ClassicSide, ConsumerGroup, ConsumerMember};
use super::embedded::{Subscription, read_assignment, try_read_assignment};
use super::events::{Answer, Effects};
use super::records::GroupRecord;
use super::view::View;
use crate::protocol::ErrorCode;
use crate::seams::Now;

impl Member {
    /// Whether what its client put into the classic protocol is what consumers put there.
    fn is_readable(&self) -> bool {
        let subscription = self.protocols.first().and_then(|(_, raw)| Subscription::read(raw.clone()));
        let assignment = self.assignment.is_empty() || try_read_assignment(self.assignment.clone()).is_some();
        subscription.is_some() && assignment
    }
}

impl Group {
    /// Whether a member of the consumer protocol may join this classic group.
    fn can_upgrade(&self, members_max: usize) -> bool {
        self.consumer.is_none()
            && !self.members.is_empty()
            && self.members.len() < members_max
            && self.protocol_type == CONSUMER
            && self.members.values().all(Member::is_readable)
    }

    /// The classic members become members of a consumer group, with what they have.
    pub(super) fn upgrade(
        &mut self,
        now: Now,
        name: &str,
        view: &dyn View,
        members_max: usize,
        effects: &mut Effects,
    ) {
        if !self.can_upgrade(members_max) {
            return;
        }
        effects.records.push(GroupRecord::Group { group: name.to_owned(), value: None });
        let epoch = self.generation;
        let settled = self.state == GroupState::Stable;
        let mut consumer =
            ConsumerGroup { epoch, assignment_epoch: epoch, topics_hash: 0, ..ConsumerGroup::default() };
        for (id, mut member) in std::mem::take(&mut self.members) {
            for token in [member.joining.take(), member.syncing.take()].into_iter().flatten() {
                effects.answer(token, Answer::JoinRefused(ErrorCode::RebalanceInProgress, id.clone()));
            }
            let assigned = match settled {
                true => by_id(view, &read_assignment(member.assignment.clone())),
                false => Default::default(),
            };
            consumer.targets.insert(id.clone(), assigned.clone());
            let side =
                ClassicSide { session_timeout_ms: member.session_timeout_ms, protocols: member.protocols };
            let subscription = side.subscription();
            let upgraded = ConsumerMember {
                instance_id: member.instance_id,
                rack_id: subscription.rack,
                client_id: member.client_id,
                client_host: member.client_host,
                topics: subscription.topics.into_iter().collect(),
                rebalance_timeout_ms: member.rebalance_timeout_ms,
                classic: Some(side),
                epoch,
                previous_epoch: epoch,
                assigned,
                seen: now.mono,
                ..ConsumerMember::default()
            };
            consumer.members.insert(id, upgraded);
        }
        effects.records.extend(consumer.all_records(name));
        (self.state, self.generation, self.deadline) = (GroupState::Empty, 0, None);
        (self.protocol, self.leader) = (String::new(), String::new());
        (self.protocol_type, self.emptied_at_ms) = (String::new(), None);
        self.promised.clear();
        self.consumer = Some(Box::new(consumer));
    }

    /// Where only classic members are left, they go on as a classic group and rebalance.
    pub(super) fn downgrade(&mut self, now: Now, name: &str, view: &dyn View, effects: &mut Effects) {
        let Some(consumer) = self.consumer.take_if(|consumer| consumer.is_all_classic()) else { return };
        effects.records.extend(consumer.tombstones(name));
        self.generation = consumer.epoch;
        CONSUMER.clone_into(&mut self.protocol_type);
        for (id, member) in consumer.members {
            let Some(side) = member.classic else { continue };
            let assignment = side.assignment(view, &member.assigned);
            let classic = Member {
                instance_id: member.instance_id,
                client_id: member.client_id,
                client_host: member.client_host,
                session_timeout_ms: side.session_timeout_ms,
                rebalance_timeout_ms: member.rebalance_timeout_ms,
                protocols: side.protocols,
                assignment,
                seen: now.mono,
                joining: None,
                syncing: None,
            };
            self.members.insert(id, classic);
        }
        self.protocol = self.choose_protocol();
        self.leader = self.members.keys().next().cloned().unwrap_or_default();
        self.state = GroupState::Stable;
        effects.records.push(GroupRecord::of_group(name, self, now.wall_ms));
        self.prepare(now, std::time::Duration::ZERO, effects);
    }
}
