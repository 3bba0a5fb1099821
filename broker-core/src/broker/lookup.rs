//! Small questions about topics, partitions and leaders that several handlers ask.

use super::Broker;
use crate::controller::NewTopic;
use crate::log::ProducerState;
use crate::partition::PartitionId;
use crate::protocol::{ErrorCode, Uuid};
use crate::seams::{CLIENTS, Disk};

/// The topic of committed offsets and group states.
pub const CONSUMER_OFFSETS: &str = "__consumer_offsets";
/// The topic of transactional ids and their transactions.
pub const TRANSACTION_STATE: &str = "__transaction_state";

/// A replica on this broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplicaInfo {
    /// Its topic.
    pub topic: String,
    /// Its partition's number.
    pub index: i32,
    /// Bytes of its log.
    pub size_bytes: u64,
    /// Offsets up to the high watermark that it does not have.
    pub lag: i64,
}

impl Broker {
    /// The id of a topic given by name, or by id if that is not zero; `None` if there is no such topic.
    pub fn topic_id(&self, name: &str, id: Uuid) -> Option<Uuid> {
        let image = self.image.borrow();
        if id.is_zero() {
            image.topics.get(name).map(|topic| topic.id)
        } else {
            image.topic_by_id(id).map(|t| t.id)
        }
    }

    /// Whether the topic of this name has this partition.
    pub fn has_partition(&self, topic: &str, index: i32) -> bool {
        let image = self.image.borrow();
        let partitions = image.topics.get(topic).map_or(0, |topic| topic.partitions.len());
        usize::try_from(index).is_ok_and(|index| index < partitions)
    }

    /// The name of a topic.
    pub fn topic_name(&self, id: Uuid) -> Option<String> {
        self.image.borrow().topic_names.get(&id).cloned()
    }

    /// The leader of a partition and its epoch, if it has one that is alive.
    pub fn leader_of(&self, id: PartitionId) -> Option<(i32, i32)> {
        let image = self.image.borrow();
        let partition = image.partition(id.topic, id.index)?;
        image.is_live(partition.leader).then_some((partition.leader, partition.leader_epoch))
    }

    /// Whether the metadata knows this broker as one that runs.
    pub(super) fn is_live(&self, broker: i32) -> bool {
        self.image.borrow().is_live(broker)
    }

    /// Whether a fault keeps this broker from its clients.
    pub fn is_cut_off_from_clients(&self) -> bool {
        self.setup.network.is_cut(self.setup.id, CLIENTS)
    }

    /// What to tell a client that took this broker for the leader.
    pub fn why_not_leader(&self, id: PartitionId) -> ErrorCode {
        let code = self.missing(id);
        let unknown = matches!(code, ErrorCode::UnknownTopicOrPartition | ErrorCode::UnknownTopicId);
        if unknown { ErrorCode::UnknownTopicOrPartition } else { ErrorCode::NotLeaderOrFollower }
    }

    /// Log start offset of a replica here, −1 without one.
    pub fn log_start_offset(&self, id: PartitionId) -> i64 {
        self.partitions.borrow().get(&id).map_or(-1, |partition| partition.log().start_offset())
    }

    /// The largest epoch at or below `epoch` that wrote to a partition led here, and where it ended; −1 and −1 if
    /// there is none.
    pub fn epoch_end(&self, id: PartitionId, current: i32, epoch: i32) -> Result<(i32, i64), ErrorCode> {
        let partitions = self.partitions.borrow();
        let partition = partitions.get(&id).ok_or_else(|| self.why_not_leader(id))?;
        partition.check_leader(current)?;
        let (log, newest) = (partition.log(), partition.image().leader_epoch);
        let end = log.end_offset();
        Ok(match epoch {
            ..0 => (-1, -1),
            _ if epoch > newest => (-1, -1),
            _ if epoch == newest => (epoch, end),
            // One from before all records here ended where these begin.
            _ => log.epochs().end_of(epoch, end).unwrap_or((epoch, log.start_offset())),
        })
    }

    /// The producers that a replica here knows, whether it leads or follows.
    pub fn producers(&self, id: PartitionId) -> Result<Vec<ProducerState>, ErrorCode> {
        let partitions = self.partitions.borrow();
        let partition = partitions.get(&id).ok_or_else(|| self.why_not_leader(id))?;
        Ok(partition.log().producers().list())
    }

    /// Every replica on this broker.
    pub fn replicas(&self) -> Vec<ReplicaInfo> {
        let image = self.image.borrow();
        let partitions = self.partitions.borrow();
        let rows = partitions.iter().filter_map(|(id, partition)| {
            Some(ReplicaInfo {
                topic: image.topic_names.get(&id.topic)?.clone(),
                index: id.index,
                size_bytes: partition.log().size_bytes(),
                lag: (partition.high_watermark() - partition.log().end_offset()).max(0),
            })
        });
        rows.collect()
    }

    /// Where this broker keeps its logs.
    pub fn log_dir(&self) -> String {
        self.setup.dir.display().to_string()
    }

    /// Size of the volume with the logs and what is free of it, in bytes; −1 for what is not known.
    pub fn volume_bytes(&self) -> (i64, i64) {
        let known = |bytes: Option<u64>| bytes.and_then(|bytes| i64::try_from(bytes).ok()).unwrap_or(-1);
        let volume = self.setup.disk.volume(&self.setup.dir);
        (known(volume.map(|v| v.total_bytes)), known(volume.map(|v| v.free_bytes)))
    }

    /// The last metadata offset this broker has.
    pub fn metadata_offset(&self) -> i64 {
        self.metadata_offset.get()
    }

    /// A topic as it is created when a client first names it. The internal ones have their own settings.
    pub fn automatic_topic(&self, name: String) -> NewTopic {
        let config = self.config();
        let set = |name: &str, value: &str| (name.to_owned(), Some(value.to_owned()));
        match name.as_str() {
            CONSUMER_OFFSETS => NewTopic {
                partitions: config.number("offsets.topic.num.partitions") as i32,
                replication_factor: config.number("offsets.topic.replication.factor") as i16,
                configs: vec![
                    set("cleanup.policy", "compact"),
                    set("segment.bytes", &config.number("offsets.topic.segment.bytes").to_string()),
                    set("compression.type", "producer"),
                ],
                name,
                assignments: Vec::new(),
            },
            TRANSACTION_STATE => NewTopic {
                partitions: config.number("transaction.state.log.num.partitions") as i32,
                replication_factor: config.number("transaction.state.log.replication.factor") as i16,
                configs: vec![
                    set("cleanup.policy", "compact"),
                    set("compression.type", "uncompressed"),
                    set("min.insync.replicas", &config.number("transaction.state.log.min.isr").to_string()),
                    set("segment.bytes", &config.number("transaction.state.log.segment.bytes").to_string()),
                    set("unclean.leader.election.enable", "false"),
                ],
                name,
                assignments: Vec::new(),
            },
            _ => NewTopic { name, partitions: -1, replication_factor: -1, ..Default::default() },
        }
    }
}
