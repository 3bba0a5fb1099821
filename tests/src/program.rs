//! Running a foreign program to its end, with a limit.

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// After this a foreign program hangs: on a busy machine the longest take a few minutes.
const LIMIT: Duration = Duration::from_secs(600);

/// What a program left behind.
#[derive(Debug)]
pub struct Output {
    /// Its exit code; `None` if it was ended from outside.
    pub code: Option<i32>,
    /// What it printed.
    pub stdout: String,
    /// What it printed as errors.
    pub stderr: String,
}

impl Output {
    /// The same, but a panic with everything it said if it failed.
    pub fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }

    /// Its lines.
    pub fn lines(&self) -> Vec<&str> {
        self.stdout.lines().collect()
    }
}

/// Runs a program, giving it `input`; ends it if it takes too long.
pub fn run(command: &mut Command, input: &[u8]) -> Output {
    let name = format!("{command:?}");
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|err| panic!("{name} does not run: {err}"));
    let mut stdin = child.stdin.take().expect("stdin is piped");
    let input = input.to_vec();
    let feed = std::thread::spawn(move || {
        // A program may end before it has read everything.
        let _ = stdin.write_all(&input);
    });
    let out = collect(child.stdout.take().expect("stdout is piped"));
    let err = collect(child.stderr.take().expect("stderr is piped"));
    let begun = Instant::now();
    let status = loop {
        match child.try_wait().expect("a child can be waited for") {
            Some(status) => break status,
            None if begun.elapsed() > LIMIT => {
                let _ = child.kill();
                let (stdout, stderr) = (out.join().expect("read"), err.join().expect("read"));
                let newest = stdout.lines().last().unwrap_or_default();
                panic!("{name} still ran after {LIMIT:?}; the last line of its output: {newest}\n{stderr}");
            }
            None => std::thread::sleep(Duration::from_millis(10)),
        }
    };
    feed.join().expect("feeding does not panic");
    let (stdout, stderr) = (out.join().expect("read"), err.join().expect("read"));
    Output { code: status.code(), stdout, stderr }
}

fn collect(mut pipe: impl Read + Send + 'static) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut raw = Vec::new();
        let _ = pipe.read_to_end(&mut raw);
        String::from_utf8_lossy(&raw).into_owned()
    })
}
