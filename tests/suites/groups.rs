//! Consumer groups of the new protocol (KIP-848) by strangers. Apache Kafka 4.3.1 is asked the same first: what
//! Java's client finds there, it must find here.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fall where it stands")]

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::Message;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use serde_json::Value;
use suites::{Apache, Launcher, Tools, apache, kafka, run, wait_for};

const COMMAND: &str = "ConsumerGroupCommand";

fn javas_client_finds(bootstrap: &str) -> Value {
    let output = run(&mut kafka::java_client("groups", bootstrap), b"").ok();
    serde_json::from_str(output.stdout.trim()).unwrap_or_else(|err| panic!("{err}: {output:?}"))
}

#[test]
fn javas_client_finds_here_what_it_finds_on_apache_kafka() {
    if !kafka::has_java_client("groups") {
        return;
    }
    // Every step of a rebalance waits for a heartbeat.
    let often = [
        ("group.consumer.min.heartbeat.interval.ms", "500"),
        ("group.consumer.heartbeat.interval.ms", "500"),
    ];
    let theirs = {
        let cluster = Apache::start_with(3, &[apache::LAPTOP, &often].concat());
        javas_client_finds(&cluster.bootstrap())
    };
    let dir = tempfile::tempdir().unwrap();
    let overrides = often.map(|(name, value)| format!("{name}={value}"));
    let cluster = Launcher::start(
        dir.path(),
        &["--brokers", "3", "--override", &overrides[0], "--override", &overrides[1]],
    );
    let ours = javas_client_finds(&cluster.bootstrap());
    assert_eq!(ours, theirs);
    assert_eq!(cluster.shutdown(), Vec::<String>::new(), "an undeclared warning");
}

/// librdkafka's own implementation of the protocol.
struct Member(BaseConsumer);

impl Member {
    fn join(bootstrap: &str) -> Self {
        let consumer: BaseConsumer = ClientConfig::new()
            .set("bootstrap.servers", bootstrap)
            .set("group.id", "rd")
            .set("group.protocol", "consumer")
            .set("auto.offset.reset", "earliest")
            .set("enable.auto.commit", "false")
            .create()
            .unwrap();
        consumer.subscribe(&["orders"]).unwrap();
        Self(consumer)
    }

    fn partitions(&self) -> usize {
        self.0.assignment().map_or(0, |assignment| assignment.count())
    }

    fn poll(&self, seen: &mut BTreeSet<String>) {
        let end = Instant::now() + Duration::from_millis(50);
        while Instant::now() < end {
            if let Some(Ok(message)) = self.0.poll(Duration::from_millis(10)) {
                seen.insert(String::from_utf8(message.payload().unwrap().to_vec()).unwrap());
            }
        }
    }
}

/// All members poll until each has this many partitions.
fn settle(members: &[Member], wanted: &[usize], seen: &mut BTreeSet<String>) {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        members.iter().for_each(|member| member.poll(seen));
        let mut found: Vec<usize> = members.iter().map(Member::partitions).collect();
        found.sort_unstable();
        if found == wanted {
            return;
        }
        assert!(Instant::now() < end, "{found:?} where {wanted:?} was waited for");
    }
}

#[test]
fn librdkafkas_members_share_a_topic_and_go_on_after_a_restart_and_a_crash() {
    if !kafka::has_kcat() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let cluster = Launcher::start(dir.path(), &["--brokers", "3", "--override", "num.partitions=6"]);
    let (listen, bootstrap) = (cluster.listen(), cluster.bootstrap());
    let produce = |from: usize| {
        for partition in 0..6 {
            let lines: String = (0..50).map(|n| format!("{}\n", from + partition * 50 + n)).collect();
            let partition = partition.to_string();
            kafka::kcat(&bootstrap, &["-P", "-t", "orders", "-p", &partition, "-X", "acks=all"], &lines).ok();
        }
    };
    produce(0);
    let mut seen = BTreeSet::new();
    let mut members = vec![Member::join(&bootstrap)];
    settle(&members, &[6], &mut seen);
    members.push(Member::join(&bootstrap));
    settle(&members, &[3, 3], &mut seen);
    wait_for("every record", Duration::from_secs(30), || {
        members.iter().for_each(|member| member.poll(&mut seen));
        (seen.len() == 300).then_some(())
    });
    members.iter().for_each(|member| member.0.commit_consumer_state(CommitMode::Sync).unwrap());
    cluster.shutdown();
    let cluster =
        Launcher::start_at(dir.path(), &listen, &["--brokers", "3", "--override", "num.partitions=6"]);
    produce(300);
    settle(&members, &[3, 3], &mut seen);
    wait_for("what came after the restart", Duration::from_secs(60), || {
        members.iter().for_each(|member| member.poll(&mut seen));
        (seen.len() == 600).then_some(())
    });
    drop(members.pop());
    settle(&members, &[6], &mut seen);
    // The coordinator dies; another broker knows the group and its offsets.
    members.iter().for_each(|member| member.0.commit_consumer_state(CommitMode::Sync).unwrap());
    for broker in ["1", "2"] {
        cluster.ctl(&["crash", broker]).ok();
        cluster.ctl(&["start", broker]).ok();
    }
    produce(600);
    wait_for("what came after the crash", Duration::from_secs(60), || {
        members.iter().for_each(|member| member.poll(&mut seen));
        (seen.len() == 900).then_some(())
    });
}

/// The broker that coordinates a group, as the tool tells.
fn coordinator(tools: &mut Tools, group: &str) -> String {
    let said = tools.says(COMMAND, &format!("--describe --state --group {group}"), 0, &[group]);
    let mut ids = said.split_whitespace().filter_map(|word| word.strip_prefix('(')?.strip_suffix(')'));
    ids.next_back().unwrap_or_else(|| panic!("no coordinator: {said}")).to_owned()
}

#[test]
fn groups_whose_last_records_wait_for_replicas_are_shown_as_they_are_committed() {
    if !kafka::has_java() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let overrides = ["--override", "min.insync.replicas=2", "--override", "replica.lag.time.max.ms=7000"];
    let cluster = Launcher::start(dir.path(), &[&["--brokers", "3"][..], &overrides].concat());
    kafka::kcat(&cluster.bootstrap(), &["-P", "-t", "orders", "-X", "acks=all"], "a\nb\nc\n").ok();
    let mut tools = Tools::start(&cluster.bootstrap());
    let reset = "--reset-offsets --group idle --topic orders --execute --to-offset";
    tools.says(COMMAND, &format!("{reset} 2"), 0, &["idle orders 0 2"]);
    let leader = coordinator(&mut tools, "idle");
    for other in ["1", "2", "3"].iter().filter(|id| **id != leader) {
        cluster.ctl(&["isolate", &leader, other]).ok();
    }
    // It is written by one broker, and nobody can say whether it will last.
    tools.says(COMMAND, &format!("{reset} 1 --timeout 9000"), 0, &["Error"]);
    tools.says(COMMAND, "--list --state", 0, &["idle Empty"]);
    tools.says(COMMAND, "--describe --group idle", 0, &["idle orders 0 2"]);
    cluster.ctl(&["heal"]).ok();
    wait_for("offsets that can be set again", Duration::from_secs(60), || {
        let said = tools.run(COMMAND, &format!("{reset} 3"));
        said.stdout.split_whitespace().collect::<Vec<_>>().join(" ").contains("idle orders 0 3").then_some(())
    });
    tools.says(COMMAND, "--describe --group idle", 0, &["idle orders 0 3 3 0"]);
}
