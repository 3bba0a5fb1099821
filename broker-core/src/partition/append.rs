//! A produced batch is checked, stamped with its offset and epoch, and appended.
//! Source: Kafka `LogValidator.java`, `UnifiedLog.append`, `Partition.appendRecordsToLeader`.

use bytes::Bytes;

use super::{Partition, Role};
use crate::log::{LogError, MarkerError, ProducerCheck, SequenceError};
use crate::protocol::ErrorCode;
use crate::protocol::batch::{Batch, BatchError, EndMarker, compress_at, validate};
use crate::seams::Now;

/// Where a produced batch ended up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Offset of its first record.
    pub base_offset: i64,
    /// Offset after its last record: acks=all waits until the high watermark reaches it.
    pub next_offset: i64,
    /// The append time if the topic stamps it, else −1.
    pub append_time: i64,
}

/// Why a batch was not appended.
#[derive(Debug)]
pub struct AppendError {
    /// Kafka's code.
    pub code: ErrorCode,
    /// What is wrong, naming the numbers.
    pub message: String,
    /// The records at fault, where single ones are: index and message.
    pub records: Vec<(i32, String)>,
    /// The log's own failure, for the broker to act on.
    pub log: Option<Box<LogError>>,
}

impl AppendError {
    /// This broker has no replica of the partition.
    pub fn not_here() -> Self {
        Self::new(ErrorCode::NotLeaderOrFollower, "this broker has no replica of the partition")
    }

    fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), records: Vec::new(), log: None }
    }
}

impl From<BatchError> for AppendError {
    fn from(err: BatchError) -> Self {
        let code = match &err {
            BatchError::Bomb { .. } => ErrorCode::MessageTooLarge,
            BatchError::Magic { .. } => ErrorCode::UnsupportedForMessageFormat,
            BatchError::Codec { .. } => ErrorCode::UnsupportedCompressionType,
            BatchError::Field { .. } | BatchError::Record { .. } => ErrorCode::InvalidRecord,
            BatchError::Short { .. } | BatchError::Crc { .. } | BatchError::Compression { .. } => {
                ErrorCode::CorruptMessage
            }
        };
        Self::new(code, err.to_string())
    }
}

impl From<SequenceError> for AppendError {
    fn from(err: SequenceError) -> Self {
        let code = match err {
            SequenceError::StaleEpoch { .. } => ErrorCode::InvalidProducerEpoch,
            SequenceError::OutOfOrder { .. } => ErrorCode::OutOfOrderSequenceNumber,
            SequenceError::OpenTransaction { .. } => ErrorCode::InvalidTxnState,
        };
        Self::new(code, err.to_string())
    }
}

impl From<MarkerError> for AppendError {
    fn from(err: MarkerError) -> Self {
        let code = match err {
            MarkerError::StaleEpoch { .. } => ErrorCode::InvalidProducerEpoch,
            MarkerError::StaleCoordinator { .. } => ErrorCode::TransactionCoordinatorFenced,
        };
        Self::new(code, err.to_string())
    }
}

impl Partition {
    /// Appends the one batch that `records` must be. `acks_all` asks for enough in-sync replicas first.
    pub fn append(&mut self, now: Now, records: Bytes, acks_all: bool) -> Result<Appended, AppendError> {
        let batch = self.checked(now, records)?;
        self.append_checked(now, batch, acks_all)
    }

    /// Appends a batch this broker built itself, such as the records of a group.
    pub fn append_own(&mut self, now: Now, batch: Batch) -> Result<Appended, AppendError> {
        self.append_checked(now, batch, true)
    }

    /// Appends the end of a transaction. `bumped`: see [`crate::log::Producers::check_marker`].
    pub fn append_marker(
        &mut self,
        now: Now,
        marker: EndMarker,
        bumped: bool,
    ) -> Result<Appended, AppendError> {
        if self.is_leader() {
            self.log.producers().check_marker(&marker, bumped)?;
        }
        self.append_checked(now, marker.to_batch(now.wall_ms), true)
    }

    fn append_checked(
        &mut self,
        now: Now,
        mut batch: Batch,
        acks_all: bool,
    ) -> Result<Appended, AppendError> {
        if !self.is_leader() {
            return Err(AppendError::new(ErrorCode::NotLeaderOrFollower, "another broker leads"));
        }
        if acks_all && !self.has_min_isr() {
            let (isr, min) = (self.image.isr.len(), self.config.min_isr);
            let message = format!("{isr} replicas are in sync; min.insync.replicas asks for {min}");
            return Err(AppendError::new(ErrorCode::NotEnoughReplicas, message));
        }
        let append_time = if batch.header.is_append_time() { batch.header.max_timestamp } else { -1 };
        // Coordinators number nothing; a batch of theirs has no sequence. The transaction it belongs to may be over.
        if batch.header.has_producer() && !batch.header.is_control() {
            self.log.producers().check_epoch(batch.header.producer_id, batch.header.producer_epoch)?;
        }
        if batch.header.base_sequence >= 0
            && let ProducerCheck::Duplicate { base_offset, .. } = self.log.producers().check(&batch.header)?
        {
            let next_offset = base_offset + i64::from(batch.header.last_offset_delta) + 1;
            return Ok(Appended { base_offset, next_offset, append_time });
        }
        batch.header.base_offset = self.log.end_offset();
        batch.header.leader_epoch = self.image.leader_epoch;
        if let Err(err) = self.log.append(&batch, now.wall_ms) {
            let message = err.to_string();
            return Err(AppendError {
                log: Some(Box::new(err)),
                ..AppendError::new(ErrorCode::KafkaStorageError, message)
            });
        }
        if let Role::Leader(leader) = &mut self.role {
            leader.hand_over(&batch);
        }
        self.advance_high_watermark();
        let (base_offset, next_offset) = (batch.header.base_offset, batch.header.next_offset());
        Ok(Appended { base_offset, next_offset, append_time })
    }

    /// The batch, if it is one a client may send here.
    fn checked(&self, now: Now, mut records: Bytes) -> Result<Batch, AppendError> {
        let frame_bytes = records.len();
        let mut batch = Batch::split(&mut records)?;
        if !records.is_empty() {
            return Err(AppendError::new(
                ErrorCode::InvalidRecord,
                "a request may carry one batch per partition",
            ));
        }
        if frame_bytes > self.config.max_message_bytes {
            let message = format!(
                "batch of {frame_bytes} bytes; max.message.bytes is {}",
                self.config.max_message_bytes
            );
            return Err(AppendError::new(ErrorCode::MessageTooLarge, message));
        }
        let header = &batch.header;
        if header.is_control() {
            return Err(AppendError::new(ErrorCode::InvalidRecord, "clients may not write control batches"));
        }
        if header.has_producer() && header.base_sequence < 0 {
            return Err(AppendError::new(ErrorCode::InvalidRecord, "an idempotent batch needs a sequence"));
        }
        if header.is_append_time() {
            return Err(AppendError::new(ErrorCode::InvalidTimestamp, "only the broker stamps append time"));
        }
        let found = validate(&batch, self.config.log.compact)?;
        if !found.keyless.is_empty() {
            let records = found.keyless.iter().map(|&n| (n, "a compacted topic needs a key".to_owned()));
            let message = "records without a key cannot be compacted";
            return Err(AppendError {
                records: records.collect(),
                ..AppendError::new(ErrorCode::InvalidRecord, message)
            });
        }
        let mut changed = self.recompress(&mut batch)?;
        if self.config.append_time {
            batch.header.set_append_time(now.wall_ms);
            changed = true;
        } else if let Some((low, high)) = found.timestamps {
            self.check_timestamps(now, low, high)?;
            changed |= high != batch.header.max_timestamp;
            batch.header.max_timestamp = high;
        }
        if changed {
            batch.header.crc = batch.header.compute_crc(&batch.records);
        }
        Ok(batch)
    }

    /// Brings the records into the topic's codec; true if they had another.
    fn recompress(&self, batch: &mut Batch) -> Result<bool, AppendError> {
        let Some((codec, level)) = self.config.compression else { return Ok(false) };
        if batch.header.codec()? == codec {
            return Ok(false);
        }
        let data = batch.decompressed()?;
        batch.records = compress_at(codec, level, &data)?.into();
        batch.header.set_codec(codec);
        batch.header.set_records_len(batch.records.len());
        Ok(true)
    }

    fn check_timestamps(&self, now: Now, low: i64, high: i64) -> Result<(), AppendError> {
        let ahead = high.saturating_sub(now.wall_ms);
        let behind = now.wall_ms.saturating_sub(low);
        let message = if ahead > self.config.after_max_ms {
            format!(
                "timestamp {high} is {ahead} ms ahead; message.timestamp.after.max.ms is {}",
                self.config.after_max_ms
            )
        } else if low >= 0 && behind > self.config.before_max_ms {
            format!(
                "timestamp {low} is {behind} ms old; message.timestamp.before.max.ms is {}",
                self.config.before_max_ms
            )
        } else {
            return Ok(());
        };
        Err(AppendError::new(ErrorCode::InvalidTimestamp, message))
    }
}
