//! The newest offset of each key in the part of the log that was never compacted.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use super::transactions::Transactions;
use super::{CleanPlan, Segment};
use crate::log::LogError;
use crate::protocol::batch::RecordIter;

/// Keys that one compaction takes: about 100 MB, Kafka's `log.cleaner.dedupe.buffer.size`.
pub(super) const KEYS_MAX: usize = 2_000_000;

/// Keys are known by 128 bits of two hashes with random seeds: no producer can choose keys that collide.
pub(super) struct Keys {
    newest: HashMap<u128, i64>,
    seeds: [RandomState; 2],
    end: i64,
}

impl Keys {
    pub fn collect(plan: &CleanPlan) -> Result<Self, LogError> {
        let seeds = [RandomState::new(), RandomState::new()];
        let mut keys = Self { newest: HashMap::new(), seeds, end: plan.clean_to };
        let mut transactions = Transactions::new(&plan.aborted);
        for (at, segment) in plan.segments.iter().enumerate() {
            for step in segment.steps(0) {
                let step = step?;
                let header = step.header;
                transactions.reach(header.base_offset);
                if header.is_control() {
                    if let Some(marker) = crate::protocol::batch::EndMarker::of(&segment.read_batch(&step)?) {
                        transactions.ends(&marker);
                    }
                    keys.end = keys.end.max(header.next_offset());
                    continue;
                }
                let aborted = transactions.holds(&header);
                if header.last_offset() < plan.clean_to || aborted {
                    keys.end = keys.end.max(header.next_offset());
                    continue;
                }
                if keys.newest.len() + header.records_count as usize > plan.keys_max
                    && !keys.newest.is_empty()
                {
                    return Ok(keys);
                }
                let batch = segment.read_checked(&step)?;
                let data = batch.decompressed().map_err(|err| segment.corrupt(step.position, err))?;
                for record in RecordIter::new(&data, header.records_count) {
                    let record = record.map_err(|err| segment.corrupt(step.position, err))?;
                    if let Some(key) = record.key {
                        let hash = keys.hash(key);
                        keys.newest.insert(hash, header.base_offset + i64::from(record.offset_delta));
                    }
                }
                keys.end = keys.end.max(header.next_offset());
            }
            // Earlier compaction, here or on the leader, may have left nothing at the end of a segment.
            keys.end = keys.end.max(plan.segments.get(at + 1).map_or(plan.until, Segment::base_offset));
        }
        Ok(keys)
    }

    /// The offset up to which keys are known.
    pub fn end(&self) -> i64 {
        self.end
    }

    /// Whether no newer record of this key is known.
    pub fn is_newest(&self, key: &[u8], offset: i64) -> bool {
        self.newest.get(&self.hash(key)).is_none_or(|&newest| offset >= newest)
    }

    fn hash(&self, key: &[u8]) -> u128 {
        let [low, high] = &self.seeds;
        u128::from(low.hash_one(key)) | u128::from(high.hash_one(key)) << 64
    }
}
