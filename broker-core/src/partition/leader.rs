//! The leader's side: where its followers are, who is in sync, what they are handed.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use super::{Partition, Role};
use crate::controller::PartitionImage;
use crate::log::{LogError, ReadLimits};
use crate::protocol::batch::Batch;
use crate::seams::Now;

/// Bytes of recent batches kept for followers; a follower further behind reads the file.
const TAIL_BYTES: usize = 4 << 20;

/// Batches below this size are copied out of their frame.
const COPY_BELOW: usize = 8 << 10;

#[derive(Debug)]
pub(super) struct Leader {
    followers: BTreeMap<i32, Follower>,
    /// Where this leader's epoch began.
    epoch_start: i64,
    /// In-sync replicas asked of the controller and not yet seen in the metadata.
    asked: Option<Vec<i32>>,
    tail: VecDeque<Batch>,
    tail_bytes: usize,
}

#[derive(Debug, Clone, Copy)]
struct Follower {
    end_offset: i64,
    /// Its log start offset, as last told.
    start_offset: i64,
    /// When it last had everything.
    caught_up: Duration,
    /// Our end offset at its last pull: reaching that counts as having caught up then.
    pulled: (Duration, i64),
    /// Whether it has pulled since it last left the in-sync replicas. One that died having everything would
    /// otherwise look fit to join for ever.
    alive: bool,
}

impl Follower {
    /// One that has not been heard of.
    fn fresh(now: Now, end_offset: i64) -> Self {
        Self {
            end_offset: -1,
            start_offset: -1,
            caught_up: now.mono,
            pulled: (now.mono, end_offset),
            alive: false,
        }
    }
}

/// What a follower's pull changed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The high watermark moved.
    pub advanced: bool,
}

/// What a follower gets for its pull.
#[derive(Debug)]
pub enum Followed {
    /// Batches from its position on; empty if it has everything.
    Batches(Vec<Batch>),
    /// Its log holds something this leader's does not: the epoch up to which they agree, and its end here.
    Diverged {
        /// The largest epoch both know.
        epoch: i32,
        /// Where that epoch ends in this log.
        end_offset: i64,
    },
    /// Its position lies outside this log, which starts here.
    OutOfRange {
        /// Our log start offset.
        start_offset: i64,
    },
}

impl Leader {
    pub fn new(now: Now, me: i32, image: &PartitionImage, end_offset: i64) -> Self {
        let others = image.replicas.iter().filter(|&&id| id != me);
        Self {
            followers: others.map(|&id| (id, Follower::fresh(now, end_offset))).collect(),
            epoch_start: end_offset,
            asked: None,
            tail: VecDeque::new(),
            tail_bytes: 0,
        }
    }

    /// The metadata has moved on from `before`: what was asked is answered, and who left must pull again.
    pub fn settle(
        &mut self,
        now: Now,
        me: i32,
        end_offset: i64,
        before: &PartitionImage,
        image: &PartitionImage,
    ) {
        self.asked = None;
        self.followers.retain(|id, _| image.replicas.contains(id));
        for &id in image.replicas.iter().filter(|&&id| id != me) {
            self.followers.entry(id).or_insert_with(|| Follower::fresh(now, end_offset));
        }
        for (id, follower) in &mut self.followers {
            follower.alive &= image.isr.contains(id) || !before.isr.contains(id);
        }
    }

    pub fn hand_over(&mut self, batch: &Batch) {
        if self.followers.is_empty() {
            return;
        }
        self.tail_bytes += batch.header.size_bytes();
        let mut batch = batch.clone();
        if batch.records.len() < COPY_BELOW {
            // A small slice would keep the whole frame it came in alive.
            batch.records = bytes::Bytes::copy_from_slice(&batch.records);
        }
        self.tail.push_back(batch);
        let needed = self.followers.values().map(|follower| follower.end_offset).min().unwrap_or(i64::MAX);
        while let Some(oldest) = self.tail.front() {
            if oldest.header.last_offset() >= needed && self.tail_bytes <= TAIL_BYTES {
                break;
            }
            self.tail_bytes -= oldest.header.size_bytes();
            self.tail.pop_front();
        }
    }

    fn release(&mut self) {
        let needed = self.followers.values().map(|follower| follower.end_offset).min().unwrap_or(i64::MAX);
        while self.tail.front().is_some_and(|oldest| oldest.header.last_offset() < needed) {
            if let Some(oldest) = self.tail.pop_front() {
                self.tail_bytes -= oldest.header.size_bytes();
            }
        }
    }
}

impl Partition {
    /// Moves the high watermark as far as the in-sync replicas allow; true if it moved.
    pub(super) fn advance_high_watermark(&mut self) -> bool {
        let Role::Leader(leader) = &self.role else { return false };
        let min_isr = self.config.min_isr.min(self.image.replicas.len());
        if self.image.isr.len() < min_isr {
            return false;
        }
        let asked = leader.asked.as_deref().unwrap_or_default();
        let in_sync = self.image.isr.iter().chain(asked).filter(|&&id| id != self.me);
        let ends = in_sync.map(|id| leader.followers.get(id).map_or(-1, |follower| follower.end_offset));
        let lowest = ends.min().unwrap_or(i64::MAX).min(self.log.end_offset());
        if lowest <= self.high_watermark {
            return false;
        }
        self.high_watermark = lowest;
        self.log.settle_transactions(lowest);
        true
    }

    /// Whether this leader was elected and has not heard yet how far its predecessor had committed: its high watermark
    /// may be lower than what readers have seen (KIP-207).
    pub fn lags_behind_its_epoch(&self) -> bool {
        matches!(&self.role, Role::Leader(leader) if self.high_watermark < leader.epoch_start)
    }

    /// A follower has told its log start offset; true if it is news.
    pub fn note_start(&mut self, follower: i32, start_offset: i64) -> bool {
        let Role::Leader(leader) = &mut self.role else { return false };
        let Some(state) = leader.followers.get_mut(&follower) else { return false };
        std::mem::replace(&mut state.start_offset, start_offset) != start_offset
    }

    /// The smallest log start offset among this leader's and those of followers that run.
    pub fn low_watermark(&self, is_live: impl Fn(i32) -> bool) -> i64 {
        let own = self.log.start_offset();
        let Role::Leader(leader) = &self.role else { return own };
        let others = leader.followers.iter().filter(|(id, _)| is_live(**id)).map(|(_, f)| f.start_offset);
        others.fold(own, i64::min)
    }

    /// Whether enough replicas are in sync for acks=all.
    pub fn has_min_isr(&self) -> bool {
        self.image.isr.len() >= self.config.min_isr.min(self.image.replicas.len())
    }

    /// A follower pulls from `position`, which it therefore has everything below. `last_epoch` is the epoch of
    /// its last record. Returns what changed and what it gets: at most about `bytes_max`, or nothing without.
    pub fn serve_pull(
        &mut self,
        now: Now,
        follower: i32,
        position: i64,
        last_epoch: Option<i32>,
        bytes_max: Option<usize>,
    ) -> Result<(Progress, Followed), LogError> {
        let (start, end) = (self.log.start_offset(), self.log.end_offset());
        if let Some(epoch) = last_epoch {
            let shared = self.log.epochs().end_of(epoch, end);
            match shared {
                Some((known, ends)) if known == epoch && ends >= position => {}
                Some((epoch, end_offset)) => {
                    return Ok((Progress::default(), Followed::Diverged { epoch, end_offset }));
                }
                None if position > start => {
                    return Ok((Progress::default(), Followed::Diverged { epoch: -1, end_offset: start }));
                }
                None => {}
            }
        }
        if position < start || position > end {
            return Ok((Progress::default(), Followed::OutOfRange { start_offset: start }));
        }
        let advanced = self.note_position(now, follower, position);
        let batches = match bytes_max {
            Some(bytes_max) => self.batches_from(position, bytes_max)?,
            None => Vec::new(),
        };
        Ok((Progress { advanced }, Followed::Batches(batches)))
    }

    fn note_position(&mut self, now: Now, follower: i32, position: i64) -> bool {
        let end = self.log.end_offset();
        let Role::Leader(leader) = &mut self.role else { return false };
        let Some(state) = leader.followers.get_mut(&follower) else { return false };
        if position >= end {
            state.caught_up = now.mono;
        } else if position >= state.pulled.1 {
            state.caught_up = state.caught_up.max(state.pulled.0);
        }
        state.pulled = (now.mono, end);
        state.end_offset = position;
        state.alive = true;
        leader.release();
        self.advance_high_watermark()
    }

    fn batches_from(&self, position: i64, bytes_max: usize) -> Result<Vec<Batch>, LogError> {
        let Role::Leader(leader) = &self.role else { return Ok(Vec::new()) };
        let in_tail = leader.tail.partition_point(|batch| batch.header.last_offset() < position);
        if leader.tail.get(in_tail).is_some_and(|batch| batch.header.base_offset <= position) {
            let mut left = bytes_max;
            let mut taken = Vec::new();
            for batch in leader.tail.range(in_tail..) {
                let size = batch.header.size_bytes();
                if size > left && !taken.is_empty() {
                    break;
                }
                left = left.saturating_sub(size);
                taken.push(batch.clone());
            }
            return Ok(taken);
        }
        let limits = ReadLimits { bytes_max, before: i64::MAX, at_least_one: true };
        self.log.read_batches(position, limits)
    }

    /// The in-sync replicas this leader should ask for now, if they differ from those it has: without followers
    /// that fell behind for `lag_max`, with those that have caught up. `is_live` tells who may join: the
    /// controller refuses others, and a broker that stops in order still pulls after it was taken out.
    pub fn isr_to_ask(
        &mut self,
        now: Now,
        lag_max: Duration,
        is_live: impl Fn(i32) -> bool,
    ) -> Option<Vec<i32>> {
        let high_watermark = self.high_watermark;
        let end = self.log.end_offset();
        let Role::Leader(leader) = &mut self.role else { return None };
        if leader.asked.is_some() {
            return None;
        }
        let keeps_up = |follower: &Follower| {
            follower.end_offset >= end || now.mono.saturating_sub(follower.caught_up) <= lag_max
        };
        // With too few replicas in sync the high watermark stands still: one that is stuck there does not come back.
        let joins = |follower: &Follower| {
            follower.alive
                && keeps_up(follower)
                && follower.end_offset >= high_watermark
                && follower.end_offset >= leader.epoch_start
        };
        let wanted: Vec<i32> = self
            .image
            .replicas
            .iter()
            .copied()
            .filter(|id| {
                let in_sync = self.image.isr.contains(id);
                *id == self.me
                    || leader
                        .followers
                        .get(id)
                        .is_some_and(|f| if in_sync { keeps_up(f) } else { joins(f) && is_live(*id) })
            })
            .collect();
        let same =
            wanted.len() == self.image.isr.len() && wanted.iter().all(|id| self.image.isr.contains(id));
        if same {
            return None;
        }
        // A replica that would join counts for the high watermark from now on, so that it can never be behind it.
        leader.asked = Some(wanted.clone());
        Some(wanted)
    }

    /// Whether this leader still waits for what it asked when the partition was at `partition_epoch`.
    pub fn asks_at(&self, partition_epoch: i32) -> bool {
        let asks = matches!(&self.role, Role::Leader(leader) if leader.asked.is_some());
        asks && self.image.partition_epoch == partition_epoch
    }

    /// The controller refused what was asked when the partition was at `partition_epoch`; ask again when
    /// there is reason. Who would have joined no longer holds the high watermark back: true if it moved.
    pub fn forget_asked(&mut self, partition_epoch: i32) -> bool {
        // Another epoch has settled that question; what is asked now is another one.
        if self.image.partition_epoch != partition_epoch {
            return false;
        }
        let Role::Leader(leader) = &mut self.role else { return false };
        leader.asked = None;
        self.advance_high_watermark()
    }

    /// Followers of this replica.
    pub fn followers(&self) -> Vec<i32> {
        match &self.role {
            Role::Leader(leader) => leader.followers.keys().copied().collect(),
            Role::Follower => Vec::new(),
        }
    }

    /// The end offset a follower has told this leader; `None` if it has told none yet.
    pub fn told_position(&self, follower: i32) -> Option<i64> {
        match &self.role {
            Role::Leader(leader) => {
                leader.followers.get(&follower).map(|f| f.end_offset).filter(|&end_offset| end_offset >= 0)
            }
            Role::Follower => None,
        }
    }

    /// The in-sync followers whose log has a record at `offset` or ends there, with their end offsets.
    pub fn followers_with(&self, offset: i64) -> Vec<(i32, i64)> {
        let Role::Leader(leader) = &self.role else { return Vec::new() };
        let has = |follower: &Follower| follower.start_offset <= offset && offset <= follower.end_offset;
        let fit =
            leader.followers.iter().filter(|(id, follower)| self.image.isr.contains(id) && has(follower));
        fit.map(|(id, follower)| (*id, follower.end_offset)).collect()
    }
}
