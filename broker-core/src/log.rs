//! One append-only log in Kafka's on-disk format: segments of record batches with their indexes.
//!
//! Knows nothing of topics or brokers. An append returns after the write has returned; there is no buffer in
//! user space. Nothing is created on disk before the first append.
//! Source: Kafka `UnifiedLog.java`, `LocalLog.java`, `LogSegment.java`, `LogFileUtils.java`.

#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

mod by_time;
mod clean;
mod config;
mod cut;
mod epochs;
mod index;
mod producers;
mod read;
mod recovery;
mod retention;
mod segment;
mod steps;
mod txn_index;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use by_time::{LargeBatch, OffsetAndTime, TimeSearch};
pub use clean::{CleanPlan, Cleaned, Installed};
pub use config::LogConfig;
pub use epochs::LeaderEpochs;
pub use producers::{MarkerError, ProducerCheck, ProducerState, Producers, SequenceError};
pub use read::{ReadLimits, Slice};

use crate::protocol::Uuid;
use crate::protocol::batch::{Batch, BatchError, EndMarker};
use crate::seams::Disk;
pub use segment::Seal;
use segment::Segment;
pub use txn_index::AbortedTxn;

/// Why a log operation failed.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The offset lies before the log or after its end.
    #[error("offset {wanted} is outside {start}..={end}")]
    OutOfRange {
        /// The offset asked for.
        wanted: i64,
        /// The log start offset.
        start: i64,
        /// The log end offset.
        end: i64,
    },
    /// The bytes at a place are not the batch that should be there.
    #[error("{path} is corrupt at byte {position}")]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// Where in it.
        position: u64,
        /// What is wrong.
        #[source]
        source: BatchError,
    },
    /// The log was closed in order, and is shorter now.
    #[error("{path} ends at offset {end}, and ended at {ended} when it was closed: something is missing")]
    Lost {
        /// The log's directory.
        path: PathBuf,
        /// Where it ends.
        end: i64,
        /// Where it ended.
        ended: i64,
    },
    /// The disk refused.
    #[error("{action} {path} failed: {source}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// An earlier write failed and could not be taken back; the log takes no more appends.
    #[error("the log at {path} is offline after a failed write")]
    Offline {
        /// The log's directory.
        path: PathBuf,
    },
}

impl LogError {
    fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io { action, path: path.to_owned(), source }
    }
}

/// What is known of a log's last life.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LastLife {
    /// It ended with [`Log::close`].
    pub clean: bool,
    /// Its log start offset.
    pub start_offset: i64,
    /// How far it was compacted.
    pub clean_to: i64,
    /// Where it ended when it was closed in order, 0 otherwise: it must not end before that.
    pub ended: i64,
    /// Every append was synced before the next: only the last batch can be torn, other damage is no crash.
    pub synced: bool,
}

/// A log. Its owner appends batches that already carry their offsets and leader epoch.
#[derive(Debug)]
pub struct Log {
    dir: Box<Path>,
    disk: Arc<dyn Disk>,
    config: Arc<LogConfig>,
    /// Written beside the first segment so that the directory says whose it is.
    topic_id: Uuid,
    segments: Vec<Segment>,
    start_offset: i64,
    end_offset: i64,
    epochs: LeaderEpochs,
    producers: Producers,
    seals: Vec<Seal>,
    /// Files of removed segments, kept for those who still read them.
    set_aside: Vec<PathBuf>,
    /// Where compaction has not been: every record below is the last of its key up to here.
    clean_to: i64,
    /// Changes when segments are removed or cut, which a compaction under way must not miss.
    generation: u64,
    /// Records appended since the last sync, and when the first of them was.
    unsynced: i64,
    unsynced_since_ms: i64,
    offline: bool,
}

impl Log {
    /// Opens the log in `dir`, or an empty one at offset 0 if there is none.
    /// `last` says how the last life ended: unless it was with [`Log::close`], the tail is scanned and cut at the
    /// first bad batch.
    pub fn open(
        dir: PathBuf,
        disk: Arc<dyn Disk>,
        config: impl Into<Arc<LogConfig>>,
        topic_id: Uuid,
        last: LastLife,
    ) -> Result<Self, LogError> {
        let mut log = Self {
            epochs: LeaderEpochs::load(&*disk, &dir)?,
            dir: dir.into(),
            disk,
            config: config.into(),
            topic_id,
            segments: Vec::new(),
            start_offset: 0,
            end_offset: 0,
            producers: Producers::default(),
            seals: Vec::new(),
            set_aside: Vec::new(),
            clean_to: last.clean_to,
            generation: 0,
            unsynced: 0,
            unsynced_since_ms: 0,
            offline: false,
        };
        recovery::load(&mut log, last)?;
        if log.end_offset < last.ended {
            return Err(LogError::Lost { path: log.dir.into(), end: log.end_offset, ended: last.ended });
        }
        Ok(log)
    }

    /// Where its files are.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The first offset that is kept.
    pub fn start_offset(&self) -> i64 {
        self.start_offset
    }

    /// The offset of the next record.
    pub fn end_offset(&self) -> i64 {
        self.end_offset
    }

    /// Bytes in all segments.
    pub fn size_bytes(&self) -> u64 {
        self.segments.iter().map(Segment::size).sum()
    }

    /// What the log acts on from now on.
    pub fn set_config(&mut self, config: impl Into<Arc<LogConfig>>) {
        self.config = config.into();
    }

    /// What the log acts on.
    pub fn config(&self) -> &LogConfig {
        &self.config
    }

    /// Which leader epoch began where.
    pub fn epochs(&self) -> &LeaderEpochs {
        &self.epochs
    }

    /// What is known of idempotent producers.
    pub fn producers(&self) -> &Producers {
        &self.producers
    }

    /// Appends `batch`, whose header carries its offsets and epoch; returns once the write has.
    pub fn append(&mut self, batch: &Batch, now_ms: i64) -> Result<(), LogError> {
        if self.offline {
            return Err(LogError::Offline { path: self.dir.to_path_buf() });
        }
        self.roll_if_needed(batch, now_ms)?;
        let begins_epoch = self.epochs.assign(batch.header.leader_epoch, batch.header.base_offset);
        let appended = self.append_rolled(batch, begins_epoch);
        if appended.is_err() && begins_epoch && !self.offline {
            // An epoch without a record would be told to leaders as the last one.
            self.epochs.truncate_from(batch.header.base_offset);
        }
        appended?;
        self.sync_if_due(batch.header.records_count, now_ms)
    }

    fn append_rolled(&mut self, batch: &Batch, begins_epoch: bool) -> Result<(), LogError> {
        if begins_epoch {
            self.epochs.store(&*self.disk, &self.dir)?;
        }
        let interval = self.config.index_interval_bytes;
        let segment = self.segments.last_mut().expect("roll_if_needed leaves an active segment");
        if let Err(err) = segment.append(batch, interval) {
            // A batch written in part would be followed by good ones; what cannot be taken back stops the log.
            self.offline = segment.take_back().is_err();
            return Err(err);
        }
        self.end_offset = batch.header.next_offset();
        match EndMarker::of(batch) {
            None => self.producers.update(&batch.header),
            Some(marker) => {
                if let Some(aborted) = self.producers.end_transaction(&marker, &batch.header) {
                    segment.note_aborted(aborted);
                }
            }
        }
        Ok(())
    }

    /// Ended transactions whose marker lies below the high watermark no longer hold anything back.
    pub fn settle_transactions(&mut self, high_watermark: i64) {
        self.producers.settle(high_watermark);
    }

    /// Forgets producers that were silent since `before_ms` (milliseconds since the epoch).
    pub fn expire_producers(&mut self, before_ms: i64) {
        self.producers.expire(before_ms);
    }

    /// After a failed sync nobody knows what is on the medium, so the log takes no more appends.
    fn sync_if_due(&mut self, records: i32, now_ms: i64) -> Result<(), LogError> {
        if self.unsynced == 0 {
            self.unsynced_since_ms = now_ms;
        }
        self.unsynced += i64::from(records);
        if self.unsynced < self.config.flush_messages { Ok(()) } else { self.sync() }
    }

    /// Syncs if `flush.ms` have passed since the first append that was not synced.
    pub fn sync_if_old(&mut self, now_ms: i64) -> Result<(), LogError> {
        let age_ms = now_ms.saturating_sub(self.unsynced_since_ms);
        if self.unsynced > 0 && age_ms >= self.config.flush_ms && !self.offline {
            self.sync()
        } else {
            Ok(())
        }
    }

    fn sync(&mut self) -> Result<(), LogError> {
        self.unsynced = 0;
        self.flush().inspect_err(|_| self.offline = true)
    }

    fn roll_if_needed(&mut self, batch: &Batch, now_ms: i64) -> Result<(), LogError> {
        let full = match self.segments.last_mut() {
            None => {
                self.create_dir()?;
                true
            }
            Some(active) => active.is_full(batch, &self.config, now_ms),
        };
        if full {
            self.roll(batch.header.base_offset)?;
        }
        if let Some(active) = self.segments.last_mut() {
            active.begin(now_ms);
        }
        Ok(())
    }

    /// Closes the active segment and begins one at `base`.
    fn roll(&mut self, base: i64) -> Result<(), LogError> {
        if !self.segments.is_empty() {
            self.producers.snapshot(&*self.disk, &self.dir, self.end_offset)?;
        }
        Segment::clear_indexes(&*self.disk, &self.dir, base)?;
        let next = Segment::create(&*self.disk, &self.dir, base)?;
        // Only now: a seal of a segment that is appended to again would vouch for what it does not know.
        self.seals.extend(self.segments.last_mut().map(Segment::seal));
        self.segments.push(next);
        if self.segments.len() == 1 {
            self.start_offset = self.start_offset.max(base);
        }
        Ok(())
    }

    fn create_dir(&self) -> Result<(), LogError> {
        let metadata = self.dir.join("partition.metadata");
        let text = format!("version: 0\ntopic_id: {}", self.topic_id);
        self.disk.create_dir(&self.dir).map_err(|err| LogError::io("creating", &self.dir, err))?;
        self.disk.replace(&metadata, text.as_bytes()).map_err(|err| LogError::io("writing", &metadata, err))
    }

    /// Puts every byte on the medium.
    pub fn flush(&self) -> Result<(), LogError> {
        self.segments.last().map_or(Ok(()), Segment::sync)
    }

    /// The ends of rolls that nobody has run yet, oldest first. Running them late is safe: an unsealed segment
    /// is scanned at the next start.
    pub fn take_seals(&mut self) -> Vec<Seal> {
        std::mem::take(&mut self.seals)
    }

    /// Whether it takes no more appends, because nobody knows what is on the medium.
    pub fn is_offline(&self) -> bool {
        self.offline
    }

    /// Removes from the directory of a log that went offline what may not be on the medium. It lacks records then
    /// that it had: only a replica that is out of the in-sync ones may do so.
    pub fn forget_unsynced(disk: &dyn Disk, dir: &Path) -> Result<(), LogError> {
        recovery::forget_unsealed(disk, dir)
    }

    /// Removes the log's directory: its topic is deleted.
    pub fn remove(self) -> Result<(), LogError> {
        let (disk, dir) = (Arc::clone(&self.disk), self.dir.clone());
        // Windows keeps files until the last handle is closed, of which this log has some.
        drop(self);
        disk.remove_dir(&dir).map_err(|err| LogError::io("removing", &dir, err))
    }

    /// The clean end: syncs, writes the active indexes and a producer snapshot.
    pub fn close(&mut self) -> Result<(), LogError> {
        if let Some(active) = self.segments.last_mut() {
            self.seals.push(active.seal());
            self.producers.snapshot(&*self.disk, &self.dir, self.end_offset)?;
        }
        self.take_seals().into_iter().try_for_each(|seal| seal.run(&*self.disk))
    }
}

#[cfg(test)]
mod tests;
