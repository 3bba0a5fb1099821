//! Stepping through a segment from batch header to batch header.

use super::LogError;
use super::segment::Segment;
use crate::protocol::batch::{BatchError, BatchHeader, HEADER_LEN};

/// Bytes read at once.
const STEP_BYTES: usize = 16 << 10;

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

/// Steps from header to header, reading a window at a time.
pub(super) struct Steps<'a> {
    segment: &'a Segment,
    position: u64,
    window: Vec<u8>,
    window_at: u64,
}

impl<'a> Steps<'a> {
    pub fn new(segment: &'a Segment, position: u64) -> Self {
        Self { segment, position, window: Vec::new(), window_at: 0 }
    }

    fn header(&mut self) -> Result<BatchHeader, LogError> {
        let left = self.segment.size().saturating_sub(self.position);
        let inside = usize::try_from(self.position.wrapping_sub(self.window_at)).unwrap_or(usize::MAX);
        let seen = self.window.get(inside..).unwrap_or_default();
        if seen.len() < HEADER_LEN.min(left as usize) || seen.is_empty() {
            self.window = vec![0; STEP_BYTES.min(left as usize)];
            self.window_at = self.position;
            let read = self.segment.file().read_exact_at(&mut self.window, self.position);
            read.map_err(|err| LogError::io("reading", self.segment.path(), err))?;
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
        if self.position >= self.segment.size() {
            return None;
        }
        let header = self.header();
        let step = header.map(|header| Step { position: self.position, header });
        self.position = step.as_ref().map_or(u64::MAX, Step::end);
        Some(step)
    }
}
