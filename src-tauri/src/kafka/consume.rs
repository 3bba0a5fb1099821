//! Reading records: fetch requests without a group, a session or a commit, and the batches they bring.

use std::time::Duration;

use broker_core::protocol::batch::{Batch, BatchError, BatchHeader, RecordIter};
use broker_core::protocol::messages::fetch::{FetchPartition, FetchRequest, FetchTopic};
use bytes::Bytes;
use tokio::time::Instant;

use super::wire::{ASK_DEADLINE, Link, LinkError};
use crate::dto::TimestampType;

const RESPONSE_BYTES_MAX: i32 = 8 << 20;
const PARTITION_BYTES_MAX: i32 = 1 << 20;

/// How far a partition has been read, and where to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub partition: i32,
    pub next: i64,
    /// The first offset that is not wanted; `None` goes on for ever.
    pub end: Option<i64>,
}

impl Cursor {
    pub fn done(&self) -> bool {
        self.end.is_some_and(|end| self.next >= end)
    }
}

/// One record, its payloads pointing into the batch it came in. No `Debug`: it is somebody's data.
#[derive(Clone)]
pub struct Record {
    pub partition: i32,
    pub offset: i64,
    pub timestamp: i64,
    pub timestamp_type: TimestampType,
    pub leader_epoch: i32,
    pub key: Option<Bytes>,
    pub value: Option<Bytes>,
    pub headers: Vec<(String, Option<Bytes>)>,
}

/// What one fetch brought from one partition.
pub struct Fetched {
    pub partition: i32,
    pub error_code: i16,
    pub high_watermark: i64,
    pub log_start: i64,
    pub batches: Bytes,
}

/// Asks a leader for records of some partitions, waiting up to `wait` when there are none.
pub async fn fetch(
    link: &mut Link,
    topic: &str,
    cursors: &[Cursor],
    wait: Duration,
) -> Result<Vec<Fetched>, LinkError> {
    let partitions = cursors.iter().map(|cursor| FetchPartition {
        partition: cursor.partition,
        fetch_offset: cursor.next,
        partition_max_bytes: PARTITION_BYTES_MAX,
        ..FetchPartition::default()
    });
    let request = FetchRequest {
        max_wait_ms: i32::try_from(wait.as_millis()).unwrap_or(i32::MAX),
        min_bytes: 1,
        max_bytes: RESPONSE_BYTES_MAX,
        isolation_level: 0,
        topics: vec![FetchTopic {
            topic: topic.to_owned(),
            partitions: partitions.collect(),
            ..FetchTopic::default()
        }],
        ..FetchRequest::default()
    };
    let answer = link.ask(&request, Instant::now() + wait + ASK_DEADLINE).await?;
    let mut fetched = Vec::new();
    for partition in answer.responses.into_iter().flat_map(|response| response.partitions) {
        let code = if partition.error_code == 0 { answer.error_code } else { partition.error_code };
        fetched.push(Fetched {
            partition: partition.partition_index,
            error_code: code,
            high_watermark: partition.high_watermark,
            log_start: partition.log_start_offset,
            batches: partition.records.to_bytes().unwrap_or_default(),
        });
    }
    Ok(fetched)
}

/// Reads the records from `cursor.next` up to its end, and moves the cursor past what was read.
/// Errors: a batch that is damaged; the cursor stands at it, so that the caller may skip or stop.
pub fn decode(batches: Bytes, cursor: &mut Cursor, records: &mut Vec<Record>) -> Result<(), BatchError> {
    let mut rest = batches;
    while !rest.is_empty() && !cursor.done() {
        let batch = match Batch::split(&mut rest) {
            Ok(batch) => batch,
            // The last batch of an answer may be cut off by its size limit.
            Err(BatchError::Short { .. }) => break,
            Err(error) => return Err(error),
        };
        if !batch.header.is_control() && batch.header.next_offset() > cursor.next {
            decode_batch(&batch, cursor, records)?;
        }
        cursor.next = cursor.next.max(batch.header.next_offset());
    }
    Ok(())
}

fn decode_batch(batch: &Batch, cursor: &Cursor, records: &mut Vec<Record>) -> Result<(), BatchError> {
    let header = &batch.header;
    let data = batch.decompressed()?;
    for record in RecordIter::new(&data, header.records_count) {
        let record = record?;
        let offset = header.base_offset.saturating_add(i64::from(record.offset_delta));
        if offset < cursor.next || cursor.end.is_some_and(|end| offset >= end) {
            continue;
        }
        let (timestamp, timestamp_type) = timestamp_of(header, record.timestamp_delta);
        let headers = record.headers().into_iter().map(|(name, value)| {
            (String::from_utf8_lossy(name).into_owned(), value.map(|value| data.slice_ref(value)))
        });
        records.push(Record {
            partition: cursor.partition,
            offset,
            timestamp,
            timestamp_type,
            leader_epoch: header.leader_epoch,
            key: record.key.map(|key| data.slice_ref(key)),
            value: record.value.map(|value| data.slice_ref(value)),
            headers: headers.collect(),
        });
    }
    Ok(())
}

fn timestamp_of(header: &BatchHeader, delta: i64) -> (i64, TimestampType) {
    if header.is_append_time() {
        return (header.max_timestamp, TimestampType::Append);
    }
    match header.base_timestamp {
        -1 => (-1, TimestampType::None),
        base => (base.saturating_add(delta), TimestampType::Create),
    }
}
