//! Measures beside Apache Kafka 4.3.1: same machine, same run, same librdkafka client.
//!
//! `cargo xtask bench [start] [throughput] [groups] [hostile] [app] [ui]`. Figures are medians; MB is 10⁶ bytes of payload.

mod app;
mod groups;
mod hostile;
mod load;
mod process;

use std::time::{Duration, Instant};

use suites::{Launcher, kafka};

/// Runs of each throughput.
const ROUNDS: usize = 3;
/// Starts measured for the median.
const STARTS: usize = 20;
/// Payload of a run.
const BYTES: u64 = 600_000_000;
const RECORD_BYTES: usize = 1024;

fn main() {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |name: &str| names.is_empty() || names.iter().any(|other| other == name);
    if wanted("start") {
        start();
    }
    if wanted("throughput") {
        throughput();
    }
    if wanted("groups") {
        groups::measure();
    }
    if wanted("hostile") {
        hostile::measure();
    }
    if wanted("app") {
        app::launch();
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// Exec to READY of three brokers in an empty directory, and what they hold when idle.
fn start() {
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

/// Produce and consume at 1 KiB with one and three replicas; ours and theirs take turns.
fn throughput() {
    let apache = kafka::has_java();
    for (brokers, replicas) in [(1, 1), (3, 3)] {
        for codec in ["none", "lz4"] {
            let (mut ours, mut theirs) = (Vec::new(), Vec::new());
            for _ in 0..ROUNDS {
                ours.push(measure_ours(brokers, replicas, codec));
                if apache {
                    theirs.push(measure_apache(brokers, replicas, codec));
                }
            }
            let ours = load::Figures::median(&ours);
            println!("headwater     {ours} (medians of {ROUNDS})");
            if apache {
                let theirs = load::Figures::median(&theirs);
                println!("Apache Kafka  {theirs} (medians of {ROUNDS})");
                println!("ratio         {}", load::ratio(&ours, &theirs));
            }
        }
    }
}

fn measure_ours(brokers: usize, replicas: i32, codec: &str) -> load::Figures {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let cluster = Launcher::start(dir.path(), &["--brokers", &brokers.to_string()]);
    load::run(&cluster.bootstrap(), &[cluster.pid()], replicas, codec, BYTES, RECORD_BYTES)
}

fn measure_apache(brokers: usize, replicas: i32, codec: &str) -> load::Figures {
    let cluster = suites::Apache::start(brokers);
    load::run(&cluster.bootstrap(), &cluster.pids(), replicas, codec, BYTES, RECORD_BYTES)
}
