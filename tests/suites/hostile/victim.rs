//! A cluster under attack.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use broker_core::protocol::messages::produce::PartitionProduceResponse;
use bytes::Bytes;
use suites::wire::{metadata, produce, produced};
use suites::{Launcher, wait_for};

const TOLD: Duration = Duration::from_secs(5);
/// How long the check of a bomb may take on a busy machine.
const CHECKED: Duration = Duration::from_secs(60);

/// A cluster under attack.
pub struct Victim {
    pub cluster: Launcher,
    _dir: tempfile::TempDir,
    resident_kb: u64,
}

impl Victim {
    pub fn new() -> Self {
        Self::with(&[])
    }

    /// One whose broker has these configs.
    pub fn with(overrides: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut args = vec!["--brokers", "1"];
        args.extend(overrides.iter().flat_map(|one| ["--override", one]));
        let cluster = Launcher::start_talkative(dir.path(), &args);
        let resident_kb = memory_kb(cluster.pid(), "VmRSS:");
        Self { cluster, _dir: dir, resident_kb }
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.cluster.bootstrap().replace("localhost", "127.0.0.1")).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        stream
    }

    /// Sends bytes that are answered by nothing but the end of the connection; the log says to whom and why.
    pub fn refuses(&self, bytes: &[u8], reason: &str) {
        let mut stream = self.connect();
        let peer = stream.local_addr().unwrap();
        // The broker may close while we still send; what it answered before that counts.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        match stream.read_to_end(&mut answer) {
            Ok(_) => {}
            Err(err) if err.kind() == ErrorKind::ConnectionReset => {}
            Err(err) => panic!("the broker neither answers nor closes: {err}"),
        }
        assert_eq!(answer, b"", "{reason}");
        self.says(&format!("connection closed broker=1 peer={peer} reason={reason}"));
    }

    /// The log has a line with this at its end.
    pub fn says(&self, told: &str) {
        wait_for(told, TOLD, || self.cluster.log().iter().any(|line| line.ends_with(told)).then_some(()));
    }

    /// Sends one batch for partition 0 of `topic`, and returns what is said of it.
    pub fn produce(&self, topic: &str, batch: Bytes) -> PartitionProduceResponse {
        let mut stream = self.connect();
        stream.set_read_timeout(Some(CHECKED)).unwrap();
        stream.write_all(&produce(topic, batch)).unwrap();
        produced(&mut stream)
    }

    /// Whether a question on a new connection is answered.
    pub fn answers(&self) -> bool {
        let mut stream = self.connect();
        stream.write_all(&metadata()).unwrap();
        stream.read_exact(&mut [0; 8]).is_ok()
    }

    /// What memory is above where it was: now (`VmRSS:`), or at its highest (`VmHWM:`).
    pub fn grown_kb(&self, name: &str) -> u64 {
        memory_kb(self.cluster.pid(), name).saturating_sub(self.resident_kb)
    }

    /// Still serving, never much bigger, and nothing fell.
    pub fn stays_well(self, peak_max_kb: u64) {
        assert!(self.answers(), "it goes on");
        let peak = self.grown_kb("VmHWM:");
        println!("memory grew by {peak} KiB at most");
        assert!(peak < peak_max_kb, "memory grew by {peak} KiB");
        let log = self.cluster.shutdown();
        assert!(!log.iter().any(|line| line.contains("ERROR") || line.contains("panicked")), "{log:?}");
    }
}

/// A line of the process's status. Without /proc it is 0, and nothing is proved about memory.
fn memory_kb(pid: u32, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kb = line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0);
    assert!(kb > 0 || !cfg!(target_os = "linux"), "Linux tells {name}");
    kb
}
