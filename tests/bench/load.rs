//! librdkafka clients produce and then consume; the brokers' CPU is read beside them.

use std::time::{Duration, Instant};

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::producer::{BaseProducer, BaseRecord, DefaultProducerContext, Producer};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::clusters::Measured;

pub const TOPIC: &str = "load";
/// Load before the measurement, so that a JVM has compiled what matters.
const WARM_UP: u64 = 300_000_000;
/// Different records before they repeat.
const PAYLOADS: usize = 20_000;
/// At most so many records go to one partition before the next has its turn.
const RUN_OF_RECORDS: u64 = 500;
/// How long a consumer waits for the next record.
const PATIENCE: Duration = Duration::from_secs(30);

/// When the records are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    /// Once all are written.
    After,
    /// While they are written.
    Tail,
    /// Once all are written and the system has forgotten what it had of the files.
    Cold,
}

/// What is to be done.
#[derive(Debug, Clone, Copy)]
pub struct Work {
    pub record: usize,
    pub replicas: i32,
    pub acks: &'static str,
    pub codec: &'static str,
    pub partitions: i32,
    pub producers: usize,
    pub read: Read,
    /// Payload of a run.
    pub bytes: u64,
}

impl Work {
    /// What README's table tells of.
    pub const USUAL: Self = Self {
        record: 1024,
        replicas: 1,
        acks: "all",
        codec: "none",
        partitions: 6,
        producers: 1,
        read: Read::After,
        bytes: 600_000_000,
    };
}

impl std::fmt::Display for Work {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { record, replicas, acks, codec, partitions, producers, read, .. } = self;
        write!(f, "{record} B, {replicas} replicas, acks={acks}, {codec}, {partitions} partitions")?;
        write!(f, ", {producers} producers, read {}", format!("{read:?}").to_lowercase())
    }
}

/// What one run gave.
pub struct Figures {
    produce_mb_s: f64,
    produce_records_s: f64,
    produce_cpu_s_gb: f64,
    consume_mb_s: f64,
    consume_cpu_s_gb: f64,
    peak_mb: f64,
}

impl std::fmt::Display for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "produce {:.0} MB/s, {:.0} records/s, {:.2} CPU s/GB; consume {:.0} MB/s, {:.2} CPU s/GB; peak {:.0} MB",
            self.produce_mb_s,
            self.produce_records_s,
            self.produce_cpu_s_gb,
            self.consume_mb_s,
            self.consume_cpu_s_gb,
            self.peak_mb
        )
    }
}

impl Figures {
    /// The median of each figure over several runs of the same work: single ones scatter by a factor of two.
    pub fn median(runs: &[Self]) -> Self {
        let of = |figure: fn(&Self) -> f64| crate::median(runs.iter().map(figure).collect());
        Self {
            produce_mb_s: of(|run| run.produce_mb_s),
            produce_records_s: of(|run| run.produce_records_s),
            produce_cpu_s_gb: of(|run| run.produce_cpu_s_gb),
            consume_mb_s: of(|run| run.consume_mb_s),
            consume_cpu_s_gb: of(|run| run.consume_cpu_s_gb),
            peak_mb: of(|run| run.peak_mb),
        }
    }
}

/// Ours over theirs; above one is better for rates, below one for CPU and memory.
pub fn ratio(ours: &Figures, theirs: &Figures) -> String {
    format!(
        "produce {:.1}×, CPU {:.2}×; consume {:.1}×, CPU {:.2}×; memory {:.2}×",
        ours.produce_mb_s / theirs.produce_mb_s,
        ours.produce_cpu_s_gb / theirs.produce_cpu_s_gb,
        ours.consume_mb_s / theirs.consume_mb_s,
        ours.consume_cpu_s_gb / theirs.consume_cpu_s_gb,
        ours.peak_mb / theirs.peak_mb,
    )
}

/// Seconds and CPU seconds that something took.
struct Taken {
    seconds: f64,
    cpu: f64,
}

fn timed<T>(cluster: &Measured, work: impl FnOnce() -> T) -> Taken {
    let (begun, cpu) = (Instant::now(), cluster.cpu_seconds());
    let _what_came_of_it = work();
    Taken { seconds: begun.elapsed().as_secs_f64(), cpu: cluster.cpu_seconds() - cpu }
}

pub fn run(cluster: &Measured, work: &Work) -> Figures {
    let bootstrap = &cluster.bootstrap;
    create_topic(bootstrap, work.partitions, work.replicas);
    let producers: Vec<_> = (0..work.producers).map(|_| producer(bootstrap, work)).collect();
    let warm_up = WARM_UP.min(work.bytes);
    produce(&producers, work, warm_up);
    let mut produced = None;
    let consumed = if work.read == Read::Tail {
        let consumer = consumer(bootstrap, work.partitions, Offset::End);
        std::thread::scope(|scope| {
            // What it has not asked for when the first records come it would miss.
            std::thread::sleep(Duration::from_secs(1));
            let reading = scope.spawn(|| timed(cluster, || consume(&consumer, work.bytes)));
            produced = Some(timed(cluster, || produce(&producers, work, work.bytes)));
            reading.join().expect("the consumer reads to the end")
        })
    } else {
        produced = Some(timed(cluster, || produce(&producers, work, work.bytes)));
        if work.read == Read::Cold {
            forget_files();
        }
        let consumer = consumer(bootstrap, work.partitions, Offset::Beginning);
        // Finding the leaders is no part of it.
        let first = consume(&consumer, 1);
        timed(cluster, || consume(&consumer, work.bytes - first))
    };
    let produced = produced.expect("it was produced");
    let (mb, gb) = (work.bytes as f64 / 1e6, work.bytes as f64 / 1e9);
    Figures {
        produce_mb_s: mb / produced.seconds,
        produce_records_s: work.bytes as f64 / work.record as f64 / produced.seconds,
        produce_cpu_s_gb: produced.cpu / gb,
        consume_mb_s: mb / consumed.seconds,
        consume_cpu_s_gb: consumed.cpu / gb,
        peak_mb: cluster.peak_mb(),
    }
}

/// Lets the system forget what it has of files, as only root may.
fn forget_files() {
    let asked = std::process::Command::new("sync").status().is_ok_and(|status| status.success());
    if !asked || std::fs::write("/proc/sys/vm/drop_caches", "1").is_err() {
        println!("(not cold: only root may empty the page cache)");
    }
}

pub fn config(bootstrap: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", bootstrap).set("log_level", "3");
    config
}

pub fn create_topic(bootstrap: &str, partitions: i32, replicas: i32) {
    let admin: AdminClient<DefaultClientContext> = config(bootstrap).create().expect("an admin client");
    let topic = NewTopic::new(TOPIC, partitions, TopicReplication::Fixed(replicas));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let patient = AdminOptions::new().request_timeout(Some(Duration::from_secs(120)));
    let created = runtime.block_on(admin.create_topics([&topic], &patient));
    created.expect("the cluster answers").into_iter().for_each(|topic| {
        topic.expect("the topic is created");
    });
}

type Producing = BaseProducer<DefaultProducerContext>;

fn producer(bootstrap: &str, work: &Work) -> Producing {
    config(bootstrap)
        .set("acks", work.acks)
        .set("linger.ms", "5")
        .set("batch.num.messages", "10000")
        .set("batch.size", "1000000")
        .set("queue.buffering.max.messages", "500000")
        .set("compression.type", work.codec)
        .create()
        .expect("a producer")
}

/// Returns once everything is acknowledged.
fn produce(producers: &[Producing], work: &Work, bytes: u64) {
    let payload = payload(work.record);
    let records = bytes / work.record as u64;
    // Each partition has several turns however many there are.
    let run = (records / work.partitions as u64 / 4).clamp(1, RUN_OF_RECORDS);
    for n in 0..records {
        let at = (n as usize * 131) % (payload.len() - work.record);
        let value = payload.get(at..at + work.record).expect("the offset leaves room for a record");
        let turn = n / run;
        let partition = (turn % work.partitions as u64) as i32;
        let producer = &producers[turn as usize % producers.len()];
        loop {
            let message = BaseRecord::<(), [u8]>::to(TOPIC).payload(value).partition(partition);
            if producer.send(message).is_ok() {
                break;
            }
            producer.poll(Duration::from_millis(1));
        }
        if n % 1000 == 0 {
            producer.poll(Duration::ZERO);
        }
    }
    for producer in producers {
        producer.flush(Duration::from_secs(120)).expect("everything is acknowledged");
    }
}

/// JSON whose keys repeat and whose values do not, as payloads of real services are: lz4 halves it.
fn payload(record: usize) -> Vec<u8> {
    let mut state = 88_172_645_463_325_252_u64;
    let mut out = Vec::new();
    while out.len() < record * PAYLOADS {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        out.extend_from_slice(format!("{{\"id\":{state},\"status\":\"PAID\",\"total\":12.40}}").as_bytes());
    }
    out
}

fn consumer(bootstrap: &str, partitions: i32, from: Offset) -> BaseConsumer {
    let consumer: BaseConsumer = config(bootstrap)
        .set("group.id", "bench")
        .set("fetch.message.max.bytes", "4000000")
        .set("fetch.max.bytes", "50000000")
        .set("queued.min.messages", "200000")
        .set("queued.max.messages.kbytes", "1000000")
        .set("fetch.queue.backoff.ms", "1")
        .create()
        .expect("a consumer");
    assign(&consumer, partitions, from);
    consumer
}

/// Has the consumer read these partitions of the topic, with no group to join.
pub fn assign(consumer: &BaseConsumer, partitions: i32, from: Offset) {
    let mut all = TopicPartitionList::new();
    for partition in 0..partitions {
        all.add_partition_offset(TOPIC, partition, from).expect("a valid offset");
    }
    consumer.assign(&all).expect("an assignment");
}

/// Reads at least so many bytes; returns how many.
fn consume(consumer: &BaseConsumer, bytes: u64) -> u64 {
    let mut read = 0;
    let mut newest = Instant::now();
    // The last part of a record is not waited for.
    while read + 2048 < bytes.max(2049) {
        match consumer.poll(Duration::from_secs(1)) {
            Some(Ok(message)) => {
                read += message.payload_len() as u64;
                newest = Instant::now();
            }
            _ => assert!(newest.elapsed() < PATIENCE, "the consumer read {read} of {bytes} bytes"),
        }
    }
    read
}
