//! The state that the metadata log adds up to. The controller has one, and so has every broker: records are
//! delivered to it in order, so an isolated broker is as stale as a real one would be.

mod partition;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

pub use partition::PartitionImage;

use crate::config::ConfigResource;
use crate::protocol::Uuid;
use crate::protocol::records::framing::MetadataRecord;
use crate::protocol::records::metadata::{
    BrokerEndpoint, BrokerRegistrationChangeRecord, ConfigRecord, FeatureLevelRecord, PartitionChangeRecord,
    PartitionRecord, ProducerIdsRecord, RegisterBrokerRecord, TopicRecord,
};

use partition::Alike;

/// "No leader" in partition records.
pub const NO_LEADER: i32 = -1;
/// "The leader does not change" in partition change records.
pub const LEADER_UNCHANGED: i32 = -2;
/// The resource type of topics in config records.
pub const CONFIG_TOPIC: i8 = 2;

/// Everything the cluster agrees on.
#[derive(Debug, Clone, Default)]
pub struct MetadataImage {
    /// Brokers that ever registered, by id.
    pub brokers: BTreeMap<i32, BrokerImage>,
    /// Topics by name.
    pub topics: BTreeMap<String, Arc<TopicImage>>,
    /// Topic names by id.
    pub topic_names: HashMap<Uuid, String>,
    /// Configs set on anything but topics, by resource type and name.
    pub configs: BTreeMap<(i8, String), BTreeMap<String, String>>,
    /// Finalized features; 0 is one that was turned off.
    pub features: BTreeMap<String, i16>,
    /// The first producer id not handed out.
    pub next_producer_id: i64,
    alike: Alike,
}

/// A registered broker.
#[derive(Debug, Clone, PartialEq)]
pub struct BrokerImage {
    /// Its id.
    pub id: i32,
    /// Rises with each registration.
    pub epoch: i64,
    /// Which life of the broker this is.
    pub incarnation: Uuid,
    /// Where clients reach it, by listener.
    pub endpoints: Vec<Endpoint>,
    /// Its rack, if it has one.
    pub rack: Option<String>,
    /// Whether it is taken for gone.
    pub fenced: bool,
}

/// Where clients of one listener reach a broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The listener's name.
    pub listener: String,
    /// Host that clients are told.
    pub host: String,
    /// Port that clients are told.
    pub port: u16,
}

impl BrokerImage {
    /// Where clients of a listener reach it; as in Kafka, nowhere if it has no listener of that name.
    pub fn endpoint(&self, listener: &str) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| endpoint.listener == listener)
    }
}

impl std::fmt::Display for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { host, port, .. } = self;
        if host.contains(':') { write!(f, "[{host}]:{port}") } else { write!(f, "{host}:{port}") }
    }
}

/// A topic.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicImage {
    /// Its name.
    pub name: String,
    /// Its id, new for each creation of the name.
    pub id: Uuid,
    /// Its partitions; the index is the partition's number.
    pub partitions: Vec<Arc<PartitionImage>>,
    /// Configs set on the topic.
    pub configs: BTreeMap<String, String>,
}

impl MetadataImage {
    /// The level of a feature, 0 where it is off.
    pub fn feature(&self, name: &str) -> i16 {
        self.features.get(name).copied().unwrap_or(0)
    }

    /// The topic with this id.
    pub fn topic_by_id(&self, id: Uuid) -> Option<&Arc<TopicImage>> {
        self.topics.get(self.topic_names.get(&id)?)
    }

    /// A partition by topic id and number.
    pub fn partition(&self, topic: Uuid, index: i32) -> Option<&Arc<PartitionImage>> {
        self.topic_by_id(topic)?.partitions.get(usize::try_from(index).ok()?)
    }

    /// Brokers that are not fenced.
    pub fn live_brokers(&self) -> impl Iterator<Item = &BrokerImage> {
        self.brokers.values().filter(|broker| !broker.fenced)
    }

    /// Whether the broker is registered and not fenced.
    pub fn is_live(&self, broker: i32) -> bool {
        self.brokers.get(&broker).is_some_and(|broker| !broker.fenced)
    }

    /// Replicas of a partition whose broker is fenced or unknown.
    pub fn offline_replicas(&self, partition: &PartitionImage) -> Vec<i32> {
        partition.replicas.iter().copied().filter(|&id| !self.is_live(id)).collect()
    }

    /// Partitions of all topics.
    pub fn partitions_total(&self) -> usize {
        self.topics.values().map(|topic| topic.partitions.len()).sum()
    }

    /// Takes one record in. The same function serves the live machine, its replay and every broker.
    pub fn apply(&mut self, record: &MetadataRecord) {
        match record {
            MetadataRecord::RegisterBroker(record) => {
                self.brokers.insert(record.broker_id, BrokerImage::from(record));
            }
            MetadataRecord::BrokerRegistrationChange(record) => self.change_broker(record),
            MetadataRecord::Topic(record) => self.add_topic(record),
            MetadataRecord::Config(record) => self.set_config(record),
            MetadataRecord::Partition(record) => self.add_partition(record),
            MetadataRecord::PartitionChange(record) => self.change_partition(record),
            MetadataRecord::RemoveTopic(record) => {
                if let Some(name) = self.topic_names.remove(&record.topic_id) {
                    self.topics.remove(&name);
                }
            }
            MetadataRecord::FeatureLevel(record) => {
                self.features.insert(record.name.clone(), record.feature_level);
            }
            MetadataRecord::ProducerIds(record) => self.next_producer_id = record.next_producer_id,
        }
    }

    fn change_broker(&mut self, record: &BrokerRegistrationChangeRecord) {
        if let Some(broker) = self.brokers.get_mut(&record.broker_id) {
            broker.fenced = match record.fenced {
                1 => true,
                -1 => false,
                _ => broker.fenced,
            };
        }
    }

    fn add_topic(&mut self, record: &TopicRecord) {
        let topic = TopicImage {
            name: record.name.clone(),
            id: record.topic_id,
            partitions: Vec::new(),
            configs: BTreeMap::new(),
        };
        self.topic_names.insert(record.topic_id, record.name.clone());
        self.topics.insert(record.name.clone(), Arc::new(topic));
    }

    fn set_config(&mut self, record: &ConfigRecord) {
        let configs = if record.resource_type == CONFIG_TOPIC {
            let Some(topic) = self.topics.get_mut(&record.resource_name) else { return };
            &mut Arc::make_mut(topic).configs
        } else {
            self.configs.entry((record.resource_type, record.resource_name.clone())).or_default()
        };
        match &record.value {
            Some(value) => configs.insert(record.name.clone(), value.clone()),
            None => configs.remove(&record.name),
        };
    }

    /// The configs set on a resource; `None` if there are none.
    pub fn configs_of(&self, resource: &ConfigResource) -> Option<&BTreeMap<String, String>> {
        match resource {
            ConfigResource::Topic(name) => self.topics.get(name).map(|topic| &topic.configs),
            ConfigResource::Broker(_) | ConfigResource::ClientMetrics(_) | ConfigResource::Group(_) => {
                let key = (resource.kind(), resource.name());
                self.configs.get(&key).filter(|configs| !configs.is_empty())
            }
        }
    }

    fn add_partition(&mut self, record: &PartitionRecord) {
        let Some(topic) = topic_mut(&self.topic_names, &mut self.topics, record.topic_id) else { return };
        let Ok(index) = usize::try_from(record.partition_id) else { return };
        let partition = self.alike.share(record.into());
        let present = topic.partitions.len();
        match topic.partitions.get_mut(index) {
            Some(slot) => *slot = partition,
            // Records of one topic come in order, so the next index is the length.
            None if index == present => topic.partitions.push(partition),
            None => tracing::warn!(topic = topic.name, index, "partition record out of order"),
        }
    }

    fn change_partition(&mut self, record: &PartitionChangeRecord) {
        let Some(topic) = topic_mut(&self.topic_names, &mut self.topics, record.topic_id) else { return };
        let index = usize::try_from(record.partition_id).unwrap_or(usize::MAX);
        let Some(slot) = topic.partitions.get_mut(index) else { return };
        *slot = self.alike.share(slot.changed(record));
    }

    /// Records that rebuild this image from nothing: what a broker far behind is sent.
    pub fn to_records(&self) -> Vec<MetadataRecord> {
        let mut records: Vec<MetadataRecord> = Vec::new();
        for (name, level) in &self.features {
            records.push(FeatureLevelRecord { name: name.clone(), feature_level: *level }.into());
        }
        records.extend(self.brokers.values().map(|broker| RegisterBrokerRecord::from(broker).into()));
        let next_producer_id = self.next_producer_id;
        records.push(ProducerIdsRecord { broker_id: -1, broker_epoch: -1, next_producer_id }.into());
        for ((resource_type, resource_name), configs) in &self.configs {
            records.extend(config_records(*resource_type, resource_name, configs));
        }
        for topic in self.topics.values() {
            records.extend(topic.to_records());
        }
        records
    }
}

fn topic_mut<'a>(
    names: &HashMap<Uuid, String>,
    topics: &'a mut BTreeMap<String, Arc<TopicImage>>,
    id: Uuid,
) -> Option<&'a mut TopicImage> {
    topics.get_mut(names.get(&id)?).map(Arc::make_mut)
}

fn config_records(
    resource_type: i8,
    resource_name: &str,
    configs: &BTreeMap<String, String>,
) -> impl Iterator<Item = MetadataRecord> {
    configs.iter().map(move |(name, value)| {
        let (resource_name, name, value) = (resource_name.to_owned(), name.clone(), Some(value.clone()));
        ConfigRecord { resource_type, resource_name, name, value }.into()
    })
}

impl TopicImage {
    /// Whether the cluster itself keeps its state here.
    pub fn is_internal(&self) -> bool {
        matches!(self.name.as_str(), "__consumer_offsets" | "__transaction_state")
    }

    fn to_records(&self) -> Vec<MetadataRecord> {
        let mut records = vec![TopicRecord { name: self.name.clone(), topic_id: self.id }.into()];
        records.extend(config_records(CONFIG_TOPIC, &self.name, &self.configs));
        for (index, partition) in self.partitions.iter().enumerate() {
            records.push(partition.to_record(self.id, index as i32).into());
        }
        records
    }
}

impl From<&RegisterBrokerRecord> for BrokerImage {
    fn from(record: &RegisterBrokerRecord) -> Self {
        let endpoints = record.end_points.iter().map(|endpoint| Endpoint {
            listener: endpoint.name.clone(),
            host: endpoint.host.clone(),
            port: endpoint.port,
        });
        Self {
            id: record.broker_id,
            epoch: record.broker_epoch,
            incarnation: record.incarnation_id,
            endpoints: endpoints.collect(),
            rack: record.rack.clone(),
            fenced: record.fenced,
        }
    }
}

impl From<&BrokerImage> for RegisterBrokerRecord {
    fn from(broker: &BrokerImage) -> Self {
        let end_points = broker.endpoints.iter().map(|endpoint| BrokerEndpoint {
            name: endpoint.listener.clone(),
            host: endpoint.host.clone(),
            port: endpoint.port,
            security_protocol: 0,
        });
        Self {
            broker_id: broker.id,
            broker_epoch: broker.epoch,
            incarnation_id: broker.incarnation,
            end_points: end_points.collect(),
            rack: broker.rack.clone(),
            fenced: broker.fenced,
            ..Default::default()
        }
    }
}
