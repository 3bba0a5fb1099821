//! Offsets by their place in time.

use super::Broker;
use crate::log::{LargeBatch, OffsetAndTime, TimeSearch};
use crate::partition::{Partition, PartitionId};
use crate::protocol::ErrorCode;

/// Which offset is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OffsetSpec {
    /// The end that a reader may reach.
    Latest,
    /// The log start offset.
    Earliest,
    /// A record with the largest timestamp.
    MaxTimestamp,
    /// The last offset in remote storage, or the first on its way there: we have neither.
    Tiered,
    /// The first record at or after this time (milliseconds since the epoch).
    At(i64),
}

impl Broker {
    /// The timestamp (−1 for none), offset (−1 for none) and leader epoch that `spec` asks for, among what a reader
    /// may reach: below the high watermark, or below the last stable offset if it is `committed`.
    /// Errors: OFFSET_NOT_AVAILABLE if a leader just elected does not know yet (KIP-207).
    pub async fn offset_for(
        &self,
        id: PartitionId,
        leader_epoch: i32,
        spec: OffsetSpec,
        committed: bool,
    ) -> Result<(i64, i64, i32), ErrorCode> {
        let mut from = 0;
        loop {
            let (time, large) = match self.offset_from(id, leader_epoch, spec, committed, from)? {
                Answer::Offset(found) => return self.with_epoch(id, spec, found),
                Answer::Inside(time, large) => (time, large),
            };
            let next = large.next_offset();
            let looked = self.setup.pool.run_large(move || large.first_at(time)).await;
            match looked {
                Some(Ok(None)) => from = next,
                Some(Ok(found)) => {
                    let found =
                        self.led(id, leader_epoch, |partition| reached(partition, committed, found))??;
                    return self.with_epoch(id, spec, found);
                }
                Some(Err(err)) => return Err(self.unread(id, &err)),
                None => return Err(ErrorCode::UnknownServerError),
            }
        }
    }

    fn offset_from(
        &self,
        id: PartitionId,
        leader_epoch: i32,
        spec: OffsetSpec,
        committed: bool,
        from: i64,
    ) -> Result<Answer, ErrorCode> {
        self.led(id, leader_epoch, |partition| {
            let log = partition.log();
            let time = match spec {
                OffsetSpec::Latest if partition.lags_behind_its_epoch() => {
                    return Err(ErrorCode::OffsetNotAvailable);
                }
                OffsetSpec::Latest => {
                    return Ok(Answer::Offset(Some((partition.readable_end(committed), -1))));
                }
                OffsetSpec::Earliest => return Ok(Answer::Offset(Some((log.start_offset(), -1)))),
                OffsetSpec::Tiered => return Ok(Answer::Offset(None)),
                OffsetSpec::MaxTimestamp => log.max_timestamp(),
                OffsetSpec::At(time) => Some(time),
            };
            let Some(time) = time else { return Ok(Answer::Offset(None)) };
            match log.search_time(time, from).map_err(|err| self.unread(id, &err))? {
                TimeSearch::Found(found) => Ok(Answer::Offset(reached(partition, committed, found)?)),
                TimeSearch::Inside(large) => Ok(Answer::Inside(time, large)),
            }
        })?
    }

    /// What `ask` says of a partition that is led here under this epoch.
    fn led<T>(
        &self,
        id: PartitionId,
        leader_epoch: i32,
        ask: impl FnOnce(&Partition) -> T,
    ) -> Result<T, ErrorCode> {
        let partitions = self.partitions.borrow();
        let partition = partitions.get(&id).ok_or_else(|| self.missing(id))?;
        partition.check_leader(leader_epoch)?;
        Ok(ask(partition))
    }

    fn unread(&self, id: PartitionId, err: &dyn std::error::Error) -> ErrorCode {
        tracing::error!(broker = self.id(), partition = id.index, %err, "offset not found");
        ErrorCode::KafkaStorageError
    }

    /// The answer with the epoch in which the record at the offset was written.
    fn with_epoch(
        &self,
        id: PartitionId,
        spec: OffsetSpec,
        found: Option<OffsetAndTime>,
    ) -> Result<(i64, i64, i32), ErrorCode> {
        let Some((offset, time)) = found else { return Ok((-1, -1, -1)) };
        let epoch = self.led(id, -1, |partition| {
            let (epochs, current) = (partition.log().epochs(), partition.image().leader_epoch);
            match spec {
                OffsetSpec::Latest => current,
                // An empty log begins with the leader that will write to it.
                OffsetSpec::Earliest => epochs.at(offset).unwrap_or(current),
                OffsetSpec::MaxTimestamp | OffsetSpec::Tiered | OffsetSpec::At(_) => {
                    epochs.at(offset).unwrap_or(-1)
                }
            }
        })?;
        Ok((time, offset, epoch))
    }
}

/// What was found, if a reader may reach it. What lies behind that may be committed already if the leader does not know
/// yet how far its predecessor was.
fn reached(
    partition: &Partition,
    committed: bool,
    found: Option<OffsetAndTime>,
) -> Result<Option<OffsetAndTime>, ErrorCode> {
    match found.filter(|&(offset, _)| offset < partition.readable_end(committed)) {
        None if partition.lags_behind_its_epoch() => Err(ErrorCode::OffsetNotAvailable),
        found => Ok(found),
    }
}

/// How far a question came without waiting.
enum Answer {
    Offset(Option<OffsetAndTime>),
    /// The record at or after the time is in this batch or behind it.
    Inside(i64, LargeBatch),
}
