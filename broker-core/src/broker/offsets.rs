//! Offsets by their place in time.

use super::Broker;
use crate::partition::PartitionId;
use crate::protocol::ErrorCode;

/// Which offset is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OffsetSpec {
    /// The end that a reader may reach: the high watermark, or the last stable offset if read committed.
    Latest {
        /// Whether open transactions bound it.
        read_committed: bool,
    },
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
    /// The timestamp (−1 for none), offset (−1 for none) and leader epoch that `spec` asks for.
    pub fn offset_for(
        &self,
        id: PartitionId,
        leader_epoch: i32,
        spec: OffsetSpec,
    ) -> Result<(i64, i64, i32), ErrorCode> {
        let partitions = self.partitions.borrow();
        let partition = partitions.get(&id).ok_or_else(|| self.missing(id))?;
        partition.check_leader(leader_epoch)?;
        let log = partition.log();
        let end = partition.high_watermark();
        let found = match spec {
            OffsetSpec::Latest { read_committed: true } => Ok(Some((partition.last_stable_offset(), -1))),
            OffsetSpec::Latest { read_committed: false } => Ok(Some((end, -1))),
            OffsetSpec::Earliest => Ok(Some((log.start_offset(), -1))),
            OffsetSpec::Tiered => Ok(None),
            OffsetSpec::MaxTimestamp => {
                log.max_timestamp().map(|found| found.filter(|&(offset, _)| offset < end))
            }
            OffsetSpec::At(time) => log.offset_for_time(time, end),
        };
        let found = found.map_err(|err| {
            tracing::error!(broker = self.id(), partition = id.index, %err, "offset not found");
            ErrorCode::KafkaStorageError
        })?;
        let leader_epoch = partition.image().leader_epoch;
        let epoch = |offset| match spec {
            OffsetSpec::Latest { .. } => leader_epoch,
            // An empty log begins with the leader that will write to it.
            OffsetSpec::Earliest => log.epochs().at(offset).unwrap_or(leader_epoch),
            OffsetSpec::MaxTimestamp | OffsetSpec::Tiered | OffsetSpec::At(_) => {
                log.epochs().at(offset).unwrap_or(-1)
            }
        };
        Ok(match found {
            Some((offset, time)) => (time, offset, epoch(offset)),
            None => (-1, -1, -1),
        })
    }
}
