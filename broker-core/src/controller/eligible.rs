//! Eligible leader replicas: those that left the in-sync replicas when these became too few for the high watermark to
//! move on. They have every committed record, and one of them leads when nobody is in sync any more. Where none is
//! left, for they came back from an unclean end, the last known leader may lead again.
//! Source: KIP-966; Kafka `PartitionChangeBuilder.java`, `ReplicationControlManager.handleUncleanBrokerShutdown`.

use std::collections::BTreeSet;

use super::elect::PartitionKey;
use super::image::{LEADER_UNCHANGED, NO_LEADER};
use super::{Controller, PartitionImage, TopicImage};
use crate::config::ConfigResource;
use crate::protocol::records::metadata::PartitionChangeRecord;

/// The name of the feature.
pub const ELIGIBLE_VERSION: &str = "eligible.leader.replicas.version";
pub(super) const MIN_ISR: &str = "min.insync.replicas";

impl Controller {
    /// Whether eligible replicas are kept.
    pub(super) fn keeps_eligible(&self) -> bool {
        self.image.feature(ELIGIBLE_VERSION) > 0
    }

    /// Emits the change of a partition, with what it means for the eligible ones.
    pub(super) fn change(&mut self, change: PartitionChangeRecord) {
        self.change_without(change, None);
    }

    /// The same where `lost` has not every committed record.
    pub(super) fn change_without(&mut self, mut change: PartitionChangeRecord, lost: Option<i32>) {
        self.settle(&mut change, lost);
        self.emit(change);
    }

    /// A broker comes back from an unclean end: what it had and did not sync may be lost.
    pub(super) fn forget_eligible(&mut self, broker: i32) {
        for (topic_id, partition_id) in self.partitions_where(|p| p.elr.contains(&broker)) {
            let change = PartitionChangeRecord { topic_id, partition_id, ..Default::default() };
            self.change_without(change, Some(broker));
            self.elect_last_known((topic_id, partition_id));
        }
    }

    /// What is needed for the high watermark to move may have changed.
    pub(super) fn review_eligible(&mut self) {
        for (topic_id, partition_id) in self.partitions_where(|p| !p.elr.is_empty()) {
            let mut change = PartitionChangeRecord { topic_id, partition_id, ..Default::default() };
            self.settle(&mut change, None);
            if change.eligible_leader_replicas.is_some() {
                self.emit(change);
            }
        }
    }

    /// The feature was turned off: the last in sync stays in sync again, whether it is alive or not.
    pub(super) fn drop_eligible(&mut self) {
        let had = |p: &PartitionImage| !p.elr.is_empty() || !p.last_known_elr.is_empty();
        for (topic_id, partition_id) in self.partitions_where(had) {
            let Some(partition) = self.image.partition(topic_id, partition_id) else { continue };
            let last = if partition.elr.is_empty() { &partition.last_known_elr } else { &partition.elr };
            let isr = partition.isr.is_empty().then(|| last.clone());
            self.emit(PartitionChangeRecord {
                topic_id,
                partition_id,
                isr,
                eligible_leader_replicas: Some(Vec::new()),
                last_known_elr: Some(Vec::new()),
                ..Default::default()
            });
        }
    }

    /// Gives a partition that nobody is eligible for its last leader, if that is alive.
    pub(super) fn elect_last_known(&mut self, key: PartitionKey) {
        let Some(partition) = self.image.partition(key.0, key.1) else { return };
        if let (NO_LEADER, Some(last)) = (partition.leader, partition.last_resort())
            && self.can_lead(last, key)
        {
            self.set_leader(key.0, key.1, last);
        }
    }

    /// Adds to a change what becomes of the eligible replicas. `lost` had an unclean end.
    fn settle(&self, change: &mut PartitionChangeRecord, lost: Option<i32>) {
        let Some(topic) = self.image.topic_by_id(change.topic_id).filter(|_| self.keeps_eligible()) else {
            return;
        };
        let Some(before) = self.image.partition(change.topic_id, change.partition_id) else { return };
        let replicas = change.replicas.as_ref().unwrap_or(&before.replicas);
        let isr = change.isr.as_ref().unwrap_or(&before.isr);
        let leader = if change.leader == LEADER_UNCHANGED { before.leader } else { change.leader };
        let mut elr = BTreeSet::new();
        if isr.len() < self.min_isr(topic).min(replicas.len()) {
            elr.extend(before.elr.iter().chain(&before.isr));
            elr.retain(|id| replicas.contains(id) && !isr.contains(id) && Some(*id) != lost);
        }
        if change.eligible_leader_replicas.is_none() && !elr.iter().eq(&before.elr) {
            change.eligible_leader_replicas = Some(elr.into_iter().collect());
        }
        if leader != NO_LEADER && !before.last_known_elr.is_empty() {
            change.last_known_elr = Some(Vec::new());
        } else if isr.is_empty() && before.leader != NO_LEADER {
            change.last_known_elr = Some(vec![before.leader]);
        }
    }

    fn min_isr(&self, topic: &TopicImage) -> usize {
        let of_all = self.image.configs_of(&ConfigResource::Broker(None));
        let set = topic.configs.get(MIN_ISR).or_else(|| of_all?.get(MIN_ISR));
        let set = set.and_then(|text| text.trim().parse().ok());
        set.unwrap_or_else(|| self.config.number(MIN_ISR).max(1) as usize)
    }
}

impl PartitionImage {
    /// Replicas that have every committed record.
    pub(super) fn whole(&self) -> &[i32] {
        if self.isr.is_empty() { &self.elr } else { &self.isr }
    }

    /// The last known leader, where no replica is known to have everything.
    pub(super) fn last_resort(&self) -> Option<i32> {
        self.last_known_elr.first().copied().filter(|_| self.whole().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::super::reassign::tests::{comes, controller, in_sync, partition};
    use super::*;
    use crate::controller::{ConfigChange, ConfigOp, FeatureUpdate, UpdateKind};

    /// In sync, eligible, last known, leader.
    fn state(controller: &Controller) -> (Vec<i32>, Vec<i32>, Vec<i32>, i32) {
        let found = partition(controller);
        (found.isr, found.elr, found.last_known_elr, found.leader)
    }

    fn min_isr(controller: &mut Controller, value: &str) {
        let ops = vec![(MIN_ISR.to_owned(), ConfigOp::Set, Some(value.to_owned()))];
        let resource = ConfigResource::Topic("orders".into());
        controller.alter_configs(&ConfigChange { resource, ops, replace: false }, false).unwrap();
    }

    #[test]
    fn an_eligible_one_leads_when_nobody_is_in_sync() {
        let mut controller = controller();
        controller.controlled_shutdown(3);
        assert_eq!(state(&controller), (vec![1, 2], vec![], vec![], 1), "two are enough to commit");
        controller.controlled_shutdown(2);
        assert_eq!(state(&controller), (vec![1], vec![2], vec![], 1));
        controller.controlled_shutdown(1);
        assert_eq!(state(&controller), (vec![], vec![1, 2], vec![1], NO_LEADER));
        comes(&mut controller, 3, 2, true);
        assert_eq!(partition(&controller).leader, NO_LEADER, "it may miss what was committed");
        comes(&mut controller, 2, 2, true);
        assert_eq!(state(&controller), (vec![2], vec![1], vec![], 2));
        in_sync(&mut controller, &[2, 3]);
        assert_eq!(state(&controller), (vec![2, 3], vec![], vec![], 2));
    }

    #[test]
    fn a_live_eligible_one_leads_at_once() {
        let mut controller = controller();
        in_sync(&mut controller, &[1]);
        assert_eq!(state(&controller), (vec![1], vec![2, 3], vec![], 1));
        controller.controlled_shutdown(1);
        assert_eq!(state(&controller), (vec![2], vec![1, 3], vec![], 2));
    }

    #[test]
    fn who_ended_uncleanly_is_not_eligible_but_may_be_the_last_resort() {
        let mut controller = controller();
        in_sync(&mut controller, &[1, 2]);
        for id in [3, 2, 1] {
            controller.controlled_shutdown(id);
        }
        comes(&mut controller, 1, 2, false);
        assert_eq!(state(&controller), (vec![], vec![2], vec![1], NO_LEADER), "the other has everything");
        comes(&mut controller, 2, 2, false);
        assert_eq!(state(&controller), (vec![1], vec![], vec![], 1), "nobody has; the last leader has most");
    }

    #[test]
    fn one_replica_comes_back_however_it_ended() {
        let mut controller = controller();
        in_sync(&mut controller, &[1]);
        min_isr(&mut controller, "1");
        assert_eq!(state(&controller), (vec![1], vec![], vec![], 1), "one may commit without the others now");
        controller.controlled_shutdown(1);
        assert_eq!(state(&controller), (vec![], vec![1], vec![1], NO_LEADER));
        comes(&mut controller, 1, 2, false);
        assert_eq!(state(&controller), (vec![1], vec![], vec![], 1));
    }

    #[test]
    fn the_image_is_the_same_when_it_is_read_again() {
        let mut controller = controller();
        in_sync(&mut controller, &[1]);
        controller.controlled_shutdown(2);
        let mut again = crate::controller::MetadataImage::default();
        for record in controller.image.to_records() {
            let framed = record.encode().unwrap();
            let read = crate::protocol::records::framing::MetadataRecord::decode(framed).unwrap();
            again.apply(&read.unwrap());
        }
        assert_eq!(again.topics, controller.image.topics);
    }

    #[test]
    fn without_the_feature_the_last_in_sync_stays_so() {
        let mut controller = controller();
        in_sync(&mut controller, &[1, 2]);
        for id in [3, 2, 1] {
            controller.controlled_shutdown(id);
        }
        let off = FeatureUpdate { name: ELIGIBLE_VERSION.into(), level: 0, kind: UpdateKind::Downgrade };
        controller.update_features(&[off], false).unwrap();
        assert_eq!(state(&controller), (vec![1, 2], vec![], vec![], NO_LEADER));
        comes(&mut controller, 2, 2, true);
        controller.controlled_shutdown(2);
        assert_eq!(state(&controller), (vec![1, 2], vec![], vec![], NO_LEADER));
    }
}
