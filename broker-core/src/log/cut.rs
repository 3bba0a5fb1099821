//! Cutting a log, and what becomes of it when that fails half way.
//! Source: Kafka `LocalLog.truncateTo`, `truncateFullyAndStartAt`.

use std::sync::Arc;

use super::producers::Producers;
use super::{LastLife, Log, LogError, recovery};

impl Log {
    /// Removes every record from `offset` on; the end offset is then at most `offset`.
    pub fn truncate_to(&mut self, offset: i64) -> Result<(), LogError> {
        self.or_read_again(|log| log.cut_to(offset))
    }

    fn cut_to(&mut self, offset: i64) -> Result<(), LogError> {
        if offset >= self.end_offset {
            return Ok(());
        }
        self.generation += 1;
        while self.segments.last().is_some_and(|segment| {
            segment.base_offset() >= offset && segment.base_offset() > self.start_offset
        }) {
            if let Some(segment) = self.segments.pop() {
                segment.delete(&*self.disk)?;
            }
        }
        let interval = self.config.index_interval_bytes;
        let mut end = offset.max(self.start_offset);
        if let Some(active) = self.segments.last_mut() {
            end = active.truncate_to(&*self.disk, offset, interval)?;
        }
        self.end_offset = end;
        self.clean_to = self.clean_to.min(end);
        if self.epochs.truncate_from(end) {
            self.epochs.store(&*self.disk, &self.dir)?;
        }
        recovery::rebuild_producers(self, i64::MAX)
    }

    /// Restarts an empty log at `offset`: a follower whose log lies wholly before its leader's start.
    pub fn restart_at(&mut self, offset: i64) -> Result<(), LogError> {
        self.or_read_again(|log| log.begin_at(offset))
    }

    fn begin_at(&mut self, offset: i64) -> Result<(), LogError> {
        self.generation += 1;
        for segment in self.segments.drain(..) {
            segment.delete(&*self.disk)?;
        }
        self.start_offset = offset;
        self.clean_to = offset;
        self.end_offset = offset;
        self.producers = Producers::default();
        if self.epochs.truncate_from(i64::MIN) {
            self.epochs.store(&*self.disk, &self.dir)?;
        }
        Ok(())
    }

    /// Makes a change of files. After one that failed half way the log is what its files say, as after a crash; if
    /// they cannot be read either, it is offline.
    pub(super) fn or_read_again<T>(
        &mut self,
        change: impl FnOnce(&mut Self) -> Result<T, LogError>,
    ) -> Result<T, LogError> {
        change(self).inspect_err(|_| self.offline |= self.read_again().is_err())
    }

    fn read_again(&mut self) -> Result<(), LogError> {
        let (start_offset, clean_to) = (self.start_offset, self.clean_to);
        let last = LastLife { start_offset, clean_to, ..LastLife::default() };
        let (dir, disk) = (self.dir.to_path_buf(), Arc::clone(&self.disk));
        let read = Self::open(dir, disk, Arc::clone(&self.config), self.topic_id, last)?;
        let generation = self.generation + 1;
        let (unsynced, unsynced_since_ms) = (self.unsynced, self.unsynced_since_ms);
        *self = Self { generation, unsynced, unsynced_since_ms, ..read };
        Ok(())
    }
}
