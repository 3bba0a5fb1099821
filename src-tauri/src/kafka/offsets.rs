//! Where partitions begin and end, and where a time lies in them: one request per leader and slice, all
//! leaders at once.

use std::collections::HashMap;

use broker_core::protocol::messages::list_offsets::{
    ListOffsetsPartition, ListOffsetsRequest, ListOffsetsTopic,
};
use futures_util::future::join_all;

use super::client::KafkaClient;
use super::errors::{explain_code, explain_link};
use crate::dto::AppError;

/// Partitions of one request, so that no answer grows without bound.
const PARTITIONS_PER_ASK: usize = 2_000;

/// Which offset of a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    LogStart,
    /// The high watermark, as nothing here reads committed records only.
    HighWatermark,
    /// The record with the largest timestamp; needs Kafka 3.0 (KIP-734).
    NewestTime,
    /// The first record at or after this time, milliseconds since the epoch.
    Time(i64),
}

/// A partition and the broker that leads it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LedPartition {
    pub topic: String,
    pub partition: i32,
    pub leader: i32,
}

/// An offset and the timestamp that goes with it; both −1 when no record is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    pub offset: i64,
    pub timestamp: i64,
}

/// The answer for each partition asked: by topic, so that nobody makes a text to look one up.
#[derive(Clone, Debug, Default)]
pub struct FoundByPartition(HashMap<String, HashMap<i32, Result<Found, AppError>>>);

impl FoundByPartition {
    pub fn get(&self, topic: &str, partition: i32) -> Option<&Result<Found, AppError>> {
        self.0.get(topic)?.get(&partition)
    }

    /// The offsets that were told; a topic of which none was is left out.
    pub fn told(&self) -> HashMap<String, HashMap<i32, i64>> {
        let told = self.0.iter().map(|(topic, partitions)| {
            let offsets = partitions
                .iter()
                .filter_map(|(partition, found)| Some((*partition, found.as_ref().ok()?.offset)));
            (topic.clone(), offsets.collect::<HashMap<_, _>>())
        });
        told.filter(|(_, offsets)| !offsets.is_empty()).collect()
    }

    /// Whether any broker told anything.
    pub fn any_found(&self) -> bool {
        self.0.values().flat_map(HashMap::values).any(Result::is_ok)
    }

    /// Takes in newer answers.
    pub fn extend(&mut self, newer: FoundByPartition) {
        for (topic, partitions) in newer.0 {
            self.0.entry(topic).or_default().extend(partitions);
        }
    }

    fn insert(&mut self, topic: &str, partition: i32, found: Result<Found, AppError>) {
        match self.0.get_mut(topic) {
            Some(partitions) => partitions.insert(partition, found),
            None => self.0.entry(topic.to_owned()).or_default().insert(partition, found),
        };
    }
}

impl KafkaClient {
    /// Returns that position of each partition. A leader that does not answer fails its own partitions only.
    pub async fn offsets(&self, partitions: &[LedPartition], position: Position) -> FoundByPartition {
        let mut by_leader: HashMap<i32, Vec<&LedPartition>> = HashMap::new();
        for partition in partitions {
            by_leader.entry(partition.leader).or_default().push(partition);
        }
        let asks = by_leader.iter().flat_map(|(leader, led)| {
            led.chunks(PARTITIONS_PER_ASK).map(|slice| self.offsets_of_leader(*leader, slice, position))
        });
        let mut all = FoundByPartition::default();
        join_all(asks).await.into_iter().for_each(|found| all.extend(found));
        all
    }

    async fn offsets_of_leader(
        &self,
        leader: i32,
        led: &[&LedPartition],
        position: Position,
    ) -> FoundByPartition {
        const WHAT: &str = "The offsets could not be read";
        let answer = match self.pool().ask_broker(leader, &request(led, position)).await {
            Ok(answer) => answer,
            Err(error) => {
                let error = explain_link(WHAT, &error);
                let mut failed = FoundByPartition::default();
                led.iter().for_each(|of| failed.insert(&of.topic, of.partition, Err(error.clone())));
                return failed;
            }
        };
        let mut found = FoundByPartition::default();
        for topic in answer.topics {
            for partition in topic.partitions {
                let outcome = match partition.error_code {
                    0 => Ok(Found { offset: partition.offset, timestamp: partition.timestamp }),
                    code => Err(explain_code(WHAT, code, None)
                        .at_topic(topic.name.clone())
                        .at_partition(partition.partition_index)),
                };
                found.insert(&topic.name, partition.partition_index, outcome);
            }
        }
        found
    }
}

fn request(led: &[&LedPartition], position: Position) -> ListOffsetsRequest {
    let timestamp = match position {
        Position::HighWatermark => -1,
        Position::LogStart => -2,
        Position::NewestTime => -3,
        Position::Time(at) => at.max(0),
    };
    let mut topics: Vec<ListOffsetsTopic> = Vec::new();
    for partition in led {
        let wanted = ListOffsetsPartition {
            partition_index: partition.partition,
            timestamp,
            ..ListOffsetsPartition::default()
        };
        match topics.last_mut().filter(|topic| topic.name == partition.topic) {
            Some(topic) => topic.partitions.push(wanted),
            None => topics.push(ListOffsetsTopic { name: partition.topic.clone(), partitions: vec![wanted] }),
        }
    }
    ListOffsetsRequest { replica_id: -1, isolation_level: 0, topics, timeout_ms: 5_000 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_of_which_no_offset_was_told_is_left_out() {
        let mut found = FoundByPartition::default();
        found.insert("orders", 0, Ok(Found { offset: 7, timestamp: -1 }));
        found.insert("orders", 1, Err(AppError::new("Away", "Its leader does not answer.")));
        found.insert("payments", 0, Err(AppError::new("Away", "Its leader does not answer.")));
        assert_eq!(found.told(), HashMap::from([("orders".to_owned(), HashMap::from([(0, 7)]))]));
    }
}
