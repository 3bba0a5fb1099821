//! What a topic config does, as a client of librdkafka sees it, and as the files of Kafka's format show it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use broker_core::protocol::messages::describe_log_dirs::DescribeLogDirsRequest;
use rdkafka::client::ClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::RDKafkaErrorCode;
use rdkafka::message::{DeliveryResult, Message};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer, ProducerContext};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use suites::peer::Peer;
use suites::wait_for;
use suites::wire::ask;

/// Java with three brokers on two cores may take its time.
pub const SOON: Duration = Duration::from_secs(60);
/// Long enough for several rounds of what `SETTINGS` makes frequent.
pub const A_WHILE: Duration = Duration::from_secs(3);

/// A record to be sent: key, value, timestamp.
pub type Sent<'a> = (&'a str, Option<&'a str>, i64);

/// A record as it is read.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    pub offset: i64,
    pub key: String,
    pub value: Option<String>,
    pub timestamp: i64,
}

/// The refusals of a producer's records.
#[derive(Clone, Default)]
struct Refused(Arc<Mutex<Vec<RDKafkaErrorCode>>>);

impl ClientContext for Refused {}

impl ProducerContext for Refused {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        if let Err((error, _)) = result {
            self.0.lock().unwrap().extend(error.rdkafka_error_code());
        }
    }
}

fn config(peer: &Peer) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", peer.address(1)).set("log_level", "0");
    config
}

/// Sends each record in a batch of its own to `partition`; returns why records were refused.
pub fn try_send_to(peer: &Peer, topic: &str, partition: i32, records: &[Sent<'_>]) -> Vec<RDKafkaErrorCode> {
    send_as(&config(peer), topic, partition, records)
}

/// The same to partition 0, by a producer that does not try again.
pub fn try_send_once(peer: &Peer, topic: &str, records: &[Sent<'_>]) -> Vec<RDKafkaErrorCode> {
    send_as(config(peer).set("retries", "0"), topic, 0, records)
}

fn send_as(
    config: &ClientConfig,
    topic: &str,
    partition: i32,
    records: &[Sent<'_>],
) -> Vec<RDKafkaErrorCode> {
    let refused = Refused::default();
    let producer: BaseProducer<Refused> =
        config.clone().set("linger.ms", "0").create_with_context(refused.clone()).unwrap();
    for (key, value, timestamp) in records {
        let mut record = BaseRecord::to(topic).key(*key).timestamp(*timestamp).partition(partition);
        if let Some(value) = value {
            record = record.payload(*value);
        }
        producer.send(record).map_err(|(error, _)| error).unwrap();
        producer.flush(SOON).unwrap();
    }
    drop(producer);
    std::mem::take(&mut *refused.0.lock().unwrap())
}

/// Sends each record in a batch of its own to partition 0, and all are taken.
pub fn send(peer: &Peer, topic: &str, records: &[Sent<'_>]) {
    assert_eq!(try_send_to(peer, topic, 0, records), []);
}

/// Sends many records in one batch, compressed as `codec` says.
pub fn send_together(peer: &Peer, topic: &str, codec: &str, values: &[String]) {
    let mut config = config(peer);
    config.set("linger.ms", "1000").set("compression.type", codec);
    let producer: BaseProducer = config.create().unwrap();
    for value in values {
        let record = BaseRecord::<(), _>::to(topic).payload(value);
        producer.send(record).map_err(|(error, _)| error).unwrap();
    }
    producer.flush(SOON).unwrap();
}

/// Everything in partition 0.
pub fn read(peer: &Peer, topic: &str) -> Vec<Read> {
    let consumer: BaseConsumer = config(peer)
        .set("group.id", "readers")
        .set("enable.auto.commit", "false")
        .set("auto.offset.reset", "earliest")
        .set("enable.partition.eof", "true")
        .create()
        .unwrap();
    let mut from = TopicPartitionList::new();
    from.add_partition_offset(topic, 0, Offset::Beginning).unwrap();
    consumer.assign(&from).unwrap();
    let mut found = Vec::new();
    loop {
        match consumer.poll(SOON).expect("something comes, or the end") {
            Ok(message) => found.push(Read {
                offset: message.offset(),
                key: String::from_utf8(message.key().unwrap_or_default().to_vec()).unwrap(),
                value: message.payload().map(|bytes| String::from_utf8(bytes.to_vec()).unwrap()),
                timestamp: message.timestamp().to_millis().unwrap(),
            }),
            Err(rdkafka::error::KafkaError::PartitionEOF(_)) => return found,
            Err(error) => panic!("{topic}: {error}"),
        }
    }
}

/// The offsets in partition 0.
pub fn offsets(peer: &Peer, topic: &str) -> Vec<i64> {
    read(peer, topic).iter().map(|record| record.offset).collect()
}

/// The first offset of partition 0 and the one after the last.
pub fn range(peer: &Peer, topic: &str) -> (i64, i64) {
    let consumer: BaseConsumer = config(peer).create().unwrap();
    consumer.fetch_watermarks(topic, 0, SOON).unwrap()
}

/// Waits until partition 0 has just these offsets.
pub fn comes_to(peer: &Peer, topic: &str, wanted: &[i64]) {
    wait_for(&format!("{topic} to have {wanted:?}"), SOON, || (offsets(peer, topic) == wanted).then_some(()));
}

/// Names and sizes of the files of a partition whose names end so, by name.
pub fn files(peer: &Peer, topic: &str, partition: i32, end: &str) -> Vec<(String, u64)> {
    let request = DescribeLogDirsRequest { topics: None };
    let dirs = ask(&mut peer.leader(), 4, request).results;
    let of = |dir: &str| PathBuf::from(dir).join(format!("{topic}-{partition}"));
    let dir = dirs.iter().map(|row| of(&row.log_dir)).find(|dir| dir.exists());
    let entries = std::fs::read_dir(dir.expect("the partition's directory")).unwrap();
    let mut found: Vec<(String, u64)> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok()?;
            // It may have been removed in between.
            name.ends_with(end).then_some((name, entry.metadata().ok()?.len()))
        })
        .collect();
    found.sort();
    found
}

/// The base offsets of a partition's segments.
pub fn segments(peer: &Peer, topic: &str, partition: i32) -> Vec<i64> {
    let logs = files(peer, topic, partition, ".log");
    logs.iter().map(|(name, _)| name.trim_end_matches(".log").parse().unwrap()).collect()
}
