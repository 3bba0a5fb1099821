//! What the metadata says of a partition.

use std::collections::HashSet;
use std::sync::Arc;

use super::LEADER_UNCHANGED;
use crate::protocol::Uuid;
use crate::protocol::records::metadata::{PartitionChangeRecord, PartitionRecord};

/// A partition.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct PartitionImage {
    /// Replicas; the first is the preferred leader.
    pub replicas: Vec<i32>,
    /// In-sync replicas.
    pub isr: Vec<i32>,
    /// Eligible leader replicas: not in sync, but with every committed record, for too few are in sync to commit more.
    pub elr: Vec<i32>,
    /// Where nobody is in sync, the last leader.
    pub last_known_elr: Vec<i32>,
    /// Of the replicas, those that are new and not yet all in sync.
    pub adding: Vec<i32>,
    /// Of the replicas, those that go once the new ones are in sync.
    pub removing: Vec<i32>,
    /// The leader, or [`NO_LEADER`](super::NO_LEADER).
    pub leader: i32,
    /// Rises with each election.
    pub leader_epoch: i32,
    /// Rises with each change.
    pub partition_epoch: i32,
}

impl PartitionImage {
    /// Whether its replicas are being moved.
    pub fn is_moving(&self) -> bool {
        !self.adding.is_empty() || !self.removing.is_empty()
    }

    /// What it is after a change.
    pub(super) fn changed(&self, record: &PartitionChangeRecord) -> Self {
        let or = |new: &Option<Vec<i32>>, old: &Vec<i32>| new.as_ref().unwrap_or(old).clone();
        let elected = record.leader != LEADER_UNCHANGED;
        Self {
            replicas: or(&record.replicas, &self.replicas),
            isr: or(&record.isr, &self.isr),
            elr: or(&record.eligible_leader_replicas, &self.elr),
            last_known_elr: or(&record.last_known_elr, &self.last_known_elr),
            adding: or(&record.adding_replicas, &self.adding),
            removing: or(&record.removing_replicas, &self.removing),
            leader: if elected { record.leader } else { self.leader },
            leader_epoch: self.leader_epoch + i32::from(elected),
            partition_epoch: self.partition_epoch + 1,
        }
    }

    /// The record that makes this partition.
    pub fn to_record(&self, topic: Uuid, index: i32) -> PartitionRecord {
        PartitionRecord {
            partition_id: index,
            topic_id: topic,
            replicas: self.replicas.clone(),
            isr: self.isr.clone(),
            adding_replicas: self.adding.clone(),
            removing_replicas: self.removing.clone(),
            leader: self.leader,
            leader_epoch: self.leader_epoch,
            partition_epoch: self.partition_epoch,
            directories: vec![Uuid::ZERO; self.replicas.len()],
            eligible_leader_replicas: some(&self.elr),
            last_known_elr: some(&self.last_known_elr),
            ..Default::default()
        }
    }
}

/// As records have a list that most partitions have not.
fn some(ids: &[i32]) -> Option<Vec<i32>> {
    (!ids.is_empty()).then(|| ids.to_vec())
}

impl From<&PartitionRecord> for PartitionImage {
    fn from(record: &PartitionRecord) -> Self {
        Self {
            replicas: record.replicas.clone(),
            isr: record.isr.clone(),
            elr: record.eligible_leader_replicas.clone().unwrap_or_default(),
            last_known_elr: record.last_known_elr.clone().unwrap_or_default(),
            adding: record.adding_replicas.clone(),
            removing: record.removing_replicas.clone(),
            leader: record.leader,
            leader_epoch: record.leader_epoch,
            partition_epoch: record.partition_epoch,
        }
    }
}

/// One image for all partitions that are alike: of thousands, most have one of a few sets of replicas, all in sync,
/// in the first epoch.
#[derive(Debug, Clone, Default)]
pub(super) struct Alike {
    images: HashSet<Arc<PartitionImage>>,
    /// With so many, those that no partition has any more are dropped.
    review_at: usize,
}

/// So many are never reviewed.
const FEW: usize = 1_000;

impl Alike {
    /// The image that is equal to this one.
    pub fn share(&mut self, image: PartitionImage) -> Arc<PartitionImage> {
        if let Some(known) = self.images.get(&image) {
            return Arc::clone(known);
        }
        if self.images.len() >= self.review_at.max(FEW) {
            self.images.retain(|known| Arc::strong_count(known) > 1);
            self.review_at = 2 * self.images.len();
        }
        let image = Arc::new(image);
        self.images.insert(Arc::clone(&image));
        image
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_alike_is_held_once_and_what_nobody_has_is_dropped() {
        let mut alike = Alike::default();
        let image = |leader_epoch| PartitionImage { leader_epoch, ..Default::default() };
        let kept = alike.share(image(0));
        assert!(Arc::ptr_eq(&kept, &alike.share(image(0))));
        for epoch in 0..10 * FEW as i32 {
            alike.share(image(epoch));
        }
        assert!(alike.images.len() <= FEW, "{} images", alike.images.len());
        assert!(Arc::ptr_eq(&kept, &alike.share(image(0))));
    }
}
