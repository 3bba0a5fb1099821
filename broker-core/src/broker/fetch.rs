//! Reading committed records for consumers, waiting for more if asked to.
//! Source: Kafka `ReplicaManager.fetchMessages`, `DelayedFetch.scala`; KIP-74, KIP-392.

use std::rc::Rc;
use std::time::Duration;

use tokio::sync::Notify;

use super::Broker;
use crate::config::RACK_AWARE;
use crate::log::{AbortedTxn, LogError, ReadLimits};
use crate::partition::{Partition, PartitionId};
use crate::protocol::{Chunk, ErrorCode};

/// One partition of a fetch.
#[derive(Debug, Clone, Copy)]
pub struct FetchWanted {
    /// The partition.
    pub id: PartitionId,
    /// The first offset wanted.
    pub offset: i64,
    /// The leader epoch the client believes in, −1 for none.
    pub leader_epoch: i32,
    /// The epoch of the last record the client has, −1 for none.
    pub last_epoch: i32,
    /// Bytes wanted of this partition.
    pub bytes_max: usize,
    /// Whether open transactions hide what follows them.
    pub read_committed: bool,
}

/// Who reads.
#[derive(Debug, Clone, Default)]
pub struct FetchReader {
    /// Whether it may be served by a follower.
    pub of_followers: bool,
    /// Its rack; empty for none.
    pub rack: String,
}

/// What was read of one partition.
#[derive(Debug)]
pub struct FetchRead {
    /// Kafka's code.
    pub error: ErrorCode,
    /// High watermark, −1 if unknown.
    pub high_watermark: i64,
    /// Last stable offset, −1 if unknown.
    pub last_stable_offset: i64,
    /// Log start offset, −1 if unknown.
    pub log_start_offset: i64,
    /// The epoch and end offset where the client's log parts from ours.
    pub diverging: Option<(i32, i64)>,
    /// The batches.
    pub chunk: Option<Chunk>,
    /// For readers of committed records: aborted transactions with records among the batches.
    pub aborted: Option<Vec<AbortedTxn>>,
    /// The follower that this reader should rather ask (KIP-392).
    pub preferred: Option<i32>,
}

impl FetchRead {
    fn error(error: ErrorCode) -> Self {
        Self {
            error,
            high_watermark: -1,
            last_stable_offset: -1,
            log_start_offset: -1,
            diverging: None,
            chunk: None,
            aborted: None,
            preferred: None,
        }
    }

    /// Bytes read.
    pub fn len(&self) -> usize {
        self.chunk.as_ref().map_or(0, Chunk::len)
    }

    /// Whether nothing was read.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the client should hear of it at once.
    pub fn is_news(&self) -> bool {
        self.error != ErrorCode::None || self.diverging.is_some() || self.preferred.is_some()
    }
}

impl Broker {
    /// Reads every partition once, waiting up to `wait` until `bytes_min` bytes or any error are there.
    pub async fn fetch(
        self: &Rc<Self>,
        reader: &FetchReader,
        wanted: &[FetchWanted],
        bytes_min: usize,
        bytes_max: usize,
        wait: Duration,
    ) -> Vec<FetchRead> {
        let waiter = Rc::new(Notify::new());
        let deadline = tokio::time::Instant::now() + wait;
        let reads = loop {
            let reads = self.read_all(reader, wanted, bytes_max);
            let enough = reads.iter().map(FetchRead::len).sum::<usize>() >= bytes_min;
            // A consumer that closes ends its session with a fetch of nothing, and waits for the answer.
            if enough || wanted.is_empty() || reads.iter().any(FetchRead::is_news) || wait.is_zero() {
                break reads;
            }
            for partition in wanted {
                self.wait_on(partition.id, &waiter);
            }
            if tokio::time::timeout_at(deadline, waiter.notified()).await.is_err() {
                break self.read_all(reader, wanted, bytes_max);
            }
        };
        self.setup.traffic.taken(reads.iter().map(FetchRead::len).sum());
        reads
    }

    fn read_all(
        self: &Rc<Self>,
        reader: &FetchReader,
        wanted: &[FetchWanted],
        bytes_max: usize,
    ) -> Vec<FetchRead> {
        let mut left = bytes_max;
        let mut first = true;
        let mut reads = Vec::with_capacity(wanted.len());
        for partition in wanted {
            let read = self.read_one(reader, partition, partition.bytes_max.min(left), first);
            left = left.saturating_sub(read.len());
            first &= read.is_empty();
            reads.push(read);
        }
        reads
    }

    /// `at_least_one` lets the first batch of the whole answer be larger than the limits.
    fn read_one(
        self: &Rc<Self>,
        reader: &FetchReader,
        wanted: &FetchWanted,
        bytes_max: usize,
        at_least_one: bool,
    ) -> FetchRead {
        let partitions = self.partitions.borrow();
        let Some(partition) = partitions.get(&wanted.id) else {
            return FetchRead::error(self.missing(wanted.id));
        };
        let fit = match reader.of_followers {
            true => partition.check_epoch(wanted.leader_epoch),
            false => partition.check_leader(wanted.leader_epoch),
        };
        if let Err(error) = fit {
            return FetchRead::error(error);
        }
        let log = partition.log();
        let mut read = FetchRead {
            high_watermark: partition.high_watermark(),
            last_stable_offset: partition.last_stable_offset(),
            log_start_offset: log.start_offset(),
            ..FetchRead::error(ErrorCode::None)
        };
        read.preferred = self.nearer_replica(partition, reader, wanted.offset);
        if read.preferred.is_some() {
            return read;
        }
        if wanted.last_epoch >= 0 {
            let shared = log.epochs().end_of(wanted.last_epoch, log.end_offset()).unwrap_or((-1, -1));
            if shared.0 < wanted.last_epoch || shared.1 < wanted.offset {
                read.diverging = Some(shared);
                return read;
            }
        }
        let before = if wanted.read_committed { read.last_stable_offset } else { read.high_watermark };
        match log.read(wanted.offset, ReadLimits { bytes_max, before, at_least_one }) {
            Ok(slice) => {
                read.aborted = wanted.read_committed.then(|| match slice.chunk {
                    Some(_) => log.aborted(wanted.offset, slice.before),
                    None => Vec::new(),
                });
                read.chunk = slice.chunk;
            }
            Err(LogError::OutOfRange { .. }) => read.error = ErrorCode::OffsetOutOfRange,
            Err(err) => {
                drop(partitions);
                self.disk_refused(wanted.id, "read failed", &err);
                self.give_up_if_damaged(wanted.id, &err);
                read.error = ErrorCode::KafkaStorageError;
            }
        }
        read
    }

    /// Whether consumers are sent to followers.
    pub(super) fn consumers_read_followers(&self) -> bool {
        self.config().get("replica.selector.class").is_some_and(|(class, _)| class == RACK_AWARE)
    }

    /// The replica in the reader's rack that has most, if the leader is in another one.
    /// Source: Kafka `RackAwareReplicaSelector.java`, KIP-392.
    fn nearer_replica(&self, partition: &Partition, reader: &FetchReader, offset: i64) -> Option<i32> {
        if reader.rack.is_empty() || !partition.is_leader() || !self.consumers_read_followers() {
            return None;
        }
        let image = self.image.borrow();
        let is_near = |id: i32| {
            let rack = image.brokers.get(&id).and_then(|broker| broker.rack.as_deref());
            image.is_live(id) && rack == Some(reader.rack.as_str())
        };
        if is_near(self.id()) {
            return None;
        }
        let near = partition.followers_with(offset).into_iter().filter(|(id, _)| is_near(*id));
        near.max_by_key(|&(id, end_offset)| (end_offset, -id)).map(|(id, _)| id)
    }

    /// Why a partition has no replica here.
    pub fn missing(&self, id: PartitionId) -> ErrorCode {
        let image = self.image.borrow();
        match (image.topic_by_id(id.topic), image.partition(id.topic, id.index)) {
            (None, _) => ErrorCode::UnknownTopicId,
            (Some(_), None) => ErrorCode::UnknownTopicOrPartition,
            (Some(_), Some(partition)) if partition.replicas.contains(&self.id()) => {
                ErrorCode::KafkaStorageError
            }
            (Some(_), Some(_)) => ErrorCode::NotLeaderOrFollower,
        }
    }
}
