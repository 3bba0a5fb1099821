//! Retention: whole segments go from the front, by age, by size, or because the log start offset has passed them.
//! Source: Kafka `UnifiedLog.deleteOldSegments`, `deletableSegments`, `maybeIncrementLogStartOffset`.

use std::path::PathBuf;

use super::segment::Segment;
use super::{Log, LogError};

impl Log {
    /// Removes the segments that retention no longer keeps, none of which reaches `high_watermark`.
    /// Returns how many went. If all are to go, an empty one is begun first.
    pub fn retain(&mut self, now_ms: i64, high_watermark: i64) -> Result<usize, LogError> {
        let mut gone = 0;
        let mut size = self.size_bytes() as i64;
        for at in 0..self.segments.len() {
            let Some(segment) = self.segments.get(at) else { break };
            let end = self.segments.get(at + 1).map_or(self.end_offset, Segment::base_offset);
            // What is not committed may still be wanted; an empty active segment has nothing to remove.
            if end > high_watermark || (at + 1 == self.segments.len() && segment.size() == 0) {
                break;
            }
            if end > self.start_offset
                && !self.is_too_old(segment, now_ms)
                && !self.is_too_much(segment, size)
            {
                break;
            }
            size -= segment.size() as i64;
            gone += 1;
        }
        if gone == 0 {
            return Ok(0);
        }
        if gone == self.segments.len() {
            self.roll(self.end_offset)?;
        }
        self.or_read_again(|log| log.remove_front(gone))?;
        Ok(gone)
    }

    fn is_too_old(&self, segment: &Segment, now_ms: i64) -> bool {
        // Records without a timestamp have no age.
        let newest = segment.max_timestamp().filter(|&(newest, _)| newest >= 0);
        let age_ms = newest.map(|(newest, _)| now_ms.saturating_sub(newest));
        self.config.delete
            && self.config.retention_ms >= 0
            && age_ms.is_some_and(|age_ms| age_ms > self.config.retention_ms)
    }

    fn is_too_much(&self, segment: &Segment, size: i64) -> bool {
        self.config.delete
            && self.config.retention_bytes >= 0
            && size - segment.size() as i64 >= self.config.retention_bytes
    }

    fn remove_front(&mut self, count: usize) -> Result<(), LogError> {
        self.generation += 1;
        for segment in self.segments.drain(..count) {
            self.set_aside.push(segment.set_aside(&*self.disk, false)?);
        }
        let first = self.segments.first().map_or(self.end_offset, Segment::base_offset);
        self.raise_start(first)
    }

    /// Moves the log start offset forward to `offset`; records before it are no longer read. Their segments go
    /// with the next retention. An offset before the start changes nothing.
    pub fn raise_start(&mut self, offset: i64) -> Result<(), LogError> {
        if offset <= self.start_offset {
            return Ok(());
        }
        self.start_offset = offset.min(self.end_offset);
        self.clean_to = self.clean_to.max(self.start_offset);
        if self.epochs.forget_before(self.start_offset) {
            self.epochs.store(&*self.disk, &self.dir)
        } else {
            Ok(())
        }
    }

    /// Files of removed segments that their owner is to delete once nobody reads them.
    pub fn take_set_aside(&mut self) -> Vec<PathBuf> {
        std::mem::take(&mut self.set_aside)
    }
}
