//! Who leads. A leader comes from the in-sync replicas that are alive, in replica order; with none left the
//! partition is offline until one returns. Unclean elections are off.

use super::image::{LEADER_UNCHANGED, NO_LEADER};
use super::{Controller, PartitionImage};
use crate::protocol::Uuid;
use crate::protocol::records::metadata::PartitionChangeRecord;

/// A partition named by its topic id and number.
pub(super) type PartitionKey = (Uuid, i32);

impl Controller {
    /// The partitions for which `wanted` holds.
    pub(super) fn partitions_where(&self, wanted: impl Fn(&PartitionImage) -> bool) -> Vec<PartitionKey> {
        let mut found = Vec::new();
        for topic in self.image.topics.values() {
            for (index, partition) in topic.partitions.iter().enumerate() {
                if wanted(partition) {
                    found.push((topic.id, index as i32));
                }
            }
        }
        found
    }

    /// The first live in-sync replica other than `except`.
    fn candidate(&self, partition: &PartitionImage, except: Option<i32>) -> Option<i32> {
        let fit = |id: &&i32| partition.isr.contains(id) && self.image.is_live(**id) && Some(**id) != except;
        partition.replicas.iter().find(fit).copied()
    }

    /// Takes `broker` out of leadership and in-sync replicas. A last in-sync replica stays named: only it has
    /// every committed record.
    pub(super) fn move_away_from(&mut self, broker: i32) {
        for (topic, index) in self.partitions_where(|p| p.leader == broker || p.isr.contains(&broker)) {
            let Some(partition) = self.image.partition(topic, index).cloned() else { continue };
            let others: Vec<i32> = partition.isr.iter().copied().filter(|&id| id != broker).collect();
            let leads = partition.leader == broker;
            let next = self.candidate(&partition, Some(broker));
            let change = PartitionChangeRecord {
                partition_id: index,
                topic_id: topic,
                isr: (!others.is_empty() && (!leads || next.is_some())).then_some(others),
                leader: if leads { next.unwrap_or(NO_LEADER) } else { LEADER_UNCHANGED },
                ..Default::default()
            };
            if change.isr.is_some() || leads {
                self.emit(change);
            }
        }
    }

    /// Gives a leader to partitions that have none, now that `broker` is back.
    pub(super) fn elect_for_return_of(&mut self, broker: i32) {
        let leaderless = |p: &PartitionImage| p.leader == NO_LEADER && p.isr.contains(&broker);
        for (topic, index) in self.partitions_where(leaderless) {
            self.set_leader(topic, index, broker);
        }
    }

    /// A new epoch under the same leader: what it wrote before an unclean end may have been lost with it.
    pub(super) fn renew_epochs_of(&mut self, broker: i32) {
        for (topic, index) in self.partitions_where(|p| p.leader == broker) {
            self.set_leader(topic, index, broker);
        }
    }

    /// Hands leadership back to preferred replicas that are in sync.
    pub(super) fn elect_preferred(&mut self) {
        let image = &self.image;
        let due = self.partitions_where(|p| {
            let preferred = p.replicas.first().copied().unwrap_or(NO_LEADER);
            p.leader != preferred && p.isr.contains(&preferred) && image.is_live(preferred)
        });
        for (topic, index) in due {
            let preferred = self.image.partition(topic, index).and_then(|p| p.replicas.first().copied());
            if let Some(preferred) = preferred {
                self.set_leader(topic, index, preferred);
            }
        }
    }

    fn set_leader(&mut self, topic_id: Uuid, partition_id: i32, leader: i32) {
        self.emit(PartitionChangeRecord { partition_id, topic_id, leader, ..Default::default() });
    }
}
