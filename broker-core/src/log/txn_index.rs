//! Aborted transactions: what a consumer of committed records must leave out.
//!
//! `.txnindex`, one per segment that holds an abort marker: entries of version i16 = 0, producer id i64, first
//! offset i64, offset of the marker i64, last stable offset i64 when the marker was written.
//! An entry lies in the segment of its marker; the transaction may have begun in an earlier one.
//! Source: Kafka `AbortedTxn.java`, `TransactionIndex.java`.

use bytes::{Buf, BufMut};

use super::Log;

const VERSION: i16 = 0;
const ENTRY: usize = 34;

/// An aborted transaction of one producer in one partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AbortedTxn {
    /// The producer.
    pub producer_id: i64,
    /// Offset of its first record.
    pub first_offset: i64,
    /// Offset of the abort marker.
    pub last_offset: i64,
    /// The last stable offset after it: no transaction that began before this is open any more.
    pub last_stable_offset: i64,
}

pub(super) fn encode(entries: &[AbortedTxn]) -> Vec<u8> {
    let mut out = Vec::with_capacity(entries.len() * ENTRY);
    for entry in entries {
        out.put_i16(VERSION);
        out.put_i64(entry.producer_id);
        out.put_i64(entry.first_offset);
        out.put_i64(entry.last_offset);
        out.put_i64(entry.last_stable_offset);
    }
    out
}

/// The entries of a file; `None` if they are not ones this segment can have.
pub(super) fn decode(mut raw: &[u8], base_offset: i64) -> Option<Vec<AbortedTxn>> {
    let mut entries: Vec<AbortedTxn> = Vec::new();
    while raw.len() >= ENTRY {
        if raw.get_i16() != VERSION {
            return None;
        }
        let entry = AbortedTxn {
            producer_id: raw.get_i64(),
            first_offset: raw.get_i64(),
            last_offset: raw.get_i64(),
            last_stable_offset: raw.get_i64(),
        };
        let rising = entries.last().is_none_or(|last| last.last_offset < entry.last_offset);
        if !rising || entry.last_offset < base_offset || entry.first_offset > entry.last_offset {
            return None;
        }
        entries.push(entry);
    }
    raw.is_empty().then_some(entries)
}

impl Log {
    /// Aborted transactions with records in `from..before`, by first offset. One that only touches the range
    /// may be among them.
    pub fn aborted(&self, from: i64, before: i64) -> Vec<AbortedTxn> {
        let first = self.segments.partition_point(|segment| segment.base_offset() <= from).saturating_sub(1);
        let mut found = Vec::new();
        'segments: for segment in self.segments.get(first..).unwrap_or_default() {
            for entry in segment.aborted() {
                if entry.last_offset >= from && entry.first_offset < before {
                    found.push(*entry);
                }
                if entry.last_stable_offset >= before {
                    break 'segments;
                }
            }
        }
        found.sort_by_key(|entry| entry.first_offset);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_back_and_damaged_ones_do_not() {
        let entry = |n: i64| AbortedTxn {
            producer_id: n,
            first_offset: n,
            last_offset: n + 5,
            last_stable_offset: n,
        };
        let entries = vec![entry(10), entry(20)];
        let raw = encode(&entries);
        assert_eq!(decode(&raw, 10), Some(entries));
        assert_eq!(decode(&raw, 16), None, "a marker before the segment");
        assert_eq!(decode(raw.get(..50).unwrap(), 10), None, "cut off");
    }
}
