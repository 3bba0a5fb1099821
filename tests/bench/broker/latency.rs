//! From the moment a record is due to be sent until a consumer has it, at a fixed rate: an open loop, so that a
//! stall counts for every record that was due meanwhile.

use std::time::{Duration, Instant};

use rdkafka::consumer::BaseConsumer;
use rdkafka::message::Message;
use rdkafka::producer::{BaseProducer, BaseRecord, DefaultProducerContext, Producer};
use rdkafka::topic_partition_list::Offset;

use super::super::clusters::{Measured, one, three};
use super::super::load::{TOPIC, assign, config, create_topic};
use super::super::percentile;

const PARTITIONS: i32 = 6;
const RECORD_BYTES: usize = 1024;
/// Before what counts.
const WARM_UP: Duration = Duration::from_secs(20);
const MEASURED: Duration = Duration::from_secs(20);
/// How long a consumer waits for what it should have.
const PATIENCE: Duration = Duration::from_secs(60);

pub fn measure() {
    println!("end to end, {RECORD_BYTES} B, acks=all, open loop, {MEASURED:?} after {WARM_UP:?}");
    for (replicas, clusters) in [(1, one()), (3, three())] {
        for per_second in [1_000, 10_000] {
            for (name, start) in &clusters {
                let cluster = start();
                create_topic(&cluster.bootstrap, PARTITIONS, replicas);
                let cpu = cluster.cpu_seconds();
                let mut times = run(&cluster, per_second);
                let cpu = (cluster.cpu_seconds() - cpu) / (WARM_UP + MEASURED).as_secs_f64();
                let [p50, p99, p999] = [0.5, 0.99, 0.999].map(|share| percentile(&mut times, share));
                println!(
                    "  {replicas} replicas, {per_second}/s, {name:13} p50 {p50:.2} ms, p99 {p99:.2} ms, p99.9 {p999:.2} ms; \
                     {:.0} % of a core",
                    cpu * 100.0
                );
            }
        }
    }
}

/// The time of each record after the warm-up, in milliseconds.
fn run(cluster: &Measured, per_second: u32) -> Vec<f64> {
    let consumer = consumer(&cluster.bootstrap);
    let interval = Duration::from_secs(1) / per_second;
    let records = (WARM_UP + MEASURED).as_secs() * u64::from(per_second);
    let first = WARM_UP.as_secs() * u64::from(per_second);
    // The consumer asks from the end: it must be there before the first record.
    std::thread::sleep(Duration::from_secs(1));
    let begun = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(|| produce(&cluster.bootstrap, begun, interval, records));
        let mut times = Vec::with_capacity(records as usize);
        let (mut seen, mut newest) = (0, Instant::now());
        while seen < records {
            let Some(Ok(message)) = consumer.poll(Duration::from_secs(1)) else {
                assert!(newest.elapsed() < PATIENCE, "{seen} of {records} records came");
                continue;
            };
            newest = Instant::now();
            seen += 1;
            let number = message
                .payload()
                .and_then(|value| value.first_chunk())
                .map_or(0, |raw| u64::from_be_bytes(*raw));
            if number >= first {
                let due = begun + interval * number as u32;
                times.push(newest.saturating_duration_since(due).as_secs_f64() * 1000.0);
            }
        }
        times
    })
}

fn produce(bootstrap: &str, begun: Instant, interval: Duration, records: u64) {
    let producer: BaseProducer<DefaultProducerContext> =
        config(bootstrap).set("acks", "all").set("linger.ms", "0").create().expect("a producer");
    let mut value = vec![b'x'; RECORD_BYTES];
    for number in 0..records {
        let due = begun + interval * number as u32;
        if let Some(early) = due.checked_duration_since(Instant::now()) {
            producer.poll(Duration::ZERO);
            std::thread::sleep(early);
        }
        value[..8].copy_from_slice(&number.to_be_bytes());
        loop {
            let record = BaseRecord::<(), [u8]>::to(TOPIC);
            let partition = (number % PARTITIONS as u64) as i32;
            if producer.send(record.payload(&value).partition(partition)).is_ok() {
                break;
            }
            producer.poll(Duration::from_millis(1));
        }
    }
    producer.flush(PATIENCE).expect("everything is acknowledged");
}

fn consumer(bootstrap: &str) -> BaseConsumer {
    let consumer: BaseConsumer = config(bootstrap)
        .set("group.id", "latency")
        .set("fetch.min.bytes", "1")
        .create()
        .expect("a consumer");
    assign(&consumer, PARTITIONS, Offset::End);
    consumer
}
