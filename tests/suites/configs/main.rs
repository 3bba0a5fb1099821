//! Every topic config acts: each story changes one and sees, through librdkafka or in the files, what is otherwise.
//! Apache Kafka 4.3.1 goes through the same stories. What needs a broker that falls is played on ours alone.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fall where it stands")]
#![expect(clippy::indexing_slicing, reason = "an answer without its row fails the test")]

mod cleaning;
mod client;
mod durable;
mod records;
mod retention;
mod rolling;

use suites::peer::Peer;
use suites::{Apache, Launcher, apache, kafka};

const HOUR_MS: i64 = 3_600_000;
/// In November 2023.
const LONG_AGO: i64 = 1_700_000_000_000;
/// For topics with records of long ago.
const FOREVER: (&str, &str) = ("retention.ms", "-1");

/// What comes by itself comes often.
const SETTINGS: [(&str, &str); 2] =
    [("log.retention.check.interval.ms", "300"), ("log.cleaner.backoff.ms", "300")];
/// Kafka waits before it begins with it; ours does not.
const AT_ONCE: [(&str, &str); 1] = [("log.initial.task.delay.ms", "100")];

/// More than half a MiB.
fn large() -> String {
    "x".repeat(600_000)
}

type Story = fn(&Peer);

const ALL: &[(&str, Story)] = &[
    ("cleanup.policy", cleaning::cleanup_policy),
    ("delete.retention.ms", cleaning::delete_retention_ms),
    ("min.cleanable.dirty.ratio", cleaning::min_cleanable_dirty_ratio),
    ("min.compaction.lag.ms", cleaning::min_compaction_lag_ms),
    ("max.compaction.lag.ms", cleaning::max_compaction_lag_ms),
    ("retention.ms", retention::retention_ms),
    ("retention.bytes", retention::retention_bytes),
    ("file.delete.delay.ms", retention::file_delete_delay_ms),
    ("segment.bytes", rolling::segment_bytes),
    ("segment.ms", rolling::segment_ms),
    ("segment.jitter.ms", rolling::segment_jitter_ms),
    ("segment.index.bytes", rolling::segment_index_bytes),
    ("index.interval.bytes", rolling::index_interval_bytes),
    ("compression.type", records::compression_type),
    ("compression.CODEC.level", records::compression_level),
    ("message.timestamp.type", records::message_timestamp_type),
    ("message.timestamp.{before,after}.max.ms", records::message_timestamp_before_and_after_max_ms),
    ("max.message.bytes", records::max_message_bytes),
];

/// Plays all stories at once, as most of their time is waiting; returns those that failed.
fn play(peer: &Peer) -> Vec<&'static str> {
    std::thread::scope(|scope| {
        let playing: Vec<_> = ALL.iter().map(|(name, story)| (*name, scope.spawn(|| story(peer)))).collect();
        playing.into_iter().filter_map(|(name, story)| story.join().is_err().then_some(name)).collect()
    })
}

#[test]
fn every_topic_config_acts() {
    let dir = tempfile::tempdir().unwrap();
    let settings = SETTINGS.map(|(name, value)| format!("{name}={value}"));
    let overrides = settings.iter().flat_map(|setting| ["--override", setting]);
    let shape: Vec<&str> = ["--brokers", "3"].into_iter().chain(overrides).collect();
    let cluster = Launcher::start(dir.path(), &shape);
    assert_eq!(play(&Peer::at(&cluster.bootstrap())), Vec::<&str>::new());
    assert_eq!(cluster.shutdown(), Vec::<String>::new(), "an undeclared warning");
}

#[test]
fn apache_kafka_goes_through_the_same() {
    if !kafka::has_java() || !kafka::has_kcat() {
        return;
    }
    let mut cluster = Apache::start_with(3, &[apache::LAPTOP, &SETTINGS, &AT_ONCE].concat());
    let failed = play(&Peer::at(&cluster.bootstrap()));
    assert_eq!(cluster.complaint(), None);
    assert_eq!(failed, Vec::<&str>::new());
}
