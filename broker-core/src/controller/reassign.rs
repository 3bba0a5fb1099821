//! Replicas move to other brokers: new ones are added, catch up, and only then do the old ones go.
//! Source: Kafka `PartitionReassignmentReplicas.java`, `PartitionChangeBuilder.java`,
//! `ReplicationControlManager.alterPartitionReassignment`; KIP-455.

use super::image::{LEADER_UNCHANGED, NO_LEADER};
use super::topics::refuse;
use super::{Controller, PartitionImage, TopicError};
use crate::protocol::records::metadata::PartitionChangeRecord;
use crate::protocol::{ErrorCode, Uuid};

/// Where the replicas of a partition should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reassignment {
    /// The topic.
    pub topic: String,
    /// The partition.
    pub index: i32,
    /// The replicas it should have; `None` calls the move under way off.
    pub target: Option<Vec<i32>>,
}

fn without(list: &[i32], gone: &[i32]) -> Vec<i32> {
    list.iter().copied().filter(|id| !gone.contains(id)).collect()
}

impl Controller {
    /// Begins a move, changes its target, or calls it off. `any_factor` allows another number of replicas.
    pub fn reassign(&mut self, wanted: &Reassignment, any_factor: bool) -> Result<(), TopicError> {
        let name = format!("{}-{}", wanted.topic, wanted.index);
        let topic = self.image.topics.get(&wanted.topic).map(|topic| topic.id);
        let found =
            topic.and_then(|id| Some((id, PartitionImage::clone(self.image.partition(id, wanted.index)?))));
        let Some((id, partition)) = found else {
            return refuse(ErrorCode::UnknownTopicOrPartition, format!("there is no partition {name}"));
        };
        let Some(target) = &wanted.target else { return self.call_off(&name, id, wanted.index, &partition) };
        let settled = without(&partition.replicas, &partition.adding);
        self.check_replicas(wanted.index, target, target.len())?;
        if !any_factor && target.len() != settled.len() {
            let message = format!("{name} has {} replicas, not {}", settled.len(), target.len());
            return refuse(ErrorCode::InvalidReplicationFactor, message);
        }
        let adding = without(target, &settled);
        let removing = without(&settled, target);
        let mut replicas = target.clone();
        replicas.extend(&removing);
        // Those of an earlier target that are no longer wanted have nothing anybody needs.
        let isr: Vec<i32> = partition.isr.iter().copied().filter(|id| replicas.contains(id)).collect();
        if isr.is_empty() {
            return refuse(
                ErrorCode::InvalidReplicaAssignment,
                format!("{name} would have no replica in sync"),
            );
        }
        self.move_to(id, wanted.index, PartitionImage { replicas, isr, adding, removing, ..partition });
        self.complete_move(id, wanted.index);
        Ok(())
    }

    fn call_off(
        &mut self,
        name: &str,
        id: Uuid,
        index: i32,
        partition: &PartitionImage,
    ) -> Result<(), TopicError> {
        if !partition.is_moving() {
            return refuse(ErrorCode::NoReassignmentInProgress, format!("{name} is not being moved"));
        }
        let replicas = without(&partition.replicas, &partition.adding);
        let isr = without(&partition.isr, &partition.adding);
        if isr.is_empty() {
            let message = format!("none of the replicas {name} had is in sync");
            return refuse(ErrorCode::InvalidReplicaAssignment, message);
        }
        let (adding, removing) = (Vec::new(), Vec::new());
        self.move_to(id, index, PartitionImage { replicas, isr, adding, removing, ..partition.clone() });
        Ok(())
    }

    /// The move ends once every new replica is in sync.
    pub(super) fn complete_move(&mut self, id: Uuid, index: i32) {
        let Some(partition) = self.image.partition(id, index).filter(|p| p.is_moving()) else { return };
        let isr = without(&partition.isr, &partition.removing);
        if isr.is_empty() || !partition.adding.iter().all(|id| partition.isr.contains(id)) {
            return;
        }
        let replicas = without(&partition.replicas, &partition.removing);
        let (adding, removing) = (Vec::new(), Vec::new());
        let next = PartitionImage { replicas, isr, adding, removing, ..PartitionImage::clone(partition) };
        self.move_to(id, index, next);
    }

    /// Writes other replicas down, with another leader if the present one is not among them.
    fn move_to(&mut self, topic_id: Uuid, partition_id: i32, next: PartitionImage) {
        let stays = next.isr.contains(&next.leader);
        let fit = |id: &&i32| next.isr.contains(id) && self.image.is_live(**id);
        let elected = next.replicas.iter().find(fit).copied().unwrap_or(NO_LEADER);
        self.change(PartitionChangeRecord {
            partition_id,
            topic_id,
            isr: Some(next.isr),
            leader: if stays { LEADER_UNCHANGED } else { elected },
            replicas: Some(next.replicas),
            adding_replicas: Some(next.adding),
            removing_replicas: Some(next.removing),
            ..Default::default()
        });
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::time::Duration;

    use super::*;
    use crate::config::BrokerConfig;
    use crate::controller::{BrokerImage, IsrChange, MetadataImage, NewTopic};
    use crate::seams::{Now, Rng};

    const NOW: Now = Now { mono: Duration::ZERO, wall_ms: 0 };

    /// Four brokers, and a partition on 1, 2 and 3.
    pub fn controller() -> Controller {
        let config = BrokerConfig::new(4, &[]).unwrap();
        let mut controller = Controller::new(MetadataImage::default(), config, Rng::seeded(1), NOW);
        for id in 1..=4 {
            comes(&mut controller, id, 1, true);
        }
        let assignments = vec![(0, vec![1, 2, 3])];
        let (name, partitions, replication_factor) = ("orders".to_owned(), -1, -1);
        let topic = NewTopic { name, partitions, replication_factor, assignments, configs: Vec::new() };
        controller.create_topics(&[topic], false).remove(0).unwrap();
        controller
    }

    /// A broker registers in its `life`th life. `clean` says that the one before ended in order.
    pub fn comes(controller: &mut Controller, id: i32, life: u8, clean: bool) {
        let incarnation = Uuid([16 * id as u8 + life; 16]);
        let endpoints = Vec::new();
        let broker = BrokerImage { id, epoch: -1, incarnation, endpoints, rack: None, fenced: false };
        controller.register(NOW, broker, clean);
    }

    pub fn partition(controller: &Controller) -> PartitionImage {
        PartitionImage::clone(&controller.image.topics["orders"].partitions[0])
    }

    fn reassign(controller: &mut Controller, target: Option<&[i32]>) -> Result<(), ErrorCode> {
        let wanted = Reassignment { topic: "orders".into(), index: 0, target: target.map(<[i32]>::to_vec) };
        controller.reassign(&wanted, true).map_err(|err| err.code)
    }

    /// The leader reports these as in sync.
    pub fn in_sync(controller: &mut Controller, isr: &[i32]) {
        let known = partition(controller);
        let change = IsrChange {
            broker: known.leader,
            topic: controller.image.topics["orders"].id,
            partition: 0,
            leader_epoch: known.leader_epoch,
            partition_epoch: known.partition_epoch,
            isr: isr.to_vec(),
        };
        controller.alter_isr(&change).unwrap();
    }

    #[test]
    fn old_replicas_go_only_once_the_new_ones_are_in_sync() {
        let mut controller = controller();
        reassign(&mut controller, Some(&[4, 2])).unwrap();
        let moving = partition(&controller);
        assert_eq!(
            (moving.replicas, moving.adding, moving.removing),
            (vec![4, 2, 1, 3], vec![4], vec![1, 3])
        );
        assert_eq!((moving.isr, moving.leader), (vec![1, 2, 3], 1));
        in_sync(&mut controller, &[1, 2, 3, 4]);
        let done = partition(&controller);
        assert!(!done.is_moving());
        assert_eq!((done.replicas, done.isr, done.leader), (vec![4, 2], vec![2, 4], 4));
        assert_eq!(done.leader_epoch, 1, "another leader, another epoch");
    }

    #[test]
    fn a_move_called_off_leaves_the_replicas_as_they_were() {
        let mut controller = controller();
        assert_eq!(reassign(&mut controller, None), Err(ErrorCode::NoReassignmentInProgress));
        reassign(&mut controller, Some(&[4])).unwrap();
        reassign(&mut controller, None).unwrap();
        let back = partition(&controller);
        assert_eq!((back.replicas, back.isr, back.leader), (vec![1, 2, 3], vec![1, 2, 3], 1));
        assert!(!back.adding.contains(&4) && back.removing.is_empty());
    }

    #[test]
    fn fewer_or_reordered_replicas_need_no_waiting() {
        let mut controller = controller();
        reassign(&mut controller, Some(&[3, 1])).unwrap();
        let done = partition(&controller);
        assert_eq!((done.replicas.clone(), done.is_moving(), done.leader), (vec![3, 1], false, 1));
    }

    #[test]
    fn targets_that_cannot_be_are_refused() {
        let mut controller = controller();
        for target in [&[9][..], &[1, 1], &[]] {
            assert_eq!(reassign(&mut controller, Some(target)), Err(ErrorCode::InvalidReplicaAssignment));
        }
        let wanted = Reassignment { topic: "orders".into(), index: 0, target: Some(vec![1]) };
        let refused = controller.reassign(&wanted, false).unwrap_err().code;
        assert_eq!(refused, ErrorCode::InvalidReplicationFactor);
        let missing = Reassignment { index: 7, ..wanted };
        let refused = controller.reassign(&missing, true).unwrap_err().code;
        assert_eq!(refused, ErrorCode::UnknownTopicOrPartition);
    }
}
