//! Offsets by timestamp (KIP-79, KIP-734).

use super::segment::Segment;
use super::{Log, LogError};
use crate::protocol::batch::{Batch, BatchError, DECOMPRESSED_AT_ONCE, DECOMPRESSED_MAX, RecordIter};

/// A record by its offset and its timestamp.
pub type OffsetAndTime = (i64, i64);

/// What a search by time came to.
#[derive(Debug)]
pub enum TimeSearch {
    /// The first record at or after the time; `None` if there is none.
    Found(Option<OffsetAndTime>),
    /// It is in this batch or behind it, and the batch is large.
    Inside(LargeBatch),
}

/// A batch that is to be looked through where nobody waits.
#[derive(Debug)]
pub struct LargeBatch {
    batch: Batch,
    log_start: i64,
}

impl LargeBatch {
    /// The first of its records at or after `timestamp`.
    pub fn first_at(&self, timestamp: i64) -> Result<Option<OffsetAndTime>, BatchError> {
        first_at(&self.batch, timestamp, self.log_start, DECOMPRESSED_MAX)
    }

    /// Where to search on.
    pub fn next_offset(&self) -> i64 {
        self.batch.header.next_offset()
    }
}

impl Log {
    /// The first record at or after `timestamp` in the batches from the one with offset `from` on.
    pub fn search_time(&self, timestamp: i64, from: i64) -> Result<TimeSearch, LogError> {
        let from = from.max(self.start_offset);
        for segment in &self.segments {
            if segment.max_timestamp().is_none_or(|(time, _)| time < timestamp) {
                continue;
            }
            for step in segment.steps(segment.position_for_time(timestamp)) {
                let step = step?;
                if step.header.max_timestamp < timestamp || step.header.last_offset() < from {
                    continue;
                }
                if step.header.is_append_time() {
                    return Ok(TimeSearch::Found(Some((step.header.base_offset, step.header.max_timestamp))));
                }
                let batch = segment.read_batch(&step)?;
                match first_at(&batch, timestamp, self.start_offset, DECOMPRESSED_AT_ONCE) {
                    Ok(None) => {}
                    Ok(found) => return Ok(TimeSearch::Found(found)),
                    Err(BatchError::Bomb { .. }) => {
                        return Ok(TimeSearch::Inside(LargeBatch { batch, log_start: self.start_offset }));
                    }
                    Err(err) => return Err(segment.corrupt(step.position, err)),
                }
            }
        }
        Ok(TimeSearch::Found(None))
    }

    /// The largest timestamp; `None` in an empty log.
    pub fn max_timestamp(&self) -> Option<i64> {
        self.segments.iter().filter_map(Segment::max_timestamp).map(|(time, _)| time).max()
    }
}

fn first_at(
    batch: &Batch,
    timestamp: i64,
    log_start: i64,
    limit: usize,
) -> Result<Option<OffsetAndTime>, BatchError> {
    let data = batch.decompressed_up_to(limit)?;
    for record in RecordIter::new(&data, batch.header.records_count) {
        let record = record?;
        let offset = batch.header.base_offset + i64::from(record.offset_delta);
        let time = batch.header.base_timestamp.saturating_add(record.timestamp_delta);
        if time >= timestamp && offset >= log_start {
            return Ok(Some((offset, time)));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::Arc;

    use bytes::Bytes;

    use super::super::{LastLife, LogConfig};
    use super::*;
    use crate::protocol::Uuid;
    use crate::protocol::batch::{BatchBuilder, Codec, NewRecord};
    use crate::seams::MemoryDisk;

    fn open() -> Log {
        let config = LogConfig { segment_bytes: 600, index_interval_bytes: 100, ..LogConfig::default() };
        let disk = Arc::new(MemoryDisk::new());
        Log::open(PathBuf::from("/d/orders-0"), disk, config, Uuid::ZERO, LastLife::default()).unwrap()
    }

    /// Three records, 10 ms apart from one offset to the next.
    fn append(log: &mut Log, codec: Codec, value_len: usize) {
        let base_offset = log.end_offset();
        let mut builder = BatchBuilder::new(codec);
        for offset in base_offset..base_offset + 3 {
            let value = Some(Bytes::from(vec![b'v'; value_len]));
            builder.push(&NewRecord { timestamp: 1000 + offset * 10, value, ..Default::default() });
        }
        let mut batch = builder.build().unwrap();
        batch.header.base_offset = base_offset;
        batch.header.leader_epoch = 0;
        log.append(&batch, 0).unwrap();
    }

    fn find(log: &Log, timestamp: i64) -> Option<OffsetAndTime> {
        match log.search_time(timestamp, 0).unwrap() {
            TimeSearch::Found(found) => found,
            TimeSearch::Inside(large) => panic!("{large:?}"),
        }
    }

    #[test]
    fn offsets_are_found_by_time() {
        let mut log = open();
        assert_eq!(log.max_timestamp(), None);
        (0..20).for_each(|_| append(&mut log, Codec::None, 8));
        for offset in 0..60 {
            let time = 1000 + offset * 10;
            assert_eq!(find(&log, time), Some((offset, time)));
            assert_eq!(find(&log, time - 9), Some((offset, time)));
        }
        assert_eq!(find(&log, 1591), None);
        assert_eq!(log.max_timestamp(), Some(1590));
        assert_eq!(find(&log, 1590), Some((59, 1590)));
    }

    #[test]
    fn a_large_batch_is_handed_out_and_the_search_goes_on_behind_it() {
        let mut log = open();
        append(&mut log, Codec::Zstd, DECOMPRESSED_AT_ONCE);
        append(&mut log, Codec::None, 8);
        let TimeSearch::Inside(large) = log.search_time(1010, 0).unwrap() else { panic!("decompressed") };
        assert_eq!(large.first_at(1010).unwrap(), Some((1, 1010)));
        assert_eq!(large.first_at(1030).unwrap(), None);
        assert!(matches!(
            log.search_time(1010, large.next_offset()).unwrap(),
            TimeSearch::Found(Some((3, 1030)))
        ));
    }
}
