//! Record batch v2, the unit that is produced, stored, replicated and fetched.
//!
//! Layout: base offset i64@0, length i32@8, leader epoch i32@12, magic i8@16, CRC-32C u32@17 (over 21..end),
//! attributes i16@21, last offset delta i32@23, base timestamp i64@27, max timestamp i64@35,
//! producer id i64@43, producer epoch i16@51, base sequence i32@53, record count i32@57, records@61.
//! Base offset and leader epoch lie outside the CRC, so stamping them needs no new checksum.
//! Source: Kafka `DefaultRecordBatch.java`, `DefaultRecord.java`; KIP-98.

mod build;
mod compression;
mod control;
mod record;
mod validate;

pub use build::{BatchBuilder, NewRecord};
pub use compression::{Codec, DECOMPRESSED_AT_ONCE, DECOMPRESSED_MAX, compress, compress_at, decompress};
pub use control::EndMarker;
pub use record::{Record, RecordIter};
pub use validate::{NAMED_MAX, Validated, timestamps, validate};

use bytes::{Buf, BufMut, Bytes};

/// Bytes before the records.
pub const HEADER_LEN: usize = 61;
/// Bytes before the part that `length` counts.
pub const LOG_OVERHEAD: usize = 12;
/// Where the CRC's range begins.
pub const CRC_START: usize = 21;
/// "No producer id", "no sequence", "no timestamp".
pub const NONE: i64 = -1;

const MAGIC: i8 = 2;
const TIMESTAMP_APPEND: i16 = 1 << 3;
const TRANSACTIONAL: i16 = 1 << 4;
const CONTROL: i16 = 1 << 5;
const DELETE_HORIZON: i16 = 1 << 6;

/// Why bytes are not a batch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// The bytes end inside the batch.
    #[error("batch needs {needed} bytes but {left} are left")]
    Short {
        /// Bytes the batch asks for.
        needed: usize,
        /// Bytes that are there.
        left: usize,
    },
    /// A length or count that no batch has.
    #[error("batch field {field} has invalid value {value}")]
    Field {
        /// The field's name.
        field: &'static str,
        /// Its value.
        value: i64,
    },
    /// An older message format, which Kafka 4 no longer takes.
    #[error("magic {magic} is not 2")]
    Magic {
        /// The magic byte found.
        magic: i8,
    },
    /// The checksum does not match: the bytes were changed on their way.
    #[error("CRC is {found:#010x} but the bytes give {computed:#010x}")]
    Crc {
        /// The checksum in the batch.
        found: u32,
        /// The checksum of its bytes.
        computed: u32,
    },
    /// The codec bits name no codec.
    #[error("codec {codec} is unknown")]
    Codec {
        /// The codec bits.
        codec: i16,
    },
    /// The compressed records cannot be decompressed.
    #[error("{codec} records cannot be decompressed: {reason}")]
    Compression {
        /// The codec.
        codec: Codec,
        /// What the codec says.
        reason: String,
    },
    /// The records decompress to more than is allowed.
    #[error("records decompress to more than {limit} bytes")]
    Bomb {
        /// The limit in bytes.
        limit: usize,
    },
    /// A record inside the batch is malformed.
    #[error("record {index} is malformed: {reason}")]
    Record {
        /// Its position in the batch.
        index: i32,
        /// What is wrong.
        reason: &'static str,
    },
}

/// The fixed part of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchHeader {
    /// Offset of the first record.
    pub base_offset: i64,
    /// Bytes after the length field.
    pub length: i32,
    /// Epoch of the leader that appended it.
    pub leader_epoch: i32,
    /// Checksum as found.
    pub crc: u32,
    /// Codec, timestamp type, transactional, control, delete horizon.
    pub attributes: i16,
    /// Offset of the last record, less the base offset.
    pub last_offset_delta: i32,
    /// Timestamp of the first record (milliseconds since the epoch).
    pub base_timestamp: i64,
    /// Largest timestamp of the batch.
    pub max_timestamp: i64,
    /// Idempotent producer, or −1.
    pub producer_id: i64,
    /// Its epoch, or −1.
    pub producer_epoch: i16,
    /// Sequence of the first record, or −1.
    pub base_sequence: i32,
    /// Number of records.
    pub records_count: i32,
}

impl BatchHeader {
    /// Reads the header of the batch that `bytes` begin with. The batch may reach past `bytes`.
    pub fn parse(bytes: &[u8]) -> Result<Self, BatchError> {
        let Some(mut head) = bytes.get(..HEADER_LEN) else {
            return Err(BatchError::Short { needed: HEADER_LEN, left: bytes.len() });
        };
        let (base_offset, length, leader_epoch) = (head.get_i64(), head.get_i32(), head.get_i32());
        let (magic, crc, attributes) = (head.get_i8(), head.get_u32(), head.get_i16());
        if magic != MAGIC {
            return Err(BatchError::Magic { magic });
        }
        let header = Self {
            base_offset,
            length,
            leader_epoch,
            crc,
            attributes,
            last_offset_delta: head.get_i32(),
            base_timestamp: head.get_i64(),
            max_timestamp: head.get_i64(),
            producer_id: head.get_i64(),
            producer_epoch: head.get_i16(),
            base_sequence: head.get_i32(),
            records_count: head.get_i32(),
        };
        let bad = |field, value: i64| Err(BatchError::Field { field, value });
        if (length as i64) < (HEADER_LEN - LOG_OVERHEAD) as i64 {
            return bad("length", length.into());
        }
        if header.last_offset_delta < 0 {
            return bad("last offset delta", header.last_offset_delta.into());
        }
        if header.records_count < 0 {
            return bad("record count", header.records_count.into());
        }
        Ok(header)
    }

    /// The header's bytes.
    pub fn encode(&self) -> [u8; HEADER_LEN] {
        let mut out = [0; HEADER_LEN];
        let mut head = &mut out[..];
        head.put_i64(self.base_offset);
        head.put_i32(self.length);
        head.put_i32(self.leader_epoch);
        head.put_i8(MAGIC);
        head.put_u32(self.crc);
        head.put_i16(self.attributes);
        head.put_i32(self.last_offset_delta);
        head.put_i64(self.base_timestamp);
        head.put_i64(self.max_timestamp);
        head.put_i64(self.producer_id);
        head.put_i16(self.producer_epoch);
        head.put_i32(self.base_sequence);
        head.put_i32(self.records_count);
        out
    }

    /// Bytes of the whole batch.
    pub fn size_bytes(&self) -> usize {
        // parse() refuses negative lengths, so the cast keeps the value.
        LOG_OVERHEAD + self.length as usize
    }

    /// Offset of the last record.
    pub fn last_offset(&self) -> i64 {
        self.base_offset.saturating_add(i64::from(self.last_offset_delta))
    }

    /// Offset after the last record.
    pub fn next_offset(&self) -> i64 {
        self.last_offset().saturating_add(1)
    }

    /// Sequence of the last record; wraps from `i32::MAX` to 0 as Kafka's do.
    pub fn last_sequence(&self) -> i32 {
        if self.base_sequence < 0 {
            return self.base_sequence;
        }
        let last = i64::from(self.base_sequence) + i64::from(self.last_offset_delta);
        (last % (i64::from(i32::MAX) + 1)) as i32
    }

    /// The codec of the records.
    pub fn codec(&self) -> Result<Codec, BatchError> {
        Codec::from_bits(self.attributes & 0x07).ok_or(BatchError::Codec { codec: self.attributes & 0x07 })
    }

    /// Whether timestamps are the time of the append rather than the producer's.
    pub fn is_append_time(&self) -> bool {
        self.attributes & TIMESTAMP_APPEND != 0
    }

    /// Whether the batch belongs to a transaction.
    pub fn is_transactional(&self) -> bool {
        self.attributes & TRANSACTIONAL != 0
    }

    /// Whether the batch holds a transaction marker rather than records.
    pub fn is_control(&self) -> bool {
        self.attributes & CONTROL != 0
    }

    /// When its tombstones or marker may go (milliseconds since the epoch), once compaction has set that.
    /// The field of the base timestamp carries it (KIP-534).
    pub fn delete_horizon(&self) -> Option<i64> {
        (self.attributes & DELETE_HORIZON != 0).then_some(self.base_timestamp)
    }

    /// Whether an idempotent producer wrote it.
    pub fn has_producer(&self) -> bool {
        self.producer_id >= 0
    }

    /// Stamps append time into the header; the caller recomputes the CRC.
    pub fn set_append_time(&mut self, now_ms: i64) {
        self.attributes |= TIMESTAMP_APPEND;
        self.max_timestamp = now_ms;
    }

    /// Says from when on its tombstones or marker may go; offsets and deltas are the caller's to adjust.
    pub fn set_delete_horizon(&mut self, horizon_ms: i64) {
        self.attributes |= DELETE_HORIZON;
        self.base_timestamp = horizon_ms;
    }

    /// Names the codec of the records.
    pub fn set_codec(&mut self, codec: Codec) {
        self.attributes = (self.attributes & !0x07) | codec.bits();
    }

    /// Counts `len` bytes of records into the length.
    pub fn set_records_len(&mut self, len: usize) {
        self.length = (HEADER_LEN - LOG_OVERHEAD + len) as i32;
    }

    /// The CRC of this header's covered part followed by `records`.
    pub fn compute_crc(&self, records: &[u8]) -> u32 {
        let head = self.encode();
        let crc = crc32c::crc32c(head.get(CRC_START..).unwrap_or_default());
        crc32c::crc32c_append(crc, records)
    }
}

/// A batch split at its header, so that it can be stamped without copying its records.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The header as it will be stored.
    pub header: BatchHeader,
    /// The records, compressed as they came.
    pub records: Bytes,
}

impl Batch {
    /// Splits the batch that `bytes` begin with and checks its CRC; `bytes` advance past it.
    pub fn split(bytes: &mut Bytes) -> Result<Self, BatchError> {
        let batch = Self::split_unchecked(bytes)?;
        let computed = batch.header.compute_crc(&batch.records);
        match batch.header.crc {
            found if found == computed => Ok(batch),
            found => Err(BatchError::Crc { found, computed }),
        }
    }

    /// The same without the CRC, for bytes that this process has checked before.
    pub fn split_unchecked(bytes: &mut Bytes) -> Result<Self, BatchError> {
        let header = BatchHeader::parse(bytes)?;
        let size = header.size_bytes();
        if bytes.len() < size {
            return Err(BatchError::Short { needed: size, left: bytes.len() });
        }
        let whole = bytes.split_to(size);
        Ok(Self { header, records: whole.slice(HEADER_LEN..) })
    }

    /// The decompressed records.
    pub fn decompressed(&self) -> Result<Bytes, BatchError> {
        self.decompressed_up_to(DECOMPRESSED_MAX)
    }

    /// The same; [`BatchError::Bomb`] past `limit` bytes.
    pub fn decompressed_up_to(&self, limit: usize) -> Result<Bytes, BatchError> {
        decompress(self.header.codec()?, &self.records, limit)
    }

    /// The batch in one piece.
    pub fn to_bytes(&self) -> Bytes {
        let mut whole = Vec::with_capacity(HEADER_LEN + self.records.len());
        whole.extend_from_slice(&self.header.encode());
        whole.extend_from_slice(&self.records);
        whole.into()
    }
}
