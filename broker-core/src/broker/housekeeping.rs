//! What keeps logs in bounds while clients are served: retention, compaction, `flush.ms`, and the deletion of
//! files that were set aside.
//! Source: Kafka `LogManager.cleanupLogs`, `LogCleanerManager.grabFilthiestCompactedLog`.

use std::collections::{BTreeSet, VecDeque};
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use super::Broker;
use crate::log::{CleanPlan, Cleaned, Installed, LogError};
use crate::partition::{Partition, PartitionId};
use crate::seams::Disk;

const TICK: Duration = Duration::from_millis(500);
/// How often producers that were idle for long are forgotten. Their age is that of their records, so a producer of
/// old records lives this long. Source: Kafka `producer.id.expiration.check.interval.ms`, an internal config.
const PRODUCER_CHECK: Duration = Duration::from_secs(600);

/// Files of removed segments, and when each is due to go.
pub(super) type SetAside = VecDeque<(Duration, PathBuf)>;

/// Replicas that the clock has something to do with, so that idle ones cost nothing.
#[derive(Debug, Default)]
pub(super) struct Care {
    /// Led here, with followers that may fall behind.
    pub followed: BTreeSet<PartitionId>,
    /// To be compacted.
    compacted: BTreeSet<PartitionId>,
    /// Synced by age.
    flushed: BTreeSet<PartitionId>,
}

impl Care {
    /// Takes in the part that a replica plays now; `None` if it is gone.
    pub fn note(&mut self, id: PartitionId, partition: Option<&Partition>) {
        let keep = |set: &mut BTreeSet<PartitionId>, wanted: bool| match wanted {
            true => drop(set.insert(id)),
            false => drop(set.remove(&id)),
        };
        let config = partition.map(|partition| partition.log().config());
        keep(&mut self.followed, partition.is_some_and(|p| p.is_leader() && p.image().replicas.len() > 1));
        keep(&mut self.compacted, config.is_some_and(|config| config.compact));
        keep(&mut self.flushed, config.is_some_and(|config| config.flush_ms < i64::MAX));
    }
}

/// Retention and flushes, for as long as the broker lives.
pub(super) async fn run(broker: Rc<Broker>) {
    let interval = Duration::from_millis(broker.config().number("log.retention.check.interval.ms") as u64);
    let mut next = broker.now().mono + interval;
    let mut next_producers = broker.now().mono + PRODUCER_CHECK;
    loop {
        tokio::time::sleep(TICK).await;
        broker.sync_old();
        broker.delete_set_aside().await;
        if broker.now().mono >= next {
            next = broker.now().mono + interval;
            broker.retain();
        }
        if broker.now().mono >= next_producers {
            next_producers = broker.now().mono + PRODUCER_CHECK;
            broker.forget_producers();
        }
    }
}

/// Compaction: one log at a time, the dirtiest first, for as long as the broker lives.
pub(super) async fn compact(broker: Rc<Broker>) {
    if !broker.config().flag("log.cleaner.enable") {
        return std::future::pending().await;
    }
    let backoff = Duration::from_millis(broker.config().number("log.cleaner.backoff.ms").max(1) as u64);
    // A log that could not be compacted is left alone for the rest of this life, as Kafka leaves it.
    let mut broken: Vec<PartitionId> = Vec::new();
    loop {
        let Some((id, plan)) = broker.dirtiest(&broken) else {
            tokio::time::sleep(backoff).await;
            continue;
        };
        let work = broker.setup.pool.start_aside(move || plan.run()).await;
        let done = match work {
            Ok(Ok(cleaned)) => broker.install(id, cleaned).await,
            Ok(Err(err)) => Err(err),
            Err(err) => {
                tracing::error!(broker = broker.id(), %err, "compaction ended early");
                broken.push(id);
                continue;
            }
        };
        if let Err(err) = done {
            tracing::error!(broker = broker.id(), partition = id.index, %err, "log not compacted");
            if !broker.give_up_if_damaged(id, &err) {
                broken.push(id);
            }
        }
    }
}

impl Broker {
    fn sync_old(self: &Rc<Self>) {
        let now_ms = self.now().wall_ms;
        let mut failed = Vec::new();
        for id in &self.care.borrow().flushed {
            let mut partitions = self.partitions.borrow_mut();
            let Some(partition) = partitions.get_mut(id) else { continue };
            if let Err(err) = partition.log_mut().sync_if_old(now_ms) {
                self.disk_refused(*id, "log not synced", &err);
                failed.push(*id);
            }
        }
        failed.into_iter().for_each(|id| self.give_up_if_offline(id));
    }

    fn forget_producers(&self) {
        let before_ms = self.now().wall_ms - self.config().number("producer.id.expiration.ms");
        for partition in self.partitions.borrow_mut().values_mut() {
            partition.log_mut().expire_producers(before_ms);
        }
    }

    fn retain(self: &Rc<Self>) {
        let now = self.now();
        let mut moved = Vec::new();
        for (id, partition) in self.partitions.borrow_mut().iter_mut() {
            let high_watermark = partition.high_watermark();
            match partition.log_mut().retain(now.wall_ms, high_watermark) {
                Ok(0) => {}
                Ok(_) => moved.push(*id),
                Err(err) => {
                    tracing::error!(broker = self.setup.id, partition = id.index, %err, "retention failed");
                }
            }
        }
        for id in moved {
            self.settle_log(id);
        }
    }

    /// Runs and queues what a change of segments has left to do.
    pub(super) fn settle_log(self: &Rc<Self>, id: PartitionId) {
        let mut partitions = self.partitions.borrow_mut();
        let Some(partition) = partitions.get_mut(&id) else { return };
        let delay = Duration::from_millis(partition.log().config().file_delete_delay_ms.max(0) as u64);
        let (seals, files) = (partition.log_mut().take_seals(), partition.log_mut().take_set_aside());
        drop(partitions);
        self.run_seals(seals);
        let now = self.now().mono;
        let due = if self.disk_trouble.is_full(now) { now } else { now + delay };
        self.set_aside.borrow_mut().extend(files.into_iter().map(|file| (due, file)));
    }

    async fn delete_set_aside(&self) {
        let now = self.now().mono;
        let mut due = Vec::new();
        self.set_aside.borrow_mut().retain(|(when, file)| {
            let goes = *when <= now;
            if goes {
                due.push(file.clone());
            }
            !goes
        });
        if due.is_empty() {
            return;
        }
        let (disk, broker) = (self.setup.disk.clone(), self.setup.id);
        let work = self.setup.pool.start(move || {
            for file in due {
                if let Err(err) = disk.remove(&file) {
                    tracing::warn!(broker, file = %file.display(), %err, "removed segment still on disk");
                }
            }
        });
        if let Err(err) = work.await {
            tracing::warn!(broker, %err, "removed segments still on disk");
        }
    }

    /// A plan for the log that needs compaction most.
    fn dirtiest(&self, broken: &[PartitionId]) -> Option<(PartitionId, CleanPlan)> {
        let now_ms = self.now().wall_ms;
        let mut partitions = self.partitions.borrow_mut();
        let mut most: Option<(f64, PartitionId)> = None;
        for id in self.care.borrow().compacted.iter().filter(|id| !broken.contains(id)) {
            let Some(partition) = partitions.get_mut(id) else { continue };
            let stable = partition.last_stable_offset();
            let ratio = partition.log_mut().dirty_ratio(now_ms, stable);
            if let Some(ratio) = ratio.filter(|&ratio| most.is_none_or(|(known, _)| ratio > known)) {
                most = Some((ratio, *id));
            }
        }
        let (_, id) = most?;
        let partition = partitions.get(&id)?;
        Some((id, partition.log().clean_plan(now_ms, partition.last_stable_offset())))
    }

    async fn install(self: &Rc<Self>, id: PartitionId, mut cleaned: Cleaned) -> Result<(), LogError> {
        loop {
            let installed = match self.partitions.borrow_mut().get_mut(&id) {
                Some(partition) => partition.log_mut().install(&mut cleaned)?,
                // Its topic was deleted meanwhile, and its directory with it.
                None => return Ok(()),
            };
            self.settle_log(id);
            if installed != Installed::One {
                return Ok(());
            }
            tokio::task::yield_now().await;
        }
    }
}
