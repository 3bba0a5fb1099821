//! Kafka's own dump tool reads our files, after a clean stop and after kill −9.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fall where it stands")]

use std::path::{Path, PathBuf};

use suites::{Launcher, kafka};

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
    assert_eq!(output.stderr.trim(), "", "the tool complains about {joined}");
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
