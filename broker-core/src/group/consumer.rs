//! A consumer group (KIP-848): the coordinator assigns, members reconcile at their own pace.
//!
//! Each change of membership, subscription or topics raises the group epoch. The next heartbeat computes a target
//! assignment for it; then every member moves towards its target, giving partitions up before others get them.
//! Source: Kafka `ConsumerGroup.java`, `GroupMetadataManager.java`.

pub mod assign;
pub mod classic;
mod commit;
mod heartbeat;
mod leave;
mod member;
mod reconcile;
mod records;
mod replay;
mod subscriptions;

use std::collections::{BTreeMap, BTreeSet};

pub use heartbeat::{Beat, Beaten, Refusal};
pub use member::{ClassicSide, ConsumerMember, MemberState};
pub use records::ConsumerRecord;

use super::events::{DescribedConsumer, DescribedConsumerMember};
use super::view::View;
use crate::protocol::Uuid;

/// Partitions by topic id; no topic without a partition.
pub type Partitions = BTreeMap<Uuid, BTreeSet<i32>>;

/// What a consumer group has beside its offsets.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ConsumerGroup {
    /// Rises with every change of membership, subscription or topics.
    pub(super) epoch: i32,
    /// The epoch that the target assignment was made for.
    pub(super) assignment_epoch: i32,
    /// Tells apart the topics that the target assignment was made for.
    pub(super) topics_hash: i64,
    pub(super) members: BTreeMap<String, ConsumerMember>,
    pub(super) targets: BTreeMap<String, Partitions>,
    /// The version of the view that subscriptions were last matched with.
    pub(super) matched: Option<i64>,
}

impl ConsumerGroup {
    /// Kafka's name of the state.
    pub(super) fn state(&self) -> &'static str {
        let settled = |(_, member): (&String, &ConsumerMember)| member.is_settled_at(self.assignment_epoch);
        if self.members.is_empty() {
            "Empty"
        } else if self.epoch > self.assignment_epoch {
            "Assigning"
        } else if self.members.iter().all(settled) {
            "Stable"
        } else {
            "Reconciling"
        }
    }

    /// Whether no other member may join.
    pub(super) fn is_full(&self, id: &str, max: usize) -> bool {
        self.members.len() >= max && !self.members.contains_key(id)
    }

    /// The id of the member with this instance id.
    pub(super) fn static_member(&self, instance: &str) -> Option<&String> {
        let found = self.members.iter().find(|(_, member)| member.instance_id.as_deref() == Some(instance));
        found.map(|(id, _)| id)
    }

    /// The assignor that most members ask for, else the first that there is.
    pub(super) fn assignor(&self, view: &dyn View) -> &'static str {
        let offered = view.assignors();
        let mut votes: BTreeMap<&str, usize> = BTreeMap::new();
        for asked in self.members.values().filter_map(|member| member.assignor.as_deref()) {
            *votes.entry(asked).or_default() += 1;
        }
        let most = votes.into_iter().max_by_key(|&(_, count)| count);
        let known = |(name, _)| offered.iter().copied().find(|known| *known == name);
        most.and_then(known).or(offered.first().copied()).unwrap_or(assign::UNIFORM)
    }

    /// The group in full.
    pub(super) fn describe(&self, view: &dyn View) -> DescribedConsumer {
        let named = |partitions: &Partitions| {
            let named =
                partitions.iter().filter_map(|(id, numbers)| Some((*id, view.topic_name(*id)?, numbers)));
            named.map(|(id, name, numbers)| (id, name, numbers.iter().copied().collect())).collect()
        };
        let members = self.members.iter().map(|(id, member)| DescribedConsumerMember {
            member_id: id.clone(),
            instance_id: member.instance_id.clone(),
            rack_id: member.rack_id.clone(),
            epoch: member.epoch,
            client_id: member.client_id.clone(),
            client_host: member.client_host.clone(),
            topics: member.topics.iter().cloned().collect(),
            regex: member.regex.clone(),
            assignment: named(&member.assigned),
            target: self.targets.get(id).map(named).unwrap_or_default(),
            classic: member.classic.is_some(),
        });
        DescribedConsumer {
            state: self.state(),
            epoch: self.epoch,
            assignment_epoch: self.assignment_epoch,
            assignor: self.assignor(view),
            members: members.collect(),
        }
    }
}

#[cfg(test)]
mod tests;
