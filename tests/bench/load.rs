//! One librdkafka client produces and then consumes; the brokers' CPU is read beside it.

use std::time::{Duration, Instant};

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::producer::{BaseProducer, BaseRecord, DefaultProducerContext, Producer};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::process;

const TOPIC: &str = "load";
const PARTITIONS: i32 = 6;
/// Load before the measurement, so that a JVM has compiled what matters.
const WARM_UP: u64 = 300_000_000;

/// Different records before they repeat.
const PAYLOADS: usize = 20_000;

/// What one run gave.
pub struct Figures {
    title: String,
    produce_mb_s: f64,
    produce_cpu_s_gb: f64,
    consume_mb_s: f64,
    consume_cpu_s_gb: f64,
    peak_mb: f64,
}

impl std::fmt::Display for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}: produce {:.0} MB/s, {:.2} CPU s/GB; consume {:.0} MB/s, {:.2} CPU s/GB; peak {:.0} MB",
            self.title,
            self.produce_mb_s,
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
            title: runs.first().map(|run| run.title.clone()).unwrap_or_default(),
            produce_mb_s: of(|run| run.produce_mb_s),
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

pub fn run(bootstrap: &str, pids: &[u32], replicas: i32, codec: &str, bytes: u64, record: usize) -> Figures {
    create_topic(bootstrap, replicas);
    produce(bootstrap, codec, WARM_UP, record);
    let cpu = || pids.iter().map(|pid| process::cpu_seconds(*pid)).sum::<f64>();
    let before = cpu();
    let seconds = produce(bootstrap, codec, bytes, record);
    let produce_cpu = cpu() - before;
    let before = cpu();
    let (consumed, consume_seconds) = consume(bootstrap, bytes, record);
    let consume_cpu = cpu() - before;
    let gb = bytes as f64 / 1e9;
    Figures {
        title: format!("{record} B, {replicas} replicas, {codec}, acks=all"),
        produce_mb_s: bytes as f64 / 1e6 / seconds,
        produce_cpu_s_gb: produce_cpu / gb,
        consume_mb_s: consumed as f64 / 1e6 / consume_seconds,
        consume_cpu_s_gb: consume_cpu / (consumed as f64 / 1e9),
        peak_mb: pids.iter().map(|pid| process::peak_mb(*pid)).sum(),
    }
}

fn config(bootstrap: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", bootstrap).set("log_level", "3");
    config
}

fn create_topic(bootstrap: &str, replicas: i32) {
    let admin: AdminClient<DefaultClientContext> = config(bootstrap).create().expect("an admin client");
    let topic = NewTopic::new(TOPIC, PARTITIONS, TopicReplication::Fixed(replicas));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let created = runtime.block_on(admin.create_topics([&topic], &AdminOptions::new()));
    created.expect("the cluster answers").into_iter().for_each(|topic| {
        topic.expect("the topic is created");
    });
}

/// Seconds until everything is acknowledged.
fn produce(bootstrap: &str, codec: &str, bytes: u64, record: usize) -> f64 {
    let producer: BaseProducer<DefaultProducerContext> = config(bootstrap)
        .set("acks", "all")
        .set("linger.ms", "5")
        .set("batch.num.messages", "10000")
        .set("batch.size", "1000000")
        .set("queue.buffering.max.messages", "500000")
        .set("compression.type", codec)
        .create()
        .expect("a producer");
    let payload = payload(record);
    let begun = Instant::now();
    for n in 0..bytes / record as u64 {
        let at = (n as usize * 131) % (payload.len() - record);
        let value = payload.get(at..at + record).expect("the offset leaves room for a record");
        loop {
            let message = BaseRecord::<(), [u8]>::to(TOPIC).payload(value).partition((n / 500 % 6) as i32);
            if producer.send(message).is_ok() {
                break;
            }
            producer.poll(Duration::from_millis(1));
        }
        if n % 1000 == 0 {
            producer.poll(Duration::ZERO);
        }
    }
    producer.flush(Duration::from_secs(120)).expect("everything is acknowledged");
    begun.elapsed().as_secs_f64()
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

/// Bytes read and the seconds it took after the first record.
fn consume(bootstrap: &str, bytes: u64, record: usize) -> (u64, f64) {
    let consumer: BaseConsumer = config(bootstrap)
        .set("group.id", "bench")
        .set("fetch.message.max.bytes", "4000000")
        .set("fetch.max.bytes", "50000000")
        .set("queued.min.messages", "200000")
        .set("queued.max.messages.kbytes", "1000000")
        .set("fetch.queue.backoff.ms", "1")
        .create()
        .expect("a consumer");
    let mut all = TopicPartitionList::new();
    for partition in 0..PARTITIONS {
        all.add_partition_offset(TOPIC, partition, Offset::Beginning).expect("a valid offset");
    }
    consumer.assign(&all).expect("an assignment");
    let (mut read, mut begun) = (0_u64, None);
    while read < bytes - record as u64 * 6000 {
        if let Some(Ok(message)) = consumer.poll(Duration::from_secs(5)) {
            begun.get_or_insert_with(Instant::now);
            read += message.payload_len() as u64;
        }
    }
    (read, begun.map_or(1.0, |begun: Instant| begun.elapsed().as_secs_f64()))
}
