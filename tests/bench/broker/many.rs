//! Many topics and partitions: made, listed, held, opened again.

use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use broker_core::protocol::batch::Codec;
use broker_core::protocol::messages::create_topics::{CreatableTopic, CreateTopicsRequest};
use broker_core::protocol::messages::metadata::{MetadataRequest, MetadataResponse};
use suites::Launcher;
use suites::wire::{ask, next_frame, produce, produced, send, zeros};

use super::super::clusters::one;
use super::super::{median, percentile, process};

/// Topics asked for at once.
const AT_ONCE: usize = 500;
const PARTITIONS: i32 = 10;
/// The newest version of Metadata and of CreateTopics.
const METADATA: i16 = 13;
const CREATE: i16 = 7;
const ASKS: usize = 200;
const IDLE: Duration = Duration::from_secs(20);

pub fn measure() {
    println!("one broker, one replica; topics of 1 and of {PARTITIONS} partitions");
    for (name, start) in &one() {
        let cluster = start();
        let mut stream = connect(&cluster.bootstrap);
        let begun = Instant::now();
        create(&mut stream, "single", 1_000, 1);
        let created = begun.elapsed().as_secs_f64();
        let [listed, _] = metadata_ms(&mut stream);
        println!(
            "  {name:13} 1,000 topics created, all led: {created:.3} s; Metadata of them {listed:.2} ms"
        );
        drop(cluster);
        let cluster = start();
        let mut stream = connect(&cluster.bootstrap);
        let begun = Instant::now();
        create(&mut stream, "many", 1_000, PARTITIONS);
        let created = begun.elapsed().as_secs_f64();
        std::thread::sleep(Duration::from_secs(3));
        let cpu = cluster.cpu_seconds();
        std::thread::sleep(IDLE);
        let idle = (cluster.cpu_seconds() - cpu) / IDLE.as_secs_f64() * 100.0;
        println!(
            "  {name:13} 10,000 partitions created, all led: {created:.3} s; {:.0} MB, peak {:.0} MB; idle {idle:.2} % of a core",
            cluster.resident_mb(),
            cluster.peak_mb()
        );
    }
    println!(
        "ours alone: partitions without and with a record (at most 1 and 6 KiB each), started again (at most 3 s)"
    );
    for topics in [5_000, 10_000] {
        grow(topics);
    }
}

/// Topics of ten partitions, the first of which gets a record.
fn grow(topics: usize) {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let cluster = Launcher::start(dir.path(), &["--brokers", "1"]);
    let resident = || process::resident_mb(cluster.pid()) * 1024.0;
    let mut stream = connect(&cluster.bootstrap());
    let (partitions, before) = (topics * PARTITIONS as usize, resident());
    create(&mut stream, "many", topics, PARTITIONS);
    let empty = resident();
    let mut appends = Vec::new();
    for topic in 0..topics {
        let begun = Instant::now();
        write(&mut stream, &format!("many-{topic}"));
        appends.push(begun.elapsed().as_secs_f64() * 1e6);
    }
    let used = resident();
    let mut again = Vec::new();
    for _ in 0..500 {
        let begun = Instant::now();
        write(&mut stream, "many-7");
        again.push(begun.elapsed().as_secs_f64() * 1e6);
    }
    let [p50, p99] = metadata_ms(&mut stream);
    cluster.shutdown();
    let (seconds, held) = reopened(dir.path());
    println!(
        "  {partitions} partitions: {:.2} KiB each, {:.2} KiB more for each of {topics} with a record; {:.0} MB; \
         append p50 {:.0} µs, the first to a partition {:.0} µs; Metadata v{METADATA} p50 {p50:.1}, p99 {p99:.1} ms (at most 50); \
         started again in {seconds:.2} s, {held:.0} MB",
        (empty - before) / partitions as f64,
        (used - empty) / topics as f64,
        used / 1024.0,
        median(again),
        median(appends),
    );
}

fn reopened(dir: &Path) -> (f64, f64) {
    let begun = Instant::now();
    let cluster = Launcher::start(dir, &["--brokers", "1"]);
    let seconds = begun.elapsed().as_secs_f64();
    (seconds, process::resident_mb(cluster.pid()))
}

fn write(stream: &mut TcpStream, topic: &str) {
    std::io::Write::write_all(stream, &produce(topic, zeros(Codec::None, 100))).expect("the broker listens");
    assert_eq!(produced(stream).error_code, 0, "a write to {topic}");
}

fn connect(address: &str) -> TcpStream {
    TcpStream::connect(address).expect("the broker listens")
}

/// Creates topics `name-0` and so on; returns once each partition has a leader.
fn create(stream: &mut TcpStream, name: &str, topics: usize, partitions: i32) {
    for first in (0..topics).step_by(AT_ONCE) {
        let topic = |number: usize| CreatableTopic {
            name: format!("{name}-{number}"),
            num_partitions: partitions,
            replication_factor: 1,
            ..Default::default()
        };
        let topics = (first..topics.min(first + AT_ONCE)).map(topic).collect();
        let request = CreateTopicsRequest { topics, timeout_ms: 120_000, ..Default::default() };
        let response = ask(stream, CREATE, request);
        let refused = response.topics.iter().find(|topic| topic.error_code != 0);
        assert!(refused.is_none(), "{refused:?}");
    }
    while !all_led(&ask(stream, METADATA, everything()), topics * partitions as usize) {
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn everything() -> MetadataRequest {
    MetadataRequest { topics: None, ..Default::default() }
}

fn all_led(metadata: &MetadataResponse, partitions: usize) -> bool {
    let led = metadata
        .topics
        .iter()
        .flat_map(|topic| &topic.partitions)
        .filter(|partition| partition.leader_id > 0);
    led.count() >= partitions
}

/// Median and 99th percentile of asking for the metadata of all topics.
fn metadata_ms(stream: &mut TcpStream) -> [f64; 2] {
    let mut times: Vec<f64> = (0..ASKS)
        .map(|_| {
            let begun = Instant::now();
            send(stream, METADATA, 7, everything());
            next_frame(stream);
            begun.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    [percentile(&mut times, 0.5), percentile(&mut times, 0.99)]
}
