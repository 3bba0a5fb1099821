//! The replicas of this broker on its disk: opened, set aside where they are of no use, removed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use super::Broker;
use super::checkpoints::Known;
use super::disk_trouble::remedy;
use super::messages::Change;
use crate::controller::PartitionImage;
use crate::log::{LastLife, Log, LogError};
use crate::partition::{Partition, PartitionConfig, PartitionId};
use crate::protocol::Uuid;
use crate::seams::Disk;

/// What a replica must have to be used.
#[derive(Debug, Clone, Copy)]
struct Needed {
    /// All that it had when it was closed in order: nobody else may have it.
    its_end: bool,
    /// All that it is known to have had: another in sync may have it.
    all_it_held: bool,
}

/// Pause before the controller is told again of a damaged replica.
const TELL_AGAIN: Duration = Duration::from_millis(200);

impl Broker {
    /// Whether the replica can be used; opens it if it is not open. One whose log is damaged, or has lost committed
    /// records that others in sync may have, is given up first; out of the in-sync replicas it is cut where it is
    /// damaged, or else set aside, and follows the leader.
    pub(super) fn has_replica(
        self: &Rc<Self>,
        id: PartitionId,
        topic: &str,
        image: &PartitionImage,
        config: &Arc<PartitionConfig>,
    ) -> bool {
        let broker = self.id();
        if self.partitions.borrow().contains_key(&id) {
            return true;
        }
        let in_use = image.leader == broker || image.isr.contains(&broker);
        // Where nobody leads, nobody can give what is missing: nothing is cut then.
        let irreplaceable = in_use || image.leader < 0;
        if irreplaceable && self.damaged.borrow().contains(&id) {
            return false;
        }
        let others = image.isr.iter().any(|&other| other != broker);
        let needed = Needed { its_end: irreplaceable, all_it_held: in_use && others };
        if needed.all_it_held && self.behind.borrow().contains(&id) {
            return false;
        }
        if self.spoilt.borrow().contains(&id) {
            if in_use || image.leader < 0 || !self.move_aside(&self.replica_dir(topic, id.index)) {
                return false;
            }
            self.spoilt.borrow_mut().remove(&id);
        }
        if self.unsynced.borrow().contains(&id) {
            let dir = self.replica_dir(topic, id.index);
            match Log::forget_unsynced(&*self.disk, &dir) {
                Ok(()) => self.unsynced.borrow_mut().remove(&id),
                Err(err) => {
                    tracing::error!(broker, topic, index = id.index, %err, "replica stays offline");
                    return false;
                }
            };
        }
        let mut opened = self.open_replica(id, topic, config, needed);
        let replaceable = matches!(opened, Err(LogError::Corrupt { .. })) && !in_use && image.leader > 0;
        if replaceable && self.move_aside(&self.replica_dir(topic, id.index)) {
            opened = self.open_replica(id, topic, config, needed);
        }
        let err = match opened {
            Ok(usable) => return usable,
            Err(err) => err,
        };
        let remedy = remedy(&err, &self.setup.dir);
        tracing::error!(broker, topic, index = id.index, %err, "replica is offline{remedy}");
        self.damaged.borrow_mut().insert(id);
        if in_use {
            self.report_damage(id);
        }
        false
    }

    /// A log that went offline after a failed write is given up where another replica in sync can take over; out of
    /// the in-sync replicas it is opened again and follows. What a crashed broker could not write is no reason.
    pub(super) fn give_up_if_offline(self: &Rc<Self>, id: PartitionId) {
        if self.is_usable(id) || !self.is_replaceable(id) {
            return;
        }
        tracing::warn!(broker = self.setup.id, partition = id.index, "offline replica given up");
        self.unsynced.borrow_mut().insert(id);
        self.give_up(id);
    }

    /// A replica in whose files something was read that was never appended is given up where another in sync can take
    /// over; out of the in-sync replicas its files are set aside and it follows. Where there is no other it stays:
    /// what can be read is. Returns whether it was given up.
    pub(super) fn give_up_if_damaged(self: &Rc<Self>, id: PartitionId, err: &LogError) -> bool {
        if !matches!(err, LogError::Corrupt { .. }) || !self.is_replaceable(id) {
            return false;
        }
        tracing::error!(broker = self.setup.id, partition = id.index, %err, "damaged replica given up");
        self.spoilt.borrow_mut().insert(id);
        self.give_up(id);
        true
    }

    /// Whether another replica in sync can take over from this one.
    fn is_replaceable(&self, id: PartitionId) -> bool {
        let (partitions, image) = (self.partitions.borrow(), self.image.borrow());
        let mut isr = partitions.get(&id).into_iter().flat_map(|partition| &partition.image().isr);
        !self.setup.disk.is_over() && isr.any(|&other| other != self.setup.id && image.is_live(other))
    }

    fn give_up(self: &Rc<Self>, id: PartitionId) {
        self.let_go(id);
        self.damaged.borrow_mut().insert(id);
        self.report_damage(id);
    }

    /// Whether a replica here can be written to, if its disk takes it.
    pub(super) fn is_usable(&self, id: PartitionId) -> bool {
        self.partitions.borrow().get(&id).is_some_and(|partition| !partition.log().is_offline())
    }

    /// Ends all that this broker does with a replica, whose files stay.
    fn let_go(self: &Rc<Self>, id: PartitionId) -> Option<Box<Partition>> {
        let partition = self.partitions.borrow_mut().remove(&id)?;
        self.care.borrow_mut().note(id, None);
        self.follow_leader(id, None);
        self.host_shard(id, false);
        self.host_transactions(id, false);
        self.wake(id);
        Some(partition)
    }

    fn replica_dir(&self, topic: &str, index: i32) -> PathBuf {
        self.setup.dir.join(format!("{topic}-{index}"))
    }

    /// Opens a replica. False if it lacks records that were committed and is not to be used without them.
    fn open_replica(
        self: &Rc<Self>,
        id: PartitionId,
        topic: &str,
        config: &Arc<PartitionConfig>,
        needed: Needed,
    ) -> Result<bool, LogError> {
        let dir = self.replica_dir(topic, id.index);
        let known = self.last_life.borrow().of(topic, id.index);
        let known = if self.is_strays(&dir, id.topic) {
            self.move_aside(&dir);
            Known { last_life: LastLife::default(), ..known }
        } else {
            known
        };
        let ended = if needed.its_end { known.last_life.ended } else { 0 };
        let last_life = LastLife { ended, ..known.last_life };
        let log = Log::open(dir, Arc::clone(&self.disk), Arc::clone(&config.log), id.topic, last_life)?;
        let (broker, end, held) = (self.id(), log.end_offset(), known.held);
        if needed.all_it_held && end < held {
            tracing::warn!(
                broker,
                topic,
                index = id.index,
                end,
                held,
                "replica has lost records, others take over"
            );
            self.behind.borrow_mut().insert(id);
            self.report_behind(id);
            return Ok(false);
        }
        let partition = Partition::new(self.setup.id, log, known.high_watermark, Arc::clone(config));
        self.partitions.borrow_mut().insert(id, Box::new(partition));
        self.damaged.borrow_mut().remove(&id);
        self.behind.borrow_mut().remove(&id);
        self.last_life.borrow_mut().forget(topic, id.index);
        Ok(true)
    }

    /// Whether a directory is that of an earlier topic of the same name, deleted while this broker was away.
    fn is_strays(&self, dir: &Path, topic: Uuid) -> bool {
        let Ok(raw) = self.setup.disk.read(&dir.join("partition.metadata")) else { return false };
        let text = String::from_utf8_lossy(&raw);
        let found = text.lines().find_map(|line| line.strip_prefix("topic_id: "));
        found.is_some_and(|found| found.trim() != topic.to_string())
    }

    /// Renames a directory that this cluster has no use for, as Kafka does with strays; a person may look into it.
    fn move_aside(&self, dir: &Path) -> bool {
        let unique = Uuid(self.rng.borrow_mut().bytes16());
        let name = dir.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let aside = dir.with_file_name(format!("{name}.{unique}-stray"));
        let moved = self.setup.disk.rename(dir, &aside);
        match &moved {
            Ok(()) => tracing::warn!(dir = %dir.display(), aside = %aside.display(), "directory set aside"),
            Err(err) => tracing::warn!(dir = %dir.display(), %err, "directory not set aside"),
        }
        moved.is_ok()
    }

    /// Tells the controller of a replica once. If it has heard, the topic is looked at again: no metadata follows where
    /// the replica was out of the in-sync ones already.
    async fn tell(self: &Rc<Self>, topic: Uuid, change: Change) -> bool {
        let heard = self.change(change).await.is_ok();
        if heard {
            self.reconcile(BTreeSet::from([topic]));
        }
        heard
    }

    /// Tells the controller, until it has heard, that this broker cannot serve a replica.
    fn report_damage(self: &Rc<Self>, id: PartitionId) {
        let broker = Rc::clone(self);
        // Ends with the controller's answer, when the replica is there, or with this broker's runtime.
        tokio::task::spawn_local(async move {
            while broker.damaged.borrow().contains(&id) {
                let change = Change::Damaged { broker: broker.id(), topic: id.topic, index: id.index };
                if broker.tell(id.topic, change).await {
                    return;
                }
                tokio::time::sleep(TELL_AGAIN).await;
            }
        });
    }

    /// Tells the controller again and again that a replica has lost committed records, until another has taken over or
    /// there is no other.
    fn report_behind(self: &Rc<Self>, id: PartitionId) {
        let broker = Rc::clone(self);
        // Ends when the replica is open or no longer here, or with this broker's runtime.
        tokio::task::spawn_local(async move {
            while broker.behind.borrow().contains(&id) {
                let change = Change::Behind { broker: broker.id(), topic: id.topic, index: id.index };
                broker.tell(id.topic, change).await;
                tokio::time::sleep(TELL_AGAIN).await;
            }
        });
    }

    pub(super) fn drop_topic(self: &Rc<Self>, topic: Uuid) {
        self.behind.borrow_mut().retain(|id| id.topic != topic);
        let gone: Vec<PartitionId> =
            self.partitions.borrow().keys().filter(|id| id.topic == topic).copied().collect();
        gone.into_iter().for_each(|id| self.drop_replica(id));
    }

    /// Removes a replica that this broker should not have (any more), with its files.
    pub(super) fn drop_replica(self: &Rc<Self>, id: PartitionId) {
        self.behind.borrow_mut().remove(&id);
        let Some(partition) = self.let_go(id) else { return };
        if let Err(err) = partition.into_log().remove() {
            tracing::warn!(broker = self.setup.id, partition = id.index, %err, "log of a replica not removed");
        }
    }
}
