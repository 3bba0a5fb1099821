//! Java's client by its console tools.

use std::collections::BTreeSet;

use suites::{Output, Process, kafka};

use super::promise::{self, Client, Member, keyed_lines};
use super::{PARTITIONS, Three, set};

const TOPICS: &str = "org.apache.kafka.tools.TopicCommand";
const PRODUCER: &str = "org.apache.kafka.tools.ConsoleProducer";
const CONSUMER: &str = "org.apache.kafka.tools.consumer.ConsoleConsumer";
const GROUPS: &str = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand";
const OFFSETS: &str = "org.apache.kafka.tools.GetOffsetShell";
const TOPIC: &str = "payments";
const GROUP: &str = "auditors";

#[derive(Clone)]
struct Java {
    bootstrap: String,
}

impl Java {
    fn run(&self, class: &str, args: &[&str], input: &str) -> Output {
        kafka::java(class, &[&["--bootstrap-server", &self.bootstrap], args].concat(), input)
    }

    fn ok(&self, class: &str, args: &[&str], input: &str) -> String {
        self.run(class, args, input).ok().stdout
    }

    /// Records in each partition of the topic.
    fn ends(&self) -> Vec<i64> {
        let listed = self.ok(OFFSETS, &["--topic", TOPIC], "");
        let row = |line: &str| line.rsplit(':').next().unwrap().parse().unwrap();
        listed.lines().map(row).collect()
    }
}

impl Client for Java {
    fn topic(&self) -> &'static str {
        TOPIC
    }

    fn create(&self) {
        let count = PARTITIONS.to_string();
        let shape = ["--partitions", &count, "--replication-factor", "3"];
        self.ok(TOPICS, &[&["--create", "--topic", TOPIC], &shape[..]].concat(), "");
    }

    fn produce(&self, codec: &str, values: &[String]) {
        let keys = ["--reader-property", "parse.key=true", "--reader-property", "key.separator=:"];
        let args = ["--topic", TOPIC, "--compression-codec", codec, "--command-property", "acks=all"];
        self.ok(PRODUCER, &[&args[..], &keys].concat(), &keyed_lines(values));
    }

    fn by_assignment(&self) -> Vec<Vec<String>> {
        let read = |(partition, count): (usize, i64)| {
            let (partition, count) = (partition.to_string(), count.to_string());
            let place = ["--topic", TOPIC, "--partition", &partition, "--offset", "earliest"];
            let limit = ["--max-messages", &count, "--timeout-ms", "30000"];
            let read = self.ok(CONSUMER, &[&place[..], &limit].concat(), "");
            read.lines().map(str::to_owned).collect()
        };
        self.ends().into_iter().enumerate().map(read).collect()
    }

    fn join(&self, name: &str) -> Box<dyn Member> {
        let client_id = format!("client.id={name}");
        let args = ["--bootstrap-server", &self.bootstrap, "--topic", TOPIC, "--from-beginning"];
        let group = ["--group", GROUP, "--command-property", &client_id];
        let mut command = kafka::java_command(CONSUMER, &[&args[..], &group].concat());
        let process = Process::start(&mut command);
        Box::new(Reader { name: name.to_owned(), java: self.clone(), process })
    }

    fn read_on(&self, count: usize) -> Vec<String> {
        let count = count.to_string();
        let limit = ["--max-messages", &count, "--timeout-ms", "30000"];
        let read = self.ok(CONSUMER, &[&["--topic", TOPIC, "--group", GROUP], &limit[..]].concat(), "");
        read.lines().map(str::to_owned).collect()
    }
}

struct Reader {
    name: String,
    java: Java,
    process: Process,
}

impl Member for Reader {
    fn values(&self) -> BTreeSet<String> {
        self.process.stdout().into_iter().collect()
    }

    /// By the group tool: `auditors one-… /127.0.0.1 one 2 payments:0,1`.
    fn assigned(&self) -> BTreeSet<i32> {
        let members = ["--describe", "--members", "--verbose", "--group", GROUP];
        let listed = self.java.run(GROUPS, &members, "").stdout;
        let rows = listed.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        let own = rows.into_iter().find(|row| row.get(3) == Some(&self.name.as_str()));
        let Some(own) = own else { return BTreeSet::new() };
        let lists = own.iter().filter_map(|column| column.strip_prefix(&format!("{TOPIC}:")));
        lists.take(1).flat_map(|list| list.split(',')).map(|index| index.parse().unwrap()).collect()
    }

    fn leave(self: Box<Self>) {
        self.process.terminate();
    }
}

#[test]
fn javas_console_tools_are_kept_every_promise() {
    if kafka::has_java() {
        let three = Three::new();
        promise::keep(&Java { bootstrap: three.bootstrap() }, three);
    }
}

#[test]
fn javas_topic_tool_describes_refuses_alters_and_deletes() {
    if !kafka::has_java() {
        return;
    }
    let three = Three::new();
    let java = Java { bootstrap: three.bootstrap() };
    let create = ["--create", "--topic", TOPIC, "--partitions", "6", "--replication-factor", "3"];
    java.ok(TOPICS, &[&create[..], &["--config", "retention.ms=3600000"]].concat(), "");
    let described = java.ok(TOPICS, &["--describe", "--topic", TOPIC], "");
    assert!(described.contains("PartitionCount: 6\tReplicationFactor: 3"), "{described}");
    assert!(described.contains("retention.ms=3600000"), "{described}");
    let refused = java.run(TOPICS, &create, "");
    assert!(refused.stdout.contains("topic payments exists"), "{refused:?}");
    let refused = java.run(TOPICS, &["--create", "--topic", "bad", "--replication-factor", "9"], "");
    assert!(refused.stdout.contains("replication factor 9 with 3 live brokers"), "{refused:?}");
    java.ok(TOPICS, &["--alter", "--topic", TOPIC, "--partitions", "8"], "");
    assert!(java.ok(TOPICS, &["--describe", "--topic", TOPIC], "").contains("PartitionCount: 8"));
    java.ok(TOPICS, &["--delete", "--topic", TOPIC], "");
    assert_eq!(java.ok(TOPICS, &["--list", "--exclude-internal"], "").trim(), "");
    three.end();
}

#[test]
fn javas_group_tool_counts_no_lag_once_all_is_read() {
    if !kafka::has_java() {
        return;
    }
    let three = Three::new();
    let java = Java { bootstrap: three.bootstrap() };
    java.create();
    let values: Vec<String> = (0..100).map(|n| format!("{n}")).collect();
    java.produce("lz4", &values);
    assert_eq!(java.ends().iter().sum::<i64>(), 100);
    let all = ["--topic", TOPIC, "--from-beginning", "--group", GROUP, "--max-messages", "100"];
    assert_eq!(set(java.ok(CONSUMER, &all, "").lines()), values.into_iter().collect());
    let lag = java.ok(GROUPS, &["--describe", "--group", GROUP], "");
    let rows = lag.lines().filter(|line| line.starts_with(GROUP));
    let lags: Vec<&str> = rows.filter_map(|line| line.split_whitespace().nth(5)).collect();
    assert_eq!(lags, ["0"; PARTITIONS as usize], "{lag}");
    three.end();
}
