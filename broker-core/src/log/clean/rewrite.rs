//! Writes the successor of neighbouring segments, batch by batch.

use bytes::{Bytes, BytesMut};

use super::keys::Keys;
use super::transactions::Transactions;
use super::{CLEANED, CleanPlan, Group};
use crate::log::LogError;
use crate::log::segment::{Segment, file_name};
use crate::protocol::batch::{
    Batch, BatchError, BatchHeader, Codec, EndMarker, Record, RecordIter, compress,
};

pub(super) struct Rewriter<'a> {
    plan: &'a CleanPlan,
    keys: &'a Keys,
    transactions: Transactions,
}

impl<'a> Rewriter<'a> {
    pub fn new(plan: &'a CleanPlan, keys: &'a Keys) -> Self {
        Self { plan, keys, transactions: Transactions::new(&plan.aborted) }
    }

    /// The successor of `segments`, synced, with its indexes.
    pub fn rewrite(&mut self, segments: &[Segment]) -> Result<Group, LogError> {
        let first = segments.first().expect("groups are never empty: groups() takes one at least");
        let dir = first.path().parent().expect("a segment lies in its log's directory");
        let path = dir.join(file_name(first.base_offset(), &format!("log{CLEANED}")));
        let disk = &*self.plan.disk;
        disk.remove(&path).map_err(|err| LogError::io("removing", &path, err))?;
        let mut out = first.empty_at(disk, path)?;
        for segment in segments {
            for step in segment.steps(0) {
                let step = step?;
                let batch = segment.read_checked(&step)?;
                let kept = self.judge(batch).map_err(|err| segment.corrupt(step.position, err))?;
                if let Some(batch) = kept {
                    out.append(&batch, self.plan.config.index_interval_bytes)?;
                }
                for entry in self.transactions.take_kept() {
                    out.note_aborted(entry);
                }
            }
        }
        out.sync()?;
        // Once in place it is trusted: that it ends before the next one begins is no hole.
        for (suffix, bytes) in out.encode_indexes() {
            let path = dir.join(file_name(out.base_offset(), &format!("{suffix}{CLEANED}")));
            disk.replace(&path, &bytes).map_err(|err| LogError::io("writing", &path, err))?;
        }
        Ok(Group { segment: out, replaces: segments.iter().map(Segment::base_offset).collect() })
    }

    /// What stays of a batch; `None` if nothing does.
    fn judge(&mut self, batch: Batch) -> Result<Option<Batch>, BatchError> {
        let header = batch.header;
        self.transactions.reach(header.base_offset);
        if header.is_control() {
            let marker = EndMarker::of(&batch);
            let idle = marker.is_some_and(|marker| self.transactions.ends(&marker));
            return match header.delete_horizon() {
                Some(horizon) if idle && horizon <= self.plan.now_ms => Ok(self.emptied(&header)),
                None if idle => self.rebuilt(&batch, &batch.records, true, |_| true),
                Some(_) | None => Ok(Some(batch)),
            };
        }
        if self.transactions.holds(&header) {
            return Ok(self.emptied(&header));
        }
        let data = batch.decompressed()?;
        let tombstones_stay = header.delete_horizon().is_none_or(|horizon| horizon > self.plan.now_ms);
        let mut tombstones = false;
        let (mut kept, mut all) = (0, 0);
        let stays = |record: &Record<'_>| {
            let offset = header.base_offset + i64::from(record.offset_delta);
            record.key.is_some_and(|key| self.keys.is_newest(key, offset))
                && (record.value.is_some() || tombstones_stay)
        };
        for record in RecordIter::new(&data, header.records_count) {
            let record = record?;
            all += 1;
            if stays(&record) {
                kept += 1;
                tombstones |= record.value.is_none();
            }
        }
        let new_horizon = tombstones && header.delete_horizon().is_none();
        if kept == 0 {
            return Ok(self.emptied(&header));
        }
        if kept == all && !new_horizon {
            return Ok(Some(batch));
        }
        self.rebuilt(&batch, &data, new_horizon, stays)
    }

    /// A batch without records where the producer's last one was; nothing elsewhere.
    fn emptied(&self, header: &BatchHeader) -> Option<Batch> {
        let last = self.plan.producers.get(&header.producer_id).is_some_and(|&(epoch, last)| match last {
            Some(offset) => offset == header.last_offset(),
            None => header.is_control() && epoch == header.producer_epoch,
        });
        if !last || !header.has_producer() {
            return None;
        }
        let mut header = BatchHeader { records_count: 0, base_timestamp: -1, ..*header };
        header.set_codec(Codec::None);
        Some(with_records(header, Bytes::new()))
    }

    /// The batch with the records that stay. `horizon` sets the moment from which its tombstones, or its marker,
    /// may go.
    fn rebuilt(
        &self,
        batch: &Batch,
        data: &[u8],
        horizon: bool,
        stays: impl Fn(&Record<'_>) -> bool,
    ) -> Result<Option<Batch>, BatchError> {
        let old = batch.header;
        let mut header = old;
        if horizon {
            header.set_delete_horizon(self.plan.now_ms.saturating_add(self.plan.config.delete_retention_ms));
        }
        let mut records = BytesMut::with_capacity(data.len());
        let mut newest = -1;
        header.records_count = 0;
        for record in RecordIter::new(data, old.records_count) {
            let record = record?;
            if stays(&record) {
                let timestamp = old.base_timestamp.saturating_add(record.timestamp_delta);
                newest = newest.max(timestamp);
                record.put(
                    &mut records,
                    timestamp.saturating_sub(header.base_timestamp),
                    record.offset_delta,
                );
                header.records_count += 1;
            }
        }
        if !old.is_append_time() {
            header.max_timestamp = newest;
        }
        let packed = compress(old.codec()?, &records)?;
        Ok(Some(with_records(header, packed.into())))
    }
}

fn with_records(mut header: BatchHeader, records: Bytes) -> Batch {
    header.set_records_len(records.len());
    header.crc = header.compute_crc(&records);
    Batch { header, records }
}
