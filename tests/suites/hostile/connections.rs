//! Connections that are many, slow or silent.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use broker_core::protocol::batch::{BatchBuilder, Codec, NewRecord};
use bytes::Bytes;
use suites::wire::{fetch, metadata, now_ms};
use suites::{kafka, wait_for};

use super::victim::Victim;

/// What a connection that asks for nothing may cost, or has sent the first byte of a request (KiB).
const IDLE_MAX_KB: u64 = 32;
/// What all unfinished requests together may take, and their connections (KiB).
const UNFINISHED_MAX_KB: u64 = 192 << 10;
/// What readers that do not read may take (KiB).
const STALLED_MAX_KB: u64 = 256 << 10;
/// A request must be whole after 30 s.
const DEADLINE: Duration = Duration::from_secs(40);
const SOON: Duration = Duration::from_secs(10);
const SHORT: Duration = Duration::from_millis(300);

fn asks(stream: &mut TcpStream) {
    stream.write_all(&metadata()).unwrap();
}

/// Whether something comes back within a moment.
fn is_answered(stream: &mut TcpStream) -> bool {
    stream.set_read_timeout(Some(SHORT)).unwrap();
    stream.read(&mut [0; 8]).is_ok_and(|len| len > 0)
}

fn is_closed(stream: &mut TcpStream) -> bool {
    match stream.read(&mut [0; 64]) {
        Ok(len) => len == 0,
        Err(err) => err.kind() == ErrorKind::ConnectionReset,
    }
}

/// How many files the process has open.
fn open_files(pid: u32) -> usize {
    std::fs::read_dir(format!("/proc/{pid}/fd")).map_or(0, Iterator::count)
}

#[test]
fn past_max_connections_a_client_waits_until_another_leaves() {
    let victim = Victim::with(&["max.connections=4"]);
    let mut open: Vec<TcpStream> = (0..4).map(|_| victim.connect()).collect();
    for stream in &mut open {
        asks(stream);
        assert!(is_answered(stream));
    }
    let mut fifth = victim.connect();
    asks(&mut fifth);
    assert!(!is_answered(&mut fifth), "there is no room for it");
    victim.says("max.connections are open: new ones wait broker=1 max=4");
    open.pop();
    wait_for("the fifth to be let in", SOON, || is_answered(&mut fifth).then_some(()));
}

#[test]
fn past_max_connections_per_ip_a_connection_is_closed() {
    for (overrides, max) in [
        (&["max.connections.per.ip=2"][..], 2),
        (&["max.connections.per.ip=1", "max.connections.per.ip.overrides=10.0.0.1:9,127.0.0.1:3"][..], 3),
        (&["max.connections.per.ip=1", "max.connections.per.ip.overrides=localhost:2"][..], 2),
    ] {
        let victim = Victim::with(overrides);
        let mut open: Vec<TcpStream> = (0..max).map(|_| victim.connect()).collect();
        for stream in &mut open {
            asks(stream);
            assert!(is_answered(stream), "{overrides:?}");
        }
        let mut more = victim.connect();
        let peer = more.local_addr().unwrap();
        assert!(is_closed(&mut more), "{overrides:?}");
        victim.says(&format!("connection closed: max.connections.per.ip broker=1 peer={peer} max={max}"));
        drop(open.pop());
        wait_for("room", SOON, || victim.answers().then_some(()));
    }
}

#[test]
fn connections_are_accepted_no_faster_than_their_rate() {
    let victim = Victim::with(&["max.connection.creation.rate=2"]);
    // A second's worth may come at once, the others two a second: the eighth waits for more than two.
    let mut open: Vec<TcpStream> = (0..8).map(|_| victim.connect()).collect();
    open.iter_mut().for_each(asks);
    assert!(is_answered(&mut open[0]));
    assert!(!is_answered(&mut open[7]), "it waits its turn");
    wait_for("its turn", SOON, || is_answered(&mut open[7]).then_some(()));
}

#[test]
fn a_request_that_does_not_come_to_its_end_is_not_waited_for() {
    let victim = Victim::new();
    let mut silent = victim.connect();
    let mut cut = victim.connect();
    cut.write_all(&[0, 0]).unwrap();
    let mut half = victim.connect();
    half.write_all(&[0, 0, 1, 0, 0, 3]).unwrap();
    let mut dripping = victim.connect();
    dripping.write_all(&[0, 0, 1, 0]).unwrap();
    dripping.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    let dripped = wait_for("the dripping one to be closed", DEADLINE, || {
        let closed = dripping.write_all(&[0]).is_err() || is_closed(&mut dripping);
        closed.then(|| dripping.local_addr().unwrap())
    });
    cut.set_read_timeout(Some(DEADLINE)).unwrap();
    half.set_read_timeout(Some(DEADLINE)).unwrap();
    assert!(is_closed(&mut cut) && is_closed(&mut half));
    let told = |peer, arrived, needed| {
        let told = format!(
            "connection closed broker=1 peer={peer} reason={arrived} of {needed} bytes of a request arrived within 30 s"
        );
        victim.says(&told);
    };
    told(cut.local_addr().unwrap(), 2, 4);
    told(half.local_addr().unwrap(), 6, 260);
    let told = format!("peer={dripped} reason=");
    wait_for(&told, SOON, || victim.cluster.log().iter().any(|line| line.contains(&told)).then_some(()));
    // Who has begun nothing may be silent for connections.max.idle.ms.
    asks(&mut silent);
    assert!(is_answered(&mut silent));
    victim.stays_well(16 << 10);
}

#[test]
fn unfinished_requests_together_take_no_more_than_their_bound() {
    let victim = Victim::new();
    let part = vec![0; 4 << 20];
    let streams: Vec<TcpStream> = (0..100)
        .map(|_| {
            let mut stream = victim.connect();
            stream.set_write_timeout(Some(Duration::from_millis(20))).unwrap();
            stream.write_all(&(100_i32 << 20).to_be_bytes()).unwrap();
            // Most of this is never taken.
            let _ = stream.write_all(&part);
            stream
        })
        .collect();
    assert!(victim.answers(), "small requests are not in their way");
    drop(streams);
    victim.stays_well(UNFINISHED_MAX_KB);
}

#[test]
fn readers_that_do_not_read_hold_no_more_than_a_piece_each() {
    if !kafka::has_kcat() {
        return;
    }
    let victim = Victim::new();
    let bootstrap = victim.cluster.bootstrap();
    kafka::kcat(&bootstrap, &["-P", "-t", "t", "-p", "0"], "begin\n").ok();
    for _ in 0..40 {
        let mut builder = BatchBuilder::new(Codec::None);
        let value = Some(Bytes::from(vec![b'v'; 1_000_000]));
        builder.push(&NewRecord { timestamp: now_ms(), value, ..Default::default() });
        assert_eq!(victim.produce("t", builder.build().unwrap().to_bytes()).error_code, 0);
    }
    let request = fetch("t", 50 << 20);
    let stalled: Vec<TcpStream> = (0..200)
        .map(|_| {
            let mut stream = victim.connect();
            stream.write_all(&request).unwrap();
            stream
        })
        .collect();
    let read = kafka::kcat(&bootstrap, &["-C", "-t", "t", "-e", "-f", "%S\n"], "").ok();
    assert_eq!(read.lines().len(), 41, "who reads gets everything");
    drop(stalled);
    victim.stays_well(STALLED_MAX_KB);
}

#[test]
fn idle_connections_cost_little_and_come_and_go_without_trace() {
    let victim = Victim::new();
    let (pid, many) = (victim.cluster.pid(), 400);
    assert!(victim.answers());
    let files = open_files(pid);
    let before = victim.grown_kb("VmRSS:");
    let mut idle: Vec<TcpStream> = (0..many).map(|_| victim.connect()).collect();
    for stream in &mut idle {
        asks(stream);
        assert!(is_answered(stream));
    }
    let grown = victim.grown_kb("VmRSS:").saturating_sub(before);
    assert!(grown < many * IDLE_MAX_KB, "{many} connections take {grown} KiB");
    for stream in &mut idle {
        stream.write_all(&[0]).unwrap();
    }
    assert!(victim.answers(), "after them");
    let grown = victim.grown_kb("VmRSS:").saturating_sub(before);
    assert!(grown < many * IDLE_MAX_KB, "{many} connections with a byte of a request take {grown} KiB");
    drop(idle);
    for _ in 0..2_000 {
        drop(victim.connect());
    }
    wait_for("every file to be closed", SOON, || (open_files(pid) <= files).then_some(()));
    victim.stays_well(many * IDLE_MAX_KB);
}

/// A frame around a request's bytes.
fn framed(request: &[u8]) -> Vec<u8> {
    let mut frame = (request.len() as u32).to_be_bytes().to_vec();
    frame.extend(request);
    frame
}

#[test]
fn a_client_id_that_is_no_text_is_answered_as_kafka_does() {
    let victim = Victim::new();
    let mut stream = victim.connect();
    // ApiVersions v0, correlation id 7, a client id of three bytes that no UTF-8 has.
    stream.write_all(&framed(&[0, 18, 0, 0, 0, 0, 0, 7, 0, 3, 0xff, 0xfe, 0x80])).unwrap();
    let mut answer = [0; 10];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(answer[4..10], [0, 0, 0, 7, 0, 0], "correlation id, no error");
}

#[test]
fn sasl_on_a_plain_port_is_named_in_the_answer() {
    const ILLEGAL_SASL_STATE: u8 = 34;
    let victim = Victim::new();
    let mut stream = victim.connect();
    // SaslHandshake v1 for PLAIN, correlation id 1, client id "c".
    stream
        .write_all(&framed(&[0, 17, 0, 1, 0, 0, 0, 1, 0, 1, b'c', 0, 5, b'P', b'L', b'A', b'I', b'N']))
        .unwrap();
    let mut answer = [0; 14];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(answer[4..14], [0, 0, 0, 1, 0, ILLEGAL_SASL_STATE, 0, 0, 0, 0], "the code, and no mechanism");
    // SaslAuthenticate v0, on the same connection: it stays open.
    stream.write_all(&framed(&[0, 36, 0, 0, 0, 0, 0, 2, 0, 1, b'c', 0, 0, 0, 1, 0])).unwrap();
    let mut answer = [0; 10];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(answer[4..10], [0, 0, 0, 2, 0, ILLEGAL_SASL_STATE]);
}
