//! The launcher as a child process.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::process::{Lines, collect};
use crate::{Output, root, run, wait_for};

const READY: Duration = Duration::from_secs(30);

/// A running cluster in a directory that outlives it.
#[derive(Debug)]
pub struct Launcher {
    child: Child,
    data_dir: PathBuf,
    ready: Value,
    log: Lines,
}

/// The launcher's program, built by `cargo xtask`, or the one that HEADWATER_CLUSTER names.
pub fn program() -> PathBuf {
    if let Some(named) = std::env::var_os("HEADWATER_CLUSTER") {
        return named.into();
    }
    let profile = if cfg!(debug_assertions) { "debug" } else { "release" };
    let built = root().join("target").join(profile).join("headwater-cluster");
    assert!(built.exists(), "{} is not built: cargo build -p broker-core", built.display());
    built
}

impl Launcher {
    /// Starts a cluster in `data_dir` on free ports.
    pub fn start(data_dir: &Path, args: &[&str]) -> Self {
        Self::start_at(data_dir, "PLAINTEXT://localhost:0", args)
    }

    /// Starts a cluster on free ports whose log tells more than warnings.
    pub fn start_talkative(data_dir: &Path, args: &[&str]) -> Self {
        Self::spawn(data_dir, "PLAINTEXT://localhost:0", "info", args)
    }

    /// Starts a cluster at the address an earlier one had.
    pub fn start_at(data_dir: &Path, listen: &str, args: &[&str]) -> Self {
        Self::spawn(data_dir, listen, "warn", args)
    }

    fn spawn(data_dir: &Path, listen: &str, log_level: &str, args: &[&str]) -> Self {
        let mut child = Command::new(program())
            .args(["start", "--exit-with-parent", "--listen", listen, "--data-dir"])
            .arg(data_dir)
            .args(args)
            .env("RUST_LOG", log_level)
            .env("NO_COLOR", "1")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the launcher runs");
        let log = collect(child.stderr.take().expect("stderr is piped"));
        let mut out = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let mut line = String::new();
            let _ = out.read_line(&mut line);
            let _ = sender.send(line);
        });
        let line = receiver.recv_timeout(READY).expect("the launcher says READY in time");
        let Some(json) = line.strip_prefix("READY ") else {
            let _ = child.wait();
            panic!("{line:?} is not READY; log: {:?}", log.lock());
        };
        let ready = serde_json::from_str(json).expect("READY is followed by JSON");
        Self { child, data_dir: data_dir.to_owned(), ready, log }
    }

    /// What READY said.
    pub fn ready(&self) -> &Value {
        &self.ready
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The bootstrap servers.
    pub fn bootstrap(&self) -> String {
        self.ready["bootstrap"].as_str().expect("READY names them").to_owned()
    }

    /// The listener that brings the next life to the same address.
    pub fn listen(&self) -> String {
        let bootstrap = self.bootstrap();
        format!("PLAINTEXT://{}", bootstrap.split(',').next().expect("there is a first one"))
    }

    /// `headwater-cluster ctl` with this cluster's directory.
    pub fn ctl(&self, args: &[&str]) -> Output {
        run(Command::new(program()).arg("ctl").arg("--data-dir").arg(&self.data_dir).args(args), b"")
    }

    /// kill −9.
    pub fn kill(&mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it can be waited for");
    }

    /// Ends in order, and returns every line of its log.
    pub fn shutdown(mut self) -> Vec<String> {
        self.ctl(&["shutdown"]).ok();
        let status =
            wait_for("the launcher to end", READY, || self.child.try_wait().expect("it can be waited for"));
        assert!(status.success(), "the launcher ended with {status}; log: {:?}", self.log());
        self.log()
    }

    /// The lines of its log so far.
    pub fn log(&self) -> Vec<String> {
        self.log.lock().expect("no panic holds the log").clone()
    }
}

impl Drop for Launcher {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.log();
            let newest = log.get(log.len().saturating_sub(40)..).unwrap_or_default();
            eprintln!("the launcher's log ends so:\n{}", newest.join("\n"));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
