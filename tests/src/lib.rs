//! What the suites share: starting clusters, waiting, running foreign programs.
//!
//! Everything here talks to loopback, ends by itself, and stops only processes it started, by their ids.

pub mod apache;
pub mod differences;
pub mod franz;
pub mod kafka;
pub mod launcher;
pub mod ledger;
pub mod peer;
pub mod process;
pub mod program;
pub mod tools;
pub mod wire;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

pub use apache::Apache;
pub use launcher::Launcher;
pub use process::Process;
pub use program::{Output, run};
pub use tools::Tools;

/// The workspace's directory.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").components().collect()
}

/// Polls until `seen` gives something; panics with `what` if that takes longer than `timeout`.
pub fn wait_for<T>(what: &str, timeout: Duration, mut seen: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(value) = seen() {
            return value;
        }
        assert!(begun.elapsed() < timeout, "waited {timeout:?} for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Ports below those that the system gives to outgoing connections: such a one may be taken again until somebody
/// binds it.
pub fn free_ports(count: usize) -> Vec<u16> {
    let begin = 12_000 + (std::process::id() % 100) as u16 * 100;
    let free = (begin..32_000).filter(|port| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok());
    free.take(count).collect()
}

/// Whether a foreign toolchain is there. Its absence is said, and is a failure where CI is set.
pub fn available(name: &str, there: bool) -> bool {
    if !there {
        assert!(std::env::var_os("CI").is_none(), "{name} is needed for this test");
        eprintln!("skipped: {name} is not there");
    }
    there
}
