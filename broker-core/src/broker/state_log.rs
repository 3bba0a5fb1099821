//! Partitions in which a coordinator keeps its state: read back at start, appended to.

use std::rc::Rc;

use bytes::Bytes;
use tokio::sync::Notify;

use super::{Broker, ProduceOutcome};
use crate::log::{LogError, ReadLimits};
use crate::partition::PartitionId;
use crate::protocol::ErrorCode;
use crate::protocol::batch::{BatchBuilder, BatchHeader, EndMarker, RecordIter};
use crate::seams::Now;

/// Bytes replayed between two chances for others to run.
const STRETCH: usize = 1 << 20;

/// What lies in such a partition.
pub(super) enum Replayed<'a> {
    /// A record and the header of its batch.
    Record(&'a BatchHeader, Bytes, Option<Bytes>),
    /// The end of a producer's transaction.
    End(EndMarker),
}

impl Broker {
    /// Hands everything in a partition from `next` on to `take`, in order, and waits until all of it is committed: a
    /// leader that is cut off must not act on what only it has. Records without a key have no meaning there.
    pub(super) async fn replay(
        &self,
        id: PartitionId,
        mut next: i64,
        mut take: impl FnMut(Now, Replayed<'_>),
    ) -> Result<(), LogError> {
        let epoch = self.partitions.borrow().get(&id).map(|partition| partition.image().leader_epoch);
        let waiter = Rc::new(Notify::new());
        loop {
            next = self.replay_until(id, next, i64::MAX, &mut take).await?;
            let is_settled = self.partitions.borrow().get(&id).is_none_or(|partition| {
                let leads = partition.is_leader() && Some(partition.image().leader_epoch) == epoch;
                !leads || partition.high_watermark() >= next
            });
            if is_settled {
                return Ok(());
            }
            self.wait_on(id, &waiter);
            waiter.notified().await;
        }
    }

    /// Hands what lies from `next` up to `before` to `take`; the offset at which it goes on.
    pub(super) async fn replay_until(
        &self,
        id: PartitionId,
        mut next: i64,
        before: i64,
        take: &mut impl FnMut(Now, Replayed<'_>),
    ) -> Result<i64, LogError> {
        while let Some(after) = self.replay_stretch(id, next, before, take)? {
            next = after;
            tokio::task::yield_now().await;
        }
        Ok(next)
    }

    /// The offset after one stretch of it, or `None` at the end.
    fn replay_stretch(
        &self,
        id: PartitionId,
        from: i64,
        before: i64,
        take: &mut impl FnMut(Now, Replayed<'_>),
    ) -> Result<Option<i64>, LogError> {
        let now = self.now();
        let partitions = self.partitions.borrow();
        let Some(partition) = partitions.get(&id) else { return Ok(None) };
        let limits = ReadLimits { bytes_max: STRETCH, before, at_least_one: true };
        let mut next = None;
        for batch in partition.log().read_batches(from, limits)? {
            next = Some(batch.header.next_offset());
            if batch.header.is_control() {
                EndMarker::of(&batch).into_iter().for_each(|marker| take(now, Replayed::End(marker)));
                continue;
            }
            let Ok(data) = batch.decompressed() else { continue };
            for record in RecordIter::new(&data, batch.header.records_count).flatten() {
                let Some(key) = record.key else { continue };
                let value = record.value.map(Bytes::copy_from_slice);
                take(now, Replayed::Record(&batch.header, Bytes::copy_from_slice(key), value));
            }
        }
        Ok(next)
    }

    /// Appends records of a coordinator; its clients look for another one where this is no longer the place.
    pub(super) fn append_state(
        self: &Rc<Self>,
        id: PartitionId,
        records: BatchBuilder,
    ) -> Result<ProduceOutcome, ErrorCode> {
        let batch = records.build().map_err(|_| ErrorCode::UnknownServerError)?;
        self.append_own(id, batch).map_err(|err| {
            if matches!(err.code, ErrorCode::NotLeaderOrFollower | ErrorCode::KafkaStorageError) {
                ErrorCode::NotCoordinator
            } else if err.code == ErrorCode::NotEnoughReplicas {
                ErrorCode::CoordinatorNotAvailable
            } else {
                err.code
            }
        })
    }
}
