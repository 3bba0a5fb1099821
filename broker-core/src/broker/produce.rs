//! Appending to partitions this broker leads, and waiting until what was appended is committed.

use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::Notify;

use super::Broker;
use crate::log::Seal;
use crate::partition::{AppendError, AppendRules, Appended, Checked, Effort, Partition, PartitionId};
use crate::protocol::ErrorCode;
use crate::protocol::batch::{Batch, EndMarker};

/// An append whose acknowledgement waits for the in-sync replicas.
#[derive(Debug, Clone, Copy)]
pub struct ProduceOutcome {
    /// The partition.
    pub id: PartitionId,
    /// Where the batch went.
    pub appended: Appended,
    /// The epoch it was appended under; under another one nothing can be said of it.
    pub leader_epoch: i32,
}

/// A broker's thread checks up to so many bytes of batches before it lets others run, each batch counting for some.
const SHARE_EVERY: usize = 1 << 20;
const BATCH_COST: usize = 64 << 10;

impl Broker {
    /// Appends the one batch that `records` must be: the write has returned when this does. Waits only for the check
    /// of a batch that would hold up others.
    pub async fn append(
        self: &Rc<Self>,
        id: PartitionId,
        records: Bytes,
        acks_all: bool,
    ) -> Result<ProduceOutcome, AppendError> {
        let rules = self.partitions.borrow().get(&id).map(|partition| partition.append_rules());
        let rules = rules.unwrap_or_else(|| Err(AppendError::not_here()))?;
        let bytes = records.len();
        self.share_thread(bytes).await;
        let now = self.now();
        let batch = match rules.check(now, records.clone(), Effort::Small)? {
            Checked::Batch(batch) => batch,
            Checked::Large => self.check_aside(rules, records).await?,
        };
        let outcome = self.append_with(id, |partition| partition.append(now, batch, acks_all))?;
        self.setup.traffic.brought(bytes);
        Ok(outcome)
    }

    /// A request may hold thousands of batches: now and then others run in between.
    async fn share_thread(&self, bytes: usize) {
        self.unshared.set(self.unshared.get() + BATCH_COST + bytes);
        if self.unshared.get() > SHARE_EVERY {
            self.unshared.set(0);
            tokio::task::yield_now().await;
        }
    }

    async fn check_aside(&self, rules: AppendRules, records: Bytes) -> Result<Batch, AppendError> {
        let now = self.now();
        let checked = self.setup.pool.run_large(move || rules.check(now, records, Effort::Large)).await;
        match checked {
            Some(Ok(Checked::Batch(batch))) => Ok(batch),
            Some(Err(err)) => Err(err),
            Some(Ok(Checked::Large)) | None => Err(AppendError::unchecked()),
        }
    }

    /// Appends a batch this broker built itself, under acks=all.
    pub fn append_own(self: &Rc<Self>, id: PartitionId, batch: Batch) -> Result<ProduceOutcome, AppendError> {
        let now = self.now();
        self.append_with(id, |partition| partition.append(now, batch, true))
    }

    /// Appends the end of a transaction. `bumped`: see [`crate::log::Producers::check_marker`].
    pub(super) fn append_marker(
        self: &Rc<Self>,
        id: PartitionId,
        marker: EndMarker,
        bumped: bool,
    ) -> Result<ProduceOutcome, AppendError> {
        let now = self.now();
        self.append_with(id, |partition| partition.append_marker(now, marker, bumped))
    }

    fn append_with(
        self: &Rc<Self>,
        id: PartitionId,
        append: impl FnOnce(&mut Partition) -> Result<Appended, AppendError>,
    ) -> Result<ProduceOutcome, AppendError> {
        let mut partitions = self.partitions.borrow_mut();
        let Some(partition) = partitions.get_mut(&id) else {
            return Err(AppendError::not_here());
        };
        let before = partition.high_watermark();
        let result = append(partition);
        let advanced = partition.high_watermark() > before;
        let leader_epoch = partition.image().leader_epoch;
        let seals = partition.log_mut().take_seals();
        let followers = if result.is_ok() { partition.followers() } else { Vec::new() };
        drop(partitions);
        self.run_seals(seals);
        for follower in followers {
            self.peer(follower).offer(id);
        }
        if advanced {
            self.wake(id);
        }
        if let Err(AppendError { log: Some(err), .. }) = &result {
            self.disk_refused(id, "append failed", err);
            self.give_up_if_offline(id);
        }
        result.map(|appended| ProduceOutcome { id, appended, leader_epoch })
    }

    /// Runs the slow ends of rolls in the pool; a failure leaves the segment to be scanned at the next start.
    pub(super) fn run_seals(&self, seals: Vec<Seal>) {
        for seal in seals {
            let (disk, broker) = (self.setup.disk.clone(), self.setup.id);
            // Ends by itself; a crash makes its disk handle fail.
            self.setup.pool.start(move || {
                if let Err(err) = seal.run(&disk) {
                    tracing::warn!(broker, %err, "segment not sealed");
                }
            });
        }
    }

    /// Waits until the high watermark has passed each append, and says for each whether it did in time.
    pub async fn committed(
        &self,
        appends: &[ProduceOutcome],
        timeout: Duration,
    ) -> Vec<Result<(), ErrorCode>> {
        let waiter = Rc::new(Notify::new());
        let deadline = tokio::time::Instant::now() + timeout;
        loop {
            let states: Vec<Option<Result<(), ErrorCode>>> =
                appends.iter().map(|a| self.commit_state(a)).collect();
            if states.iter().all(Option::is_some) {
                return states.into_iter().flatten().collect();
            }
            for (append, state) in appends.iter().zip(&states) {
                if state.is_none() {
                    self.wait_on(append.id, &waiter);
                }
            }
            if tokio::time::timeout_at(deadline, waiter.notified()).await.is_err() {
                let late = Err(ErrorCode::RequestTimedOut);
                return appends.iter().map(|append| self.commit_state(append).unwrap_or(late)).collect();
            }
        }
    }

    /// Whether an append is committed, lost sight of, or neither yet.
    fn commit_state(&self, append: &ProduceOutcome) -> Option<Result<(), ErrorCode>> {
        let partitions = self.partitions.borrow();
        let Some(partition) = partitions.get(&append.id) else {
            return Some(Err(ErrorCode::UnknownTopicOrPartition));
        };
        if !partition.is_leader() || partition.image().leader_epoch != append.leader_epoch {
            return Some(Err(ErrorCode::NotLeaderOrFollower));
        }
        if partition.high_watermark() < append.appended.next_offset {
            return None;
        }
        Some(if partition.has_min_isr() { Ok(()) } else { Err(ErrorCode::NotEnoughReplicasAfterAppend) })
    }
}
