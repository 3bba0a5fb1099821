//! Transaction markers: control batches of one record that say how a producer's transaction ended.
//! Key: version i16 = 0, type i16 (0 abort, 1 commit). Value: version i16 = 0, coordinator epoch i32.
//! Source: Kafka `ControlRecordType.java`, `EndTransactionMarker.java`; KIP-98.

use bytes::{Buf, BufMut, Bytes, BytesMut};

use super::{Batch, BatchBuilder, Codec, NewRecord, RecordIter};

const ABORT: i16 = 0;
const COMMIT: i16 = 1;

/// How a transaction ended in a partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndMarker {
    /// The transaction's producer.
    pub producer_id: i64,
    /// Its epoch; under `transaction.version` 2 one above that of the data.
    pub producer_epoch: i16,
    /// Whether its records are to be seen.
    pub committed: bool,
    /// Epoch of the coordinator that decided it.
    pub coordinator_epoch: i32,
}

impl EndMarker {
    /// The control batch that says so, at offset 0.
    pub fn to_batch(self, now_ms: i64) -> Batch {
        let mut key = BytesMut::with_capacity(4);
        key.put_i16(0);
        key.put_i16(if self.committed { COMMIT } else { ABORT });
        let mut value = BytesMut::with_capacity(6);
        value.put_i16(0);
        value.put_i32(self.coordinator_epoch);
        let builder = BatchBuilder::new(Codec::None).producer(self.producer_id, self.producer_epoch, -1);
        let mut builder = builder.transactional().control();
        builder.push(&NewRecord {
            timestamp: now_ms,
            key: Some(key.freeze()),
            value: Some(value.freeze()),
            headers: Vec::new(),
        });
        builder.build().expect("building without a codec cannot fail")
    }

    /// The marker that a control batch holds; `None` for any other batch.
    pub fn of(batch: &Batch) -> Option<Self> {
        if !batch.header.is_control() || !batch.header.has_producer() {
            return None;
        }
        let record = RecordIter::new(&batch.records, batch.header.records_count).next()?.ok()?;
        let mut key = Bytes::copy_from_slice(record.key?);
        let mut value = Bytes::copy_from_slice(record.value?);
        if key.remaining() < 4 || value.remaining() < 6 {
            return None;
        }
        let _version = key.get_i16();
        let committed = match key.get_i16() {
            ABORT => false,
            COMMIT => true,
            _ => return None,
        };
        let _version = value.get_i16();
        Some(Self {
            producer_id: batch.header.producer_id,
            producer_epoch: batch.header.producer_epoch,
            committed,
            coordinator_epoch: value.get_i32(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_is_read_back_from_its_batch() {
        let marker = EndMarker { producer_id: 7, producer_epoch: 3, committed: true, coordinator_epoch: 12 };
        let batch = marker.to_batch(99);
        assert!(batch.header.is_control() && batch.header.is_transactional());
        assert_eq!(EndMarker::of(&batch), Some(marker));
        assert_eq!(batch.header.crc, batch.header.compute_crc(&batch.records));
    }
}
