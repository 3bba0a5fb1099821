//! Nobody waits for a broker that stands still or has lost its place: what it owes is done, or asked for, elsewhere.
//! Transactions and groups by hand, each with the one request that waits.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fall where it stands")]

use std::net::TcpStream;
use std::time::Duration;

use broker_core::protocol::Records;
use broker_core::protocol::batch::Codec;
use broker_core::protocol::messages::add_partitions_to_txn::{
    AddPartitionsToTxnRequest, AddPartitionsToTxnTopic,
};
use broker_core::protocol::messages::create_topics::{CreatableTopic, CreateTopicsRequest};
use broker_core::protocol::messages::describe_log_dirs::DescribeLogDirsRequest;
use broker_core::protocol::messages::end_txn::EndTxnRequest;
use broker_core::protocol::messages::find_coordinator::FindCoordinatorRequest;
use broker_core::protocol::messages::init_producer_id::{InitProducerIdRequest, InitProducerIdResponse};
use broker_core::protocol::messages::join_group::{JoinGroupRequest, JoinGroupRequestProtocol};
use broker_core::protocol::messages::metadata::{MetadataRequest, MetadataResponseTopic};
use broker_core::protocol::messages::produce::{PartitionProduceData, ProduceRequest, TopicProduceData};
use suites::{Launcher, wait_for, wire};

const TOPIC: &str = "orders";
const GROUP: &str = "readers";
const TRANSACTIONAL_ID: &str = "writer";
/// A broker that stands still is given up within seconds; the rest is for a slow machine.
const HEALS: Duration = Duration::from_secs(20);
/// Produce requests before the answer to the first: as many as a broker takes at once.
const PIPELINED: usize = 64;
const NOT_COORDINATOR: i16 = 16;
const CONCURRENT_TRANSACTIONS: i16 = 51;

/// Three brokers with a topic of three partitions, each led by another.
struct Three {
    cluster: Launcher,
    _dir: tempfile::TempDir,
}

impl Three {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        // What a coordinator decides waits for no other broker.
        let alone = "transaction.state.log.replication.factor=1";
        let shape =
            ["--brokers", "3", "--override", alone, "--override", "group.initial.rebalance.delay.ms=0"];
        let three = Self { cluster: Launcher::start(dir.path(), &shape), _dir: dir };
        let topic = CreatableTopic {
            name: TOPIC.into(),
            num_partitions: 3,
            replication_factor: 3,
            ..Default::default()
        };
        let request = CreateTopicsRequest { topics: vec![topic], timeout_ms: 5_000, ..Default::default() };
        assert_eq!(wire::ask(&mut three.connect(1), 2, request).topics[0].error_code, 0);
        three
    }

    fn connect(&self, broker: i32) -> TcpStream {
        let bootstrap = self.cluster.bootstrap();
        let stream = TcpStream::connect(bootstrap.split(',').nth(broker as usize - 1).unwrap()).unwrap();
        stream.set_read_timeout(Some(HEALS)).unwrap();
        stream
    }

    /// Who coordinates a group (0) or a transactional id (1), as `asked` knows.
    fn coordinator(&self, asked: i32, key: &str, key_type: i8) -> i32 {
        let mut stream = self.connect(asked);
        wait_for("a coordinator", HEALS, || {
            let request = FindCoordinatorRequest { key: key.into(), key_type, ..Default::default() };
            let answer = wire::ask(&mut stream, 1, request);
            (answer.error_code == 0).then_some(answer.node_id)
        })
    }

    fn topic(&self, asked: i32) -> MetadataResponseTopic {
        let metadata =
            wire::ask(&mut self.connect(asked), 1, MetadataRequest { topics: None, ..Default::default() });
        metadata.topics.into_iter().find(|topic| topic.name.as_deref() == Some(TOPIC)).unwrap()
    }

    /// The partition of the topic that this broker leads.
    fn partition_of(&self, broker: i32) -> i32 {
        wait_for("its partition", HEALS, || {
            let partitions = self.topic(broker).partitions;
            partitions
                .iter()
                .find(|partition| partition.leader_id == broker)
                .map(|found| found.partition_index)
        })
    }
}

impl Three {
    /// Bytes of a partition of the topic on this broker.
    fn size_on(&self, broker: i32, index: i32) -> i64 {
        let answer = wire::ask(&mut self.connect(broker), 1, DescribeLogDirsRequest { topics: None });
        let topics = answer.results.into_iter().flat_map(|dir| dir.topics);
        let rows = topics.filter(|topic| topic.name == TOPIC).flat_map(|topic| topic.partitions);
        rows.filter(|row| row.partition_index == index).map(|row| row.partition_size).sum()
    }
}

/// A transactional producer towards its coordinator.
struct Writer {
    stream: TcpStream,
    producer: InitProducerIdResponse,
}

impl Writer {
    fn new(mut stream: TcpStream) -> Self {
        let producer = wait_for("a producer id", HEALS, || {
            let request = InitProducerIdRequest {
                transactional_id: Some(TRANSACTIONAL_ID.into()),
                transaction_timeout_ms: 60_000,
                ..Default::default()
            };
            let answer = wire::ask(&mut stream, 1, request);
            (answer.error_code == 0).then_some(answer)
        });
        Self { stream, producer }
    }

    /// Adds a partition of the topic to the transaction; the code of the answer.
    fn add(&mut self, partition: i32) -> i16 {
        let topics = vec![AddPartitionsToTxnTopic { name: TOPIC.into(), partitions: vec![partition] }];
        let request = AddPartitionsToTxnRequest {
            v3_and_below_transactional_id: TRANSACTIONAL_ID.into(),
            v3_and_below_producer_id: self.producer.producer_id,
            v3_and_below_producer_epoch: self.producer.producer_epoch,
            v3_and_below_topics: topics,
            ..Default::default()
        };
        let answer = wire::ask(&mut self.stream, 3, request);
        answer.results_by_topic_v3_and_below[0].results_by_partition[0].partition_error_code
    }

    fn commit(&mut self) -> i16 {
        let request = EndTxnRequest {
            transactional_id: TRANSACTIONAL_ID.into(),
            producer_id: self.producer.producer_id,
            producer_epoch: self.producer.producer_epoch,
            committed: true,
        };
        wire::ask(&mut self.stream, 3, request).error_code
    }
}

/// The marker of a transaction goes to whoever leads the partition now, not to whoever did when it was sent.
#[test]
fn a_transaction_ends_though_the_leader_of_its_partition_stands_still() {
    let three = Three::new();
    let coordinator = three.coordinator(1, TRANSACTIONAL_ID, 1);
    let leader = coordinator % 3 + 1;
    let mut writer = Writer::new(three.connect(coordinator));
    assert_eq!(writer.add(three.partition_of(leader)), 0);
    three.cluster.ctl(&["pause", &leader.to_string()]).ok();
    assert_eq!(writer.commit(), 0);
    let next = three.partition_of(coordinator);
    let code = wait_for("the end of the transaction", HEALS, || {
        let code = writer.add(next);
        (code != CONCURRENT_TRANSACTIONS).then_some(code)
    });
    assert_eq!(code, 0);
}

/// Only retention sees the clock jump.
#[test]
fn an_open_transaction_outlives_a_jump_of_the_clock() {
    let three = Three::new();
    let coordinator = three.coordinator(1, TRANSACTIONAL_ID, 1);
    let mut writer = Writer::new(three.connect(coordinator));
    assert_eq!(writer.add(0), 0);
    three.cluster.ctl(&["clock", "1h"]).ok();
    assert_eq!(writer.add(1), 0);
    // Time enough for whoever looks for transactions that have run out of time.
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(writer.commit(), 0);
}

/// Whoever waits for the others to join is told that the group is coordinated elsewhere.
#[test]
fn a_join_that_waits_is_refused_when_the_coordinator_moves() {
    let three = Three::new();
    let coordinator = three.coordinator(1, GROUP, 0);
    let join = || JoinGroupRequest {
        group_id: GROUP.into(),
        session_timeout_ms: 120_000,
        rebalance_timeout_ms: 120_000,
        protocol_type: "consumer".into(),
        protocols: vec![JoinGroupRequestProtocol { name: "range".into(), ..Default::default() }],
        ..Default::default()
    };
    let mut first = three.connect(coordinator);
    wait_for("the first to join", HEALS, || (wire::ask(&mut first, 3, join()).error_code == 0).then_some(()));
    let mut second = three.connect(coordinator);
    // The first has not heard that it is to join again.
    wire::send(&mut second, 3, 1, join());
    three.cluster.ctl(&["isolate", &coordinator.to_string(), "controller"]).ok();
    let neighbour = coordinator % 3 + 1;
    wait_for("another coordinator", HEALS, || {
        (three.coordinator(neighbour, GROUP, 0) != coordinator).then_some(())
    });
    three.cluster.ctl(&["heal"]).ok();
    assert_eq!(wire::receive::<JoinGroupRequest>(&mut second, 3).1.error_code, NOT_COORDINATOR);
}

/// An acknowledgement that waits for a follower holds no later record of its connection back.
#[test]
fn what_a_producer_sends_is_appended_while_what_it_sent_before_waits() {
    let three = Three::new();
    let index = three.partition_of(1);
    three.cluster.ctl(&["pause", "2"]).ok();
    let mut stream = three.connect(1);
    let batch = wire::zeros(Codec::None, 100);
    let sent = PIPELINED * batch.len();
    for correlation_id in 0..PIPELINED {
        let partition = PartitionProduceData { index, records: Records::from_bytes(batch.clone()) };
        let topic =
            TopicProduceData { name: TOPIC.into(), partition_data: vec![partition], ..Default::default() };
        let request =
            ProduceRequest { acks: -1, timeout_ms: 20_000, topic_data: vec![topic], ..Default::default() };
        wire::send(&mut stream, 8, correlation_id as i32, request);
    }
    wait_for("all records in the leader's log", HEALS, || {
        (three.size_on(1, index) == sent as i64).then_some(())
    });
    stream.set_nonblocking(true).unwrap();
    assert!(stream.peek(&mut [0; 1]).is_err(), "they came to the log only when the first were acknowledged");
    stream.set_nonblocking(false).unwrap();
    three.cluster.ctl(&["resume", "2"]).ok();
    for correlation_id in 0..PIPELINED {
        let (answered, answer) = wire::receive::<ProduceRequest>(&mut stream, 8);
        assert_eq!(answered, correlation_id as i32);
        let row = &answer.responses[0].partition_responses[0];
        assert_eq!((row.error_code, row.base_offset), (0, correlation_id as i64));
    }
}
