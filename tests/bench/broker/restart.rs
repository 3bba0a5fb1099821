//! Starting again over a gigabyte of records: from exec to the first acknowledged write.

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use broker_core::protocol::batch::Codec;
use suites::wire::{produce, produced, try_produced, zeros};
use suites::{Apache, Launcher, kafka};

use super::super::clusters::of_running;
use super::super::load::{self, Work};
use super::super::{ROUNDS, median, process};

const GB: u64 = 1_000_000_000;
const PATIENCE: Duration = Duration::from_secs(120);
/// Single writes timed for the median.
const APPENDS: usize = 500;

pub fn measure() {
    println!(
        "one broker with records in 6 partitions, exec to the first acknowledged write (medians of {ROUNDS})"
    );
    for bytes in [GB, 2 * GB] {
        ours(bytes);
    }
    if kafka::has_java() {
        apache(GB);
    }
}

fn ours(bytes: u64) {
    let (mut clean, mut killed) = (Vec::new(), Vec::new());
    let dir = tempfile::tempdir().expect("a temporary directory");
    let mut cluster = Launcher::start(dir.path(), &["--brokers", "1"]);
    let (listen, address) = (cluster.listen(), cluster.bootstrap());
    fill(&address, vec![cluster.pid()], bytes);
    for _ in 0..ROUNDS {
        cluster.shutdown();
        let begun = Instant::now();
        cluster = Launcher::start_at(dir.path(), &listen, &["--brokers", "1"]);
        clean.push(first_write(&address, begun));
        cluster.kill();
        let begun = Instant::now();
        cluster = Launcher::start_at(dir.path(), &listen, &["--brokers", "1"]);
        killed.push(first_write(&address, begun));
    }
    let append = append_us(&address);
    let resident = process::resident_mb(cluster.pid());
    tell("headwater", bytes, clean, killed);
    println!("    then {resident:.0} MB resident, append p50 {append:.0} µs");
}

fn apache(bytes: u64) {
    let (mut clean, mut killed) = (Vec::new(), Vec::new());
    let mut cluster = Apache::start(1);
    let address = cluster.bootstrap();
    fill(&address, cluster.pids(), bytes);
    for _ in 0..ROUNDS {
        for (times, in_order) in [(&mut clean, true), (&mut killed, false)] {
            cluster.end(in_order);
            let begun = Instant::now();
            cluster.start_again();
            times.push(first_write(&address, begun));
        }
    }
    tell("Apache Kafka", bytes, clean, killed);
}

fn tell(name: &str, bytes: u64, clean: Vec<f64>, killed: Vec<f64>) {
    let (clean, killed) = (median(clean), median(killed));
    println!("  {name:13} {} GB: clean {clean:.3} s, after kill -9 {killed:.3} s", bytes / GB);
}

fn fill(bootstrap: &str, pids: Vec<u32>, bytes: u64) {
    load::run(&of_running(bootstrap, pids), &Work { bytes, ..Work::USUAL });
}

/// Seconds from `begun` until a write is acknowledged.
fn first_write(address: &str, begun: Instant) -> f64 {
    while try_write(address).is_none() {
        assert!(begun.elapsed() < PATIENCE, "no write is acknowledged");
        std::thread::sleep(Duration::from_millis(1));
    }
    begun.elapsed().as_secs_f64()
}

fn try_write(address: &str) -> Option<()> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    stream.write_all(&produce(load::TOPIC, zeros(Codec::None, 100))).ok()?;
    (try_produced(&mut stream)?.error_code == 0).then_some(())
}

/// Median of single writes to a partition that holds a part of the load, in microseconds.
fn append_us(address: &str) -> f64 {
    let mut stream = TcpStream::connect(address).expect("the broker listens");
    let mut times = Vec::with_capacity(APPENDS);
    for _ in 0..APPENDS {
        let request = produce(load::TOPIC, zeros(Codec::None, 100));
        let begun = Instant::now();
        stream.write_all(&request).expect("the broker listens");
        assert_eq!(produced(&mut stream).error_code, 0, "a write");
        times.push(begun.elapsed().as_secs_f64() * 1e6);
    }
    median(times)
}
