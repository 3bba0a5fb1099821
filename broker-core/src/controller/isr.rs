//! A leader asks to change its in-sync replicas.
//! Source: Kafka `AlterPartitionManager`, `ReplicationControlManager.validateAlterPartitionData`.

use super::image::LEADER_UNCHANGED;
use std::sync::Arc;

use super::{Controller, PartitionImage};
use crate::protocol::records::metadata::PartitionChangeRecord;
use crate::protocol::{ErrorCode, Uuid};

/// The change a leader asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IsrChange {
    /// The leader that asks.
    pub broker: i32,
    /// Topic id.
    pub topic: Uuid,
    /// Partition number.
    pub partition: i32,
    /// The leader epoch it acts under.
    pub leader_epoch: i32,
    /// The partition epoch it has seen.
    pub partition_epoch: i32,
    /// The in-sync replicas it wants.
    pub isr: Vec<i32>,
}

impl Controller {
    /// Applies the change and returns the partition after it, or Kafka's reason to refuse.
    pub fn alter_isr(&mut self, change: &IsrChange) -> Result<Arc<PartitionImage>, ErrorCode> {
        let partition =
            self.image.partition(change.topic, change.partition).ok_or(ErrorCode::UnknownTopicOrPartition)?;
        if change.leader_epoch < partition.leader_epoch || partition.leader != change.broker {
            return Err(ErrorCode::FencedLeaderEpoch);
        }
        if change.partition_epoch != partition.partition_epoch {
            return Err(ErrorCode::InvalidUpdateVersion);
        }
        let known = change.isr.iter().all(|id| partition.replicas.contains(id));
        if !known || !change.isr.contains(&change.broker) {
            return Err(ErrorCode::InvalidRequest);
        }
        let joins_fenced = |id: &&i32| !partition.isr.contains(id) && !self.image.is_live(**id);
        if change.isr.iter().any(|id| joins_fenced(&id)) {
            return Err(ErrorCode::IneligibleReplica);
        }
        self.change(PartitionChangeRecord {
            partition_id: change.partition,
            topic_id: change.topic,
            isr: Some(change.isr.clone()),
            leader: LEADER_UNCHANGED,
            ..Default::default()
        });
        for id in &change.isr {
            if self.damaged.remove(&(*id, (change.topic, change.partition))) {
                let topic = self.image.topic_names.get(&change.topic).map_or("", String::as_str);
                let index = change.partition;
                tracing::warn!(broker = id, topic, index, "damaged replica is whole and in sync again");
            }
        }
        self.complete_move(change.topic, change.partition);
        let changed = self.image.partition(change.topic, change.partition).cloned();
        changed.ok_or(ErrorCode::UnknownTopicOrPartition)
    }
}
