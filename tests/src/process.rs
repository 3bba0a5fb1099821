//! A foreign program that runs until it is told to end, and what it has said so far.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::wait_for;

/// The longest a program may take to end in order.
const END: Duration = Duration::from_secs(30);

/// Lines that another thread goes on reading.
pub(crate) type Lines = Arc<Mutex<Vec<String>>>;

/// A running program; it ends with this value at the latest.
#[derive(Debug)]
pub struct Process {
    child: Child,
    stdout: Lines,
    stderr: Lines,
}

impl Process {
    /// Starts it, without input.
    pub fn start(command: &mut Command) -> Self {
        let piped = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().unwrap_or_else(|err| panic!("{command:?} does not run: {err}"));
        let stdout = collect(child.stdout.take().expect("stdout is piped"));
        let stderr = collect(child.stderr.take().expect("stderr is piped"));
        Self { child, stdout, stderr }
    }

    /// The lines it has printed so far.
    pub fn stdout(&self) -> Vec<String> {
        self.stdout.lock().expect("no panic holds the lines").clone()
    }

    /// What the launcher says once it is ready.
    pub fn ready(&self) -> serde_json::Value {
        let said = |line: String| line.strip_prefix("READY ").map(str::to_owned);
        let ready = wait_for("READY", END, || self.stdout().into_iter().find_map(said));
        serde_json::from_str(&ready).expect("READY is followed by JSON")
    }

    /// The lines it has printed as errors so far.
    pub fn stderr(&self) -> Vec<String> {
        self.stderr.lock().expect("no panic holds the lines").clone()
    }

    /// Asks it to end (SIGTERM), and waits until it has.
    pub fn terminate(mut self) {
        // std sends no signal but SIGKILL; every shell has the word built in.
        let ask = format!("kill -TERM {}", self.child.id());
        let asked = Command::new("sh").args(["-c", &ask]).status().expect("a shell runs");
        assert!(asked.success(), "it still runs: {:?}", self.stderr());
        wait_for("a program to end in order", END, || self.child.try_wait().expect("it can be waited for"));
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("a program's errors: {:?}", self.stderr());
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The lines of a pipe, as they come.
pub(crate) fn collect(pipe: impl Read + Send + 'static) -> Lines {
    let lines = Lines::default();
    let sink = Arc::clone(&lines);
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            sink.lock().expect("no panic holds the lines").push(line);
        }
    });
    lines
}
