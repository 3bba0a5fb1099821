//! From an empty directory to a cluster that answers, and what it holds when idle.

use std::time::{Duration, Instant};

use suites::Launcher;

use super::{median, process};

/// Starts measured for the median.
const STARTS: usize = 20;

pub fn measure() {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let begun = Instant::now();
        let cluster = Launcher::start(dir.path(), &["--brokers", "3"]);
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
        drop(cluster);
    }
    println!("start, 3 brokers, exec to READY: {:.0} ms (median of {STARTS}; at most 100)", median(times));
    for brokers in ["1", "3"] {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let cluster = Launcher::start(dir.path(), &["--brokers", brokers]);
        std::thread::sleep(Duration::from_secs(2));
        let cpu = process::cpu_seconds(cluster.pid());
        std::thread::sleep(Duration::from_secs(10));
        let cpu = (process::cpu_seconds(cluster.pid()) - cpu) * 6.0;
        let resident = process::resident_mb(cluster.pid());
        println!("idle, {brokers} brokers: {resident:.0} MB resident, {cpu:.2} CPU s a minute");
    }
}
