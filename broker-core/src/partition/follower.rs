//! The follower's side: it appends what its leader hands over, and cuts what its leader does not have.

use super::Partition;
use crate::log::LogError;
use crate::protocol::batch::Batch;
use crate::seams::Now;

/// What a leader's answer changed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Replicated {
    /// The high watermark moved.
    pub advanced: bool,
}

impl Partition {
    /// Where this follower goes on: its end offset and the epoch of its last record.
    pub fn position(&self) -> (i64, Option<i32>) {
        (self.log.end_offset(), self.log.epochs().latest())
    }

    /// Appends batches that follow the end of this log, and takes over the leader's high watermark.
    /// Batches that do not start at the end (an answer to an older question) are left out.
    pub fn replicate(
        &mut self,
        now: Now,
        batches: &[Batch],
        high_watermark: i64,
    ) -> Result<Replicated, LogError> {
        if self.is_leader() {
            return Ok(Replicated::default());
        }
        for batch in batches {
            if batch.header.base_offset >= self.log.end_offset() {
                self.log.append(batch, now.wall_ms)?;
            }
        }
        let reached = high_watermark.min(self.log.end_offset());
        let advanced = reached > self.high_watermark;
        self.high_watermark = self.high_watermark.max(reached);
        self.log.settle_transactions(self.high_watermark);
        Ok(Replicated { advanced })
    }

    /// The leader's log begins at `start_offset`: so does this one, as far as it is committed here. True if it
    /// moved.
    pub fn follow_start(&mut self, start_offset: i64) -> Result<bool, LogError> {
        let target = start_offset.min(self.high_watermark);
        if self.is_leader() || target <= self.log.start_offset() {
            return Ok(false);
        }
        self.log.raise_start(target)?;
        Ok(true)
    }

    /// Cuts this log where it and the leader's part: at the end of `epoch`, the last one both may share.
    pub fn diverge(&mut self, epoch: i32, end_offset: i64) -> Result<(), LogError> {
        let own_end = self.log.epochs().end_of(epoch, self.log.end_offset()).map_or(0, |(_, end)| end);
        let keep = own_end.min(end_offset);
        let (broker, log, end) = (self.me, self.log.dir().display(), self.log.end_offset());
        tracing::info!(broker, %log, epoch, keep, end, "log diverged from the leader's and is cut");
        self.cut_to(keep)
    }

    /// The leader's log does not reach this position: longer logs are cut, logs wholly before it start over.
    pub fn realign(&mut self, leader_start: i64, leader_end: i64) -> Result<(), LogError> {
        if self.log.end_offset() > leader_end {
            return self.cut_to(leader_end);
        }
        self.log.restart_at(leader_start)?;
        self.high_watermark = leader_start;
        Ok(())
    }

    fn cut_to(&mut self, offset: i64) -> Result<(), LogError> {
        let cut = self.log.truncate_to(offset);
        self.high_watermark = self.high_watermark.min(self.log.end_offset());
        cut
    }
}
