//! One file of batches with its indexes.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::index::{OffsetIndex, TimeIndex};
use super::{LogConfig, LogError};
use crate::protocol::batch::{Batch, BatchError, BatchHeader, HEADER_LEN};
use crate::seams::{Disk, DiskFile};

/// Bytes read at once while stepping from batch header to batch header.
const STEP_BYTES: usize = 16 << 10;

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
}

/// The slow end of a roll, to be run where waiting for the disk hurts nobody.
#[derive(Debug)]
pub struct Seal {
    path: PathBuf,
    file: Arc<dyn DiskFile>,
    indexes: [(&'static str, Vec<u8>); 2],
}

impl Seal {
    /// Syncs the batches, then writes the indexes; the `.index` file comes last and says that all is there.
    pub fn run(self, disk: &dyn Disk) -> Result<(), LogError> {
        self.file.sync().map_err(|err| LogError::io("syncing", &self.path, err))?;
        for (suffix, bytes) in self.indexes {
            let path = self.path.with_extension(suffix);
            disk.replace(&path, &bytes).map_err(|err| LogError::io("writing", &path, err))?;
        }
        Ok(())
    }
}

/// A batch met while stepping through a segment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub position: u64,
    pub header: BatchHeader,
}

impl Step {
    pub fn end(&self) -> u64 {
        self.position + self.header.size_bytes() as u64
    }
}

/// Kafka's file name for a base offset.
pub(super) fn file_name(base_offset: i64, suffix: &str) -> String {
    format!("{base_offset:020}.{suffix}")
}

impl Segment {
    pub fn create(disk: &dyn Disk, dir: &Path, base_offset: i64) -> Result<Self, LogError> {
        let path = dir.join(file_name(base_offset, "log"));
        let file = disk.open(&path).map_err(|err| LogError::io("opening", &path, err))?;
        let size = file.size().map_err(|err| LogError::io("measuring", &path, err))?;
        Ok(Self {
            base_offset,
            path,
            file,
            size,
            offsets: OffsetIndex::default(),
            times: TimeIndex::default(),
            bytes_since_index: 0,
            max_timestamp: None,
            first_timestamp: None,
        })
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

    pub fn max_timestamp(&self) -> Option<(i64, i64)> {
        self.max_timestamp
    }

    pub fn is_full(&self, batch: &Batch, config: &LogConfig, now_ms: i64) -> bool {
        let incoming = batch.header.size_bytes() as u64;
        let aged = self.first_timestamp.is_some_and(|first| now_ms.saturating_sub(first) > config.segment_ms);
        self.size > 0
            && (self.size + incoming > config.segment_bytes
                || aged
                || self.offsets.size_bytes() + 8 > config.segment_index_bytes
                || batch.header.last_offset() - self.base_offset > i64::from(i32::MAX))
    }

    pub fn append(&mut self, batch: &Batch, index_interval: u64, now_ms: i64) -> Result<(), LogError> {
        let head = batch.header.encode();
        self.file.append(&[&head, &batch.records]).map_err(|err| LogError::io("writing", &self.path, err))?;
        self.note(&batch.header, index_interval);
        self.first_timestamp.get_or_insert(now_ms.min(batch.header.max_timestamp.max(0)));
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
        u32::try_from(offset.saturating_sub(self.base_offset)).unwrap_or(u32::MAX)
    }

    pub fn sync(&self) -> Result<(), LogError> {
        self.file.sync().map_err(|err| LogError::io("syncing", &self.path, err))
    }

    /// What makes the segment trusted at the next start: its batches synced, its indexes beside them.
    pub fn seal(&mut self) -> Seal {
        self.index_time();
        Seal {
            path: self.path.clone(),
            file: Arc::clone(&self.file),
            indexes: [("timeindex", self.times.encode()), ("index", self.offsets.encode())],
        }
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
        self.max_timestamp = times.last().map(|(time, offset)| (time, self.base_offset + i64::from(offset)));
        self.offsets = offsets;
        self.times = times;
        true
    }

    pub fn delete(self, disk: &dyn Disk) -> Result<(), LogError> {
        for suffix in ["log", "index", "timeindex", "snapshot"] {
            let path = self.path.with_extension(suffix);
            disk.remove(&path).map_err(|err| LogError::io("removing", &path, err))?;
        }
        Ok(())
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
        self.cut(disk, keep)?;
        for header in kept {
            self.note(&header, interval);
        }
        Ok(end)
    }

    /// Cuts the file to `keep` bytes and forgets indexes and size, to be noted again.
    pub fn cut(&mut self, disk: &dyn Disk, keep: u64) -> Result<(), LogError> {
        self.file.truncate(keep).map_err(|err| LogError::io("truncating", &self.path, err))?;
        for suffix in ["index", "timeindex"] {
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
        Steps { segment: self, position, window: Vec::new(), window_at: 0 }
    }

    /// The batch at `step`, read whole.
    pub fn read_batch(&self, step: &Step) -> Result<Batch, LogError> {
        let mut raw = vec![0; step.header.size_bytes()];
        self.file
            .read_exact_at(&mut raw, step.position)
            .map_err(|err| LogError::io("reading", &self.path, err))?;
        Batch::split_unchecked(&mut raw.into()).map_err(|source| self.corrupt(step.position, source))
    }

    pub fn corrupt(&self, position: u64, source: BatchError) -> LogError {
        LogError::Corrupt { path: self.path.clone(), position, source }
    }
}

/// Steps from header to header, reading a window at a time.
pub(super) struct Steps<'a> {
    segment: &'a Segment,
    position: u64,
    window: Vec<u8>,
    window_at: u64,
}

impl Steps<'_> {
    fn header(&mut self) -> Result<BatchHeader, LogError> {
        let left = self.segment.size.saturating_sub(self.position);
        let inside = usize::try_from(self.position.wrapping_sub(self.window_at)).unwrap_or(usize::MAX);
        let seen = self.window.get(inside..).unwrap_or_default();
        if seen.len() < HEADER_LEN.min(left as usize) || seen.is_empty() {
            self.window = vec![0; STEP_BYTES.min(left as usize)];
            self.window_at = self.position;
            let read = self.segment.file.read_exact_at(&mut self.window, self.position);
            read.map_err(|err| LogError::io("reading", &self.segment.path, err))?;
        }
        let inside = (self.position - self.window_at) as usize;
        let header = BatchHeader::parse(self.window.get(inside..).unwrap_or_default());
        let header = header.map_err(|source| self.segment.corrupt(self.position, source))?;
        let needed = header.size_bytes();
        if needed as u64 > left {
            let short = BatchError::Short { needed, left: left as usize };
            return Err(self.segment.corrupt(self.position, short));
        }
        Ok(header)
    }
}

impl Iterator for Steps<'_> {
    type Item = Result<Step, LogError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.position >= self.segment.size {
            return None;
        }
        let header = self.header();
        let step = header.map(|header| Step { position: self.position, header });
        self.position = step.as_ref().map_or(u64::MAX, Step::end);
        Some(step)
    }
}
