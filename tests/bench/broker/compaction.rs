//! What a small producer feels while a log of the same broker is compacted: the same load goes to a topic that is and
//! to one that is not.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rdkafka::producer::{BaseProducer, BaseRecord, DefaultProducerContext, Producer};
use suites::kafka::java;
use suites::wire::create_topic;

use super::super::clusters::one;
use super::super::hostile::probe;
use super::super::load::config;
use super::super::{ROUNDS, median};

const KEYS: u64 = 100_000;
const PER_SECOND: u32 = 10_000;
const VALUE_BYTES: usize = 1024;
/// Load before the probe, so that there is something to compact.
const BEFORE: Duration = Duration::from_secs(5);

pub fn measure() {
    println!(
        "a produce of 100 B, acks=1, every 4 ms, beside {PER_SECOND} records/s of {VALUE_BYTES} B with {KEYS} keys \
         (p99 at most twice that without compaction; medians of {ROUNDS})"
    );
    for (name, start) in &one() {
        for (topic, what, settings) in [
            ("plain", "without compaction", "segment.bytes=8388608"),
            (
                "compacted",
                "with compaction",
                "segment.bytes=8388608,cleanup.policy=compact,min.cleanable.dirty.ratio=0.01",
            ),
        ] {
            let (mut p50, mut p99) = (Vec::new(), Vec::new());
            for _ in 0..ROUNDS {
                let cluster = start();
                let mut stream =
                    std::net::TcpStream::connect(&cluster.bootstrap).expect("the broker listens");
                create_topic(&mut stream, "probe");
                configured(&cluster.bootstrap, topic, settings);
                let over = AtomicBool::new(false);
                let times = std::thread::scope(|scope| {
                    scope.spawn(|| load(&cluster.bootstrap, topic, &over));
                    std::thread::sleep(BEFORE);
                    let times = probe(&cluster.bootstrap);
                    over.store(true, Ordering::Relaxed);
                    times
                });
                p50.extend(times.get(times.len() / 2));
                p99.extend(times.get(times.len() * 99 / 100));
            }
            println!("  {name:13} {what:20} p50 {:.2} ms, p99 {:.2} ms", median(p50), median(p99));
        }
    }
}

fn configured(bootstrap: &str, topic: &str, settings: &str) {
    let mut args = vec!["--bootstrap-server", bootstrap, "--create", "--topic", topic, "--partitions", "1"];
    for setting in settings.split(',') {
        args.extend(["--config", setting]);
    }
    java("org.apache.kafka.tools.TopicCommand", &args, "").ok();
}

/// Records of many keys at a fixed rate.
fn load(bootstrap: &str, topic: &str, over: &AtomicBool) {
    let producer: BaseProducer<DefaultProducerContext> = config(bootstrap).create().expect("a producer");
    let value = vec![b'v'; VALUE_BYTES];
    let begun = Instant::now();
    for number in 0_u64.. {
        if over.load(Ordering::Relaxed) {
            break;
        }
        let due = begun + Duration::from_secs(number) / PER_SECOND;
        if let Some(early) = due.checked_duration_since(Instant::now()) {
            producer.poll(Duration::ZERO);
            std::thread::sleep(early);
        }
        // Multiplied by a number without a common divisor, every key has its turn.
        let key = (number * 7_919 % KEYS).to_string();
        while producer.send(BaseRecord::to(topic).key(&key).payload(&value)).is_err() {
            producer.poll(Duration::from_millis(1));
        }
    }
    producer.flush(Duration::from_secs(30)).expect("everything is acknowledged");
}
