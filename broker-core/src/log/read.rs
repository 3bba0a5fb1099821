//! Reading: slices of whole batches by offset.

use std::sync::Arc;

use super::segment::{Segment, file_name};
use super::{Log, LogError};
use crate::protocol::batch::Batch;
use crate::protocol::wire::{Chunk, ReadAt};

/// How much to read.
#[derive(Debug, Clone, Copy)]
pub struct ReadLimits {
    /// Bytes to return; the first batch comes whole even if it is larger (KIP-74).
    pub bytes_max: usize,
    /// Records at or after this offset are not returned.
    pub before: i64,
    /// Whether the first batch comes even if it is larger than `bytes_max`.
    pub at_least_one: bool,
}

/// Whole batches, the first of which holds the offset asked for.
#[derive(Debug, Clone, Default)]
pub struct Slice {
    /// The batches, as file ranges.
    pub chunk: Option<Chunk>,
    /// No batch of the slice holds an offset from here on.
    pub before: i64,
    /// Base offset of the segment in which they lie.
    segment: i64,
}

impl Slice {
    /// Bytes in the slice.
    pub fn len(&self) -> usize {
        self.chunk.as_ref().map_or(0, Chunk::len)
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Log {
    /// The batches from the one that holds `from` on, within `limits` and one segment.
    pub fn read(&self, from: i64, limits: ReadLimits) -> Result<Slice, LogError> {
        let (start, end) = (self.start_offset(), self.end_offset());
        if from < start || from > end {
            return Err(LogError::OutOfRange { wanted: from, start, end });
        }
        let before = limits.before.min(end);
        if from >= before {
            return Ok(Slice::default());
        }
        // After a truncation or a compaction a segment may hold nothing at or after `from`; the next one does.
        let first = self.segments.partition_point(|segment| segment.base_offset() <= from).saturating_sub(1);
        for (at, segment) in self.segments.iter().enumerate().skip(first) {
            if let Some(slice) = slice_of(segment, from, before, before == end, limits)? {
                let behind = self.segments.get(at + 1).map_or(end, Segment::base_offset);
                return Ok(Slice { before: slice.before.min(behind), ..slice });
            }
        }
        Ok(Slice::default())
    }

    /// The batches themselves, for those in the same process who take them for whole: their CRCs are checked.
    pub fn read_batches(&self, from: i64, limits: ReadLimits) -> Result<Vec<Batch>, LogError> {
        let Slice { chunk: Some(chunk), segment, .. } = self.read(from, limits)? else {
            return Ok(Vec::new());
        };
        let path = || self.dir.join(file_name(segment, "log"));
        let first = match &chunk {
            Chunk::File { position, .. } => *position,
            Chunk::Bytes(_) => 0,
        };
        let mut bytes = chunk.load().map_err(|err| LogError::io("reading", &path(), err))?;
        let mut batches = Vec::new();
        while !bytes.is_empty() {
            let position = first + (chunk.len() - bytes.len()) as u64;
            let split = Batch::split(&mut bytes);
            batches.push(split.map_err(|source| LogError::Corrupt { path: path(), position, source })?);
        }
        Ok(batches)
    }
}

fn slice_of(
    segment: &Segment,
    from: i64,
    before: i64,
    to_the_end: bool,
    limits: ReadLimits,
) -> Result<Option<Slice>, LogError> {
    let mut steps = segment.steps(segment.position_before(from));
    let first = loop {
        match steps.next() {
            None => return Ok(None),
            Some(step) => {
                let step = step?;
                if step.header.last_offset() >= from {
                    break step;
                }
            }
        }
    };
    if first.header.last_offset() >= before {
        return Ok(Some(Slice::default()));
    }
    let size = first.header.size_bytes();
    if size > limits.bytes_max && !limits.at_least_one {
        return Ok(Some(Slice::default()));
    }
    let limit = (first.position + limits.bytes_max.max(size) as u64).min(segment.size());
    let mut end = first.end();
    let mut next = before;
    if to_the_end && limit == segment.size() {
        end = limit;
    } else {
        // Jump to the last indexed boundary that surely lies before `before`, then step.
        let sure = if to_the_end { limit } else { segment.position_before(before - 1).min(limit) };
        if let Some(boundary) = segment.indexed_boundary(end, sure) {
            end = boundary;
        }
        for step in segment.steps(end) {
            let step = step?;
            if step.end() > limit || step.header.last_offset() >= before {
                next = step.header.base_offset;
                break;
            }
            end = step.end();
        }
    }
    let file: Arc<dyn ReadAt> = Arc::<dyn crate::seams::DiskFile>::clone(segment.file());
    let len = (end - first.position) as usize;
    let chunk = Some(Chunk::File { file, position: first.position, len });
    Ok(Some(Slice { chunk, before: next, segment: segment.base_offset() }))
}
