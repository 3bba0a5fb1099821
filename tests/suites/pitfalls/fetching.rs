//! Pitfalls 3 and 5: what a fetch returns, and what it never leaves to chance.

use broker_core::protocol::Uuid;
use broker_core::protocol::messages::fetch::{FetchRequest, FetchTopic};
use suites::wire::ask;

use suites::peer::{FETCH, Peer, batch, batches, fetch, fetched, produce, produced};

const UNKNOWN_TOPIC_OR_PARTITION: i16 = 3;
const UNKNOWN_TOPIC_ID: i16 = 100;
const OFFSET_OUT_OF_RANGE: i16 = 1;

pub fn a_batch_comes_whole_from_an_offset_within(peer: &Peer) {
    let id = peer.create("within", 1);
    let mut stream = peer.leader();
    for _ in 0..2 {
        assert_eq!(produced(&mut stream, produce("within", &batch(5))).error_code, 0);
    }
    for (from, wanted) in [(3, vec![0, 5]), (4, vec![0, 5]), (5, vec![5]), (9, vec![5]), (10, vec![])] {
        let found = fetched(&mut stream, fetch(id, &[(0, from)])).remove(0);
        let bases: Vec<i64> = batches(&found.records).iter().map(|batch| batch.header.base_offset).collect();
        assert_eq!((found.error_code, bases), (0, wanted), "from {from}");
    }
    let beyond = fetched(&mut stream, fetch(id, &[(0, 11)])).remove(0);
    assert_eq!(beyond.error_code, OFFSET_OUT_OF_RANGE);
}

/// KIP-74: neither the limit of the request nor that of the partition holds a consumer up.
pub fn the_first_batch_comes_however_large(peer: &Peer) {
    let id = peer.create("large", 2);
    let mut stream = peer.leader();
    let large = batch(100);
    for index in [0, 1] {
        let mut request = produce("large", &large);
        request.topic_data[0].partition_data[0].index = index;
        assert_eq!(produced(&mut stream, request).error_code, 0);
    }
    let length = large.header.size_bytes();
    for (of_request, of_partition) in [(1, 1), (1, 1 << 20), (1 << 20, 1), (length as i32 - 1, 1 << 20)] {
        let mut request = fetch(id, &[(0, 0), (1, 0)]);
        request.max_bytes = of_request;
        for partition in &mut request.topics[0].partitions {
            partition.partition_max_bytes = of_partition;
        }
        let found = fetched(&mut stream, request);
        let lengths: Vec<usize> = found.iter().map(|row| row.records.len()).collect();
        assert_eq!(lengths, [length, 0], "limits of {of_request} and {of_partition}");
    }
}

pub fn the_end_of_an_empty_log_is_in_range(peer: &Peer) {
    let id = peer.create("empty", 1);
    let found = fetched(&mut peer.leader(), fetch(id, &[(0, 0)])).remove(0);
    assert_eq!((found.error_code, found.high_watermark, found.last_stable_offset), (0, 0, 0));
    assert!(found.records.is_empty());
}

pub fn an_error_fills_its_row_with_what_clients_can_read(peer: &Peer) {
    let id = peer.create("rows", 1);
    let mut stream = peer.leader();
    let nowhere = FetchTopic { topic: "nowhere".into(), ..fetch(id, &[(0, 0)]).topics.remove(0) };
    let by_name = FetchRequest { topics: vec![nowhere], ..fetch(id, &[]) };
    let unknown = Uuid([7; 16]);
    for (what, request, version, code) in [
        ("a partition beyond the last", fetch(id, &[(7, 0)]), FETCH, UNKNOWN_TOPIC_OR_PARTITION),
        ("an unknown name", by_name, 12, UNKNOWN_TOPIC_OR_PARTITION),
        ("an unknown id", fetch(unknown, &[(0, 0)]), FETCH, UNKNOWN_TOPIC_ID),
        ("an offset out of range", fetch(id, &[(0, 99)]), FETCH, OFFSET_OUT_OF_RANGE),
    ] {
        let answer = ask(&mut stream, version, request);
        let row = &answer.responses[0].partitions[0];
        assert_eq!(row.error_code, code, "{what}");
        assert_eq!(row.preferred_read_replica, -1, "{what}: no other replica is preferred");
        let leader = &row.current_leader;
        assert_eq!((leader.leader_id, leader.leader_epoch), (-1, -1), "{what}: there is no other leader");
        assert!(row.records.0.is_some(), "{what}: records are empty, not null, which librdkafka refuses");
    }
}
