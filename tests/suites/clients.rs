//! Strangers against a cluster of three brokers: create, produce with each codec, consume by assignment and by
//! group with a rebalance, restart the cluster and read on.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fall where it stands")]

use std::collections::BTreeSet;
use std::process::Command;

use suites::{Launcher, Output, available, kafka, root, run};

const CODECS: [&str; 5] = ["none", "gzip", "snappy", "lz4", "zstd"];
const TOPICS: &str = "org.apache.kafka.tools.TopicCommand";
const PRODUCER: &str = "org.apache.kafka.tools.ConsoleProducer";
const CONSUMER: &str = "org.apache.kafka.tools.consumer.ConsoleConsumer";
const GROUPS: &str = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand";
const OFFSETS: &str = "org.apache.kafka.tools.GetOffsetShell";

struct Three {
    dir: tempfile::TempDir,
    cluster: Launcher,
}

impl Three {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let cluster = Launcher::start(dir.path(), &["--brokers", "3"]);
        Self { dir, cluster }
    }

    fn bootstrap(&self) -> String {
        self.cluster.bootstrap()
    }

    /// Ends in order, without a warning, and comes back at the same address.
    fn restart(self) -> Self {
        let listen = self.cluster.listen();
        quiet(&self.cluster.shutdown());
        let cluster = Launcher::start_at(self.dir.path(), &listen, &["--brokers", "3"]);
        Self { dir: self.dir, cluster }
    }

    fn end(self) {
        quiet(&self.cluster.shutdown());
    }
}

fn quiet(log: &[String]) {
    assert_eq!(log, Vec::<String>::new(), "an undeclared warning");
}

fn set<'a>(lines: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    lines.into_iter().map(str::to_owned).collect()
}

#[test]
fn kcat_produces_with_every_codec_and_reads_it_back_by_assignment_and_group() {
    if !kafka::has_kcat() {
        return;
    }
    let three = Three::new();
    let bootstrap = three.bootstrap();
    let mut sent = BTreeSet::new();
    for codec in CODECS {
        let lines: Vec<String> = (0..20).map(|n| format!("{codec}-{n}")).collect();
        let args = ["-P", "-t", "orders", "-z", codec, "-X", "acks=all"];
        kafka::kcat(&bootstrap, &args, &(lines.join("\n") + "\n")).ok();
        sent.extend(lines);
    }
    let by_assignment = kafka::kcat(&bootstrap, &["-C", "-t", "orders", "-e"], "").ok();
    assert_eq!(set(by_assignment.lines()), sent);
    let group = ["-G", "readers", "-X", "auto.offset.reset=earliest", "-e", "orders"];
    assert_eq!(set(kafka::kcat(&bootstrap, &group, "").ok().lines()), sent);
    let three = three.restart();
    assert_eq!(set(kafka::kcat(&bootstrap, &["-C", "-t", "orders", "-e"], "").ok().lines()), sent);
    kafka::kcat(&bootstrap, &["-P", "-t", "orders"], "after\n").ok();
    let again = kafka::kcat(&bootstrap, &group, "").ok();
    assert_eq!(again.lines(), ["after"], "the group reads on where it had committed");
    three.end();
}

#[test]
fn kcat_sees_headers_tombstones_and_empty_values_as_they_were() {
    if !kafka::has_kcat() {
        return;
    }
    let three = Three::new();
    let bootstrap = three.bootstrap();
    kafka::kcat(&bootstrap, &["-P", "-t", "keyed", "-K:", "-H", "trace=1"], "a:1\n").ok();
    kafka::kcat(&bootstrap, &["-P", "-t", "keyed", "-K:", "-Z"], "a:\n").ok();
    let format = ["-C", "-t", "keyed", "-e", "-f", "%k|%K|%S|%h\n"];
    assert_eq!(kafka::kcat(&bootstrap, &format, "").ok().lines(), ["a|1|1|trace=1", "a|1|-1|"]);
    three.end();
}

fn java_ok(class: &str, args: &[&str], input: &str) -> Output {
    kafka::java(class, args, input).ok()
}

#[test]
fn javas_console_tools_create_produce_consume_describe_and_read_on_after_a_restart() {
    if !kafka::has_java() {
        return;
    }
    let three = Three::new();
    let bootstrap = three.bootstrap();
    let at = ["--bootstrap-server", bootstrap.as_str()];
    let create = ["--create", "--topic", "payments", "--partitions", "6", "--replication-factor", "3"];
    java_ok(TOPICS, &[&at[..], &create, &["--config", "retention.ms=3600000"]].concat(), "");
    let described = java_ok(TOPICS, &[&at[..], &["--describe", "--topic", "payments"]].concat(), "").stdout;
    assert!(described.contains("PartitionCount: 6\tReplicationFactor: 3"), "{described}");
    assert!(described.contains("retention.ms=3600000"), "{described}");
    let refused = kafka::java(TOPICS, &[&at[..], &create[..]].concat(), "");
    assert!(refused.stdout.contains("topic payments exists"), "{refused:?}");
    let bad = ["--create", "--topic", "bad", "--replication-factor", "9"];
    let refused = kafka::java(TOPICS, &[&at[..], &bad].concat(), "");
    assert!(refused.stdout.contains("replication factor 9 with 3 live brokers"), "{refused:?}");

    let mut sent = BTreeSet::new();
    for codec in CODECS {
        let lines: Vec<String> = (0..100).map(|n| format!("{codec}-{n}")).collect();
        let args = [&at[..], &["--topic", "payments", "--compression-codec", codec]].concat();
        java_ok(PRODUCER, &args, &(lines.join("\n") + "\n"));
        sent.extend(lines);
    }
    let consume = ["--topic", "payments", "--from-beginning", "--group", "auditors", "--max-messages", "500"];
    assert_eq!(set(java_ok(CONSUMER, &[&at[..], &consume].concat(), "").lines()), sent);
    let lag = java_ok(GROUPS, &[&at[..], &["--describe", "--group", "auditors"]].concat(), "").stdout;
    let rows = lag.lines().filter(|line| line.starts_with("auditors"));
    let lags: Vec<&str> = rows.filter_map(|line| line.split_whitespace().nth(5)).collect();
    assert_eq!(lags, ["0"; 6], "{lag}");
    let offsets = java_ok(OFFSETS, &[&at[..], &["--topic", "payments"]].concat(), "").stdout;
    let total: i64 = offsets.lines().filter_map(|line| line.rsplit(':').next()?.parse::<i64>().ok()).sum();
    assert_eq!(total, 500, "{offsets}");

    let three = three.restart();
    java_ok(PRODUCER, &[&at[..], &["--topic", "payments"]].concat(), "after\n");
    let read_on =
        ["--topic", "payments", "--group", "auditors", "--max-messages", "1", "--timeout-ms", "30000"];
    assert_eq!(java_ok(CONSUMER, &[&at[..], &read_on].concat(), "").lines(), ["after"]);
    java_ok(TOPICS, &[&at[..], &["--alter", "--topic", "payments", "--partitions", "8"]].concat(), "");
    java_ok(TOPICS, &[&at[..], &["--delete", "--topic", "payments"]].concat(), "");
    let left = java_ok(TOPICS, &[&at[..], &["--list", "--exclude-internal"]].concat(), "");
    assert_eq!(left.stdout.trim(), "");
    three.end();
}

/// A client program that does the whole script by itself and says `ok` for each part.
fn script(three: &Three, phase: &str, command: &mut Command) {
    let output = run(command.env("KAFKA_BOOTSTRAP_SERVERS", three.bootstrap()).arg(phase), b"").ok();
    assert!(output.stdout.trim_end().ends_with("ok"), "{output:?}");
}

fn both_phases(command: impl Fn() -> Command) {
    let three = Three::new();
    script(&three, "first", &mut command());
    let three = three.restart();
    script(&three, "after-restart", &mut command());
    three.end();
}

#[test]
fn franz_go_runs_the_script() {
    let program = root().join("target/clients/franz");
    if available("the franz-go client (Go)", program.exists()) {
        both_phases(|| Command::new(&program));
    }
}

#[test]
fn kafkajs_runs_the_script_in_its_old_encodings() {
    let dir = root().join("tests/clients/node");
    if available("kafkajs (Node)", dir.join("node_modules/kafkajs").exists()) {
        both_phases(|| {
            let mut command = Command::new("node");
            command.arg("kafkajs.mjs").current_dir(&dir);
            command
        });
    }
}
