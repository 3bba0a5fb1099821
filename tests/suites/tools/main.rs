//! Kafka's console tools of 4.3.1, whole, against a cluster of three: what they print, and what they say when
//! something cannot be. What is expected was printed by them on Apache Kafka 4.3.1; where ours is meant to differ, a
//! comment says so. TopicCommand, ConsoleProducer, ConsoleConsumer and DumpLogSegments are at work in other suites.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fall where it stands")]

mod cluster;
mod configs;
mod groups;
mod partitions;
mod records;
mod transactions;

use suites::{Launcher, Process, Tools, kafka};

const TOPICS: &str = "TopicCommand";

/// A cluster of three, the tools, and a directory for their files.
struct Here {
    tools: Tools,
    cluster: Launcher,
    dir: tempfile::TempDir,
}

impl Here {
    /// `None` where Java or kcat is missing.
    fn start() -> Option<Self> {
        Self::start_with(&[])
    }

    /// The same, with more for the launcher's command line.
    fn start_with(more: &[&str]) -> Option<Self> {
        if !kafka::has_java_client("tools") || !kafka::has_kcat() {
            return None;
        }
        let dir = tempfile::tempdir().unwrap();
        let cluster = Launcher::start(&dir.path().join("cluster"), &[&["--brokers", "3"], more].concat());
        let tools = Tools::start(&cluster.bootstrap());
        Some(Self { tools, cluster, dir })
    }

    /// Makes a topic; each partition's replicas as `1:2:3`, parted by commas.
    fn create(&mut self, topic: &str, replicas: &str) {
        let args = format!("--create --topic {topic} --replica-assignment {replicas}");
        self.tools.says(TOPICS, &args, 0, &[&format!("Created topic {topic}.")]);
    }

    /// Writes lines to a partition.
    fn produce(&self, topic: &str, partition: i32, lines: &str) {
        let args = ["-P", "-t", topic, "-p", &partition.to_string(), "-X", "acks=all"];
        kafka::kcat(&self.cluster.bootstrap(), &args, lines).ok();
    }

    /// Writes a file for a tool; its path.
    fn file(&self, name: &str, text: &str) -> String {
        let path = self.dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// A tool in a JVM of its own, which runs until it is dropped.
    fn beside(&self, tool: &str, args: &str) -> Process {
        let bootstrap = self.cluster.bootstrap();
        let args: Vec<&str> = args.split_whitespace().chain(["--bootstrap-server", &bootstrap]).collect();
        Process::start(&mut kafka::java_command(&format!("org.apache.kafka.tools.{tool}"), &args))
    }

    fn shutdown(self) {
        self.shutdown_warned(&[]);
    }

    /// Ends the cluster, whose warnings were these.
    fn shutdown_warned(self, warnings: &[&str]) {
        let log = self.cluster.shutdown();
        let declared = log.iter().zip(warnings).all(|(line, warning)| line.contains(warning));
        assert!(declared && log.len() == warnings.len(), "undeclared or missing warnings: {log:?}");
    }
}
