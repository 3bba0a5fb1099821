//! Pitfall 4: how long a fetch waits, and what for.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use broker_core::protocol::messages::fetch::{FetchRequest, PartitionData};
use suites::wire::{receive, send};

use crate::transactions::{Transactional, WHOLE};
use suites::peer::{FETCH, Peer, batch, fetch, produce, produced};

/// Far longer than any answer takes that is not waited for.
const PATIENCE: Duration = Duration::from_secs(30);
const READ_COMMITTED: i8 = 1;

fn answer(stream: &mut TcpStream) -> PartitionData {
    receive::<FetchRequest>(stream, FETCH).1.responses.remove(0).partitions.remove(0)
}

pub fn an_idle_fetch_waits_as_long_as_it_may(peer: &Peer) {
    let id = peer.create("idle", 1);
    let mut stream = peer.leader();
    let wait = Duration::from_millis(600);
    let asked = Instant::now();
    let request = FetchRequest { max_wait_ms: 600, min_bytes: 1, ..fetch(id, &[(0, 0)]) };
    send(&mut stream, FETCH, 1, request);
    assert!(answer(&mut stream).records.is_empty());
    let took = asked.elapsed();
    assert!(took >= wait, "answered after {took:?}: a consumer would turn in circles");
    assert!(took < PATIENCE, "answered after {took:?}");
}

pub fn an_append_wakes_a_fetch(peer: &Peer) {
    let id = peer.create("woken", 1);
    let (mut stream, mut writer) = (peer.leader(), peer.leader());
    let one = batch(1);
    let length = one.header.size_bytes() as i32;
    let request = FetchRequest { max_wait_ms: 50_000, min_bytes: 2 * length, ..fetch(id, &[(0, 0)]) };
    let asked = Instant::now();
    send(&mut stream, FETCH, 1, request);
    assert_eq!(produced(&mut writer, produce("woken", &one)).error_code, 0);
    // One batch is not enough yet.
    stream.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    assert!(stream.peek(&mut [0; 1]).is_err(), "answered with less than min_bytes");
    stream.set_read_timeout(Some(PATIENCE * 2)).unwrap();
    assert_eq!(produced(&mut writer, produce("woken", &one)).error_code, 0);
    assert_eq!(answer(&mut stream).records.len(), 2 * length as usize);
    assert!(asked.elapsed() < PATIENCE, "answered after {:?}", asked.elapsed());
}

pub fn a_commit_wakes_a_fetch_of_stable_bytes(peer: &Peer) {
    let id = peer.create("stable", 1);
    let mut stream = peer.leader();
    let mut producer = Transactional::begin(peer, "waker");
    producer.add("stable");
    assert_eq!(producer.write("stable", 50), 0);
    let stable = |max_wait_ms| FetchRequest {
        isolation_level: READ_COMMITTED,
        max_wait_ms,
        min_bytes: 1,
        ..fetch(id, &[(0, 0)])
    };
    let asked = Instant::now();
    send(&mut stream, FETCH, 1, stable(600));
    assert!(answer(&mut stream).records.is_empty());
    let took = asked.elapsed();
    assert!(took >= Duration::from_millis(600), "answered after {took:?} for bytes it may not have");
    let asked = Instant::now();
    send(&mut stream, FETCH, 2, stable(50_000));
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(producer.end(WHOLE, true), 0);
    let found = answer(&mut stream);
    assert!(!found.records.is_empty());
    assert!(asked.elapsed() < PATIENCE, "answered after {:?}", asked.elapsed());
}
