//! Topics are created, deleted and given more partitions.
//! Source: Kafka `ReplicationControlManager.java`, `CreateTopicsRequest.json`.

use std::collections::{BTreeMap, BTreeSet};

use super::names::validate_topic_name;
use super::{Controller, PartitionImage};
use crate::config::topic_config;
use crate::protocol::records::metadata::{ConfigRecord, RemoveTopicRecord, TopicRecord};
use crate::protocol::{ErrorCode, Uuid};

/// Partitions one request may create. Source: Kafka `ReplicationControlManager.MAX_PARTITIONS_PER_BATCH`.
const PARTITIONS_MAX: usize = 10_000;

/// A topic that somebody wants.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewTopic {
    /// Its name.
    pub name: String,
    /// Number of partitions; −1 for the default.
    pub partitions: i32,
    /// Replicas of each; −1 for the default.
    pub replication_factor: i16,
    /// Replicas by partition, given by hand; empty for automatic placement.
    pub assignments: Vec<(i32, Vec<i32>)>,
    /// Configs to set on it.
    pub configs: Vec<(String, Option<String>)>,
}

/// Why a topic operation is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicError {
    /// Kafka's code.
    pub code: ErrorCode,
    /// What is wrong, naming it.
    pub message: String,
}

/// A topic that was created, or would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedTopic {
    /// Its id.
    pub id: Uuid,
    /// Number of partitions.
    pub partitions: i32,
    /// Replicas of each.
    pub replication_factor: i16,
}

/// The refusal of an operation on a topic, a config or a partition.
pub(super) fn refuse<T>(code: ErrorCode, message: impl Into<String>) -> Result<T, TopicError> {
    Err(TopicError { code, message: message.into() })
}

impl Controller {
    /// Creates topics, or only checks whether they could be created; each has its own outcome.
    pub fn create_topics(
        &mut self,
        topics: &[NewTopic],
        validate_only: bool,
    ) -> Vec<Result<CreatedTopic, TopicError>> {
        let total: i64 = topics.iter().map(|topic| self.partitions_wanted(topic).max(0)).sum();
        if total > PARTITIONS_MAX as i64 {
            let message = format!("{total} partitions; one request may create {PARTITIONS_MAX}");
            return topics.iter().map(|_| refuse(ErrorCode::PolicyViolation, message.clone())).collect();
        }
        // Only with topics that exist can a name collide: Kafka does not compare those of one request.
        let present: BTreeMap<String, String> =
            self.image.topics.keys().map(|name| (metrics_name(name), name.clone())).collect();
        topics.iter().map(|topic| self.create_topic(topic, &present, validate_only)).collect()
    }

    fn create_topic(
        &mut self,
        topic: &NewTopic,
        present: &BTreeMap<String, String>,
        validate_only: bool,
    ) -> Result<CreatedTopic, TopicError> {
        if let Some(reason) = validate_topic_name(&topic.name) {
            return refuse(ErrorCode::InvalidTopicException, reason);
        }
        if self.image.topics.contains_key(&topic.name) {
            return refuse(ErrorCode::TopicAlreadyExists, format!("topic {} exists", topic.name));
        }
        if let Some(other) = present.get(&metrics_name(&topic.name)) {
            let message = format!(
                "{} and {other} differ only in '.' and '_', which metrics cannot tell apart",
                topic.name
            );
            return refuse(ErrorCode::InvalidTopicException, message);
        }
        let configs = self.topic_configs(topic)?;
        let placement = self.place(topic)?;
        let id = Uuid(self.rng.bytes16());
        let created = CreatedTopic {
            id,
            partitions: placement.len() as i32,
            replication_factor: placement.first().map_or(0, Vec::len) as i16,
        };
        if validate_only {
            return Ok(created);
        }
        self.emit(TopicRecord { name: topic.name.clone(), topic_id: id });
        for (name, value) in configs {
            let (resource_type, resource_name) = (super::image::CONFIG_TOPIC, topic.name.clone());
            self.emit(ConfigRecord { resource_type, resource_name, name, value: Some(value) });
        }
        self.emit_partitions(id, 0, placement);
        Ok(created)
    }

    /// The configs that a new topic gets, as they are kept.
    fn topic_configs(&self, topic: &NewTopic) -> Result<BTreeMap<String, String>, TopicError> {
        let mut own = BTreeMap::new();
        for (name, value) in &topic.configs {
            let Some(def) = topic_config(name) else {
                return refuse(ErrorCode::InvalidConfig, format!("Kafka has no topic config named {name}"));
            };
            let Some(value) = value else {
                return refuse(ErrorCode::InvalidConfig, format!("config {name} has no value"));
            };
            def.validate(value).or_else(|err| refuse(ErrorCode::InvalidConfig, err.to_string()))?;
            own.insert(name.clone(), def.canonical(value));
        }
        self.check_topic_configs(&own)?;
        Ok(own)
    }

    /// How many partitions are asked for; below 1 if the number makes no sense.
    fn partitions_wanted(&self, topic: &NewTopic) -> i64 {
        match topic.partitions {
            _ if !topic.assignments.is_empty() => topic.assignments.len() as i64,
            -1 => self.config.number("num.partitions"),
            n => i64::from(n),
        }
    }

    fn emit_partitions(&mut self, id: Uuid, first: usize, placement: Vec<Vec<i32>>) {
        for (index, replicas) in placement.into_iter().enumerate() {
            let live: Vec<i32> = replicas.iter().copied().filter(|&id| self.image.is_live(id)).collect();
            let leader = live.first().copied().unwrap_or(super::image::NO_LEADER);
            let isr = if live.is_empty() { replicas.clone() } else { live };
            let partition = PartitionImage { replicas, isr, leader, ..Default::default() };
            self.emit(partition.to_record(id, (first + index) as i32));
        }
    }

    /// The replicas of each partition.
    fn place(&self, topic: &NewTopic) -> Result<Vec<Vec<i32>>, TopicError> {
        if !topic.assignments.is_empty() {
            return self.placed_by_hand(topic);
        }
        let partitions = self.partitions_wanted(topic);
        let replicas = match topic.replication_factor {
            -1 => self.config.number("default.replication.factor"),
            n => i64::from(n),
        };
        if partitions < 1 {
            let message = format!("{partitions} partitions; there must be one at least");
            return refuse(ErrorCode::InvalidPartitions, message);
        }
        self.spread(self.image.partitions_total(), partitions as usize, replicas)
    }

    /// Spreads partitions over live brokers, going on where the last topic ended so that leaders stay even.
    fn spread(&self, start: usize, partitions: usize, replicas: i64) -> Result<Vec<Vec<i32>>, TopicError> {
        let brokers: Vec<i32> = self.image.live_brokers().map(|broker| broker.id).collect();
        if replicas < 1 || replicas > brokers.len() as i64 {
            let message = format!("replication factor {replicas} with {} live brokers", brokers.len());
            return refuse(ErrorCode::InvalidReplicationFactor, message);
        }
        let chosen = |partition: usize| {
            let mut ring = brokers.iter().copied().cycle().skip((start + partition) % brokers.len());
            ring.by_ref().take(replicas as usize).collect()
        };
        Ok((0..partitions).map(chosen).collect())
    }

    fn placed_by_hand(&self, topic: &NewTopic) -> Result<Vec<Vec<i32>>, TopicError> {
        if topic.partitions != -1 || topic.replication_factor != -1 {
            let message = "replicas given by hand leave no room for a number of partitions or replicas";
            return refuse(ErrorCode::InvalidRequest, message);
        }
        let mut assignments = topic.assignments.clone();
        assignments.sort_by_key(|(index, _)| *index);
        let factor = assignments.first().map_or(0, |(_, replicas)| replicas.len());
        for (expected, (index, replicas)) in assignments.iter().enumerate() {
            if usize::try_from(*index) != Ok(expected) {
                let message = format!("partition {expected} is missing or named twice");
                return refuse(ErrorCode::InvalidReplicaAssignment, message);
            }
            self.check_replicas(*index, replicas, factor)?;
        }
        Ok(assignments.into_iter().map(|(_, replicas)| replicas).collect())
    }

    pub(super) fn check_replicas(
        &self,
        index: i32,
        replicas: &[i32],
        factor: usize,
    ) -> Result<(), TopicError> {
        let unknown = replicas.iter().find(|id| !self.image.brokers.contains_key(id));
        let distinct: BTreeSet<&i32> = replicas.iter().collect();
        let message = if let Some(id) = unknown {
            format!("partition {index} names broker {id}, which does not exist")
        } else if distinct.len() != replicas.len() || replicas.is_empty() {
            format!("partition {index} names a broker twice, or none")
        } else if replicas.len() != factor {
            format!("partition {index} has {} replicas, the others {factor}", replicas.len())
        } else {
            return Ok(());
        };
        refuse(ErrorCode::InvalidReplicaAssignment, message)
    }

    /// Deletes the topic with this id.
    pub fn delete_topic(&mut self, id: Uuid) -> Result<(), TopicError> {
        if !self.config.flag("delete.topic.enable") {
            return refuse(ErrorCode::TopicDeletionDisabled, "delete.topic.enable is false");
        }
        if self.image.topic_by_id(id).is_none() {
            return refuse(ErrorCode::UnknownTopicId, format!("no topic has the id {id}"));
        }
        self.emit(RemoveTopicRecord { topic_id: id });
        Ok(())
    }

    /// Gives a topic `total` partitions; `by_hand` names the replicas of the new ones.
    pub fn create_partitions(
        &mut self,
        name: &str,
        total: i32,
        by_hand: Option<&[Vec<i32>]>,
        validate_only: bool,
    ) -> Result<(), TopicError> {
        let Some(topic) = self.image.topics.get(name).cloned() else {
            return refuse(ErrorCode::UnknownTopicOrPartition, format!("topic {name} does not exist"));
        };
        let present = topic.partitions.len();
        let Some(more) = usize::try_from(total).ok().and_then(|n| n.checked_sub(present)).filter(|&n| n > 0)
        else {
            let message = format!("topic {name} has {present} partitions; {total} would not be more");
            return refuse(ErrorCode::InvalidPartitions, message);
        };
        if more > PARTITIONS_MAX {
            return refuse(ErrorCode::InvalidPartitions, format!("at most {PARTITIONS_MAX} at a time"));
        }
        let factor = topic.partitions.first().map_or(1, |p| p.replicas.len());
        let placement = match by_hand {
            None => self.spread(self.image.partitions_total(), more, factor as i64)?,
            Some(rows) if rows.len() == more => {
                for (at, replicas) in rows.iter().enumerate() {
                    self.check_replicas((present + at) as i32, replicas, factor)?;
                }
                rows.to_vec()
            }
            Some(rows) => {
                let message = format!("{more} new partitions but {} rows of replicas", rows.len());
                return refuse(ErrorCode::InvalidReplicaAssignment, message);
            }
        };
        if !validate_only {
            self.emit_partitions(topic.id, present, placement);
        }
        Ok(())
    }
}

/// The name as metrics write it, where '.' and '_' look the same.
fn metrics_name(topic: &str) -> String {
    topic.replace('.', "_")
}

#[cfg(test)]
pub(super) mod tests {
    use std::time::Duration;

    use super::*;
    use crate::config::BrokerConfig;
    use crate::controller::{BrokerImage, MetadataImage};
    use crate::seams::{Now, Rng};

    /// One broker and a topic.
    pub fn with_topic(name: &str) -> Controller {
        let now = Now { mono: Duration::ZERO, wall_ms: 0 };
        let config = BrokerConfig::new(1, &[]).unwrap();
        let mut controller = Controller::new(MetadataImage::default(), config, Rng::seeded(1), now);
        let (endpoints, incarnation) = (Vec::new(), Uuid([1; 16]));
        let broker = BrokerImage { id: 1, epoch: -1, incarnation, endpoints, rack: None, fenced: false };
        controller.register(now, broker, true);
        assert_eq!(create(&mut controller, &[topic(name, 1)]), [ErrorCode::None]);
        controller
    }

    fn topic(name: &str, partitions: i32) -> NewTopic {
        NewTopic { name: name.to_owned(), partitions, replication_factor: 1, ..Default::default() }
    }

    fn create(controller: &mut Controller, topics: &[NewTopic]) -> Vec<ErrorCode> {
        let results = controller.create_topics(topics, false);
        results.into_iter().map(|result| result.err().map_or(ErrorCode::None, |err| err.code)).collect()
    }

    #[test]
    fn names_collide_with_topics_that_exist_and_not_within_a_request() {
        let mut controller = with_topic("orders");
        let both = [topic("a.b", 1), topic("a_b", 1)];
        assert_eq!(create(&mut controller, &both), [ErrorCode::None; 2]);
        assert_eq!(create(&mut controller, &[topic("c.d", 1)]), [ErrorCode::None]);
        assert_eq!(create(&mut controller, &[topic("c_d", 1)]), [ErrorCode::InvalidTopicException]);
    }

    #[test]
    fn a_request_for_too_many_partitions_makes_none_of_its_topics() {
        let mut controller = with_topic("orders");
        let both = [topic("a", 5_001), topic("b", 5_000)];
        assert_eq!(create(&mut controller, &both), [ErrorCode::PolicyViolation; 2]);
        assert_eq!(create(&mut controller, &both[..1]), [ErrorCode::None]);
    }

    #[test]
    fn a_check_says_which_id_the_topic_would_have_and_makes_none() {
        let mut controller = with_topic("orders");
        let checked = controller.create_topics(&[topic("a", 1)], true).remove(0).unwrap();
        assert!(!checked.id.is_zero());
        assert!(!controller.image.topics.contains_key("a"));
    }

    #[test]
    fn configs_that_contradict_each_other_are_refused() {
        let mut controller = with_topic("orders");
        let set = |name: &str, value: &str| (name.to_owned(), Some(value.to_owned()));
        let configs = vec![set("min.compaction.lag.ms", "1000"), set("max.compaction.lag.ms", "10")];
        let inverted = NewTopic { configs, ..topic("a", 1) };
        assert_eq!(create(&mut controller, &[inverted]), [ErrorCode::InvalidConfig]);
    }
}
