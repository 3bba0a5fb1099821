//! Whether a batch or a marker may be appended.

use super::Producers;
use crate::protocol::batch::{BatchHeader, EndMarker};

/// Whether a batch may be appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProducerCheck {
    /// It is new and in order.
    Append,
    /// It is in the log already, from this offset on.
    Duplicate {
        /// Offset of its first record.
        base_offset: i64,
        /// Its timestamp (milliseconds since the epoch).
        timestamp: i64,
    },
}

/// Why a batch may not be appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SequenceError {
    /// A newer instance of the producer has taken over.
    #[error("producer epoch {got} is older than {known}")]
    StaleEpoch {
        /// The epoch of the batch.
        got: i16,
        /// The epoch the partition knows.
        known: i16,
    },
    /// A batch before this one is missing.
    #[error("sequence {got} does not follow {last}")]
    OutOfOrder {
        /// The first sequence of the batch.
        got: i32,
        /// The last sequence the partition knows, −1 if a new epoch should start at 0.
        last: i32,
    },
    /// The producer's transaction is open and the batch is not part of one.
    #[error("a batch outside any transaction came into the one open since offset {since}")]
    OpenTransaction {
        /// First offset of the open transaction.
        since: i64,
    },
}

/// Why a marker may not be appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MarkerError {
    /// The producer has a newer epoch.
    #[error("marker of producer epoch {got} where {known} is known")]
    StaleEpoch {
        /// The marker's epoch.
        got: i16,
        /// The epoch the partition knows.
        known: i16,
    },
    /// A newer coordinator has written already.
    #[error("marker of coordinator epoch {got} where {known} is known")]
    StaleCoordinator {
        /// The marker's coordinator epoch.
        got: i32,
        /// The one the partition knows.
        known: i32,
    },
}

impl Producers {
    /// Whether the batch with this header may be appended. Batches without a producer id always may.
    pub fn check(&self, header: &BatchHeader) -> Result<ProducerCheck, SequenceError> {
        let Some(entry) = self.entries.get(&header.producer_id) else { return Ok(ProducerCheck::Append) };
        let (epoch, first) = (header.producer_epoch, header.base_sequence);
        self.check_epoch(header.producer_id, epoch)?;
        let same = |b: &&super::Remembered| {
            b.first_sequence == first && b.last_sequence == header.last_sequence() && epoch == entry.epoch
        };
        if let Some(known) = entry.batches.iter().find(same) {
            let (base_offset, timestamp) = (known.base_offset, known.timestamp);
            return Ok(ProducerCheck::Duplicate { base_offset, timestamp });
        }
        if let Some(since) = entry.txn_start.filter(|_| !header.is_transactional()) {
            return Err(SequenceError::OpenTransaction { since });
        }
        // A new epoch, and one that has only a marker, begin at 0.
        let last = entry.batches.back().filter(|_| epoch == entry.epoch).map_or(-1, |b| b.last_sequence);
        let expected = if last < 0 { 0 } else { next_sequence(last) };
        if first == expected {
            Ok(ProducerCheck::Append)
        } else {
            Err(SequenceError::OutOfOrder { got: first, last })
        }
    }

    /// Whether an older epoch than the producer's is at work.
    pub fn check_epoch(&self, producer_id: i64, epoch: i16) -> Result<(), SequenceError> {
        match self.entries.get(&producer_id).filter(|entry| epoch < entry.epoch) {
            Some(entry) => Err(SequenceError::StaleEpoch { got: epoch, known: entry.epoch }),
            None => Ok(()),
        }
    }

    /// Whether the marker may be appended. `bumped` says that markers carry an epoch above that of their data
    /// (`transaction.version` 2): then one of the data's own epoch cannot end an open transaction.
    pub fn check_marker(&self, marker: &EndMarker, bumped: bool) -> Result<(), MarkerError> {
        let Some(entry) = self.entries.get(&marker.producer_id) else { return Ok(()) };
        let (got, known) = (marker.producer_epoch, entry.epoch);
        if got < known || (bumped && got == known && entry.txn_start.is_some()) {
            return Err(MarkerError::StaleEpoch { got, known });
        }
        let (got, known) = (marker.coordinator_epoch, entry.coordinator_epoch);
        if got < known { Err(MarkerError::StaleCoordinator { got, known }) } else { Ok(()) }
    }
}

pub(super) fn next_sequence(last: i32) -> i32 {
    if last == i32::MAX { 0 } else { last + 1 }
}
