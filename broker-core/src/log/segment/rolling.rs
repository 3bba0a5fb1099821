//! When a segment is full: by size, by the time its records span, by its index.
//! Source: Kafka `LogSegment.shouldRoll`, `timeWaitedForRoll`; `LogConfig.randomSegmentJitter`.

use std::path::Path;

use super::Segment;
use crate::log::LogConfig;
use crate::protocol::batch::{Batch, BatchHeader};
use crate::seams::Rng;

impl Segment {
    /// Notes when the first append of this life comes.
    pub fn begin(&mut self, now_ms: i64) {
        self.begun_ms.get_or_insert(now_ms);
    }

    /// Whether `batch` belongs into the next segment.
    pub fn is_full(&mut self, batch: &Batch, config: &LogConfig, now_ms: i64) -> bool {
        let incoming = batch.header.size_bytes() as u64;
        let spanned_ms = self.spanned_ms(&batch.header, now_ms);
        self.size > 0
            && (self.size + incoming > config.segment_bytes
                || spanned_ms > config.segment_ms - self.jitter_ms(config)
                || self.offsets.size_bytes() + 8 > config.segment_index_bytes
                || batch.header.last_offset() - self.base_offset > i64::from(i32::MAX))
    }

    /// The time from the first batch to this one, as their records have it: what is filled in from long ago does
    /// not begin a segment for each batch.
    fn spanned_ms(&mut self, next: &BatchHeader, now_ms: i64) -> i64 {
        match self.first_timestamp() {
            Some(first) if first >= 0 => next.max_timestamp.saturating_sub(first),
            _ => now_ms.saturating_sub(self.begun_ms.unwrap_or(now_ms)),
        }
    }

    /// What `segment.jitter.ms` takes off `segment.ms` here: always the same for a segment, another for the next.
    fn jitter_ms(&self, config: &LogConfig) -> i64 {
        let most = config.segment_jitter_ms.min(config.segment_ms);
        if most <= 0 {
            return 0;
        }
        let name = self.path.parent().and_then(Path::file_name).unwrap_or_default();
        let seed = u64::from(crc32c::crc32c(name.as_encoded_bytes())) ^ self.base_offset as u64;
        Rng::seeded(seed).below(most as u64) as i64
    }
}
