//! One file of batches with its indexes.

mod rolling;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use super::LogError;
use super::index::{OffsetIndex, TimeIndex};
use super::steps::{Step, Steps};
use super::txn_index::{self, AbortedTxn};
use bytes::Bytes;

use crate::protocol::batch::{Batch, BatchError, BatchHeader};
use crate::seams::{Disk, DiskFile};

#[derive(Debug)]
pub(super) struct Segment {
    base_offset: i64,
    path: PathBuf,
    file: Arc<dyn DiskFile>,
    size: u64,
    offsets: OffsetIndex,
    times: TimeIndex,
    bytes_since_index: u64,
    /// Largest timestamp so far and the last offset of its batch.
    max_timestamp: Option<(i64, i64)>,
    /// Largest timestamp of the first batch: `segment.ms` counts from it.
    first_timestamp: Option<i64>,
    /// When the first append of this life came: `segment.ms` counts from it where records have no timestamp.
    begun_ms: Option<i64>,
    /// Transactions whose abort marker lies here.
    aborted: Vec<AbortedTxn>,
    /// Replaced when the batches change under indexes that may still be on their way to the disk.
    life: Arc<()>,
}

/// The slow end of a roll, to be run where waiting for the disk hurts nobody.
#[derive(Debug)]
pub struct Seal {
    path: PathBuf,
    file: Arc<dyn DiskFile>,
    indexes: Vec<(&'static str, Vec<u8>)>,
    life: Weak<()>,
}

impl Seal {
    /// Syncs the batches, then writes the indexes; the `.index` file comes last and says that all is there.
    /// Does nothing for a segment that has been cut or replaced since.
    pub fn run(self, disk: &dyn Disk) -> Result<(), LogError> {
        if self.life.strong_count() == 0 {
            return Ok(());
        }
        self.file.sync().map_err(|err| LogError::io("syncing", &self.path, err))?;
        for (suffix, bytes) in self.indexes {
            let path = self.path.with_extension(suffix);
            disk.replace(&path, &bytes).map_err(|err| LogError::io("writing", &path, err))?;
            // Cut or replaced meanwhile: without the file the segment is read anew at the next start.
            if self.life.strong_count() == 0 {
                disk.remove(&path).map_err(|err| LogError::io("removing", &path, err))?;
            }
        }
        Ok(())
    }
}

/// The end of a removed segment's name, until its file is removed too.
pub(super) const DELETED: &str = ".deleted";
/// Names tried for a segment that is set aside.
const ASIDE_MAX: usize = 8;

/// Kafka's file name for a base offset.
pub(super) fn file_name(base_offset: i64, suffix: &str) -> String {
    format!("{base_offset:020}.{suffix}")
}

impl Segment {
    pub fn create(disk: &dyn Disk, dir: &Path, base_offset: i64) -> Result<Self, LogError> {
        let path = dir.join(file_name(base_offset, "log"));
        let file = disk.open(&path).map_err(|err| LogError::io("opening", &path, err))?;
        let size = file.size().map_err(|err| LogError::io("measuring", &path, err))?;
        Ok(Self::without_indexes(base_offset, path, file, size))
    }

    fn without_indexes(base_offset: i64, path: PathBuf, file: Arc<dyn DiskFile>, size: u64) -> Self {
        Self {
            base_offset,
            path,
            file,
            size,
            offsets: OffsetIndex::default(),
            times: TimeIndex::default(),
            bytes_since_index: 0,
            max_timestamp: None,
            first_timestamp: None,
            begun_ms: None,
            aborted: Vec::new(),
            life: Arc::default(),
        }
    }

    /// A view of the segment's bytes for another thread.
    pub fn reader(&self) -> Self {
        Self::without_indexes(self.base_offset, self.path.clone(), Arc::clone(&self.file), self.size)
    }

    /// A new segment of this base offset in a file of its own.
    pub fn empty_at(&self, disk: &dyn Disk, path: PathBuf) -> Result<Self, LogError> {
        Self { size: 0, ..self.reader() }.renamed(disk, path)
    }

    /// The same with the size its file has.
    pub fn measured(mut self) -> Result<Self, LogError> {
        self.size = self.file.size().map_err(|err| LogError::io("measuring", &self.path, err))?;
        Ok(self)
    }

    /// The same segment under the name it has been given on disk.
    pub fn renamed(self, disk: &dyn Disk, path: PathBuf) -> Result<Self, LogError> {
        let file = disk.open(&path).map_err(|err| LogError::io("opening", &path, err))?;
        Ok(Self { path, file, ..self })
    }

    pub fn base_offset(&self) -> i64 {
        self.base_offset
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn file(&self) -> &Arc<dyn DiskFile> {
        &self.file
    }

    /// Transactions whose abort marker lies here.
    pub fn aborted(&self) -> &[AbortedTxn] {
        &self.aborted
    }

    pub fn set_aborted(&mut self, entries: Vec<AbortedTxn>) {
        self.aborted = entries;
    }

    pub fn note_aborted(&mut self, entry: AbortedTxn) {
        self.aborted.push(entry);
    }

    /// Largest timestamp of the first batch, read from the file if it is not known.
    pub fn first_timestamp(&mut self) -> Option<i64> {
        if self.first_timestamp.is_none() {
            let first = self.steps(0).next();
            self.first_timestamp = first.and_then(Result::ok).map(|step| step.header.max_timestamp);
        }
        self.first_timestamp
    }

    pub fn max_timestamp(&self) -> Option<(i64, i64)> {
        self.max_timestamp
    }

    pub fn append(&mut self, batch: &Batch, index_interval: u64) -> Result<(), LogError> {
        let head = batch.header.encode();
        self.file.append(&[&head, &batch.records]).map_err(|err| LogError::io("writing", &self.path, err))?;
        self.note(&batch.header, index_interval);
        Ok(())
    }

    /// Cuts the file back to what was appended whole.
    pub fn take_back(&self) -> std::io::Result<()> {
        self.file.truncate(self.size)
    }

    /// Takes a batch that lies at the end of the file into size and indexes.
    pub fn note(&mut self, header: &BatchHeader, index_interval: u64) {
        let last = header.last_offset();
        if self.max_timestamp.is_none_or(|(time, _)| header.max_timestamp > time) {
            self.max_timestamp = Some((header.max_timestamp, last));
        }
        self.first_timestamp.get_or_insert(header.max_timestamp);
        if self.bytes_since_index > index_interval {
            self.offsets.push(self.relative(last), self.size as u32);
            self.index_time();
            self.bytes_since_index = 0;
        }
        self.bytes_since_index += header.size_bytes() as u64;
        self.size += header.size_bytes() as u64;
    }

    fn index_time(&mut self) {
        if let Some((time, offset)) = self.max_timestamp {
            let relative = self.relative(offset);
            self.times.push(time, relative);
        }
    }

    fn relative(&self, offset: i64) -> u32 {
        u32::try_from(offset.saturating_sub(self.base_offset).max(0)).unwrap_or(u32::MAX)
    }

    pub fn sync(&self) -> Result<(), LogError> {
        self.file.sync().map_err(|err| LogError::io("syncing", &self.path, err))
    }

    /// The indexes of a segment that is complete, by the ends of their files' names; `.index` comes last.
    pub fn encode_indexes(&mut self) -> Vec<(&'static str, Vec<u8>)> {
        self.index_time();
        let mut indexes = vec![("timeindex", self.times.encode()), ("index", self.offsets.encode())];
        if !self.aborted.is_empty() {
            indexes.insert(0, ("txnindex", txn_index::encode(&self.aborted)));
        }
        indexes
    }

    /// What makes the segment trusted at the next start: its batches synced, its indexes beside them.
    pub fn seal(&mut self) -> Seal {
        let indexes = self.encode_indexes();
        let life = Arc::downgrade(&self.life);
        Seal { path: self.path.clone(), file: Arc::clone(&self.file), indexes, life }
    }

    /// Takes the indexes from their files; false if one is missing or doubtful.
    pub fn load_indexes(&mut self, disk: &dyn Disk) -> bool {
        let offsets = disk.read(&self.path.with_extension("index")).ok();
        let times = disk.read(&self.path.with_extension("timeindex")).ok();
        let (Some(offsets), Some(times)) = (
            offsets.and_then(|raw| OffsetIndex::decode(&raw, self.size)),
            times.and_then(|raw| TimeIndex::decode(&raw)),
        ) else {
            return false;
        };
        let aborted = disk.read(&self.path.with_extension("txnindex")).unwrap_or_default();
        let Some(aborted) = txn_index::decode(&aborted, self.base_offset) else { return false };
        self.aborted = aborted;
        self.max_timestamp = times.last().map(|(time, offset)| (time, self.base_offset + i64::from(offset)));
        self.offsets = offsets;
        self.times = times;
        self.index_fits()
    }

    /// Whether a batch begins where the index says, with offsets that it may have.
    fn index_fits(&self) -> bool {
        let Some((relative, position)) = self.offsets.last() else { return true };
        let may_have = self.base_offset..=self.base_offset + i64::from(relative);
        matches!(self.steps(position.into()).next(), Some(Ok(step)) if may_have.contains(&step.header.base_offset))
    }

    /// Removes indexes that a segment which is gone has left under a base offset: they would make its successor trusted.
    pub fn clear_indexes(disk: &dyn Disk, dir: &Path, base: i64) -> Result<(), LogError> {
        for suffix in ["index", "timeindex", "txnindex"] {
            let path = dir.join(file_name(base, suffix));
            disk.remove(&path).map_err(|err| LogError::io("removing", &path, err))?;
        }
        Ok(())
    }

    pub fn delete(self, disk: &dyn Disk) -> Result<(), LogError> {
        // The indexes first: a segment without them is read anew, indexes without one would be taken for another's.
        for suffix in ["index", "timeindex", "txnindex", "log", "snapshot"] {
            let path = self.path.with_extension(suffix);
            disk.remove(&path).map_err(|err| LogError::io("removing", &path, err))?;
        }
        Ok(())
    }

    fn aside(&self, number: usize) -> PathBuf {
        let number = if number == 0 { String::new() } else { format!(".{number}") };
        self.path.with_extension(format!("log{number}{DELETED}"))
    }

    /// Removes what was set aside under this segment's name before.
    pub fn forget_aside(&self, disk: &dyn Disk) -> Result<(), LogError> {
        let aside = self.aside(0);
        disk.remove(&aside).map_err(|err| LogError::io("removing", &aside, err))
    }

    /// Takes the segment out of the log: its indexes go, its batches stay under the name returned for those
    /// who still read them. `keep_snapshot` is for a base offset that another segment takes over.
    pub fn set_aside(self, disk: &dyn Disk, keep_snapshot: bool) -> Result<PathBuf, LogError> {
        let suffixes: &[&str] = &["index", "timeindex", "txnindex", "snapshot"];
        for suffix in suffixes.iter().filter(|suffix| !keep_snapshot || **suffix != "snapshot") {
            let path = self.path.with_extension(suffix);
            disk.remove(&path).map_err(|err| LogError::io("removing", &path, err))?;
        }
        // One that was set aside before and is read still keeps its name on Windows.
        let is_free = |path: &PathBuf| matches!(disk.read_len(path), Ok(None));
        let aside = (0..ASIDE_MAX).map(|number| self.aside(number)).find(is_free);
        let aside = aside.unwrap_or_else(|| self.aside(0));
        disk.rename(&self.path, &aside).map_err(|err| LogError::io("renaming", &self.path, err))?;
        Ok(aside)
    }

    /// Cuts the segment at the first batch that reaches `offset`; returns the new end offset.
    pub fn truncate_to(&mut self, disk: &dyn Disk, offset: i64, interval: u64) -> Result<i64, LogError> {
        let mut keep = 0;
        let mut end = self.base_offset;
        let mut kept = Vec::new();
        for step in self.steps(0) {
            let step = step?;
            if step.header.last_offset() >= offset {
                break;
            }
            keep = step.end();
            end = step.header.next_offset();
            kept.push(step.header);
        }
        let mut aborted = std::mem::take(&mut self.aborted);
        aborted.retain(|entry| entry.last_offset < end);
        self.cut(disk, keep)?;
        for header in kept {
            self.note(&header, interval);
        }
        self.aborted = aborted;
        Ok(end)
    }

    /// Cuts the file to `keep` bytes and forgets indexes and size, to be noted again.
    pub fn cut(&mut self, disk: &dyn Disk, keep: u64) -> Result<(), LogError> {
        self.file.truncate(keep).map_err(|err| LogError::io("truncating", &self.path, err))?;
        for suffix in ["index", "timeindex", "txnindex"] {
            let path = self.path.with_extension(suffix);
            disk.remove(&path).map_err(|err| LogError::io("removing", &path, err))?;
        }
        self.forget();
        Ok(())
    }

    /// Starts over with an empty index, as before the first batch.
    pub fn forget(&mut self) {
        self.size = 0;
        self.offsets = OffsetIndex::default();
        self.times = TimeIndex::default();
        self.bytes_since_index = 0;
        self.max_timestamp = None;
        self.first_timestamp = None;
        self.aborted = Vec::new();
        self.life = Arc::default();
    }

    /// Where to start stepping for `offset`: a batch start at or before the batch that holds it.
    pub fn position_before(&self, offset: i64) -> u64 {
        // An entry names the last offset of its batch, so the batch holding `offset` starts at or after it.
        u64::from(self.offsets.floor(self.relative(offset)))
    }

    /// A batch start in `after..=limit` known without stepping.
    pub fn indexed_boundary(&self, after: u64, limit: u64) -> Option<u64> {
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        self.offsets.boundary(after as u32, limit).map(u64::from)
    }

    /// A batch start from which records at or after `timestamp` may lie.
    pub fn position_for_time(&self, timestamp: i64) -> u64 {
        u64::from(self.offsets.floor(self.times.floor(timestamp)))
    }

    /// The headers from the batch start at `position` on.
    pub fn steps(&self, position: u64) -> Steps<'_> {
        Steps::new(self, position)
    }

    /// The batch at `step`, read whole.
    pub fn read_batch(&self, step: &Step) -> Result<Batch, LogError> {
        let mut raw = vec![0; step.header.size_bytes()];
        self.file
            .read_exact_at(&mut raw, step.position)
            .map_err(|err| LogError::io("reading", &self.path, err))?;
        Batch::split_unchecked(&mut raw.into()).map_err(|source| self.corrupt(step.position, source))
    }

    /// The same with its CRC checked.
    pub fn read_checked(&self, step: &Step) -> Result<Batch, LogError> {
        let batch = self.read_batch(step)?;
        let computed = batch.header.compute_crc(&batch.records);
        let found = batch.header.crc;
        if found == computed {
            return Ok(batch);
        }
        Err(self.corrupt(step.position, BatchError::Crc { found, computed }))
    }

    /// The bytes from `from` to the end.
    pub fn read_rest(&self, from: u64) -> Result<Bytes, LogError> {
        let mut raw = vec![0; self.size.saturating_sub(from) as usize];
        self.file.read_exact_at(&mut raw, from).map_err(|err| LogError::io("reading", &self.path, err))?;
        Ok(raw.into())
    }

    pub fn corrupt(&self, position: u64, source: BatchError) -> LogError {
        LogError::Corrupt { path: self.path.clone(), position, source }
    }
}
