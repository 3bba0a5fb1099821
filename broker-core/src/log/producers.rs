//! What a partition remembers of idempotent producers: enough to recognise a retry and refuse a gap.
//!
//! The last five batches of each producer are kept; a retry of one answers with its original offset.
//! Snapshot file `<end offset>.snapshot`: version i16 = 1, CRC-32C u32 of what follows, entries.
//! Source: Kafka `ProducerStateManager.java`, `ProducerAppendInfo.java`, `ProducerStateEntry.java`.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;

use bytes::{Buf, BufMut};

use super::LogError;
use super::segment::file_name;
use crate::protocol::batch::BatchHeader;
use crate::seams::Disk;

/// Batches remembered per producer: the most a client may have in flight.
const BATCHES_KEPT: usize = 5;
const SNAPSHOT_VERSION: i16 = 1;
const SNAPSHOT_ENTRY: usize = 46;

/// Idempotent producers by id.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Producers(BTreeMap<i64, Entry>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    epoch: i16,
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
}

impl Producers {
    /// Whether the batch with this header may be appended. Batches without a producer id always may.
    pub fn check(&self, header: &BatchHeader) -> Result<ProducerCheck, SequenceError> {
        let Some(entry) = self.0.get(&header.producer_id) else { return Ok(ProducerCheck::Append) };
        let (epoch, first) = (header.producer_epoch, header.base_sequence);
        if epoch < entry.epoch {
            return Err(SequenceError::StaleEpoch { got: epoch, known: entry.epoch });
        }
        if epoch > entry.epoch {
            return if first == 0 {
                Ok(ProducerCheck::Append)
            } else {
                Err(SequenceError::OutOfOrder { got: first, last: -1 })
            };
        }
        let same = |b: &&Remembered| b.first_sequence == first && b.last_sequence == header.last_sequence();
        if let Some(known) = entry.batches.iter().find(same) {
            return Ok(ProducerCheck::Duplicate {
                base_offset: known.base_offset,
                timestamp: known.timestamp,
            });
        }
        match entry.batches.back() {
            None => Ok(ProducerCheck::Append),
            Some(last) if first == next_sequence(last.last_sequence) => Ok(ProducerCheck::Append),
            Some(last) => Err(SequenceError::OutOfOrder { got: first, last: last.last_sequence }),
        }
    }

    /// Takes an appended batch into the state.
    pub(super) fn update(&mut self, header: &BatchHeader) {
        if !header.has_producer() || header.is_control() {
            return;
        }
        let entry = self.0.entry(header.producer_id);
        let entry = entry.or_insert_with(|| Entry { epoch: header.producer_epoch, batches: VecDeque::new() });
        if header.producer_epoch != entry.epoch {
            entry.epoch = header.producer_epoch;
            entry.batches.clear();
        }
        if entry.batches.back().is_some_and(|last| last.last_offset >= header.last_offset()) {
            return;
        }
        if entry.batches.len() == BATCHES_KEPT {
            entry.batches.pop_front();
        }
        entry.batches.push_back(Remembered {
            first_sequence: header.base_sequence,
            last_sequence: header.last_sequence(),
            base_offset: header.base_offset,
            last_offset: header.last_offset(),
            timestamp: header.max_timestamp,
        });
    }

    /// Puts back an older batch that a snapshot, which keeps the last one only, has lost.
    pub(super) fn remember(&mut self, header: &BatchHeader) {
        let Some(entry) = self.0.get_mut(&header.producer_id) else { return };
        let Some(first) = entry.batches.front() else { return };
        let follows = next_sequence(header.last_sequence()) == first.first_sequence;
        if header.producer_epoch == entry.epoch && follows && entry.batches.len() < BATCHES_KEPT {
            entry.batches.push_front(Remembered {
                first_sequence: header.base_sequence,
                last_sequence: header.last_sequence(),
                base_offset: header.base_offset,
                last_offset: header.last_offset(),
                timestamp: header.max_timestamp,
            });
        }
    }

    /// Number of producers known.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no producer is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn snapshot(&self, disk: &dyn Disk, dir: &Path, end_offset: i64) -> Result<(), LogError> {
        let path = dir.join(file_name(end_offset, "snapshot"));
        disk.replace(&path, &self.encode()).map_err(|err| LogError::io("writing", &path, err))
    }

    fn encode(&self) -> Vec<u8> {
        let mut entries = Vec::new();
        entries.put_i32(self.0.len() as i32);
        for (id, entry) in &self.0 {
            let last = entry.batches.back();
            entries.put_i64(*id);
            entries.put_i16(entry.epoch);
            entries.put_i32(last.map_or(-1, |b| b.last_sequence));
            entries.put_i64(last.map_or(-1, |b| b.last_offset));
            entries.put_i32(last.map_or(0, |b| (b.last_offset - b.base_offset) as i32));
            entries.put_i64(last.map_or(-1, |b| b.timestamp));
            entries.put_i32(-1);
            entries.put_i64(-1);
        }
        let mut out = Vec::with_capacity(entries.len() + 6);
        out.put_i16(SNAPSHOT_VERSION);
        out.put_u32(crc32c::crc32c(&entries));
        out.extend_from_slice(&entries);
        out
    }

    /// The producers of a snapshot; `None` if it is damaged.
    pub(super) fn decode(mut raw: &[u8]) -> Option<Self> {
        if raw.len() < 10 || raw.get_i16() != SNAPSHOT_VERSION {
            return None;
        }
        let crc = raw.get_u32();
        if crc32c::crc32c(raw) != crc {
            return None;
        }
        let count = usize::try_from(raw.get_i32()).ok()?;
        if raw.len() != count.checked_mul(SNAPSHOT_ENTRY)? {
            return None;
        }
        let mut producers = Self::default();
        for _ in 0..count {
            let (id, epoch, last_sequence) = (raw.get_i64(), raw.get_i16(), raw.get_i32());
            let (last_offset, delta, timestamp) = (raw.get_i64(), raw.get_i32(), raw.get_i64());
            raw.advance(12);
            let first_sequence = last_sequence.wrapping_sub(delta) & i32::MAX;
            let base_offset = last_offset - i64::from(delta);
            let batch = Remembered { first_sequence, last_sequence, base_offset, last_offset, timestamp };
            let batches = if last_sequence < 0 { VecDeque::new() } else { VecDeque::from([batch]) };
            producers.0.insert(id, Entry { epoch, batches });
        }
        Some(producers)
    }
}

fn next_sequence(last: i32) -> i32 {
    if last == i32::MAX { 0 } else { last + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::batch::{BatchBuilder, Codec, NewRecord};

    fn header(epoch: i16, first_sequence: i32, count: i32, base_offset: i64) -> BatchHeader {
        let mut builder = BatchBuilder::new(Codec::None).producer(7, epoch, first_sequence);
        for _ in 0..count {
            builder.push(&NewRecord::default());
        }
        let mut header = builder.build().unwrap().header;
        header.base_offset = base_offset;
        header
    }

    fn with_batches(count: i32) -> Producers {
        let mut producers = Producers::default();
        for n in 0..count {
            producers.update(&header(0, n * 2, 2, i64::from(n) * 2));
        }
        producers
    }

    #[test]
    fn a_retry_of_the_last_five_answers_the_original_offset() {
        let producers = with_batches(7);
        for n in 2..7 {
            let check = producers.check(&header(0, n * 2, 2, 0));
            assert!(
                matches!(check, Ok(ProducerCheck::Duplicate { base_offset, .. }) if base_offset == i64::from(n) * 2)
            );
        }
        assert!(matches!(producers.check(&header(0, 2, 2, 0)), Err(SequenceError::OutOfOrder { .. })));
    }

    #[test]
    fn gaps_and_old_epochs_are_refused_and_new_epochs_start_at_zero() {
        let mut producers = with_batches(1);
        assert_eq!(producers.check(&header(0, 4, 1, 0)), Err(SequenceError::OutOfOrder { got: 4, last: 1 }));
        assert_eq!(producers.check(&header(1, 3, 1, 0)), Err(SequenceError::OutOfOrder { got: 3, last: -1 }));
        assert_eq!(producers.check(&header(1, 0, 1, 0)), Ok(ProducerCheck::Append));
        producers.update(&header(1, 0, 1, 2));
        assert_eq!(producers.check(&header(0, 2, 1, 0)), Err(SequenceError::StaleEpoch { got: 0, known: 1 }));
    }

    #[test]
    fn sequences_wrap_to_zero() {
        let mut producers = Producers::default();
        producers.update(&header(0, i32::MAX - 1, 2, 0));
        assert_eq!(producers.check(&header(0, 0, 1, 0)), Ok(ProducerCheck::Append));
    }

    #[test]
    fn a_snapshot_gives_back_the_last_batch_and_a_damaged_one_nothing() {
        let producers = with_batches(3);
        let raw = producers.encode();
        let back = Producers::decode(&raw).unwrap();
        assert!(matches!(
            back.check(&header(0, 4, 2, 0)),
            Ok(ProducerCheck::Duplicate { base_offset: 4, .. })
        ));
        assert_eq!(back.check(&header(0, 6, 1, 0)), Ok(ProducerCheck::Append));
        for at in 0..raw.len() {
            let mut damaged = raw.clone();
            damaged[at] ^= 1;
            assert_eq!(Producers::decode(&damaged), None, "bit flipped at {at}");
        }
    }
}
