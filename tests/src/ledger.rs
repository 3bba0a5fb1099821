//! A ledger of numbers: produced under idempotent acks=all, read and committed by a group, and checked in the end.
//! Nothing acknowledged may be lost, nothing may be there twice, order is kept, committed offsets never go back.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fall where it stands")]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rdkafka::client::ClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use rdkafka::message::{DeliveryResult, Message};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer, ProducerContext};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::wait_for;

const TOPIC: &str = "ledger";
/// Partitions the topic must have: start the cluster with `num.partitions` of this.
pub const PARTITIONS: i32 = 3;
const GROUP: &str = "auditors";

/// A place in the topic: partition and offset.
type Place = (i32, i64);
/// Numbers by where they were acknowledged.
pub type Entries = BTreeMap<u64, Place>;

/// What the cluster has acknowledged: number → (partition, offset).
#[derive(Clone, Default)]
pub struct Acknowledged(Arc<Mutex<BTreeMap<u64, Place>>>);

impl ClientContext for Acknowledged {}

impl ProducerContext for Acknowledged {
    type DeliveryOpaque = Box<u64>;

    fn delivery(&self, result: &DeliveryResult<'_>, number: Box<u64>) {
        if let Ok(message) = result {
            self.0.lock().unwrap().insert(*number, (message.partition(), message.offset()));
        }
    }
}

fn config(bootstrap: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", bootstrap).set("reconnect.backoff.max.ms", "200").set("log_level", "0");
    // A broker that stands still keeps its sockets open: by default the client waits a minute before it doubts them.
    config.set("socket.timeout.ms", "6000");
    config
}

/// Produces numbers until told to stop; returns how many were handed to the client.
fn produce(bootstrap: &str, stop: &AtomicBool, acknowledged: Acknowledged, sent: &AtomicU64) {
    let producer: BaseProducer<Acknowledged> = config(bootstrap)
        .set("request.timeout.ms", "5000")
        .set("enable.idempotence", "true")
        .set("acks", "all")
        .set("linger.ms", "2")
        .set("message.timeout.ms", "60000")
        .set("compression.type", "lz4")
        .create_with_context(acknowledged)
        .unwrap();
    while !stop.load(Ordering::SeqCst) {
        let number = sent.load(Ordering::SeqCst);
        let payload = number.to_string();
        let partition = (number % PARTITIONS as u64) as i32;
        let record = BaseRecord::<(), _, _>::with_opaque_to(TOPIC, Box::new(number)).payload(&payload);
        match producer.send(record.partition(partition)) {
            Ok(()) => {
                sent.store(number + 1, Ordering::SeqCst);
            }
            Err(_) => {
                producer.poll(Duration::from_millis(5));
            }
        }
        producer.poll(Duration::ZERO);
        if number.is_multiple_of(20) {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
    producer.flush(Duration::from_secs(60)).expect("the rest is delivered once the cluster is back");
}

/// Reads and commits until told to stop; panics if a committed offset goes back.
fn consume(bootstrap: &str, stop: &AtomicBool) {
    let consumer: BaseConsumer = config(bootstrap)
        .set("group.id", GROUP)
        .set("enable.auto.commit", "false")
        .set("auto.offset.reset", "earliest")
        .set("session.timeout.ms", "10000")
        .create()
        .unwrap();
    consumer.subscribe(&[TOPIC]).unwrap();
    let mut committed: BTreeMap<i32, i64> = BTreeMap::new();
    while !stop.load(Ordering::SeqCst) {
        let Some(Ok(message)) = consumer.poll(Duration::from_millis(50)) else { continue };
        if message.offset() % 50 == 0 && consumer.commit_message(&message, CommitMode::Sync).is_ok() {
            let known = committed.entry(message.partition()).or_insert(0);
            *known = (*known).max(message.offset() + 1);
            check_committed(&consumer, &committed);
        }
    }
    check_committed(&consumer, &committed);
}

fn check_committed(consumer: &BaseConsumer, committed: &BTreeMap<i32, i64>) {
    let mut wanted = TopicPartitionList::new();
    for partition in committed.keys() {
        wanted.add_partition(TOPIC, *partition);
    }
    let Ok(found) = consumer.committed_offsets(wanted, Duration::from_secs(10)) else { return };
    for element in found.elements() {
        let known = committed[&element.partition()];
        let Offset::Offset(offset) = element.offset() else {
            panic!("committed {known}, now {:?}", element.offset());
        };
        assert!(offset >= known, "committed {known}, now {offset}");
    }
}

/// Everything in the topic: per partition the numbers in offset order.
fn read_all(bootstrap: &str) -> BTreeMap<i32, Vec<(i64, u64)>> {
    let consumer: BaseConsumer = config(bootstrap).set("group.id", "reader").create().unwrap();
    let mut assignment = TopicPartitionList::new();
    let mut ends = BTreeMap::new();
    for partition in 0..PARTITIONS {
        assignment.add_partition_offset(TOPIC, partition, Offset::Beginning).unwrap();
        let end = wait_for("the end of a partition", Duration::from_secs(20), || {
            consumer.fetch_watermarks(TOPIC, partition, Duration::from_secs(5)).ok()
        });
        ends.insert(partition, end.1);
    }
    consumer.assign(&assignment).unwrap();
    let mut found: BTreeMap<i32, Vec<(i64, u64)>> = BTreeMap::new();
    let begun = Instant::now();
    let done = |found: &BTreeMap<i32, Vec<(i64, u64)>>| {
        ends.iter()
            .all(|(p, end)| *end == 0 || found.get(p).and_then(|l| l.last()).is_some_and(|l| l.0 + 1 >= *end))
    };
    while !done(&found) {
        assert!(begun.elapsed() < Duration::from_secs(60), "reading everything back takes too long");
        let Some(Ok(message)) = consumer.poll(Duration::from_millis(100)) else { continue };
        let text = std::str::from_utf8(message.payload().unwrap()).unwrap();
        found.entry(message.partition()).or_default().push((message.offset(), text.parse().unwrap()));
    }
    found
}

fn check(acknowledged: &BTreeMap<u64, (i32, i64)>, found: &BTreeMap<i32, Vec<(i64, u64)>>) {
    let mut places: BTreeMap<u64, (i32, i64)> = BTreeMap::new();
    for (partition, records) in found {
        for pair in records.windows(2) {
            assert!(pair[0].1 < pair[1].1, "order: {pair:?} in partition {partition}");
        }
        for (offset, number) in records {
            let twice = places.insert(*number, (*partition, *offset));
            assert_eq!(twice, None, "{number} is there twice");
        }
    }
    // A batch whose own answer was lost is acknowledged by that of a later one: then librdkafka knows no offset.
    let is_there = |number: &u64, place: &Place| {
        places.get(number).is_some_and(|found| found == place || (found.0 == place.0 && place.1 < 0))
    };
    let lost: Vec<_> = acknowledged.iter().filter(|(number, place)| !is_there(number, place)).collect();
    assert!(
        lost.is_empty(),
        "{} of {} acknowledged are lost or moved: {:?}",
        lost.len(),
        acknowledged.len(),
        &lost[..lost.len().min(5)]
    );
}

impl Acknowledged {
    /// How many numbers are acknowledged.
    pub fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// What is acknowledged by now.
    pub fn entries(&self) -> Entries {
        self.0.lock().unwrap().clone()
    }

    /// Waits until `more` further numbers are acknowledged.
    pub fn progress(&self, more: usize) {
        let before = self.count();
        wait_for("progress", Duration::from_secs(40), || (self.count() > before + more).then_some(()));
    }
}

/// Checks that a cluster holds all of `entries`, nothing twice, in order, and without a hole in a partition.
/// Returns how many numbers it holds.
pub fn holds(bootstrap: &str, entries: &Entries) -> usize {
    let found = read_all(bootstrap);
    check(entries, &found);
    for (partition, records) in &found {
        let numbers = records.iter().map(|(_, number)| *number);
        let whole = (0..).map(|n| n * PARTITIONS as u64 + *partition as u64).take(records.len());
        assert!(numbers.eq(whole), "a hole in partition {partition}");
    }
    found.values().map(Vec::len).sum()
}

/// Runs `disturb` while numbers are produced and read, then checks the whole ledger.
pub fn audit(bootstrap: &str, disturb: impl FnOnce(&Acknowledged)) {
    let stop = AtomicBool::new(false);
    let sent = AtomicU64::new(0);
    let acknowledged = Acknowledged::default();
    std::thread::scope(|scope| {
        let producing = scope.spawn(|| produce(bootstrap, &stop, acknowledged.clone(), &sent));
        let consuming = scope.spawn(|| consume(bootstrap, &stop));
        let disturbed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| disturb(&acknowledged)));
        stop.store(true, Ordering::SeqCst);
        producing.join().expect("producing does not panic");
        consuming.join().expect("consuming does not panic");
        if let Err(panic) = disturbed {
            std::panic::resume_unwind(panic);
        }
    });
    let (sent, count) = (sent.load(Ordering::SeqCst), acknowledged.count());
    println!("{sent} sent, {count} acknowledged");
    assert_eq!(count as u64, sent, "everything is delivered in the end");
    check(&acknowledged.entries(), &read_all(bootstrap));
}
