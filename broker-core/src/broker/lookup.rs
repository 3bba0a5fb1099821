//! Small questions about topics, partitions and leaders that several handlers ask.

use super::Broker;
use crate::controller::NewTopic;
use crate::partition::PartitionId;
use crate::protocol::{ErrorCode, Uuid};

/// The topic of committed offsets and group states.
pub const CONSUMER_OFFSETS: &str = "__consumer_offsets";

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
            _ => NewTopic { name, partitions: -1, replication_factor: -1, ..Default::default() },
        }
    }
}
