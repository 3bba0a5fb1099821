//! Who leads. A leader comes from the in-sync replicas that are alive, in replica order; with none left from those that
//! are eligible. Without these too the partition is offline until one returns, or, where
//! `unclean.leader.election.enable` says so or a person asks for it, until any replica is alive: then what only the
//! others had is lost.
//! Source: Kafka `PartitionChangeBuilder.java`, `ReplicationControlManager.electLeaders`.

use super::image::{LEADER_UNCHANGED, NO_LEADER};
use super::{Controller, PartitionImage, TopicError};
use crate::config::ConfigResource;
use crate::protocol::records::metadata::PartitionChangeRecord;
use crate::protocol::{ErrorCode, Uuid};

/// A partition named by its topic id and number.
pub(super) type PartitionKey = (Uuid, i32);

/// Which leader somebody asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Election {
    /// The first replica, if it is in sync.
    Preferred,
    /// Any replica, where there is no leader.
    Unclean,
}

impl Controller {
    /// Elects a leader for a partition by name and number.
    pub fn elect(&mut self, topic: &str, index: i32, election: Election) -> Result<(), TopicError> {
        let refuse = |code: ErrorCode, message: &str| {
            Err(TopicError { code, message: format!("{topic}-{index}: {message}") })
        };
        let found = self.image.topics.get(topic).map(|topic| topic.id);
        let found = found.and_then(|id| Some((id, self.image.partition(id, index)?.clone())));
        let Some((id, partition)) = found else {
            return refuse(ErrorCode::UnknownTopicOrPartition, "there is no such partition");
        };
        let preferred = partition.replicas.first().copied().unwrap_or(NO_LEADER);
        match election {
            Election::Preferred if partition.leader == preferred => {
                refuse(ErrorCode::ElectionNotNeeded, "the preferred replica leads")
            }
            Election::Unclean if partition.leader != NO_LEADER => {
                refuse(ErrorCode::ElectionNotNeeded, "it has a leader")
            }
            Election::Preferred => {
                if !partition.isr.contains(&preferred) || !self.can_lead(preferred, (id, index)) {
                    return refuse(
                        ErrorCode::PreferredLeaderNotAvailable,
                        "the preferred replica is not in sync",
                    );
                }
                self.set_leader(id, index, preferred);
                Ok(())
            }
            Election::Unclean => {
                if self.elect_any(id, index, &partition) {
                    return Ok(());
                }
                refuse(ErrorCode::EligibleLeadersNotAvailable, "no replica is alive")
            }
        }
    }

    /// Gives a partition without a leader one: a replica in sync, else any. False if none is alive.
    fn elect_any(&mut self, topic_id: Uuid, index: i32, partition: &PartitionImage) -> bool {
        let key = (topic_id, index);
        let last = || partition.last_resort().filter(|&id| self.can_lead(id, key));
        if let Some(leader) = self.candidate(key, partition, None).or_else(last) {
            self.set_leader(topic_id, index, leader);
            return true;
        }
        let alive = partition.replicas.iter().copied().find(|&id| self.can_lead(id, key));
        let Some(leader) = alive else { return false };
        tracing::warn!(index, leader, "leader elected that was not in sync");
        self.change(PartitionChangeRecord {
            partition_id: index,
            topic_id,
            isr: Some(vec![leader]),
            eligible_leader_replicas: Some(Vec::new()),
            leader,
            ..Default::default()
        });
        true
    }

    /// Partitions without a leader whose topic would rather lose records than wait.
    pub(super) fn elect_unclean(&mut self) {
        // With every broker and replica well nobody is without a leader: each return elects for what waited for it.
        if self.damaged.is_empty() && self.image.brokers.values().all(|broker| !broker.fenced) {
            return;
        }
        let own = self.image.configs_of(&ConfigResource::Broker(None));
        let config = self.config.with_dynamic(own, None);
        for (topic_id, index) in self.partitions_where(|p| p.leader == NO_LEADER) {
            let Some(topic) = self.image.topic_by_id(topic_id) else { continue };
            let unclean = config.topic_text("unclean.leader.election.enable", &topic.configs) == "true";
            if let Some(partition) = self.image.partition(topic_id, index).filter(|_| unclean).cloned() {
                self.elect_any(topic_id, index, &partition);
            }
        }
    }

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

    /// Whether the broker is alive and its replica of use.
    pub(super) fn can_lead(&self, broker: i32, key: PartitionKey) -> bool {
        self.image.is_live(broker) && !self.damaged.contains(&(broker, key))
    }

    /// The first replica of use other than `except` that is in sync or, where no other is, eligible.
    fn candidate(&self, key: PartitionKey, partition: &PartitionImage, except: Option<i32>) -> Option<i32> {
        let alone = partition.isr.iter().all(|&id| Some(id) == except);
        let whole = if alone { &partition.elr } else { &partition.isr };
        let fit = |id: &&i32| whole.contains(id) && self.can_lead(**id, key) && Some(**id) != except;
        partition.replicas.iter().find(fit).copied()
    }

    /// Takes `broker` out of leadership and in-sync replicas. A last in-sync replica stays named where no eligible ones
    /// are kept: only it has every committed record.
    pub(super) fn move_away_from(&mut self, broker: i32) {
        for key in self.partitions_where(|p| p.leader == broker || p.isr.contains(&broker)) {
            self.take_out(broker, key, None);
        }
    }

    /// A broker cannot serve its replica.
    pub fn replica_damaged(&mut self, broker: i32, key: PartitionKey) {
        if self.image.partition(key.0, key.1).is_some_and(|partition| partition.replicas.contains(&broker)) {
            self.damaged.insert((broker, key));
            self.take_out(broker, key, None);
        }
    }

    /// A replica has lost committed records. Another one in sync takes over; the last one stays, for nobody has more.
    pub fn replica_behind(&mut self, broker: i32, key: PartitionKey) {
        let others = self.image.partition(key.0, key.1).is_some_and(|partition| {
            partition.isr.iter().any(|&other| other != broker && self.can_lead(other, key))
        });
        if others {
            self.take_out(broker, key, Some(broker));
        }
    }

    /// `lost` is not eligible either.
    fn take_out(&mut self, broker: i32, (topic, index): PartitionKey, lost: Option<i32>) {
        let Some(partition) = self.image.partition(topic, index).cloned() else { return };
        let leads = partition.leader == broker;
        let next = self.candidate((topic, index), &partition, Some(broker));
        let others: Vec<i32> = partition.isr.iter().copied().filter(|&id| id != broker).collect();
        let leaves = match partition.isr.contains(&broker) {
            in_sync if self.keeps_eligible() => in_sync,
            in_sync => in_sync && !others.is_empty() && (!leads || next.is_some()),
        };
        let isr = match next {
            // An eligible one leads, and is the first in sync again.
            Some(next) if leads && others.is_empty() => vec![next],
            Some(_) | None => others,
        };
        let change = PartitionChangeRecord {
            partition_id: index,
            topic_id: topic,
            isr: leaves.then_some(isr),
            leader: if leads { next.unwrap_or(NO_LEADER) } else { LEADER_UNCHANGED },
            ..Default::default()
        };
        if change.isr.is_some() || leads {
            self.change_without(change, lost);
        }
    }

    /// Gives a leader to partitions that have none, now that `broker` is back.
    pub(super) fn elect_for_return_of(&mut self, broker: i32) {
        let may = |p: &PartitionImage| p.whole().contains(&broker) || p.last_resort() == Some(broker);
        let leaderless = |p: &PartitionImage| p.leader == NO_LEADER && may(p);
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
        let due = self.partitions_where(|p| {
            let preferred = p.replicas.first().copied().unwrap_or(NO_LEADER);
            p.leader != preferred && p.isr.contains(&preferred)
        });
        for (topic, index) in due {
            let preferred = self.image.partition(topic, index).and_then(|p| p.replicas.first().copied());
            if let Some(preferred) = preferred.filter(|&id| self.can_lead(id, (topic, index))) {
                self.set_leader(topic, index, preferred);
            }
        }
    }

    /// Whoever was not in sync is the only one then.
    pub(super) fn set_leader(&mut self, topic_id: Uuid, partition_id: i32, leader: i32) {
        let in_sync = self.image.partition(topic_id, partition_id).is_some_and(|p| p.isr.contains(&leader));
        let isr = (!in_sync).then(|| vec![leader]);
        self.change(PartitionChangeRecord { partition_id, topic_id, isr, leader, ..Default::default() });
    }
}
