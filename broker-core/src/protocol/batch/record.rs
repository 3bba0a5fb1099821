//! The records inside a batch, read in place.
//! Layout: length varint, attributes i8, timestamp delta varlong, offset delta varint, key, value, headers.
//! Source: Kafka `DefaultRecord.java`.

use bytes::{BufMut, BytesMut};

use super::BatchError;

/// A record whose parts point into the decompressed batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    /// Milliseconds after the batch's base timestamp.
    pub timestamp_delta: i64,
    /// Offset after the batch's base offset.
    pub offset_delta: i32,
    /// The key; `None` is null.
    pub key: Option<&'a [u8]>,
    /// The value; `None` is null, a tombstone on a compacted topic.
    pub value: Option<&'a [u8]>,
    headers: &'a [u8],
    /// Number of headers.
    pub headers_count: i32,
}

impl<'a> Record<'a> {
    /// Appends the record to `out` under other deltas: what compaction keeps of a batch.
    pub fn put(&self, out: &mut BytesMut, timestamp_delta: i64, offset_delta: i32) {
        let mut body = BytesMut::with_capacity(self.headers.len() + 32);
        body.put_i8(0);
        put_varlong(&mut body, timestamp_delta);
        put_varlong(&mut body, offset_delta.into());
        put_nullable(&mut body, self.key);
        put_nullable(&mut body, self.value);
        put_varlong(&mut body, self.headers_count.into());
        body.put_slice(self.headers);
        put_varlong(out, body.len() as i64);
        out.put_slice(&body);
    }

    /// The headers: name and value. They were checked when the record was read.
    pub fn headers(&self) -> Vec<(&'a [u8], Option<&'a [u8]>)> {
        let mut cursor = Cursor { rest: self.headers };
        let pairs = (0..self.headers_count).map_while(|_| cursor.header());
        pairs.collect()
    }
}

/// Reads the records of a decompressed batch one by one; after an error there are no more.
#[derive(Debug)]
pub struct RecordIter<'a> {
    cursor: Cursor<'a>,
    index: i32,
    count: i32,
}

impl<'a> RecordIter<'a> {
    /// Over `data`, which should hold `count` records and nothing else.
    pub fn new(data: &'a [u8], count: i32) -> Self {
        Self { cursor: Cursor { rest: data }, index: 0, count }
    }

    /// Bytes behind the last record read.
    pub fn left(&self) -> usize {
        self.cursor.rest.len()
    }
}

impl<'a> Iterator for RecordIter<'a> {
    type Item = Result<Record<'a>, BatchError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.index >= self.count {
            return None;
        }
        let index = self.index;
        let record = self.cursor.record();
        self.index = if record.is_ok() { index + 1 } else { self.count };
        Some(record.map_err(|reason| BatchError::Record { index, reason }))
    }
}

#[derive(Debug)]
struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    fn record(&mut self) -> Result<Record<'a>, &'static str> {
        let len = usize::try_from(self.varint().ok_or("its length is no varint")?);
        let len = len.map_err(|_| "its length is negative")?;
        let mut body = Cursor { rest: self.rest.get(..len).ok_or("it reaches past the batch")? };
        self.rest = self.rest.get(len..).unwrap_or_default();
        let (_attributes, tail) = body.rest.split_first().ok_or("it is empty")?;
        body.rest = tail;
        let timestamp_delta = body.varlong().ok_or("its timestamp is no varint")?;
        let offset_delta = body.varint().ok_or("its offset is no varint")?;
        let key = body.nullable().ok_or("its key is cut off")?;
        let value = body.nullable().ok_or("its value is cut off")?;
        let headers_count = body.varint().ok_or("its header count is no varint")?;
        if headers_count < 0 {
            return Err("its header count is negative");
        }
        let headers = body.rest;
        for _ in 0..headers_count {
            body.header().ok_or("a header is cut off")?;
        }
        if !body.rest.is_empty() {
            return Err("bytes are left after its headers");
        }
        Ok(Record { timestamp_delta, offset_delta, key, value, headers, headers_count })
    }

    fn header(&mut self) -> Option<(&'a [u8], Option<&'a [u8]>)> {
        Some((self.nullable()??, self.nullable()?))
    }

    /// Length-prefixed bytes; the inner `None` is null, the outer one malformed.
    fn nullable(&mut self) -> Option<Option<&'a [u8]>> {
        let len = self.varint()?;
        if len == -1 {
            return Some(None);
        }
        let len = usize::try_from(len).ok()?;
        let bytes = self.rest.get(..len)?;
        self.rest = self.rest.get(len..)?;
        Some(Some(bytes))
    }

    fn varint(&mut self) -> Option<i32> {
        let raw = u32::try_from(self.unsigned(5)?).ok()?;
        Some((raw >> 1) as i32 ^ -((raw & 1) as i32))
    }

    fn varlong(&mut self) -> Option<i64> {
        let raw = self.unsigned(10)?;
        Some((raw >> 1) as i64 ^ -((raw & 1) as i64))
    }

    fn unsigned(&mut self, bytes_max: u32) -> Option<u64> {
        let mut value: u64 = 0;
        for index in 0..bytes_max {
            let (&byte, rest) = self.rest.split_first()?;
            self.rest = rest;
            value |= u64::from(byte & 0x7f).checked_shl(7 * index)?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}

/// Appends a zigzag varint.
pub(super) fn put_varlong(out: &mut BytesMut, value: i64) {
    let mut raw = ((value << 1) ^ (value >> 63)) as u64;
    while raw >= 0x80 {
        out.put_u8(raw as u8 | 0x80);
        raw >>= 7;
    }
    out.put_u8(raw as u8);
}

/// Appends length-prefixed bytes, −1 for null.
pub(super) fn put_nullable(out: &mut BytesMut, bytes: Option<&[u8]>) {
    put_varlong(out, bytes.map_or(-1, |bytes| bytes.len() as i64));
    out.put_slice(bytes.unwrap_or_default());
}
