//! Apache Kafka 4.3.1 in KRaft mode, brokers and controllers in the same processes, to compare with.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::{free_ports, root, wait_for};

/// Kafka's own start scripts give this heap.
const HEAP: &str = "-Xmx1G";
/// Enough for a cluster that only answers questions.
const HEAP_SMALL: &str = "-Xmx384m";
const CLUSTER_ID: &str = "AAAAAAAAAAAAAAAAAAAAAQ";
const START: Duration = Duration::from_secs(90);

/// What our clusters set otherwise than Kafka does (`broker-core/src/config/broker.rs`), for a cluster of three,
/// but for the session of a broker: three Java processes on two cores are silent for longer than two seconds.
pub const LAPTOP: &[(&str, &str)] = &[
    ("broker.session.timeout.ms", "9000"),
    ("replica.lag.time.max.ms", "5000"),
    ("log.retention.check.interval.ms", "5000"),
    ("log.cleaner.backoff.ms", "1000"),
    ("group.initial.rebalance.delay.ms", "0"),
    ("default.replication.factor", "3"),
    ("min.insync.replicas", "2"),
    ("transaction.state.log.min.isr", "2"),
];

/// A running Apache Kafka; it ends with this value.
#[derive(Debug)]
pub struct Apache {
    brokers: Vec<Child>,
    ports: Vec<u16>,
    _dir: tempfile::TempDir,
}

impl Apache {
    /// As Kafka's own scripts start it. Returns once every broker answers.
    pub fn start(count: usize) -> Self {
        Self::start_as(count, HEAP, &[("transaction.state.log.min.isr", "1"), ("min.insync.replicas", "1")])
    }

    /// With Kafka's own memory and what our clusters set otherwise than Kafka.
    pub fn start_as_ours(count: usize) -> Self {
        Self::start_as(count, HEAP, LAPTOP)
    }

    /// With less memory, and with these settings over the defaults.
    pub fn start_with(count: usize, settings: &[(&str, &str)]) -> Self {
        Self::start_as(count, HEAP_SMALL, settings)
    }

    fn start_as(count: usize, heap: &str, settings: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let ports = free_ports(count * 2);
        let (listen, control) = ports.split_at(count);
        let voters: Vec<String> =
            control.iter().enumerate().map(|(at, port)| format!("{}@localhost:{port}", at + 1)).collect();
        let mut apache = Self { brokers: Vec::new(), ports: listen.to_vec(), _dir: dir };
        for at in 0..count {
            let file = apache._dir.path().join(format!("server-{}.properties", at + 1));
            let mut text =
                properties(at + 1, listen[at], control[at], &voters.join(","), count, apache._dir.path());
            for (name, value) in settings {
                text.push_str(&format!("{name}={value}\n"));
            }
            std::fs::write(&file, text).expect("the properties are written");
            let mut tool = java(heap, "kafka.tools.StorageTool");
            tool.args(["format", "-t", CLUSTER_ID, "-c"]).arg(&file);
            let formatted = tool.stdout(Stdio::null()).stderr(Stdio::null()).status();
            assert!(formatted.expect("Java runs").success(), "Kafka's storage is formatted");
            let mut broker = java(heap, "kafka.Kafka");
            let child = broker.arg(&file).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
            apache.brokers.push(child.expect("Java runs"));
        }
        wait_for("Apache Kafka", START, || {
            let seen = crate::kafka::kcat(&apache.bootstrap(), &["-L"], "").stdout;
            (seen.matches(" at localhost:").count() >= count).then_some(())
        });
        apache
    }

    /// The bootstrap servers.
    pub fn bootstrap(&self) -> String {
        self.ports.iter().map(|port| format!("localhost:{port}")).collect::<Vec<_>>().join(",")
    }

    /// Its processes.
    pub fn pids(&self) -> Vec<u32> {
        self.brokers.iter().map(Child::id).collect()
    }
}

impl Drop for Apache {
    fn drop(&mut self) {
        for broker in &mut self.brokers {
            let _ = broker.kill();
            let _ = broker.wait();
        }
    }
}

fn java(heap: &str, class: &str) -> Command {
    let mut command = Command::new("java");
    command.args([heap, "-server", "-cp"]).arg(root().join("target/kafka/lib").join("*")).arg(class);
    command
}

fn properties(id: usize, listen: u16, control: u16, voters: &str, count: usize, dir: &Path) -> String {
    let replicas = count.min(3);
    let logs = dir.join(format!("logs-{id}"));
    format!(
        "process.roles=broker,controller\nnode.id={id}\ncontroller.quorum.voters={voters}\n\
         listeners=PLAINTEXT://localhost:{listen},CONTROLLER://localhost:{control}\n\
         advertised.listeners=PLAINTEXT://localhost:{listen}\ncontroller.listener.names=CONTROLLER\n\
         listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT\n\
         inter.broker.listener.name=PLAINTEXT\nlog.dirs={}\n\
         offsets.topic.replication.factor={replicas}\ntransaction.state.log.replication.factor={replicas}\n",
        logs.display()
    )
}
