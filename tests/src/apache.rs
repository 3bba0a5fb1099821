//! Apache Kafka 4.3.1 in KRaft mode, brokers and controllers in the same processes, to compare with.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::{free_ports, root, wait_for};

/// Kafka's own start scripts give this heap.
const HEAP: &str = "-Xmx1G";
/// Enough for a cluster that only answers questions; with half of it a broker falls now and then.
const HEAP_SMALL: &str = "-Xmx768m";
const CLUSTER_ID: &str = "AAAAAAAAAAAAAAAAAAAAAQ";
const START: Duration = Duration::from_secs(90);
/// So many of a broker's last lines are shown when something is wrong with it.
const LAST_LINES: usize = 15;

/// Long enough for three Java processes on two cores, one of which may be collecting garbage.
pub const SESSION_MS: &str = "30000";

/// What our clusters set otherwise than Kafka does (`broker-core/src/config/broker.rs`), for a cluster of three,
/// but for the session of a broker: three Java processes on two cores are silent for longer than two seconds.
pub const LAPTOP: &[(&str, &str)] = &[
    ("broker.session.timeout.ms", SESSION_MS),
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
    heap: String,
    dir: tempfile::TempDir,
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
        let mut apache = Self { brokers: Vec::new(), ports: listen.to_vec(), heap: heap.to_owned(), dir };
        for at in 0..count {
            let file = apache.file(at);
            let mut text =
                properties(at + 1, listen[at], control[at], &voters.join(","), count, apache.dir.path());
            for (name, value) in settings {
                text.push_str(&format!("{name}={value}\n"));
            }
            std::fs::write(&file, text).expect("the properties are written");
            let mut tool = java(heap, "kafka.tools.StorageTool");
            tool.args(["format", "-t", CLUSTER_ID, "-c"]).arg(&file);
            let formatted = tool.stdout(Stdio::null()).stderr(Stdio::null()).status();
            assert!(formatted.expect("Java runs").success(), "Kafka's storage is formatted");
        }
        apache.start_again();
        wait_for("Apache Kafka", START, || (apache.listed() >= count).then_some(()));
        apache
    }

    /// Starts its brokers, and does not wait for them.
    pub fn start_again(&mut self) {
        self.brokers.clear();
        for at in 0..self.ports.len() {
            let log = std::fs::File::create(self.log(at)).expect("the log is made");
            let mut broker = java(&self.heap, "kafka.Kafka");
            let child = broker.arg(self.file(at)).stdout(log).stderr(Stdio::null()).spawn();
            self.brokers.push(child.expect("Java runs"));
        }
    }

    /// Ends its brokers: in order, or by kill −9. Their files stay.
    pub fn end(&mut self, in_order: bool) {
        let signal = if in_order { "-TERM" } else { "-KILL" };
        for broker in &mut self.brokers {
            let asked = Command::new("kill").args([signal, &broker.id().to_string()]).status();
            assert!(asked.is_ok_and(|status| status.success()), "a broker is told to end");
            broker.wait().expect("it can be waited for");
        }
    }

    /// How many brokers its metadata names.
    fn listed(&self) -> usize {
        let seen = crate::kafka::kcat(&self.bootstrap(), &["-L"], "").stdout;
        seen.matches(" at localhost:").count()
    }

    fn file(&self, at: usize) -> std::path::PathBuf {
        self.dir.path().join(format!("server-{}.properties", at + 1))
    }

    fn log(&self, at: usize) -> std::path::PathBuf {
        self.dir.path().join(format!("broker-{}.log", at + 1))
    }

    /// What is wrong with it, if something is: a broker that ended, with its last lines, or one that is not
    /// listed. What a cluster answers that is not whole is no measure for ours.
    pub fn complaint(&mut self) -> Option<String> {
        for at in 0..self.brokers.len() {
            if let Ok(Some(status)) = self.brokers[at].try_wait() {
                let text = std::fs::read_to_string(self.log(at)).unwrap_or_default();
                let lines: Vec<&str> = text.lines().collect();
                let last = lines[lines.len().saturating_sub(LAST_LINES)..].join("\n");
                return Some(format!("broker {} of Apache Kafka ended ({status}):\n{last}", at + 1));
            }
        }
        let listed = self.listed();
        (listed < self.brokers.len()).then(|| format!("Apache Kafka lists {listed} brokers"))
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
