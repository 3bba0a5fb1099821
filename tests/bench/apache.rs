//! Apache Kafka 4.3.1 in KRaft mode, one broker or three, default heap.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use suites::{root, wait_for};

/// Kafka's own start scripts give this heap.
const HEAP: &str = "-Xmx1G";
const CLUSTER_ID: &str = "AAAAAAAAAAAAAAAAAAAAAQ";

pub struct Apache {
    brokers: Vec<Child>,
    ports: Vec<u16>,
    _dir: tempfile::TempDir,
}

impl Apache {
    /// Formats and starts; returns once every broker answers.
    pub fn start(count: usize) -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let ports = free_ports(count * 2);
        let (listen, control) = ports.split_at(count);
        let voters: Vec<String> =
            control.iter().enumerate().map(|(at, port)| format!("{}@localhost:{port}", at + 1)).collect();
        let mut brokers = Vec::new();
        for at in 0..count {
            let file = dir.path().join(format!("server-{}.properties", at + 1));
            let text = properties(at + 1, listen[at], control[at], &voters.join(","), count, dir.path());
            std::fs::write(&file, text).expect("the properties are written");
            let format = ["format", "-t", CLUSTER_ID, "-c"];
            let mut tool = java("kafka.tools.StorageTool");
            let formatted = tool.args(format).arg(&file).stdout(Stdio::null()).stderr(Stdio::null()).status();
            assert!(formatted.expect("Java runs").success(), "Kafka's storage is formatted");
            let mut broker = java("kafka.Kafka");
            let child = broker.arg(&file).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
            brokers.push(child.expect("Java runs"));
        }
        let apache = Self { brokers, ports: listen.to_vec(), _dir: dir };
        wait_for("Apache Kafka", Duration::from_secs(90), || {
            let seen = suites::kafka::kcat(&apache.bootstrap(), &["-L"], "").stdout;
            (seen.matches(" at localhost:").count() >= count).then_some(())
        });
        apache
    }

    pub fn bootstrap(&self) -> String {
        self.ports.iter().map(|port| format!("localhost:{port}")).collect::<Vec<_>>().join(",")
    }

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

fn java(class: &str) -> Command {
    let mut command = Command::new("java");
    command.args([HEAP, "-server", "-cp"]).arg(root().join("target/kafka/lib").join("*")).arg(class);
    command
}

fn free_ports(count: usize) -> Vec<u16> {
    let open: Vec<std::net::TcpListener> =
        (0..count).map(|_| std::net::TcpListener::bind("127.0.0.1:0").expect("a free port")).collect();
    open.iter().map(|listener| listener.local_addr().expect("it is bound").port()).collect()
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
         offsets.topic.replication.factor={replicas}\ntransaction.state.log.replication.factor={replicas}\n\
         transaction.state.log.min.isr=1\nmin.insync.replicas=1\n",
        logs.display()
    )
}
