//! A member moves towards its target assignment.
//! Source: Kafka `CurrentAssignmentBuilder.java`.

use std::collections::BTreeSet;

use super::member::{ConsumerMember, MemberState};
use super::{ConsumerGroup, Partitions};
use crate::protocol::Uuid;

impl ConsumerGroup {
    /// The member's next step. `owned` is what it says it has; it says nothing if nothing changed.
    pub(super) fn reconciled(&self, id: &str, owned: Option<&Partitions>) -> Option<ConsumerMember> {
        let member = self.members.get(id)?;
        let (epoch, assigned) = match member.state {
            MemberState::Stable if member.epoch == self.assignment_epoch => return None,
            MemberState::Stable | MemberState::Unreleased => (member.epoch, &member.assigned),
            MemberState::Unrevoked if still_owns(owned, &member.revoking) => return None,
            MemberState::Unrevoked => (member.epoch + 1, &member.assigned),
        };
        let target = self.targets.get(id).cloned().unwrap_or_default();
        let kept = both(assigned, &target);
        let revoking = without(assigned, &kept);
        let wanted = without(&target, &kept);
        let taken = self.owned_by_others(id, &wanted);
        let free = without(&wanted, &taken);
        let mut next = member.clone();
        if still_owns(owned, &revoking) {
            next.state = MemberState::Unrevoked;
            next.assigned = kept;
            next.revoking = revoking;
            move_to(&mut next, epoch);
        } else {
            next.state = if taken.is_empty() { MemberState::Stable } else { MemberState::Unreleased };
            next.assigned = kept;
            for (topic, numbers) in free {
                next.assigned.entry(topic).or_default().extend(numbers);
            }
            next.revoking = Partitions::new();
            move_to(&mut next, self.assignment_epoch);
        }
        Some(next)
    }

    /// Those of `wanted` that another member has or has not yet given up.
    fn owned_by_others(&self, id: &str, wanted: &Partitions) -> Partitions {
        let mut taken = Partitions::new();
        for other in self.members.iter().filter(|(other, _)| *other != id).map(|(_, member)| member) {
            for held in [&other.assigned, &other.revoking] {
                for (topic, numbers) in both(wanted, held) {
                    taken.entry(topic).or_default().extend(numbers);
                }
            }
        }
        taken
    }
}

fn move_to(member: &mut ConsumerMember, epoch: i32) {
    if member.epoch != epoch {
        member.previous_epoch = member.epoch;
        member.epoch = epoch;
    }
}

/// Whether the member may still have any of `partitions`.
fn still_owns(owned: Option<&Partitions>, partitions: &Partitions) -> bool {
    match owned {
        None => !partitions.is_empty(),
        Some(owned) => !both(owned, partitions).is_empty(),
    }
}

/// The partitions in both.
pub(super) fn both(left: &Partitions, right: &Partitions) -> Partitions {
    let shared = left.iter().filter_map(|(topic, numbers)| {
        let shared: BTreeSet<i32> = numbers.intersection(right.get(topic)?).copied().collect();
        filled(*topic, shared)
    });
    shared.collect()
}

/// The partitions of `left` that are not in `right`.
fn without(left: &Partitions, right: &Partitions) -> Partitions {
    let rest = left.iter().filter_map(|(topic, numbers)| match right.get(topic) {
        None => Some((*topic, numbers.clone())),
        Some(gone) => filled(*topic, numbers.difference(gone).copied().collect()),
    });
    rest.collect()
}

fn filled(topic: Uuid, numbers: BTreeSet<i32>) -> Option<(Uuid, BTreeSet<i32>)> {
    (!numbers.is_empty()).then_some((topic, numbers))
}
