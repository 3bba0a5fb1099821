//! From the start of a release build to a usable window, and what the process then holds.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use suites::root;

use crate::{median, process};

const LAUNCHES: usize = 5;
const LIMIT: Duration = Duration::from_secs(30);

/// A child that does not outlive the measurement.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Opens the window on a display of its own, some times, each in an empty directory.
pub fn launch() {
    let program = root().join("target/release/headwater");
    let display = format!(":{}", 100 + std::process::id() % 400);
    let screen =
        Command::new("Xvfb").args([&display, "-screen", "0", "1280x900x24"]).stderr(Stdio::null()).spawn();
    let (Ok(screen), true) = (screen, program.exists()) else {
        println!("app: Xvfb or the release build is missing");
        return;
    };
    let _screen = Ended(screen);
    std::thread::sleep(Duration::from_secs(1));
    let mut times = Vec::new();
    let mut memory = Vec::new();
    for _ in 0..LAUNCHES {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let begun = Instant::now();
        let child = Command::new(&program)
            .arg("--data-dir")
            .arg(dir.path())
            .envs([("DISPLAY", display.as_str()), ("NO_AT_BRIDGE", "1")])
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn();
        let mut app = Ended(child.expect("the app runs"));
        if !usable(&mut app.0) {
            println!("app: no usable window within {LIMIT:?}");
            return;
        }
        times.push(begun.elapsed().as_secs_f64());
        std::thread::sleep(Duration::from_secs(2));
        memory.push(process::proportional_mb(app.0.id()));
    }
    println!("app, exec to a usable window: {:.2} s (median of {LAUNCHES}; at most 1.5)", median(times));
    println!("app, own memory (PSS) with an open window: {:.0} MB (at most 200)", median(memory));
}

/// Waits for the line the app writes when its UI has drawn itself and listens.
fn usable(app: &mut Child) -> bool {
    let errors = BufReader::new(app.stderr.take().expect("stderr is piped"));
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for line in errors.lines().map_while(Result::ok) {
            if line.contains("window usable") {
                let _ = sender.send(());
            }
        }
    });
    receiver.recv_timeout(LIMIT).is_ok()
}
