//! Finalized features, lowered and raised by Kafka's own tool: what clients may then do, and what is written.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fall where it stands")]

use suites::{Launcher, kafka};

const FEATURES: &str = "org.apache.kafka.tools.FeatureCommand";
const CONSUMER: &str = "org.apache.kafka.tools.consumer.ConsoleConsumer";

fn tool(cluster: &Launcher, args: &[&str]) -> suites::Output {
    kafka::java(FEATURES, &[&["--bootstrap-server", &cluster.bootstrap()], args].concat(), "")
}

fn level(cluster: &Launcher, feature: &str) -> i16 {
    let listed = tool(cluster, &["describe"]).ok().stdout;
    let line = listed.lines().find(|line| line.contains(&format!("Feature: {feature}"))).unwrap();
    let level = line.split("FinalizedVersionLevel:").nth(1).unwrap();
    level.split_whitespace().next().unwrap().parse().unwrap()
}

/// Reads one record as a member of a group of the consumer protocol.
fn new_protocol(cluster: &Launcher) -> suites::Output {
    let args = ["--topic", "orders", "--group", "readers", "--from-beginning", "--max-messages", "1"];
    let more = ["--timeout-ms", "15000", "--command-property", "group.protocol=consumer"];
    kafka::java(CONSUMER, &[&["--bootstrap-server", &cluster.bootstrap()], &args[..], &more[..]].concat(), "")
}

#[test]
fn consumer_groups_can_be_turned_off_and_on() {
    if !kafka::has_java() || !kafka::has_kcat() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let cluster = Launcher::start(dir.path(), &["--brokers", "3"]);
    kafka::kcat(&cluster.bootstrap(), &["-P", "-t", "orders"], "one\n").ok();
    assert_eq!(level(&cluster, "group.version"), 1);
    let refused = tool(&cluster, &["upgrade", "--feature", "group.version=0"]);
    assert_ne!(refused.code, Some(0), "a lower level is no upgrade");
    tool(&cluster, &["downgrade", "--feature", "group.version=0"]).ok();
    let listen = cluster.listen();
    cluster.shutdown();
    let cluster = Launcher::start_at(dir.path(), &listen, &["--brokers", "3"]);
    assert_eq!(level(&cluster, "group.version"), 0, "it stays off over a restart");
    let off = new_protocol(&cluster);
    assert!(off.stderr.contains("Processed a total of 0 messages"), "{off:?}");
    tool(&cluster, &["upgrade", "--feature", "group.version=1"]).ok();
    let on = new_protocol(&cluster).ok();
    assert_eq!(on.stdout.trim(), "one");
    assert_eq!(cluster.shutdown(), Vec::<String>::new(), "an undeclared warning");
}
