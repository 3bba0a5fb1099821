//! The two sparse indexes of a segment, held in memory and written when the segment is sealed.
//!
//! `.index`: 8-byte entries (relative last offset of a batch i32, byte position of that batch i32).
//! `.timeindex`: 12-byte entries (largest timestamp so far i64, relative offset of its batch's last record i32).
//! Both strictly increase. They carry no checksum; whatever is doubtful is rebuilt from the log.
//! Source: Kafka `OffsetIndex.java`, `TimeIndex.java`.

use bytes::{Buf, BufMut};

/// Positions of batches, about one every `index.interval.bytes`.
#[derive(Debug, Default, Clone)]
pub(super) struct OffsetIndex(Vec<(u32, u32)>);

impl OffsetIndex {
    pub fn push(&mut self, relative_offset: u32, position: u32) {
        if self.0.last().is_none_or(|&(last, _)| last < relative_offset) {
            self.0.push((relative_offset, position));
        }
    }

    /// The position of the last indexed batch that ends at or before `relative_offset`; 0 if none does.
    pub fn floor(&self, relative_offset: u32) -> u32 {
        let after = self.0.partition_point(|&(offset, _)| offset <= relative_offset);
        after.checked_sub(1).and_then(|at| self.0.get(at)).map_or(0, |&(_, position)| position)
    }

    /// The largest indexed batch start in `after..=limit`, a place where whole batches end.
    pub fn boundary(&self, after: u32, limit: u32) -> Option<u32> {
        let past = self.0.partition_point(|&(_, position)| position <= limit);
        let &(_, position) = self.0.get(past.checked_sub(1)?)?;
        (position > after).then_some(position)
    }

    pub fn last(&self) -> Option<(u32, u32)> {
        self.0.last().copied()
    }

    pub fn size_bytes(&self) -> usize {
        self.0.len() * 8
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.size_bytes());
        for &(offset, position) in &self.0 {
            out.put_u32(offset);
            out.put_u32(position);
        }
        out
    }

    /// The entries of a file; `None` if they are not strictly increasing within `log_bytes`.
    /// Kafka preallocates its active index, so zero entries after the first end the list.
    pub fn decode(mut raw: &[u8], log_bytes: u64) -> Option<Self> {
        let mut entries: Vec<(u32, u32)> = Vec::new();
        while raw.len() >= 8 {
            let entry = (raw.get_u32(), raw.get_u32());
            if entry == (0, 0) && !entries.is_empty() {
                break;
            }
            let rising = entries.last().is_none_or(|last| last.0 < entry.0 && last.1 < entry.1);
            if !rising || u64::from(entry.1) >= log_bytes {
                return None;
            }
            entries.push(entry);
        }
        Some(Self(entries))
    }
}

/// Largest timestamps and where they lie.
#[derive(Debug, Default, Clone)]
pub(super) struct TimeIndex(Vec<(i64, u32)>);

impl TimeIndex {
    pub fn push(&mut self, timestamp: i64, relative_offset: u32) {
        if self.0.last().is_none_or(|&(time, offset)| time < timestamp && offset < relative_offset) {
            self.0.push((timestamp, relative_offset));
        }
    }

    /// The relative offset after which records may be at or after `timestamp`.
    pub fn floor(&self, timestamp: i64) -> u32 {
        let after = self.0.partition_point(|&(time, _)| time < timestamp);
        after.checked_sub(1).and_then(|at| self.0.get(at)).map_or(0, |&(_, offset)| offset)
    }

    pub fn last(&self) -> Option<(i64, u32)> {
        self.0.last().copied()
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.0.len() * 12);
        for &(time, offset) in &self.0 {
            out.put_i64(time);
            out.put_u32(offset);
        }
        out
    }

    /// The entries of a file; `None` if they are not strictly increasing.
    pub fn decode(mut raw: &[u8]) -> Option<Self> {
        let mut entries: Vec<(i64, u32)> = Vec::new();
        while raw.len() >= 12 {
            let entry = (raw.get_i64(), raw.get_u32());
            if entry == (0, 0) && !entries.is_empty() {
                break;
            }
            if entries.last().is_some_and(|last| last.0 >= entry.0 || last.1 > entry.1) {
                return None;
            }
            entries.push(entry);
        }
        Some(Self(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offset_index_finds_the_batch_at_or_before() {
        let mut index = OffsetIndex::default();
        for (offset, position) in [(9, 0), (19, 5000), (29, 10_000)] {
            index.push(offset, position);
        }
        assert_eq!(index.floor(5), 0);
        assert_eq!(index.floor(19), 5000);
        assert_eq!(index.floor(28), 5000);
        assert_eq!(index.boundary(0, 9_999), Some(5000));
        assert_eq!(index.boundary(5000, 9_999), None);
        assert_eq!(OffsetIndex::decode(&index.encode(), 20_000).unwrap().0, index.0);
        assert!(OffsetIndex::decode(&index.encode(), 10_000).is_none(), "points past the log");
    }

    #[test]
    fn preallocated_zeros_end_an_index() {
        let mut raw = vec![0; 8 * 4];
        raw[..8].copy_from_slice(&[0, 0, 0, 3, 0, 0, 0, 0]);
        assert_eq!(OffsetIndex::decode(&raw, 100).unwrap().0, vec![(3, 0)]);
    }
}
