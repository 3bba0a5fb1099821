//! A checked batch is stamped with its offset and epoch and appended.
//! Source: Kafka `UnifiedLog.append`, `Partition.appendRecordsToLeader`.

use super::{Partition, Role};
use crate::log::{LogError, MarkerError, ProducerCheck, SequenceError};
use crate::protocol::ErrorCode;
use crate::protocol::batch::{Batch, BatchError, EndMarker};
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

    /// A batch whose check did not come to an end.
    pub fn unchecked() -> Self {
        Self::new(ErrorCode::UnknownServerError, "the batch could not be checked")
    }

    pub(super) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), records: Vec::new(), log: None }
    }
}

impl From<BatchError> for AppendError {
    fn from(err: BatchError) -> Self {
        let code = match &err {
            BatchError::Bomb { .. } => ErrorCode::MessageTooLarge,
            // Kafka 4 takes older formats for records that are not valid, and others for damage.
            BatchError::Magic { magic: 0 | 1 } => ErrorCode::InvalidRecord,
            BatchError::Codec { .. } => ErrorCode::UnsupportedCompressionType,
            BatchError::Field { .. } | BatchError::Record { .. } | BatchError::Short { .. } => {
                ErrorCode::InvalidRecord
            }
            BatchError::Magic { .. } | BatchError::Crc { .. } | BatchError::Compression { .. } => {
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
        self.append(now, marker.to_batch(now.wall_ms), true)
    }

    /// Appends a batch that passed [`super::AppendRules`], or that this broker built itself. `acks_all` asks for
    /// enough in-sync replicas first.
    pub fn append(&mut self, now: Now, mut batch: Batch, acks_all: bool) -> Result<Appended, AppendError> {
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
}
