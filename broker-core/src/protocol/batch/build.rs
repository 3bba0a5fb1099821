//! Builds batches: for internal topics, for tests, and when a topic asks for another codec.

use bytes::{BufMut, Bytes, BytesMut};

use super::record::{put_nullable, put_varlong};
use super::{
    Batch, BatchError, BatchHeader, CONTROL, Codec, HEADER_LEN, LOG_OVERHEAD, NONE, TRANSACTIONAL, compress,
};

/// A record to be put into a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewRecord {
    /// Milliseconds since the epoch.
    pub timestamp: i64,
    /// The key; `None` is null.
    pub key: Option<Bytes>,
    /// The value; `None` is null.
    pub value: Option<Bytes>,
    /// Header names and values.
    pub headers: Vec<(String, Option<Bytes>)>,
}

/// Collects records and gives a batch at offset 0.
#[derive(Debug)]
pub struct BatchBuilder {
    codec: Codec,
    attributes: i16,
    producer: (i64, i16, i32),
    base_timestamp: i64,
    max_timestamp: i64,
    count: i32,
    records: BytesMut,
    record: BytesMut,
}

impl BatchBuilder {
    /// An empty batch of `codec`, without a producer id.
    pub fn new(codec: Codec) -> Self {
        Self {
            codec,
            attributes: codec.bits(),
            producer: (NONE, -1, -1),
            base_timestamp: NONE,
            max_timestamp: NONE,
            count: 0,
            records: BytesMut::new(),
            record: BytesMut::new(),
        }
    }

    /// The idempotent producer, its epoch and the first sequence.
    pub fn producer(mut self, id: i64, epoch: i16, base_sequence: i32) -> Self {
        self.producer = (id, epoch, base_sequence);
        self
    }

    /// The batch belongs to a transaction of its producer.
    pub fn transactional(mut self) -> Self {
        self.attributes |= TRANSACTIONAL;
        self
    }

    /// The batch is a marker rather than data.
    pub(super) fn control(mut self) -> Self {
        self.attributes |= CONTROL;
        self
    }

    /// Adds a record.
    pub fn push(&mut self, record: &NewRecord) {
        if self.count == 0 {
            self.base_timestamp = record.timestamp;
        }
        self.max_timestamp = self.max_timestamp.max(record.timestamp);
        let body = &mut self.record;
        body.clear();
        body.put_i8(0);
        put_varlong(body, record.timestamp - self.base_timestamp);
        put_varlong(body, self.count.into());
        put_nullable(body, record.key.as_deref());
        put_nullable(body, record.value.as_deref());
        put_varlong(body, record.headers.len() as i64);
        for (name, value) in &record.headers {
            put_nullable(body, Some(name.as_bytes()));
            put_nullable(body, value.as_deref());
        }
        put_varlong(&mut self.records, self.record.len() as i64);
        self.records.put_slice(&self.record);
        self.count += 1;
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Bytes of records so far, before compression.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// The batch, with base offset 0 and leader epoch −1.
    pub fn build(self) -> Result<Batch, BatchError> {
        let records = if self.codec == Codec::None {
            self.records.freeze()
        } else {
            Bytes::from(compress(self.codec, &self.records)?)
        };
        let (producer_id, producer_epoch, base_sequence) = self.producer;
        let mut header = BatchHeader {
            base_offset: 0,
            length: (HEADER_LEN - LOG_OVERHEAD + records.len()) as i32,
            leader_epoch: -1,
            crc: 0,
            attributes: self.attributes,
            last_offset_delta: (self.count - 1).max(0),
            base_timestamp: self.base_timestamp,
            max_timestamp: self.max_timestamp,
            producer_id,
            producer_epoch,
            base_sequence,
            records_count: self.count,
        };
        header.crc = header.compute_crc(&records);
        Ok(Batch { header, records })
    }
}
