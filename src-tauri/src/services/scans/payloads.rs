//! The bytes of a scan's records, in segments: the newest in memory, older ones in unlinked temporary files
//! that are written by plain writes and read through a mapping.
//!
//! Invariant: at most as many bytes as were allowed are on the heap, and a record lies in one segment. Segments are as
//! large as what is kept is worth: a live view that keeps little drops small ones, and its memory stays flat.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::path::PathBuf;

use memmap2::Mmap;

const SEGMENT_LEN: usize = 8 << 20;
const SEGMENT_LEN_MIN: usize = 256 << 10;
/// A new segment has this part of what is in memory already.
const SEGMENT_SHARE: usize = 4;

/// Where a record's bytes begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    segment: u32,
    at: u32,
}

enum Segment {
    Memory(Vec<u8>),
    Spilled(Mmap),
}

impl Segment {
    fn bytes(&self) -> &[u8] {
        match self {
            Segment::Memory(bytes) => bytes,
            Segment::Spilled(map) => map,
        }
    }
}

/// The segments of one scan.
pub struct Payloads {
    segments: VecDeque<Segment>,
    first_segment: u32,
    /// Where spill files are made; they have no name there.
    dir: PathBuf,
    /// Bytes that may be on the heap.
    memory_max: usize,
}

impl Payloads {
    pub fn new(dir: PathBuf, memory_max: usize) -> Payloads {
        Payloads { segments: VecDeque::new(), first_segment: 0, dir, memory_max }
    }

    /// Appends the parts of a record as one.
    /// Errors: a spill file could not be written, so nothing more can be kept.
    pub fn append(&mut self, parts: &[&[u8]]) -> io::Result<Slot> {
        let length: usize = parts.iter().map(|part| part.len()).sum();
        let fits = match self.segments.back() {
            Some(Segment::Memory(bytes)) => bytes.len() + length <= bytes.capacity(),
            Some(Segment::Spilled(_)) | None => false,
        };
        if !fits {
            let share = (self.in_memory() / SEGMENT_SHARE).clamp(SEGMENT_LEN_MIN, SEGMENT_LEN);
            let capacity = share.max(length);
            self.spill_down_to(self.memory_max.saturating_sub(capacity))?;
            self.segments.push_back(Segment::Memory(Vec::with_capacity(capacity)));
        }
        let index = self.first_segment + u32::try_from(self.segments.len() - 1).unwrap_or(u32::MAX);
        let Some(Segment::Memory(bytes)) = self.segments.back_mut() else {
            return Err(io::Error::other("the newest segment is in memory"));
        };
        let at = u32::try_from(bytes.len()).map_err(io::Error::other)?;
        for part in parts {
            bytes.extend_from_slice(part);
        }
        Ok(Slot { segment: index, at })
    }

    /// Returns `length` bytes from a slot; `None` when the segment was dropped.
    pub fn read(&self, slot: Slot, length: usize) -> Option<&[u8]> {
        let index = slot.segment.checked_sub(self.first_segment)?;
        let bytes = self.segments.get(index as usize)?.bytes();
        let at = slot.at as usize;
        bytes.get(at..at.checked_add(length)?)
    }

    /// Drops the segments before the one of `slot`; their files go with them.
    pub fn drop_before(&mut self, slot: Slot) {
        while self.first_segment < slot.segment && self.segments.len() > 1 {
            self.segments.pop_front();
            self.first_segment += 1;
        }
    }

    pub fn in_memory(&self) -> usize {
        let lengths = self.segments.iter().map(|segment| match segment {
            Segment::Memory(bytes) => bytes.capacity(),
            Segment::Spilled(_) => 0,
        });
        lengths.sum()
    }

    /// Moves the oldest segments out of memory until at most `limit` bytes are there.
    fn spill_down_to(&mut self, limit: usize) -> io::Result<()> {
        let mut in_memory = self.in_memory();
        for segment in &mut self.segments {
            if in_memory <= limit {
                break;
            }
            if let Segment::Memory(bytes) = segment {
                in_memory -= bytes.capacity();
                *segment = Segment::Spilled(spill(&self.dir, bytes)?);
            }
        }
        Ok(())
    }
}

#[expect(unsafe_code, reason = "a mapping reads spilled rows without copying them back onto the heap")]
fn spill(dir: &std::path::Path, bytes: &[u8]) -> io::Result<Mmap> {
    let mut file = tempfile::tempfile_in(dir)?;
    file.write_all(bytes)?;
    // SAFETY: the file has no name and its only handle is dropped here, so nobody can cut or change it while
    // the mapping lives.
    unsafe { Mmap::map(&file) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEMORY_LEN_MAX: usize = 64 << 20;

    #[test]
    fn payloads_survive_the_spill_and_memory_stays_bounded() {
        let dir = tempfile::tempdir().expect("temp dir");
        let mut payloads = Payloads::new(dir.path().to_owned(), MEMORY_LEN_MAX);
        let mut slots = Vec::new();
        for number in 0..200u32 {
            let body = vec![(number % 251) as u8; 1 << 20];
            slots.push((payloads.append(&[&number.to_be_bytes(), &body]).expect("kept"), number));
            assert!(payloads.in_memory() <= MEMORY_LEN_MAX + SEGMENT_LEN);
        }
        for (slot, number) in slots {
            let bytes = payloads.read(slot, 4 + (1 << 20)).expect("there");
            assert_eq!(bytes[..4], number.to_be_bytes());
            assert_eq!(bytes[4], (number % 251) as u8);
        }
        assert_eq!(std::fs::read_dir(dir.path()).expect("dir").count(), 0, "spill files have no name");
    }

    #[test]
    fn a_record_larger_than_a_segment_has_its_own() {
        let dir = tempfile::tempdir().expect("temp dir");
        let mut payloads = Payloads::new(dir.path().to_owned(), MEMORY_LEN_MAX);
        let small = payloads.append(&[b"a"]).expect("kept");
        let large = payloads.append(&[&vec![7; SEGMENT_LEN * 2]]).expect("kept");
        assert_eq!(payloads.read(small, 1), Some(&b"a"[..]));
        assert_eq!(payloads.read(large, SEGMENT_LEN * 2).map(<[u8]>::len), Some(SEGMENT_LEN * 2));
    }

    #[test]
    fn dropped_segments_are_gone() {
        let dir = tempfile::tempdir().expect("temp dir");
        let mut payloads = Payloads::new(dir.path().to_owned(), MEMORY_LEN_MAX);
        let first = payloads.append(&[&vec![1; SEGMENT_LEN]]).expect("kept");
        let second = payloads.append(&[&vec![2; SEGMENT_LEN]]).expect("kept");
        payloads.drop_before(second);
        assert_eq!(payloads.read(first, 1), None);
        assert_eq!(payloads.read(second, 1), Some(&[2][..]));
    }

    #[test]
    fn what_keeps_little_holds_little_and_what_keeps_much_has_few_segments() {
        let dir = tempfile::tempdir().expect("temp dir");
        let mut live = Payloads::new(dir.path().to_owned(), MEMORY_LEN_MAX);
        let mut kept = VecDeque::new();
        for _ in 0..50_000 {
            kept.push_back(live.append(&[&[7; 1_000]]).expect("kept"));
            if kept.len() > 500 {
                kept.pop_front();
                live.drop_before(kept[0]);
            }
            assert!(live.in_memory() <= 5 * SEGMENT_LEN_MIN, "{}", live.in_memory());
        }
        let mut all = Payloads::new(dir.path().to_owned(), MEMORY_LEN_MAX);
        for _ in 0..60_000 {
            all.append(&[&[7; 1_000]]).expect("kept");
        }
        assert!(all.segments.len() < 40, "{}", all.segments.len());
    }
}
