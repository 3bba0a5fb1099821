//! Pitfalls 7 and 9: the coordinator of transactions, the last stable offset, aborted records.

use std::net::TcpStream;
use std::time::Duration;

use broker_core::protocol::messages::add_offsets_to_txn::AddOffsetsToTxnRequest;
use broker_core::protocol::messages::add_partitions_to_txn::{
    AddPartitionsToTxnRequest, AddPartitionsToTxnTopic,
};
use broker_core::protocol::messages::end_txn::EndTxnRequest;
use broker_core::protocol::messages::fetch::FetchRequest;
use broker_core::protocol::messages::init_producer_id::InitProducerIdRequest;
use broker_core::protocol::messages::offset_fetch::{
    OffsetFetchRequest, OffsetFetchRequestGroup, OffsetFetchRequestTopics,
};
use broker_core::protocol::messages::txn_offset_commit::{
    TxnOffsetCommitRequest, TxnOffsetCommitRequestPartition, TxnOffsetCommitRequestTopic,
};
use suites::wait_for;
use suites::wire::ask;

use suites::peer::{
    LATEST, PRODUCE, Peer, batches, fetch, fetched, listed, numbered, produce, produce_in, produced,
    produced_as, transactional,
};

const WAIT: Duration = Duration::from_secs(60);
const INVALID_TXN_STATE: i16 = 48;
const INVALID_TRANSACTION_TIMEOUT: i16 = 50;
const CONCURRENT_TRANSACTIONS: i16 = 51;
const UNSTABLE_OFFSET_COMMIT: i16 = 88;
const READ_COMMITTED: i8 = 1;

/// The version of EndTxn from before KIP-890, and the one after.
pub const WHOLE: i16 = 4;
const EPOCHS: i16 = 5;
/// The version of Produce that takes its partitions into the transaction.
const ADDS: i16 = 12;

/// A producer in a transaction.
pub struct Transactional {
    id: String,
    pub producer: (i64, i16),
    sequence: i32,
    coordinator: TcpStream,
    leader: TcpStream,
}

impl Transactional {
    /// Asks for a producer id; whoever had this transactional id is fenced.
    pub fn begin(peer: &Peer, id: &str) -> Self {
        let mut coordinator = peer.coordinator(id, 1);
        let producer = wait_for("a producer id", WAIT, || {
            let answer = ask(&mut coordinator, 4, Self::init(id, 60_000));
            (answer.error_code == 0).then_some((answer.producer_id, answer.producer_epoch))
        });
        Self { id: id.to_owned(), producer, sequence: 0, coordinator, leader: peer.leader() }
    }

    fn init(id: &str, transaction_timeout_ms: i32) -> InitProducerIdRequest {
        let transactional_id = Some(id.to_owned());
        InitProducerIdRequest { transactional_id, transaction_timeout_ms, ..Default::default() }
    }

    /// Takes partition 0 of a topic into the transaction.
    pub fn add(&mut self, topic: &str) {
        wait_for("the partition to be added", WAIT, || {
            let topic = AddPartitionsToTxnTopic { name: topic.into(), partitions: vec![0] };
            let request = AddPartitionsToTxnRequest {
                v3_and_below_transactional_id: self.id.clone(),
                v3_and_below_producer_id: self.producer.0,
                v3_and_below_producer_epoch: self.producer.1,
                v3_and_below_topics: vec![topic],
                ..Default::default()
            };
            let answer = ask(&mut self.coordinator, 3, request).results_by_topic_v3_and_below.remove(0);
            // A marker of the transaction before may still be on its way.
            let code = answer.results_by_partition[0].partition_error_code;
            assert!([0, CONCURRENT_TRANSACTIONS].contains(&code), "{code}");
            (code == 0).then_some(())
        });
    }

    /// Writes so many records; returns the code.
    pub fn write(&mut self, topic: &str, records: usize) -> i16 {
        self.write_as(PRODUCE, topic, records)
    }

    fn write_as(&mut self, version: i16, topic: &str, records: usize) -> i16 {
        let batch = transactional(self.producer, self.sequence, records);
        let code =
            produced_as(version, &mut self.leader, produce_in(Some(&self.id), topic, &batch)).error_code;
        if code == 0 {
            self.sequence += records as i32;
        }
        code
    }

    /// Ends the transaction; returns the code. The epoch that comes with it is the next one's.
    pub fn end(&mut self, version: i16, committed: bool) -> i16 {
        let request = EndTxnRequest {
            transactional_id: self.id.clone(),
            producer_id: self.producer.0,
            producer_epoch: self.producer.1,
            committed,
        };
        let mut answer = ask(&mut self.coordinator, version, request.clone());
        let asked_again = std::time::Instant::now() + WAIT;
        while answer.error_code == CONCURRENT_TRANSACTIONS && std::time::Instant::now() < asked_again {
            std::thread::sleep(Duration::from_millis(20));
            answer = ask(&mut self.coordinator, version, request.clone());
        }
        if version >= EPOCHS && answer.error_code == 0 {
            self.producer = (answer.producer_id, answer.producer_epoch);
            self.sequence = 0;
        }
        answer.error_code
    }
}

pub fn a_timeout_may_be_too_long(peer: &Peer) {
    let mut coordinator = peer.coordinator("slow", 1);
    for (timeout_ms, code) in
        [(900_001, INVALID_TRANSACTION_TIMEOUT), (0, INVALID_TRANSACTION_TIMEOUT), (900_000, 0)]
    {
        let answer = wait_for("an answer", WAIT, || {
            let answer = ask(&mut coordinator, 4, Transactional::init("slow", timeout_ms));
            (![14, 15, 16].contains(&answer.error_code)).then_some(answer)
        });
        assert_eq!(answer.error_code, code, "{timeout_ms} ms");
    }
}

pub fn an_end_may_be_said_twice_but_not_turned(peer: &Peer) {
    peer.create("ended", 1);
    let mut producer = Transactional::begin(peer, "ender");
    for committed in [true, false] {
        producer.add("ended");
        assert_eq!(producer.write("ended", 1), 0);
        assert_eq!(producer.end(WHOLE, committed), 0);
        assert_eq!(producer.end(WHOLE, committed), 0, "its answer may have been lost");
        assert_eq!(producer.end(WHOLE, !committed), INVALID_TXN_STATE);
    }
}

pub fn every_end_raises_the_epoch_in_version_5(peer: &Peer) {
    peer.create("raised", 1);
    let mut producer = Transactional::begin(peer, "raiser");
    let first = producer.producer;
    assert_eq!(producer.end(EPOCHS, false), 0, "an abort of nothing");
    assert_eq!(producer.producer, (first.0, first.1 + 1));
    assert_eq!(producer.write_as(ADDS, "raised", 1), 0, "a write adds its partition by itself");
    assert_eq!(producer.end(EPOCHS, true), 0);
    assert_eq!(producer.producer, (first.0, first.1 + 2));
}

fn add_offsets(producer: &mut Transactional, group: &str) -> i16 {
    let request = AddOffsetsToTxnRequest {
        transactional_id: producer.id.clone(),
        producer_id: producer.producer.0,
        producer_epoch: producer.producer.1,
        group_id: group.into(),
    };
    ask(&mut producer.coordinator, 3, request).error_code
}

pub fn offsets_need_no_group(peer: &Peer) {
    let mut producer = Transactional::begin(peer, "groupless");
    assert_eq!(add_offsets(&mut producer, "no-such-group"), 0);
    assert_eq!(producer.end(WHOLE, false), 0);
}

pub fn a_write_outside_is_refused_within(peer: &Peer) {
    peer.create("mixed", 1);
    let mut producer = Transactional::begin(peer, "mixer");
    producer.add("mixed");
    assert_eq!(producer.write("mixed", 1), 0);
    let plain = numbered(producer.producer, 1, 1);
    assert_eq!(produced(&mut peer.leader(), produce("mixed", &plain)).error_code, INVALID_TXN_STATE);
    assert_eq!(producer.write("mixed", 1), 0, "the transaction goes on");
    assert_eq!(producer.end(WHOLE, true), 0);
}

/// The committed offset of partition 0 with its code.
fn committed(peer: &Peer, group: &str, topic: &str, require_stable: bool) -> (i16, i64) {
    let topics = vec![OffsetFetchRequestTopics {
        name: topic.into(),
        partition_indexes: vec![0],
        ..Default::default()
    }];
    let group =
        OffsetFetchRequestGroup { group_id: group.into(), topics: Some(topics), ..Default::default() };
    let request = OffsetFetchRequest { groups: vec![group.clone()], require_stable, ..Default::default() };
    let answer = ask(&mut peer.coordinator(&group.group_id, 0), 8, request).groups.remove(0);
    assert_eq!(answer.error_code, 0);
    let row = &answer.topics[0].partitions[0];
    (row.error_code, row.committed_offset)
}

pub fn pending_offsets_are_unstable_until_the_end(peer: &Peer) {
    peer.create("read", 1);
    let mut coordinator = peer.coordinator("pending", 0);
    for (at, commits) in [true, false, true].into_iter().enumerate() {
        let before = committed(peer, "pending", "read", true);
        let mut producer = Transactional::begin(peer, &format!("pender-{at}"));
        assert_eq!(add_offsets(&mut producer, "pending"), 0);
        assert_eq!(committed(peer, "pending", "read", true), before, "nothing is pending yet");
        let partition =
            TxnOffsetCommitRequestPartition { committed_offset: at as i64 + 7, ..Default::default() };
        let request = TxnOffsetCommitRequest {
            transactional_id: producer.id.clone(),
            group_id: "pending".into(),
            producer_id: producer.producer.0,
            producer_epoch: producer.producer.1,
            topics: vec![TxnOffsetCommitRequestTopic { name: "read".into(), partitions: vec![partition] }],
            ..Default::default()
        };
        let code = ask(&mut coordinator, 3, request).topics[0].partitions[0].error_code;
        assert_eq!(code, 0);
        assert_eq!(committed(peer, "pending", "read", true).0, UNSTABLE_OFFSET_COMMIT);
        assert_eq!(committed(peer, "pending", "read", false), before, "who does not mind reads the old one");
        assert_eq!(producer.end(WHOLE, commits), 0);
        let wanted = if commits { (0, at as i64 + 7) } else { before };
        wait_for("the offset to be stable", WAIT, || {
            let found = committed(peer, "pending", "read", true);
            (found == wanted).then_some(())
        });
    }
}

pub fn a_topic_made_again_does_not_hold_the_end_up(peer: &Peer) {
    peer.create("reborn", 1);
    let mut producer = Transactional::begin(peer, "parent");
    producer.add("reborn");
    assert_eq!(producer.write("reborn", 3), 0);
    peer.delete("reborn");
    let id = peer.create("reborn", 1);
    assert_eq!(producer.end(WHOLE, true), 0);
    // The next transaction has to wait for the end of this one.
    producer.add("reborn");
    producer.sequence = 0;
    assert_eq!(producer.write("reborn", 2), 0);
    assert_eq!(producer.end(WHOLE, true), 0);
    let stable = |peer: &Peer| {
        let request = FetchRequest { isolation_level: READ_COMMITTED, ..fetch(id, &[(0, 0)]) };
        fetched(&mut peer.leader(), request).remove(0)
    };
    wait_for("the new topic to be stable", WAIT, || {
        let found = stable(peer);
        let records: i32 = batches(&found.records)
            .iter()
            .filter(|batch| !batch.header.is_control())
            .map(|batch| batch.header.records_count)
            .sum();
        (found.last_stable_offset == found.high_watermark && records == 2).then_some(())
    });
}

pub fn aborted_transactions_are_told_in_order(peer: &Peer) {
    let id = peer.create("aborted", 1);
    let mut producers: Vec<Transactional> =
        (0..3).map(|at| Transactional::begin(peer, &format!("aborter-{at}"))).collect();
    for producer in &mut producers {
        producer.add("aborted");
        assert_eq!(producer.write("aborted", 2), 0);
    }
    // The one that began last ends first.
    for producer in producers.iter_mut().rev() {
        assert_eq!(producer.end(WHOLE, false), 0);
    }
    let mut stream = peer.leader();
    wait_for("three markers", WAIT, || (listed(&mut stream, "aborted", LATEST).offset == 9).then_some(()));
    let read = |stream: &mut TcpStream, isolation_level| {
        fetched(stream, FetchRequest { isolation_level, ..fetch(id, &[(0, 0)]) }).remove(0)
    };
    let stable = wait_for("all to be stable", WAIT, || {
        let found = read(&mut stream, READ_COMMITTED);
        (found.last_stable_offset == 9).then_some(found)
    });
    let aborted = stable.aborted_transactions.unwrap();
    let told: Vec<(i64, i64)> = aborted.iter().map(|row| (row.first_offset, row.producer_id)).collect();
    let began: Vec<(i64, i64)> =
        producers.iter().enumerate().map(|(at, producer)| (at as i64 * 2, producer.producer.0)).collect();
    let mut in_order = told.clone();
    in_order.sort_unstable();
    assert_eq!(in_order, began);
    let all = read(&mut stream, 0);
    assert_eq!(all.aborted_transactions.unwrap_or_default().len(), 0);
    assert_eq!(batches(&all.records).len(), 6, "who reads uncommitted reads the aborted records too");
}
