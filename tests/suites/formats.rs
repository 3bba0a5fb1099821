//! Kafka's own dump tool reads our files, after a clean stop and after kill −9.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fall where it stands")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use suites::{Launcher, kafka, wait_for};

const DUMP: &str = "org.apache.kafka.tools.DumpLogSegments";

fn files(below: &Path, suffix: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(below).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, suffix));
        } else if path.extension().is_some_and(|ext| ext == suffix) {
            found.push(path);
        }
    }
    found
}

/// Dumps files with a decoder; anything on stderr, an invalid batch or invalid bytes fail.
fn dump(decoder: &[&str], files: &[PathBuf]) -> String {
    assert!(!files.is_empty(), "there is something to dump");
    let names: Vec<&str> = files.iter().map(|file| file.to_str().unwrap()).collect();
    let joined = names.join(",");
    let args = [decoder, &["--files", &joined]].concat();
    let output = kafka::java(DUMP, &args, "").ok();
    // Compaction leaves holes in the offsets; the tool says so of Kafka's own files too.
    let hole = |line: &&str| line.starts_with("Non-consecutive offsets") || line.contains(" is followed by ");
    let complaints: Vec<&str> =
        output.stderr.lines().filter(|line| !(joined.contains("customers-") && hole(line))).collect();
    assert!(complaints.is_empty(), "the tool complains about {joined}: {complaints:?}");
    let lower = output.stdout.to_lowercase();
    for bad in ["isvalid: false", "invalid bytes", "mismatches", "unknown"] {
        assert!(!lower.contains(bad), "{bad} in {}", output.stdout);
    }
    output.stdout
}

fn named<'a>(all: &'a [PathBuf], wanted: impl Fn(&str) -> bool + 'a) -> Vec<PathBuf> {
    all.iter()
        .filter(|path| wanted(path.parent().unwrap().file_name().unwrap().to_str().unwrap()))
        .cloned()
        .collect()
}

fn check_all(data_dir: &Path) {
    let logs = files(data_dir, "log");
    let data = named(&logs, |dir| dir.starts_with("orders-"));
    let text = dump(&["--deep-iteration", "--print-data-log"], &data);
    for codec in ["none", "gzip", "snappy", "lz4", "zstd"] {
        assert!(text.contains(&format!("compresscodec: {codec}")), "{codec} batches are there");
        assert!(text.contains(&format!("payload: by {codec}")), "{codec} records are read");
    }
    let offsets = named(&logs, |dir| dir.starts_with("__consumer_offsets-"));
    assert!(dump(&["--offsets-decoder"], &offsets).contains("\"group\":\"readers\""));
    let metadata = named(&logs, |dir| dir == "__cluster_metadata-0");
    assert!(dump(&["--cluster-metadata-decoder"], &metadata).contains("\"name\":\"orders\""));
    let indexes = [files(data_dir, "index"), files(data_dir, "timeindex")].concat();
    if !indexes.is_empty() {
        dump(&["--index-sanity-check"], &indexes);
    }
    let snapshots = files(data_dir, "snapshot");
    if !snapshots.is_empty() {
        dump(&[], &snapshots);
    }
}

#[test]
fn the_dump_tool_reads_every_file_after_a_clean_stop_and_after_a_kill() {
    if !(kafka::has_kcat() && kafka::has_java()) {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let cluster = Launcher::start(dir.path(), &["--brokers", "3"]);
    let bootstrap = cluster.bootstrap();
    for codec in ["none", "gzip", "snappy", "lz4", "zstd"] {
        let lines: String = (0..50).map(|n| format!("by {codec} {n}\n")).collect();
        kafka::kcat(
            &bootstrap,
            &["-P", "-t", "orders", "-z", codec, "-X", "enable.idempotence=true"],
            &lines,
        )
        .ok();
    }
    let read = ["-G", "readers", "-X", "auto.offset.reset=earliest", "-e", "orders"];
    assert_eq!(kafka::kcat(&bootstrap, &read, "").ok().lines().len(), 250);
    let listen = cluster.listen();
    cluster.shutdown();
    check_all(dir.path());
    let mut cluster = Launcher::start_at(dir.path(), &listen, &["--brokers", "3"]);
    kafka::kcat(&bootstrap, &["-P", "-t", "orders"], "one more\n").ok();
    cluster.kill();
    let cluster = Launcher::start_at(dir.path(), &listen, &["--brokers", "3"]);
    let all = kafka::kcat(&bootstrap, &["-C", "-t", "orders", "-e"], "").ok();
    assert_eq!(all.lines().len(), 251);
    cluster.shutdown();
    check_all(dir.path());
}

/// Three committed transactions around two aborted ones, by librdkafka.
fn transactions(bootstrap: &str) {
    let limit = Duration::from_secs(20);
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", bootstrap).set("transactional.id", "payments");
    let producer: BaseProducer = config.create().unwrap();
    producer.init_transactions(limit).unwrap();
    for n in 0..5 {
        producer.begin_transaction().unwrap();
        for at in 0..20 {
            let value = format!("payment {n} {at}");
            let key = format!("{at}");
            producer.send(BaseRecord::to("payments").key(&key).payload(&value)).unwrap();
        }
        producer.flush(limit).unwrap();
        match n % 2 {
            0 => producer.commit_transaction(limit).unwrap(),
            _ => producer.abort_transaction(limit).unwrap(),
        }
    }
}

/// Records of few keys in many segments, until compaction has been at them.
fn compacted(bootstrap: &str, data_dir: &Path) -> Vec<String> {
    let limit = Duration::from_secs(30);
    let producer: BaseProducer =
        ClientConfig::new().set("bootstrap.servers", bootstrap).set("linger.ms", "20").create().unwrap();
    let filler = "x".repeat(900);
    for n in 0..6000 {
        let (key, value) = (format!("{}", n % 50), format!("{n} {filler}"));
        let mut record = BaseRecord::to("customers").key(&key).payload(&value);
        // A full queue gives the record back.
        while let Err((_, returned)) = producer.send(record) {
            record = returned;
            producer.poll(Duration::from_millis(10));
        }
    }
    producer.flush(limit).unwrap();
    let bytes = || -> u64 {
        let logs = named(&files(data_dir, "log"), |dir| dir == "customers-0");
        logs.iter().filter_map(|log| Some(std::fs::metadata(log).ok()?.len())).sum()
    };
    wait_for("compaction", limit, || (bytes() < 3 * 1_500_000).then_some(()));
    let read = kafka::kcat(bootstrap, &["-C", "-t", "customers", "-e", "-f", "%o %k %S\\n"], "").ok();
    read.lines().iter().map(|line| (*line).to_owned()).collect()
}

#[test]
fn the_dump_tool_reads_transactions_and_compacted_segments() {
    if !(kafka::has_kcat() && kafka::has_java()) {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let cluster = Launcher::start(dir.path(), &["--brokers", "3"]);
    let bootstrap = cluster.bootstrap();
    let create = ["--bootstrap-server", &bootstrap, "--create", "--topic", "customers", "--partitions", "1"];
    let configs = ["--config", "cleanup.policy=compact", "--config", "segment.bytes=1048576"];
    let configs = [&configs[..], &["--config", "min.cleanable.dirty.ratio=0.1"]].concat();
    kafka::java("org.apache.kafka.tools.TopicCommand", &[&create[..], &configs].concat(), "").ok();
    transactions(&bootstrap);
    let left = compacted(&bootstrap, dir.path());
    assert!(left.len() < 3000, "{} of 6000 records are left", left.len());
    for key in 0..50 {
        let newest = left.iter().rfind(|row| row.split(' ').nth(1) == Some(&key.to_string())).unwrap();
        assert_eq!(newest.split(' ').next().unwrap(), (5950 + key).to_string(), "the newest record of {key}");
    }
    let committed = ["-C", "-t", "payments", "-e", "-X", "isolation.level=read_committed"];
    assert_eq!(kafka::kcat(&bootstrap, &committed, "").ok().lines().len(), 60);
    let all = ["-C", "-t", "payments", "-e", "-X", "isolation.level=read_uncommitted"];
    assert_eq!(kafka::kcat(&bootstrap, &all, "").ok().lines().len(), 100);
    cluster.shutdown();
    let logs = files(dir.path(), "log");
    let payments = dump(&["--deep-iteration", "--print-data-log"], &named(&logs, |dir| dir == "payments-0"));
    assert!(payments.contains("endTxnMarker: COMMIT") && payments.contains("endTxnMarker: ABORT"));
    dump(&["--deep-iteration", "--print-data-log"], &named(&logs, |dir| dir == "customers-0"));
    let state = named(&logs, |dir| dir.starts_with("__transaction_state-"));
    assert!(dump(&["--transaction-log-decoder"], &state).contains("\"transactionalId\":\"payments\""));
    let aborted = dump(&[], &files(dir.path(), "txnindex"));
    assert!(aborted.contains("producerId"), "{aborted}");
    dump(&[], &files(dir.path(), "snapshot"));
    dump(&["--index-sanity-check"], &[files(dir.path(), "index"), files(dir.path(), "timeindex")].concat());
}
