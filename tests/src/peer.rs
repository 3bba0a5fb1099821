//! A cluster of three brokers that is asked by hand. All topics lie on its broker 1.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fall where it stands")]

use std::collections::BTreeMap;
use std::net::TcpStream;
use std::time::Duration;

use crate::wait_for;
use crate::wire::{ask, now_ms};
use broker_core::protocol::batch::{Batch, BatchBuilder, Codec, NewRecord};
use broker_core::protocol::messages::create_topics::{
    CreatableReplicaAssignment, CreatableTopic, CreatableTopicConfig, CreateTopicsRequest,
};
use broker_core::protocol::messages::delete_topics::{DeleteTopicState, DeleteTopicsRequest};
use broker_core::protocol::messages::fetch::{FetchPartition, FetchRequest, FetchTopic, PartitionData};
use broker_core::protocol::messages::find_coordinator::FindCoordinatorRequest;
use broker_core::protocol::messages::list_offsets::{
    ListOffsetsPartition, ListOffsetsPartitionResponse, ListOffsetsRequest, ListOffsetsTopic,
};
use broker_core::protocol::messages::metadata::MetadataRequest;
use broker_core::protocol::messages::produce::{
    PartitionProduceData, PartitionProduceResponse, ProduceRequest, TopicProduceData,
};
use broker_core::protocol::{Records, Uuid};
use bytes::Bytes;

/// Java with three brokers on two cores may take its time.
const WAIT: Duration = Duration::from_secs(30);
/// The versions that requests have here, if a story is not about one.
pub const PRODUCE: i16 = 11;
pub const FETCH: i16 = 16;
/// What ListOffsets is asked for.
pub const LATEST: i64 = -1;

/// The cluster.
pub struct Peer(BTreeMap<i32, String>);

impl Peer {
    pub fn at(bootstrap: &str) -> Self {
        let first = bootstrap.split(',').next().unwrap();
        wait_for("three brokers", WAIT, || {
            let mut stream = TcpStream::connect(first).ok()?;
            let answer = ask(&mut stream, 12, MetadataRequest::default());
            let brokers = answer.brokers.into_iter();
            let brokers: BTreeMap<i32, String> =
                brokers.map(|known| (known.node_id, format!("{}:{}", known.host, known.port))).collect();
            (brokers.len() == 3).then_some(Self(brokers))
        })
    }

    /// Where a broker listens.
    pub fn address(&self, node: i32) -> &str {
        &self.0[&node]
    }

    pub fn connect(&self, node: i32) -> TcpStream {
        let stream = TcpStream::connect(self.address(node)).unwrap();
        stream.set_read_timeout(Some(WAIT * 2)).unwrap();
        stream
    }

    /// To the broker of every topic.
    pub fn leader(&self) -> TcpStream {
        self.connect(1)
    }

    /// Makes a topic on broker 1, and waits until it leads it.
    pub fn create(&self, name: &str, partitions: i32) -> Uuid {
        self.create_with(name, partitions, &[])
    }

    pub fn create_with(&self, name: &str, partitions: i32, configs: &[(&str, &str)]) -> Uuid {
        let assignments = (0..partitions)
            .map(|partition_index| CreatableReplicaAssignment { partition_index, broker_ids: vec![1] });
        let configs = configs.iter().map(|(name, value)| CreatableTopicConfig {
            name: (*name).to_owned(),
            value: Some((*value).to_owned()),
        });
        let alone = CreatableTopicConfig { name: "min.insync.replicas".into(), value: Some("1".into()) };
        let topic = CreatableTopic {
            name: name.into(),
            num_partitions: -1,
            replication_factor: -1,
            assignments: assignments.collect(),
            configs: configs.chain([alone]).collect(),
        };
        let request = CreateTopicsRequest { topics: vec![topic], ..Default::default() };
        let mut stream = self.leader();
        // A topic of this name that was just deleted may still be known here.
        let id = wait_for("the topic", WAIT, || {
            let answer = ask(&mut stream, 7, request.clone());
            (answer.topics[0].error_code == 0).then_some(answer.topics[0].topic_id)
        });
        let all: Vec<(i32, i64)> = (0..partitions).map(|partition| (partition, 0)).collect();
        wait_for("its leader", WAIT, || {
            let found = fetched(&mut stream, fetch(id, &all));
            found.iter().all(|row| row.error_code == 0).then_some(())
        });
        id
    }

    pub fn delete(&self, name: &str) {
        let name = Some(name.to_owned());
        let topics = vec![DeleteTopicState { name, ..Default::default() }];
        let request = DeleteTopicsRequest { topics, timeout_ms: 10_000, ..Default::default() };
        assert_eq!(ask(&mut self.leader(), 6, request).responses[0].error_code, 0);
    }

    /// To the coordinator of a group (key type 0) or of a transactional id (1).
    pub fn coordinator(&self, key: &str, key_type: i8) -> TcpStream {
        let mut stream = self.leader();
        let coordinator_keys = vec![key.to_owned()];
        let request = FindCoordinatorRequest { key_type, coordinator_keys, ..Default::default() };
        wait_for("a coordinator", WAIT, || {
            let found = &ask(&mut stream, 4, request.clone()).coordinators[0];
            (found.error_code == 0).then(|| self.connect(found.node_id))
        })
    }
}

/// One record with this value and no key.
pub fn value(text: &str) -> NewRecord {
    NewRecord {
        timestamp: now_ms(),
        value: Some(Bytes::copy_from_slice(text.as_bytes())),
        ..Default::default()
    }
}

/// A batch of so many records of ten bytes, of nobody.
pub fn batch(records: usize) -> Batch {
    filled(BatchBuilder::new(Codec::None), records)
}

/// The same, of an idempotent producer.
pub fn numbered(producer: (i64, i16), sequence: i32, records: usize) -> Batch {
    filled(BatchBuilder::new(Codec::None).producer(producer.0, producer.1, sequence), records)
}

/// The same, in a transaction.
pub fn transactional(producer: (i64, i16), sequence: i32, records: usize) -> Batch {
    filled(BatchBuilder::new(Codec::None).producer(producer.0, producer.1, sequence).transactional(), records)
}

fn filled(mut builder: BatchBuilder, records: usize) -> Batch {
    for _ in 0..records {
        builder.push(&value("ten bytes."));
    }
    builder.build().unwrap()
}

/// Of partition 0, acks=all.
pub fn produce(topic: &str, batch: &Batch) -> ProduceRequest {
    produce_in(None, topic, batch)
}

/// The same, in the transaction of this id.
pub fn produce_in(transactional_id: Option<&str>, topic: &str, batch: &Batch) -> ProduceRequest {
    let partition = PartitionProduceData { index: 0, records: Records::from_bytes(batch.to_bytes()) };
    let topic =
        TopicProduceData { name: topic.into(), partition_data: vec![partition], ..Default::default() };
    let transactional_id = transactional_id.map(str::to_owned);
    ProduceRequest { transactional_id, acks: -1, timeout_ms: 10_000, topic_data: vec![topic] }
}

/// Sends a batch to partition 0.
pub fn produced(stream: &mut TcpStream, request: ProduceRequest) -> PartitionProduceResponse {
    produced_as(PRODUCE, stream, request)
}

/// The same, in this version.
pub fn produced_as(
    version: i16,
    stream: &mut TcpStream,
    request: ProduceRequest,
) -> PartitionProduceResponse {
    ask(stream, version, request).responses.remove(0).partition_responses.remove(0)
}

/// A fetch of these partitions from these offsets that does not wait and has room for everything.
pub fn fetch(topic_id: Uuid, partitions: &[(i32, i64)]) -> FetchRequest {
    let partitions = partitions.iter().map(|(partition, fetch_offset)| FetchPartition {
        partition: *partition,
        fetch_offset: *fetch_offset,
        partition_max_bytes: 1 << 20,
        ..Default::default()
    });
    let topic = FetchTopic { topic_id, partitions: partitions.collect(), ..Default::default() };
    FetchRequest { max_bytes: 8 << 20, session_epoch: -1, topics: vec![topic], ..Default::default() }
}

/// What a fetch of one topic finds.
pub fn fetched(stream: &mut TcpStream, request: FetchRequest) -> Vec<PartitionData> {
    let answer = ask(stream, FETCH, request);
    assert_eq!(answer.error_code, 0);
    answer.responses.into_iter().flat_map(|topic| topic.partitions).collect()
}

/// The batches of an answer.
pub fn batches(records: &Records) -> Vec<Batch> {
    let mut bytes = records.to_bytes().unwrap();
    std::iter::from_fn(|| (!bytes.is_empty()).then(|| Batch::split(&mut bytes).unwrap())).collect()
}

/// What ListOffsets says of partition 0.
pub fn listed(stream: &mut TcpStream, topic: &str, timestamp: i64) -> ListOffsetsPartitionResponse {
    let partitions = vec![ListOffsetsPartition { timestamp, ..Default::default() }];
    let topics = vec![ListOffsetsTopic { name: topic.into(), partitions }];
    let request = ListOffsetsRequest { replica_id: -1, topics, ..Default::default() };
    ask(stream, 8, request).topics.remove(0).partitions.remove(0)
}
