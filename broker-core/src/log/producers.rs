//! What a partition remembers of idempotent and transactional producers: enough to recognise a retry, refuse a
//! gap, and know which transactions are open.
//!
//! The last five batches of each producer are kept; a retry of one answers with its original offset.
//! Source: Kafka `ProducerStateManager.java`, `ProducerAppendInfo.java`, `ProducerStateEntry.java`; KIP-98, KIP-890.

mod check;
mod snapshot;

use std::collections::{BTreeMap, VecDeque};

pub use check::{MarkerError, ProducerCheck, SequenceError};

use super::txn_index::AbortedTxn;
use crate::protocol::batch::{BatchHeader, EndMarker};

/// Batches remembered per producer: the most a client may have in flight.
const BATCHES_KEPT: usize = 5;

/// Producers by id, and their transactions.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Producers {
    entries: BTreeMap<i64, Entry>,
    /// First offsets of open transactions.
    open: BTreeMap<i64, i64>,
    /// First offset and marker offset of ended ones whose marker may not be committed yet.
    ended: BTreeMap<i64, i64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    epoch: i16,
    coordinator_epoch: i32,
    /// First offset of the open transaction.
    txn_start: Option<i64>,
    /// Offset of the last marker since this log was opened.
    marker: Option<i64>,
    /// Timestamp of the last batch or marker (milliseconds since the epoch).
    timestamp: i64,
    batches: VecDeque<Remembered>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Remembered {
    first_sequence: i32,
    last_sequence: i32,
    base_offset: i64,
    last_offset: i64,
    timestamp: i64,
}

impl From<&BatchHeader> for Remembered {
    fn from(header: &BatchHeader) -> Self {
        Self {
            first_sequence: header.base_sequence,
            last_sequence: header.last_sequence(),
            base_offset: header.base_offset,
            last_offset: header.last_offset(),
            timestamp: header.max_timestamp,
        }
    }
}

/// A producer as DescribeProducers shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProducerState {
    /// Its id.
    pub producer_id: i64,
    /// Its epoch.
    pub producer_epoch: i16,
    /// Sequence of its last record, −1 if none is remembered.
    pub last_sequence: i32,
    /// Timestamp of its last batch (milliseconds since the epoch).
    pub last_timestamp: i64,
    /// Epoch of the coordinator that last wrote a marker for it, −1 for none.
    pub coordinator_epoch: i32,
    /// First offset of its open transaction, −1 without one.
    pub txn_start: i64,
}

impl Producers {
    /// Takes an appended batch of records into the state.
    pub(super) fn update(&mut self, header: &BatchHeader) {
        if !header.has_producer() || header.is_control() {
            return;
        }
        let entry = self.entry(header.producer_id, header.producer_epoch);
        if entry.batches.back().is_some_and(|last| last.last_offset >= header.last_offset()) {
            return;
        }
        entry.timestamp = header.max_timestamp;
        if entry.batches.len() == BATCHES_KEPT {
            entry.batches.pop_front();
        }
        entry.batches.push_back(header.into());
        if header.is_transactional() && entry.txn_start.is_none() {
            entry.txn_start = Some(header.base_offset);
            self.open.insert(header.base_offset, header.producer_id);
        }
    }

    /// Takes an appended marker into the state. Returns the transaction if it is one that was aborted.
    pub(super) fn end_transaction(&mut self, marker: &EndMarker, at: &BatchHeader) -> Option<AbortedTxn> {
        let entry = self.entry(marker.producer_id, marker.producer_epoch);
        entry.coordinator_epoch = entry.coordinator_epoch.max(marker.coordinator_epoch);
        entry.timestamp = at.max_timestamp;
        entry.marker = Some(at.base_offset);
        let first_offset = entry.txn_start.take()?;
        let last_offset = at.base_offset;
        self.open.remove(&first_offset);
        self.ended.insert(first_offset, last_offset);
        let last_stable_offset = self.open.keys().next().copied().unwrap_or(last_offset + 1);
        let producer_id = marker.producer_id;
        (!marker.committed).then_some(AbortedTxn {
            producer_id,
            first_offset,
            last_offset,
            last_stable_offset,
        })
    }

    /// The entry of a producer under `epoch`; a new epoch forgets the batches of the last one.
    fn entry(&mut self, id: i64, epoch: i16) -> &mut Entry {
        let entry = self.entries.entry(id).or_insert_with(|| Entry {
            epoch,
            coordinator_epoch: -1,
            txn_start: None,
            marker: None,
            timestamp: -1,
            batches: VecDeque::new(),
        });
        if epoch != entry.epoch {
            entry.epoch = epoch;
            entry.batches.clear();
        }
        entry
    }

    /// The first offset of a transaction that is open, or whose marker lies at or after `high_watermark`.
    pub fn first_unstable(&self, high_watermark: i64) -> Option<i64> {
        let open = self.open.keys().next().copied();
        let mut ended = self.ended.iter().filter(|&(_, &marker)| marker >= high_watermark);
        let ended = ended.next().map(|(&first, _)| first);
        open.into_iter().chain(ended).min()
    }

    /// Forgets ended transactions whose marker is committed.
    pub(super) fn settle(&mut self, high_watermark: i64) {
        if !self.ended.is_empty() {
            self.ended.retain(|_, marker| *marker >= high_watermark);
        }
    }

    /// First offset of the open transaction of the producer under this epoch. Another epoch's may be open
    /// still: its marker is on the way.
    pub fn open_transaction(&self, producer_id: i64, epoch: i16) -> Option<i64> {
        self.entries.get(&producer_id).filter(|entry| entry.epoch == epoch)?.txn_start
    }

    /// Offset of the producer's last marker since this log was opened.
    pub fn last_marker(&self, producer_id: i64) -> Option<i64> {
        self.entries.get(&producer_id)?.marker
    }

    /// Offset of the last record of each producer; `None` where only a marker is known.
    pub(super) fn last_offsets(&self) -> BTreeMap<i64, (i16, Option<i64>)> {
        let last = |entry: &Entry| (entry.epoch, entry.batches.back().map(|batch| batch.last_offset));
        self.entries.iter().map(|(id, entry)| (*id, last(entry))).collect()
    }

    /// Forgets producers without an open transaction that were silent since `before_ms`.
    pub(super) fn expire(&mut self, before_ms: i64) {
        self.entries.retain(|_, entry| entry.txn_start.is_some() || entry.timestamp >= before_ms);
    }

    /// Puts back an older batch that a snapshot, which keeps the last one only, has lost.
    pub(super) fn remember(&mut self, header: &BatchHeader) {
        let Some(entry) = self.entries.get_mut(&header.producer_id) else { return };
        let Some(first) = entry.batches.front() else { return };
        let follows = check::next_sequence(header.last_sequence()) == first.first_sequence;
        if header.producer_epoch == entry.epoch && follows && entry.batches.len() < BATCHES_KEPT {
            entry.batches.push_front(header.into());
        }
    }

    /// Every producer, by id.
    pub fn list(&self) -> Vec<ProducerState> {
        let state = |(&producer_id, entry): (&i64, &Entry)| ProducerState {
            producer_id,
            producer_epoch: entry.epoch,
            last_sequence: entry.batches.back().map_or(-1, |batch| batch.last_sequence),
            last_timestamp: entry.timestamp,
            coordinator_epoch: entry.coordinator_epoch,
            txn_start: entry.txn_start.unwrap_or(-1),
        };
        self.entries.iter().map(state).collect()
    }

    /// Number of producers known.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether no producer is known.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

#[cfg(test)]
mod tests;
