//! The rows of a scan: a compact index in memory over [`Payloads`].
//!
//! Rows read up to the ends taken at the start are ordered by (timestamp, partition, offset); rows that came
//! live follow in order of arrival. Index 0 is the oldest row kept. A row keeps its id.

use std::collections::VecDeque;
use std::io;

use bytes::Bytes;

use super::payloads::{Payloads, Slot};
use crate::dto::{RowId, TimestampType};
use crate::kafka::consume::Record;

/// One row of the index; two million of them are about 120 MB.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub offset: i64,
    pub timestamp: i64,
    slot: Slot,
    pub partition: i32,
    pub leader_epoch: i32,
    /// −1 is null.
    key_len: i32,
    value_len: i32,
    headers_len: u32,
    pub headers: u32,
    pub timestamp_type: TimestampType,
}

/// Payloads of one row, borrowed.
pub struct Payload<'a> {
    pub key: Option<&'a [u8]>,
    pub value: Option<&'a [u8]>,
    headers: &'a [u8],
}

/// Which rows are kept when more than the limit were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// All: the reader waits at the limit.
    All,
    /// The newest; the others were only read to find them.
    Newest,
}

/// Bytes before the name and the value of each header that we keep: their lengths.
const HEADER_LENGTHS: u64 = 8;

/// Rows beyond the limit before they are sorted out, so that this is not done for every row.
const TRIM_SLACK: usize = 4_096;

/// The rows that are kept.
pub struct Rows {
    /// By id, from `first_id` on. Rows that the order no longer names may be among them.
    all: VecDeque<Row>,
    first_id: u64,
    /// Ids of ordered rows, oldest first.
    ordered: VecDeque<u64>,
    /// Rows from here on are not yet in `ordered`, up to `live_from`.
    unordered_from: u64,
    /// Rows from here on are live; `None` while the ordered part is being read.
    live_from: Option<u64>,
    payloads: Payloads,
    limit: usize,
    keep: Keep,
    pub dropped_oldest: u64,
    pub bytes: u64,
}

impl Rows {
    /// `limit` is the most rows kept.
    pub fn new(limit: usize, keep: Keep, payloads: Payloads) -> Rows {
        Rows {
            all: VecDeque::new(),
            first_id: 0,
            ordered: VecDeque::new(),
            unordered_from: 0,
            live_from: None,
            payloads,
            limit,
            keep,
            dropped_oldest: 0,
            bytes: 0,
        }
    }

    /// Returns how many rows are kept.
    pub fn kept(&self) -> usize {
        match self.live_from {
            Some(live_from) => self.ordered.len() + self.live_len(live_from),
            None if self.keep == Keep::All => self.read(),
            None => self.read().min(self.limit),
        }
    }

    /// Adds a row; of the newest rows the oldest beyond the limit goes while live.
    pub fn push(&mut self, record: &Record) -> io::Result<()> {
        let headers = encode_headers(&record.headers);
        let key = record.key.as_deref().unwrap_or_default();
        let value = record.value.as_deref().unwrap_or_default();
        let slot = self.payloads.append(&[key, value, &headers])?;
        let row = Row {
            offset: record.offset,
            timestamp: record.timestamp,
            slot,
            partition: record.partition,
            leader_epoch: record.leader_epoch,
            key_len: length_of(&record.key),
            value_len: length_of(&record.value),
            headers_len: u32::try_from(headers.len()).unwrap_or(u32::MAX),
            headers: crate::count(record.headers.len()),
            timestamp_type: record.timestamp_type,
        };
        self.bytes += row.bytes();
        self.all.push_back(row);
        if self.keep == Keep::All {
            return Ok(());
        }
        if self.live_from.is_some() {
            while self.kept() > self.limit {
                self.drop_oldest();
            }
        } else if self.read() > 2 * self.limit + TRIM_SLACK {
            self.trim();
        }
        Ok(())
    }

    /// From here on rows come live.
    pub fn go_live(&mut self) {
        self.trim();
        self.live_from = Some(self.next_id());
    }

    /// Returns the rows from `first` on, at most `count`, with their ids.
    pub fn window(&mut self, first: usize, count: usize) -> Vec<(RowId, Row)> {
        self.trim();
        let last = first.saturating_add(count).min(self.kept());
        (first..last).filter_map(|index| self.at(index)).collect()
    }

    /// Returns the index of a row, if it is kept.
    pub fn index_of(&mut self, id: RowId) -> Option<usize> {
        self.trim();
        let row = self.row(id)?;
        if let Some(live_from) = self.live_from.filter(|live_from| id.0 >= *live_from) {
            return Some(self.ordered.len() + to_usize(id.0 - live_from.max(self.first_id)));
        }
        let wanted = sort_key(&row);
        let found = self.ordered.binary_search_by(|other| self.key_of(*other).cmp(&wanted)).ok()?;
        (self.ordered.get(found) == Some(&id.0)).then_some(found)
    }

    /// Returns the index of the record at that place, if it is kept.
    pub fn find(&mut self, partition: i32, offset: i64) -> Option<usize> {
        self.trim();
        let here = |row: &&Row| row.offset == offset && row.partition == partition;
        let places = (self.first_id..).zip(&self.all).filter(|(_, row)| here(row));
        // A row that the order let go of may still be in memory.
        let ids: Vec<RowId> = places.map(|(id, _)| RowId(id)).collect();
        ids.into_iter().rev().find_map(|id| self.index_of(id))
    }

    pub fn row(&self, id: RowId) -> Option<Row> {
        self.all.get(to_usize(id.0.checked_sub(self.first_id)?)).copied()
    }

    /// Returns the bytes of a row.
    pub fn payload(&self, row: &Row) -> Option<Payload<'_>> {
        let (key_len, value_len) = (row.key_len.max(0) as usize, row.value_len.max(0) as usize);
        let whole = self.payloads.read(row.slot, key_len + value_len + row.headers_len as usize)?;
        let (key, rest) = whole.split_at_checked(key_len)?;
        let (value, headers) = rest.split_at_checked(value_len)?;
        Some(Payload {
            key: (row.key_len >= 0).then_some(key),
            value: (row.value_len >= 0).then_some(value),
            headers,
        })
    }

    /// Rows of the ordered part, those not yet in order included.
    fn read(&self) -> usize {
        self.ordered.len() + to_usize(self.next_id() - self.unordered_from)
    }

    /// Brings the ordered part in order and lets go of what is beyond the limit. A row that is not among the
    /// newest now will not be among them later.
    fn trim(&mut self) {
        self.order();
        let extra = self.ordered.len().saturating_sub(self.limit);
        if self.keep == Keep::All || self.live_from.is_some() || extra == 0 {
            return;
        }
        self.ordered.drain(..extra);
        let oldest = self.ordered.iter().min().copied().unwrap_or(self.first_id);
        while self.first_id < oldest && self.all.pop_front().is_some() {
            self.first_id += 1;
        }
        if let Some(oldest) = self.all.front() {
            self.payloads.drop_before(oldest.slot);
        }
    }

    fn next_id(&self) -> u64 {
        self.first_id + self.all.len() as u64
    }

    fn live_len(&self, live_from: u64) -> usize {
        to_usize(self.next_id() - live_from.max(self.first_id))
    }

    fn at(&self, index: usize) -> Option<(RowId, Row)> {
        let id = match self.ordered.get(index) {
            Some(id) => *id,
            None => self.live_from?.max(self.first_id) + (index - self.ordered.len()) as u64,
        };
        Some((RowId(id), self.row(RowId(id))?))
    }

    fn drop_oldest(&mut self) {
        self.dropped_oldest += 1;
        if self.ordered.pop_front().is_none() {
            self.all.pop_front();
            self.first_id += 1;
        } else if self.ordered.is_empty() {
            // The ordered part is gone as a whole, and its rows with it.
            let live_from = self.live_from.unwrap_or(self.first_id);
            while self.first_id < live_from && self.all.pop_front().is_some() {
                self.first_id += 1;
            }
        }
        if let Some(oldest) = self.all.front() {
            self.payloads.drop_before(oldest.slot);
        }
    }

    /// Brings the rows that came since into the order: the new ones sorted, then merged from the end.
    fn order(&mut self) {
        let until = self.live_from.unwrap_or_else(|| self.next_id());
        if self.unordered_from >= until {
            return;
        }
        let mut fresh: Vec<u64> = (self.unordered_from..until).collect();
        self.unordered_from = until;
        fresh.sort_unstable_by_key(|id| self.key_of(*id));
        let follows = match (self.ordered.back(), fresh.first()) {
            (Some(last), Some(first)) => self.key_of(*last) <= self.key_of(*first),
            (None, _) | (_, None) => true,
        };
        if follows {
            self.ordered.extend(fresh);
            return;
        }
        let old = std::mem::take(&mut self.ordered);
        let mut merged = VecDeque::with_capacity(old.len() + fresh.len());
        let (mut old, mut fresh) = (old.into_iter().peekable(), fresh.into_iter().peekable());
        while let (Some(one), Some(other)) = (old.peek(), fresh.peek()) {
            let take_old = self.key_of(*one) <= self.key_of(*other);
            merged.extend(if take_old { old.next() } else { fresh.next() });
        }
        merged.extend(old);
        merged.extend(fresh);
        self.ordered = merged;
    }

    fn key_of(&self, id: u64) -> (i64, i32, i64) {
        self.row(RowId(id)).map_or((i64::MIN, 0, 0), |row| sort_key(&row))
    }
}

impl Row {
    /// Returns the bytes of key, value, and names and values of headers; what we keep of lengths is not theirs.
    pub fn bytes(&self) -> u64 {
        let payload = i64::from(self.key_len.max(0)) + i64::from(self.value_len.max(0));
        let lengths = u64::from(self.headers) * HEADER_LENGTHS;
        payload.unsigned_abs() + u64::from(self.headers_len).saturating_sub(lengths)
    }
}

impl<'a> Payload<'a> {
    pub fn headers(&self) -> Vec<(String, Option<&'a [u8]>)> {
        let mut rest = self.headers;
        let mut all = Vec::new();
        while let Some((name, value)) = next_header(&mut rest) {
            all.push((String::from_utf8_lossy(name).into_owned(), value));
        }
        all
    }
}

fn sort_key(row: &Row) -> (i64, i32, i64) {
    (row.timestamp, row.partition, row.offset)
}

fn length_of(payload: &Option<Bytes>) -> i32 {
    payload.as_ref().map_or(-1, |bytes| i32::try_from(bytes.len()).unwrap_or(i32::MAX))
}

/// Headers as length-prefixed name and value; −1 is a null value.
fn encode_headers(headers: &[(String, Option<Bytes>)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, value) in headers {
        out.extend_from_slice(&(name.len() as i32).to_be_bytes());
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(&length_of(value).to_be_bytes());
        out.extend_from_slice(value.as_deref().unwrap_or_default());
    }
    out
}

fn next_header<'a>(rest: &mut &'a [u8]) -> Option<(&'a [u8], Option<&'a [u8]>)> {
    Some((next_part(rest)??, next_part(rest)?))
}

/// The inner `None` is null, the outer one the end.
fn next_part<'a>(rest: &mut &'a [u8]) -> Option<Option<&'a [u8]>> {
    let (head, tail) = rest.split_first_chunk::<4>()?;
    *rest = tail;
    let Ok(length) = usize::try_from(i32::from_be_bytes(*head)) else {
        return Some(None);
    };
    let (part, tail) = tail.split_at_checked(length)?;
    *rest = tail;
    Some(Some(part))
}

fn to_usize(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
