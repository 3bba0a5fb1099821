//! Pitfalls 6, 8 and 13: what a produce is answered with.

use broker_core::protocol::batch::{BatchBuilder, Codec, NewRecord};
use broker_core::protocol::messages::describe_producers::{DescribeProducersRequest, TopicRequest};
use broker_core::protocol::messages::init_producer_id::InitProducerIdRequest;
use bytes::Bytes;
use suites::wait_for;
use suites::wire::{ask, now_ms};

use crate::transactions::Transactional;
use suites::peer::{Peer, batch, numbered, produce, produced, value};

const MESSAGE_TOO_LARGE: i16 = 10;
const INVALID_TIMESTAMP: i16 = 32;
const OUT_OF_ORDER_SEQUENCE_NUMBER: i16 = 45;
const INVALID_PRODUCER_EPOCH: i16 = 47;
const INVALID_RECORD: i16 = 87;

fn idempotent(peer: &Peer) -> (i64, i16) {
    wait_for("a producer id", std::time::Duration::from_secs(60), || {
        let request = InitProducerIdRequest { transaction_timeout_ms: 60_000, ..Default::default() };
        let answer = ask(&mut peer.leader(), 4, request);
        (answer.error_code == 0).then_some((answer.producer_id, answer.producer_epoch))
    })
}

pub fn five_batches_are_known_again(peer: &Peer) {
    peer.create("twice", 1);
    let producer = idempotent(peer);
    let mut stream = peer.leader();
    let mut write = |sequence| {
        let answer = produced(&mut stream, produce("twice", &numbered(producer, sequence, 2)));
        (answer.error_code, answer.base_offset)
    };
    for at in 0..6 {
        assert_eq!(write(2 * at), (0, i64::from(2 * at)));
    }
    for at in 1..6 {
        assert_eq!(write(2 * at), (0, i64::from(2 * at)), "sent again, its offset is the first one's");
    }
    assert_eq!(write(0).0, OUT_OF_ORDER_SEQUENCE_NUMBER, "the sixth is forgotten");
    assert_eq!(write(14).0, OUT_OF_ORDER_SEQUENCE_NUMBER, "one is missing");
    assert_eq!(write(12), (0, 12));
}

/// A producer that gets the code of an old leader epoch asks again for ever.
pub fn an_older_epoch_is_refused_as_such(peer: &Peer) {
    peer.create("fenced", 1);
    let mut old = Transactional::begin(peer, "fenced");
    old.add("fenced");
    assert_eq!(old.write("fenced", 1), 0);
    let _new = Transactional::begin(peer, "fenced");
    assert_eq!(old.write("fenced", 1), INVALID_PRODUCER_EPOCH);
}

pub fn a_producer_goes_with_its_topic(peer: &Peer) {
    let known = |stream: &mut std::net::TcpStream| {
        let topics = vec![TopicRequest { name: "mortal".into(), partition_indexes: vec![0] }];
        let answer = ask(stream, 0, DescribeProducersRequest { topics });
        answer.topics[0].partitions[0].active_producers.len()
    };
    peer.create("mortal", 1);
    let producer = idempotent(peer);
    let mut stream = peer.leader();
    for sequence in [0, 1] {
        let request = produce("mortal", &numbered(producer, sequence, 1));
        assert_eq!(produced(&mut stream, request).error_code, 0);
    }
    assert_eq!(known(&mut stream), 1);
    peer.delete("mortal");
    peer.create("mortal", 1);
    assert_eq!(known(&mut stream), 0);
    let again = produced(&mut stream, produce("mortal", &numbered(producer, 0, 1)));
    assert_eq!((again.error_code, again.base_offset), (0, 0), "its first batch is no duplicate here");
}

pub fn records_without_a_key_are_named(peer: &Peer) {
    peer.create_with("keyed", 1, &[("cleanup.policy", "compact")]);
    let mut stream = peer.leader();
    let mut builder = BatchBuilder::new(Codec::None);
    for keyed in [true, false, true, false] {
        let key = keyed.then(|| Bytes::from_static(b"key"));
        builder.push(&NewRecord { key, ..value("value") });
    }
    let answer = produced(&mut stream, produce("keyed", &builder.build().unwrap()));
    let named: Vec<i32> = answer.record_errors.iter().map(|row| row.batch_index).collect();
    assert_eq!((answer.error_code, named), (INVALID_RECORD, vec![1, 3]));
}

pub fn a_topic_has_a_size_of_its_own(peer: &Peer) {
    peer.create_with("small", 1, &[("max.message.bytes", "500")]);
    let mut stream = peer.leader();
    assert_eq!(produced(&mut stream, produce("small", &batch(10))).error_code, 0);
    assert_eq!(produced(&mut stream, produce("small", &batch(50))).error_code, MESSAGE_TOO_LARGE);
    assert_eq!(produced(&mut stream, produce("small", &batch(1))).base_offset, 10, "nothing was written");
}

pub fn a_record_of_tomorrow_is_refused(peer: &Peer) {
    peer.create("tomorrow", 1);
    let mut stream = peer.leader();
    for (ahead_ms, code) in [(0, 0), (30 * 60_000, 0), (2 * 3_600_000, INVALID_TIMESTAMP)] {
        let mut builder = BatchBuilder::new(Codec::None);
        builder.push(&value("early"));
        builder.push(&NewRecord { timestamp: now_ms() + ahead_ms, ..value("late") });
        let answer = produced(&mut stream, produce("tomorrow", &builder.build().unwrap()));
        let named: Vec<i32> = answer.record_errors.iter().map(|row| row.batch_index).collect();
        let wanted = if code == 0 { vec![] } else { vec![1] };
        assert_eq!((answer.error_code, named), (code, wanted), "{ahead_ms} ms ahead");
    }
}
