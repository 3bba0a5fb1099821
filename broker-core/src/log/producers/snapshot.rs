//! The snapshot of a partition's producers, written when a segment is closed.
//! File `<end offset>.snapshot`: version i16 = 1, CRC-32C u32 of what follows, number of entries i32, entries of
//! producer id i64, epoch i16, last sequence i32, last offset i64, offset delta i32, timestamp i64, coordinator
//! epoch i32, first offset of the open transaction i64.
//! Source: Kafka `ProducerStateManager.writeSnapshot`.

use std::collections::VecDeque;
use std::path::Path;

use bytes::{Buf, BufMut};

use super::{Entry, Producers, Remembered};
use crate::log::LogError;
use crate::log::segment::file_name;
use crate::seams::Disk;

const VERSION: i16 = 1;
const ENTRY: usize = 46;

impl Producers {
    pub(in crate::log) fn snapshot(
        &self,
        disk: &dyn Disk,
        dir: &Path,
        end_offset: i64,
    ) -> Result<(), LogError> {
        let path = dir.join(file_name(end_offset, "snapshot"));
        disk.replace(&path, &self.encode()).map_err(|err| LogError::io("writing", &path, err))
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut entries = Vec::new();
        entries.put_i32(self.entries.len() as i32);
        for (id, entry) in &self.entries {
            let last = entry.batches.back();
            entries.put_i64(*id);
            entries.put_i16(entry.epoch);
            entries.put_i32(last.map_or(-1, |b| b.last_sequence));
            entries.put_i64(last.map_or(-1, |b| b.last_offset));
            entries.put_i32(last.map_or(0, |b| (b.last_offset - b.base_offset) as i32));
            entries.put_i64(entry.timestamp);
            entries.put_i32(entry.coordinator_epoch);
            entries.put_i64(entry.txn_start.unwrap_or(-1));
        }
        let mut out = Vec::with_capacity(entries.len() + 6);
        out.put_i16(VERSION);
        out.put_u32(crc32c::crc32c(&entries));
        out.extend_from_slice(&entries);
        out
    }

    /// The producers of a snapshot; `None` if it is damaged.
    pub(in crate::log) fn decode(mut raw: &[u8]) -> Option<Self> {
        if raw.len() < 10 || raw.get_i16() != VERSION {
            return None;
        }
        let crc = raw.get_u32();
        if crc32c::crc32c(raw) != crc {
            return None;
        }
        let count = usize::try_from(raw.get_i32()).ok()?;
        if raw.len() != count.checked_mul(ENTRY)? {
            return None;
        }
        let mut producers = Self::default();
        for _ in 0..count {
            let (id, epoch, last_sequence) = (raw.get_i64(), raw.get_i16(), raw.get_i32());
            let (last_offset, delta, timestamp) = (raw.get_i64(), raw.get_i32(), raw.get_i64());
            let (coordinator_epoch, start) = (raw.get_i32(), raw.get_i64());
            let first_sequence = last_sequence.wrapping_sub(delta) & i32::MAX;
            let base_offset = last_offset - i64::from(delta);
            let batch = Remembered { first_sequence, last_sequence, base_offset, last_offset, timestamp };
            let batches = if last_sequence < 0 { VecDeque::new() } else { VecDeque::from([batch]) };
            let txn_start = (start >= 0).then_some(start);
            if let Some(start) = txn_start {
                producers.open.insert(start, id);
            }
            let entry = Entry { epoch, coordinator_epoch, txn_start, marker: None, timestamp, batches };
            producers.entries.insert(id, entry);
        }
        Some(producers)
    }
}
