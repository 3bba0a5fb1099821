//! One replica of one partition: its log, its high watermark, and the part it plays.
//!
//! Consumers see records below the high watermark only. It is the smallest end offset among the in-sync
//! replicas, never goes back, and does not move while fewer replicas are in sync than `min.insync.replicas`.
//! Source: Kafka `Partition.java`/`Partition.scala`, `ReplicaManager.scala`; KIP-101, KIP-966.

mod append;
mod check;
mod follower;
mod leader;
mod throttled;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use append::{AppendError, Appended};
pub use check::{AppendRules, Checked, Effort};
pub use follower::Replicated;
pub use leader::{Followed, Progress};
pub use throttled::ThrottledReplicas;

use crate::config::BrokerConfig;
use crate::controller::PartitionImage;
use crate::log::{Log, LogConfig, LogError};
use crate::protocol::batch::Codec;
use crate::protocol::{ErrorCode, Uuid};
use crate::seams::Now;
use leader::Leader;

/// A partition by its topic's id and its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartitionId {
    /// The topic's id.
    pub topic: Uuid,
    /// The partition's number.
    pub index: i32,
}

/// The topic configs a partition acts on.
#[derive(Debug, Clone, PartialEq)]
pub struct PartitionConfig {
    /// What of it the log acts on.
    pub log: Arc<LogConfig>,
    /// `min.insync.replicas`.
    pub min_isr: usize,
    /// `max.message.bytes`.
    pub max_message_bytes: usize,
    /// `compression.type` and its level; `None` keeps the producer's.
    pub compression: Option<(Codec, Option<i32>)>,
    /// Whether `message.timestamp.type` is `LogAppendTime`.
    pub append_time: bool,
    /// `message.timestamp.before.max.ms`.
    pub before_max_ms: i64,
    /// `message.timestamp.after.max.ms`.
    pub after_max_ms: i64,
    /// `leader.replication.throttled.replicas`.
    pub throttled_leaders: ThrottledReplicas,
    /// `follower.replication.throttled.replicas`.
    pub throttled_followers: ThrottledReplicas,
}

impl PartitionConfig {
    /// The values in force for a topic.
    pub fn of(broker: &BrokerConfig, own: &BTreeMap<String, String>) -> Self {
        let number = |name| broker.topic_number(name, own);
        let replicas = |name| ThrottledReplicas::of(&broker.topic_text(name, own));
        Self {
            log: Arc::new(log_config(broker, own)),
            min_isr: number("min.insync.replicas") as usize,
            max_message_bytes: number("max.message.bytes") as usize,
            compression: compression(broker, own),
            append_time: broker.topic_text("message.timestamp.type", own) == "LogAppendTime",
            before_max_ms: number("message.timestamp.before.max.ms"),
            after_max_ms: number("message.timestamp.after.max.ms"),
            throttled_leaders: replicas("leader.replication.throttled.replicas"),
            throttled_followers: replicas("follower.replication.throttled.replicas"),
        }
    }
}

fn log_config(broker: &BrokerConfig, own: &BTreeMap<String, String>) -> LogConfig {
    let number = |name| broker.topic_number(name, own);
    let policy = broker.topic_text("cleanup.policy", own);
    let ratio = broker.topic_text("min.cleanable.dirty.ratio", own);
    let (compact, max_lag) = (policy.contains("compact"), number("max.compaction.lag.ms"));
    let segment_ms = number("segment.ms");
    LogConfig {
        segment_bytes: number("segment.bytes") as u64,
        // A record that must be compacted by then has to leave the active segment by then.
        segment_ms: if compact { segment_ms.min(max_lag) } else { segment_ms },
        segment_jitter_ms: number("segment.jitter.ms"),
        segment_index_bytes: number("segment.index.bytes") as usize,
        index_interval_bytes: number("index.interval.bytes") as u64,
        flush_messages: number("flush.messages"),
        flush_ms: number("flush.ms"),
        delete: policy.contains("delete"),
        compact,
        retention_ms: number("retention.ms"),
        retention_bytes: number("retention.bytes"),
        delete_retention_ms: number("delete.retention.ms"),
        min_compaction_lag_ms: number("min.compaction.lag.ms"),
        max_compaction_lag_ms: max_lag,
        min_cleanable_dirty_ratio: ratio.trim().parse().expect("values are checked when they are set"),
        file_delete_delay_ms: number("file.delete.delay.ms"),
    }
}

fn compression(broker: &BrokerConfig, own: &BTreeMap<String, String>) -> Option<(Codec, Option<i32>)> {
    let level = |name| Some(broker.topic_number(name, own) as i32);
    match broker.topic_text("compression.type", own).as_ref() {
        "uncompressed" => Some((Codec::None, None)),
        "gzip" => Some((Codec::Gzip, level("compression.gzip.level").filter(|&level| level > 0))),
        "snappy" => Some((Codec::Snappy, None)),
        "lz4" => Some((Codec::Lz4, None)),
        "zstd" => Some((Codec::Zstd, level("compression.zstd.level"))),
        _ => None,
    }
}

/// A replica.
#[derive(Debug)]
pub struct Partition {
    me: i32,
    log: Log,
    high_watermark: i64,
    config: Arc<PartitionConfig>,
    image: Arc<PartitionImage>,
    role: Role,
}

#[derive(Debug)]
enum Role {
    Leader(Leader),
    Follower,
}

impl Partition {
    /// A replica on broker `me` over an opened log. `high_watermark` is the last one checkpointed.
    pub fn new(me: i32, log: Log, high_watermark: i64, config: Arc<PartitionConfig>) -> Self {
        let high_watermark = high_watermark.clamp(log.start_offset(), log.end_offset());
        let image = Arc::new(PartitionImage { leader_epoch: -1, ..Default::default() });
        Self { me, log, high_watermark, config, image, role: Role::Follower }
    }

    /// Takes the part that the metadata gives this replica. True if it has become, or stayed, the leader.
    pub fn assume(&mut self, now: Now, image: &Arc<PartitionImage>, config: Arc<PartitionConfig>) -> bool {
        self.log.set_config(Arc::clone(&config.log));
        self.config = config;
        let new_epoch = image.leader_epoch != self.image.leader_epoch;
        let before = std::mem::replace(&mut self.image, Arc::clone(image));
        if image.leader != self.me {
            self.role = Role::Follower;
            return false;
        }
        match &mut self.role {
            Role::Leader(leader) if !new_epoch => {
                leader.settle(now, self.me, self.log.end_offset(), &before, image);
            }
            Role::Leader(_) | Role::Follower => {
                self.role = Role::Leader(Leader::new(now, self.me, image, self.log.end_offset()));
            }
        }
        self.advance_high_watermark();
        true
    }

    /// The topic configs it acts on.
    pub fn config(&self) -> &PartitionConfig {
        &self.config
    }

    /// The log.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The log, for its owner to seal, flush and close.
    pub fn log_mut(&mut self) -> &mut Log {
        &mut self.log
    }

    /// The log, for its owner to remove.
    pub fn into_log(self) -> Log {
        self.log
    }

    /// The offset below which records are committed.
    pub fn high_watermark(&self) -> i64 {
        self.high_watermark
    }

    /// The offset below which every transaction has ended, and its end is committed.
    pub fn last_stable_offset(&self) -> i64 {
        let unstable = self.log.producers().first_unstable(self.high_watermark);
        unstable.unwrap_or(i64::MAX).min(self.high_watermark)
    }

    /// Where readers must end: the high watermark, or the last stable offset for those of committed records.
    pub fn readable_end(&self, committed: bool) -> i64 {
        if committed { self.last_stable_offset() } else { self.high_watermark }
    }

    /// What the metadata says of the partition.
    pub fn image(&self) -> &PartitionImage {
        &self.image
    }

    /// Whether this replica leads.
    pub fn is_leader(&self) -> bool {
        matches!(self.role, Role::Leader(_))
    }

    /// Whether a request that names `epoch` (−1 for none) may be answered here as by the leader.
    pub fn check_leader(&self, epoch: i32) -> Result<(), ErrorCode> {
        self.check_epoch(epoch)?;
        if self.is_leader() { Ok(()) } else { Err(ErrorCode::NotLeaderOrFollower) }
    }

    /// Whether a client that believes in this leader epoch (−1 for none) knows what this replica knows.
    pub fn check_epoch(&self, epoch: i32) -> Result<(), ErrorCode> {
        if epoch >= 0 && epoch < self.image.leader_epoch {
            return Err(ErrorCode::FencedLeaderEpoch);
        }
        if epoch > self.image.leader_epoch {
            return Err(ErrorCode::UnknownLeaderEpoch);
        }
        Ok(())
    }

    /// Ends this replica in order.
    pub fn close(&mut self) -> Result<(), LogError> {
        self.log.close()
    }
}

#[cfg(test)]
mod tests;
