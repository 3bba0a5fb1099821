//! What a client sent is checked, and brought into the form its topic asks for, before it is appended.
//! Source: Kafka `LogValidator.java`.

use bytes::Bytes;

use super::{AppendError, Partition};
use crate::protocol::ErrorCode;
use crate::protocol::batch::{
    Batch, BatchError, BatchHeader, Codec, DECOMPRESSED_AT_ONCE, DECOMPRESSED_MAX, NAMED_MAX, compress_at,
    timestamps, validate,
};
use crate::seams::Now;

/// Bytes that a batch may always decompress to on the broker's thread.
const SMALL_MIN: usize = 64 << 10;
/// From there to [`DECOMPRESSED_AT_ONCE`], to so many times the bytes of its records. Few honest ones pass it.
const SMALL_RATIO: usize = 16;

/// How much of a batch may be decompressed, and so how long its check may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// What does not hold up a broker's thread.
    Small,
    /// Whatever a batch may have.
    Large,
}

/// What came of a check.
#[derive(Debug)]
pub enum Checked {
    /// The batch, as it is appended.
    Batch(Batch),
    /// It is too much for [`Effort::Small`].
    Large,
}

/// What a topic asks of a batch, free of the partition, so that a check may run elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct AppendRules {
    compact: bool,
    max_message_bytes: usize,
    compression: Option<(Codec, Option<i32>)>,
    append_time: bool,
    before_max_ms: i64,
    after_max_ms: i64,
}

impl Partition {
    /// What its topic asks of a batch now. Error: another broker leads.
    pub fn append_rules(&self) -> Result<AppendRules, AppendError> {
        if !self.is_leader() {
            return Err(AppendError::new(ErrorCode::NotLeaderOrFollower, "another broker leads"));
        }
        Ok(AppendRules {
            compact: self.config.log.compact,
            max_message_bytes: self.config.max_message_bytes,
            compression: self.config.compression,
            append_time: self.config.append_time,
            before_max_ms: self.config.before_max_ms,
            after_max_ms: self.config.after_max_ms,
        })
    }
}

impl AppendRules {
    /// The one batch that `records` must be, if a client may send it here.
    pub fn check(&self, now: Now, mut records: Bytes, effort: Effort) -> Result<Checked, AppendError> {
        let frame_bytes = records.len();
        let mut batch = Batch::split(&mut records)?;
        if !records.is_empty() {
            let message = "a request may carry one batch per partition";
            return Err(AppendError::new(ErrorCode::InvalidRecord, message));
        }
        self.check_size(frame_bytes)?;
        check_header(&batch.header)?;
        let recompress = match self.compression {
            Some((codec, level)) if codec != batch.header.codec()? => Some((codec, level)),
            _ => None,
        };
        let (len, small) = (batch.records.len(), effort == Effort::Small);
        // Compressing takes many times as long as decompressing.
        if small && (recompress.is_some() || len > DECOMPRESSED_AT_ONCE) {
            return Ok(Checked::Large);
        }
        let small_max = len.saturating_mul(SMALL_RATIO).clamp(SMALL_MIN, DECOMPRESSED_AT_ONCE);
        let limit = if small { small_max } else { DECOMPRESSED_MAX };
        let data = match batch.decompressed_up_to(limit) {
            Err(BatchError::Bomb { .. }) if small => return Ok(Checked::Large),
            data => data?,
        };
        let found = validate(&batch.header, &data, self.compact)?;
        if !found.keyless.is_empty() {
            return Err(keyless(&found.keyless));
        }
        if let Some((codec, level)) = recompress {
            batch.records = compress_at(codec, level, &data)?.into();
            batch.header.set_codec(codec);
            batch.header.set_records_len(batch.records.len());
            self.check_size(batch.header.size_bytes())?;
        }
        let mut changed = recompress.is_some();
        if self.append_time {
            batch.header.set_append_time(now.wall_ms);
            changed = true;
        } else if let Some((low, high)) = found.timestamps {
            self.check_timestamps(now, (low, high), timestamps(&batch.header, &data))?;
            changed |= high != batch.header.max_timestamp;
            batch.header.max_timestamp = high;
        }
        if changed {
            batch.header.crc = batch.header.compute_crc(&batch.records);
        }
        Ok(Checked::Batch(batch))
    }

    fn check_size(&self, bytes: usize) -> Result<(), AppendError> {
        if bytes <= self.max_message_bytes {
            return Ok(());
        }
        let message = format!("batch of {bytes} bytes; max.message.bytes is {}", self.max_message_bytes);
        Err(AppendError::new(ErrorCode::MessageTooLarge, message))
    }

    /// Why a record may not have this time; `None` if it may.
    fn objection(&self, now: Now, timestamp: i64) -> Option<String> {
        let ahead = timestamp.saturating_sub(now.wall_ms);
        let behind = now.wall_ms.saturating_sub(timestamp);
        if ahead > self.after_max_ms {
            let max = self.after_max_ms;
            return Some(format!(
                "timestamp {timestamp} is {ahead} ms ahead; message.timestamp.after.max.ms is {max}"
            ));
        }
        (timestamp >= 0 && behind > self.before_max_ms).then(|| {
            let max = self.before_max_ms;
            format!("timestamp {timestamp} is {behind} ms old; message.timestamp.before.max.ms is {max}")
        })
    }

    /// Names the records whose times are out of bounds; `low` and `high` bound them all.
    fn check_timestamps(
        &self,
        now: Now,
        (low, high): (i64, i64),
        timestamps: impl Iterator<Item = i64>,
    ) -> Result<(), AppendError> {
        let Some(message) = self.objection(now, high).or_else(|| self.objection(now, low)) else {
            return Ok(());
        };
        let named =
            (0..).zip(timestamps).filter_map(|(at, timestamp)| Some((at, self.objection(now, timestamp)?)));
        let records = named.take(NAMED_MAX).collect();
        Err(AppendError { records, ..AppendError::new(ErrorCode::InvalidTimestamp, message) })
    }
}

fn check_header(header: &BatchHeader) -> Result<(), AppendError> {
    let (code, message) = if header.is_control() {
        (ErrorCode::InvalidRecord, "clients may not write control batches")
    } else if header.base_offset != 0 {
        (ErrorCode::InvalidRecord, "the offsets of a client's batch begin at 0")
    } else if header.has_producer() && header.base_sequence < 0 {
        (ErrorCode::InvalidRecord, "an idempotent batch needs a sequence")
    } else if header.is_append_time() {
        (ErrorCode::InvalidTimestamp, "only the broker stamps append time")
    } else {
        return Ok(());
    };
    Err(AppendError::new(code, message))
}

fn keyless(indexes: &[i32]) -> AppendError {
    let records = indexes.iter().map(|&n| (n, "a compacted topic needs a key".to_owned()));
    let message = "records without a key cannot be compacted";
    AppendError { records: records.collect(), ..AppendError::new(ErrorCode::InvalidRecord, message) }
}
