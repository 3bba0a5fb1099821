//! What a leader checks before it appends a produced batch.
//! Source: Kafka `LogValidator.java`.

use bytes::Bytes;

use super::{BatchError, BatchHeader, RecordIter};

/// So many records that are refused are named; a batch may have millions.
pub const NAMED_MAX: usize = 1000;

/// What the walk over a batch's records found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validated {
    /// Indexes of the first records without a key, which a compacted topic refuses.
    pub keyless: Vec<i32>,
    /// Smallest and largest record timestamp (milliseconds since the epoch).
    pub timestamps: Option<(i64, i64)>,
}

/// Walks the decompressed records of a batch: each well-formed, offset deltas 0, 1, 2 …, the count right, nothing behind the last.
/// Keyless records are listed only if `want_keyless`.
pub fn validate(header: &BatchHeader, data: &Bytes, want_keyless: bool) -> Result<Validated, BatchError> {
    if header.records_count == 0 || header.records_count != header.last_offset_delta.saturating_add(1) {
        return Err(BatchError::Field { field: "record count", value: header.records_count.into() });
    }
    let mut found = Validated::default();
    let mut records = RecordIter::new(data, header.records_count);
    let mut index = 0;
    for record in records.by_ref() {
        let record = record?;
        if record.offset_delta != index {
            return Err(BatchError::Record { index, reason: "its offset does not follow the last one" });
        }
        let timestamp = header.base_timestamp.saturating_add(record.timestamp_delta);
        let (low, high) = found.timestamps.unwrap_or((timestamp, timestamp));
        found.timestamps = Some((low.min(timestamp), high.max(timestamp)));
        if want_keyless && record.key.is_none() && found.keyless.len() < NAMED_MAX {
            found.keyless.push(index);
        }
        index += 1;
    }
    match records.left() {
        0 => Ok(found),
        _ => Err(BatchError::Record { index, reason: "bytes follow the last record" }),
    }
}

/// The time of each record (milliseconds since the epoch) of a batch that [`validate`] has walked.
pub fn timestamps(header: &BatchHeader, data: &Bytes) -> impl Iterator<Item = i64> {
    RecordIter::new(data, header.records_count)
        .flatten()
        .map(|record| header.base_timestamp.saturating_add(record.timestamp_delta))
}
