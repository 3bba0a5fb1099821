//! The full listing of brokers, topics and partitions. Always the full one: asking for a single topic can
//! create it on clusters with auto.create.topics.enable.

use std::collections::HashMap;
use std::time::Instant;

use broker_core::protocol::messages::metadata::{
    MetadataRequest, MetadataResponse, MetadataResponsePartition, MetadataResponseTopic,
};

use super::bootstrap::Server;
use super::client::KafkaClient;
use super::errors::explain_link;
use super::offsets::LedPartition;
use crate::error::AppResult;

/// What a cluster says it is made of, at one moment.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    pub kafka_cluster_id: Option<String>,
    /// The release whose protocol it speaks.
    pub kafka: Option<String>,
    pub controller: Option<i32>,
    /// Sorted by id.
    pub brokers: Vec<ListedBroker>,
    /// Sorted by name.
    pub topics: Vec<ListedTopic>,
    /// Milliseconds since the epoch.
    pub as_of: i64,
    pub took_ms: f64,
}

#[derive(Clone, Debug)]
pub struct ListedBroker {
    pub id: i32,
    pub address: Server,
    pub rack: Option<String>,
}

#[derive(Clone, Debug)]
pub struct ListedTopic {
    pub name: String,
    /// In Kafka's URL-safe base64.
    pub topic_id: Option<String>,
    pub internal: bool,
    /// Sorted by index.
    pub partitions: Vec<ListedPartition>,
    pub problem: Option<i16>,
}

#[derive(Clone, Debug)]
pub struct ListedPartition {
    pub index: i32,
    pub leader: Option<i32>,
    pub leader_epoch: Option<i32>,
    pub replicas: Vec<i32>,
    pub isr: Vec<i32>,
}

impl Listing {
    pub fn topic(&self, name: &str) -> Option<&ListedTopic> {
        let at = self.topics.binary_search_by(|topic| topic.name.as_str().cmp(name)).ok()?;
        self.topics.get(at)
    }
}

impl ListedTopic {
    pub fn replication_factor(&self) -> usize {
        self.partitions.iter().map(|partition| partition.replicas.len()).max().unwrap_or(0)
    }

    pub fn under_replicated(&self) -> usize {
        self.partitions.iter().filter(|partition| partition.isr.len() < partition.replicas.len()).count()
    }

    /// Returns its partitions that have a leader.
    pub fn led(&self) -> impl Iterator<Item = LedPartition> {
        self.partitions.iter().filter_map(|partition| {
            let leader = partition.leader?;
            Some(LedPartition { topic: self.name.clone(), partition: partition.index, leader })
        })
    }

    pub fn offline(&self) -> usize {
        self.partitions.iter().filter(|partition| partition.leader.is_none()).count()
    }
}

impl KafkaClient {
    /// Asks for the full listing.
    /// Errors: `unreachable` when no broker answers in 8 s.
    pub async fn listing(&self) -> AppResult<Listing> {
        let begun = Instant::now();
        let request =
            MetadataRequest { topics: None, allow_auto_topic_creation: false, ..MetadataRequest::default() };
        let answer = self
            .pool()
            .ask_first(&request)
            .await
            .map_err(|error| explain_link("The cluster could not be listed", &error))?;
        let mut listing = read_answer(answer, begun.elapsed().as_secs_f64() * 1_000.0);
        listing.kafka = self.pool().release();
        let addresses: HashMap<_, _> =
            listing.brokers.iter().map(|broker| (broker.id, broker.address.clone())).collect();
        self.pool().learn(addresses);
        Ok(listing)
    }
}

fn read_answer(answer: MetadataResponse, took_ms: f64) -> Listing {
    let mut brokers: Vec<_> = answer
        .brokers
        .into_iter()
        .filter_map(|broker| {
            let port = u16::try_from(broker.port).ok()?;
            let address = Server { host: broker.host, port };
            Some(ListedBroker { id: broker.node_id, address, rack: broker.rack })
        })
        .collect();
    brokers.sort_by_key(|broker| broker.id);
    let mut topics: Vec<_> = answer.topics.into_iter().filter_map(read_topic).collect();
    topics.sort_by(|one, other| one.name.cmp(&other.name));
    Listing {
        kafka_cluster_id: answer.cluster_id,
        kafka: None,
        controller: Some(answer.controller_id).filter(|id| *id >= 0),
        brokers,
        topics,
        as_of: crate::clock::now_ms(),
        took_ms,
    }
}

fn read_topic(topic: MetadataResponseTopic) -> Option<ListedTopic> {
    let name = topic.name?;
    let mut partitions: Vec<_> = topic.partitions.into_iter().map(read_partition).collect();
    partitions.sort_by_key(|partition| partition.index);
    Some(ListedTopic {
        internal: topic.is_internal || name.starts_with("__"),
        topic_id: (!topic.topic_id.is_zero()).then(|| topic.topic_id.to_string()),
        name,
        partitions,
        problem: Some(topic.error_code).filter(|code| *code != 0),
    })
}

fn read_partition(partition: MetadataResponsePartition) -> ListedPartition {
    ListedPartition {
        index: partition.partition_index,
        leader: Some(partition.leader_id).filter(|leader| *leader >= 0),
        leader_epoch: Some(partition.leader_epoch).filter(|epoch| *epoch >= 0),
        replicas: partition.replica_nodes,
        isr: partition.isr_nodes,
    }
}
