//! Consumers that name their rack read from a replica there (KIP-392).
#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fall where it stands")]

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use broker_core::protocol::messages::fetch::{
    FetchPartition, FetchRequest, FetchResponse, FetchTopic, PartitionData,
};
use broker_core::protocol::{ApiKey, Writer};
use suites::wire::{answer, frame};
use suites::{Launcher, kafka, wait_for};

const RACK_AWARE: &str = "replica.selector.class=org.apache.kafka.common.replica.RackAwareReplicaSelector";
const SOON: Duration = Duration::from_secs(10);

/// A partition's answer to a consumer in `rack`; version 10 knows of no racks.
fn fetch(address: &str, version: i16, rack: &str, offset: i64) -> PartitionData {
    let partition =
        FetchPartition { fetch_offset: offset, partition_max_bytes: 1 << 20, ..Default::default() };
    let topic = FetchTopic { topic: "orders".into(), partitions: vec![partition], ..Default::default() };
    let mut request = FetchRequest {
        max_wait_ms: 200,
        min_bytes: 1,
        topics: vec![topic],
        rack_id: rack.to_owned(),
        ..Default::default()
    };
    let body = Writer::write(&mut request, version, false).unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(&frame(ApiKey::Fetch.code(), version, &body)).unwrap();
    let mut response: FetchResponse = answer(&mut stream, version);
    response.responses.remove(0).partitions.remove(0)
}

fn leader(cluster: &Launcher) -> usize {
    let listed = kafka::kcat(&cluster.bootstrap(), &["-L", "-t", "orders"], "").ok().stdout;
    let line = listed.lines().find(|line| line.contains("partition 0")).unwrap();
    line.split("leader ").nth(1).unwrap().split(',').next().unwrap().parse().unwrap()
}

#[test]
fn a_consumer_is_sent_to_the_replica_in_its_rack_and_served_there() {
    if !kafka::has_kcat() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let cluster = Launcher::start(dir.path(), &["--rack", "a,b,c", "--override", RACK_AWARE]);
    let bootstrap = cluster.bootstrap();
    let addresses: Vec<&str> = bootstrap.split(',').collect();
    kafka::kcat(&bootstrap, &["-P", "-t", "orders", "-X", "acks=all"], "one\ntwo\n").ok();
    let leads = leader(&cluster);
    let other = 1 + leads % 3;
    let rack = |broker: usize| ["a", "b", "c"][broker - 1];
    let at = |broker: usize| addresses[broker - 1];
    let sent_away = wait_for("a preferred replica", SOON, || {
        let answer = fetch(at(leads), 11, rack(other), 0);
        (answer.preferred_read_replica == other as i32).then_some(answer)
    });
    assert_eq!((sent_away.error_code, sent_away.records.len()), (0, 0), "and nothing else");
    for near in [rack(leads), "elsewhere", ""] {
        let answer = fetch(at(leads), 11, near, 0);
        assert_eq!((answer.error_code, answer.preferred_read_replica), (0, -1), "rack {near:?}");
        assert!(!answer.records.is_empty(), "rack {near:?} reads from the leader");
    }
    // A follower hears of the high watermark with its next pull.
    let there = wait_for("the follower's high watermark", SOON, || {
        let answer = fetch(at(other), 11, rack(other), 0);
        (answer.high_watermark > 0).then_some(answer)
    });
    assert_eq!((there.error_code, there.high_watermark), (0, 2));
    assert!(!there.records.is_empty(), "the follower serves it");
    assert_eq!(
        fetch(at(other), 10, "", 0).error_code,
        6,
        "a consumer that knows no followers is sent to the leader"
    );
    assert_eq!(fetch(at(other), 11, rack(other), 9).error_code, 1, "OFFSET_OUT_OF_RANGE");
}

#[test]
fn librdkafka_and_java_read_through_their_rack() {
    if !kafka::has_kcat() || !kafka::has_java() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let cluster = Launcher::start(dir.path(), &["--rack", "a,b,c", "--override", RACK_AWARE]);
    let bootstrap = cluster.bootstrap();
    let lines: Vec<String> = (0..500).map(|n| n.to_string()).collect();
    kafka::kcat(&bootstrap, &["-P", "-t", "orders", "-X", "acks=all"], &lines.join("\n")).ok();
    for rack in ["a", "b", "c"] {
        let args = ["-C", "-t", "orders", "-e", "-q", "-X", &format!("client.rack={rack}")];
        let read = kafka::kcat(&bootstrap, &args, "").ok();
        assert_eq!(read.lines(), lines, "kcat in rack {rack}");
    }
    let read = kafka::java(
        "org.apache.kafka.tools.consumer.ConsoleConsumer",
        &[
            &["--bootstrap-server", &bootstrap, "--topic", "orders", "--from-beginning"][..],
            &["--max-messages", "500", "--command-property", "client.rack=b"][..],
        ]
        .concat(),
        "",
    )
    .ok();
    assert_eq!(read.lines(), lines);
    assert_eq!(cluster.shutdown(), Vec::<String>::new(), "an undeclared warning");
}
