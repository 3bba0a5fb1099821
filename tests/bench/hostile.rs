//! What a small producer feels while others on its broker send bombs, do not read, or come and go.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use broker_core::protocol::ApiKey;
use broker_core::protocol::batch::{Codec, DECOMPRESSED_MAX};
use suites::wire::{create_topic, fetch, frame, produce, produced, zeros};
use suites::{Apache, Launcher, kafka};

use super::median;

const PROBES: usize = 1_500;
const EVERY: Duration = Duration::from_millis(4);
const BOMBERS: usize = 4;
const STALLED: usize = 200;
const ROUNDS: usize = 3;
/// Just below what one of our batches may decompress to.
const BOMB_BYTES: usize = DECOMPRESSED_MAX - (1 << 20);

type Attack = (&'static str, fn(&str, &AtomicBool));

const ATTACKS: [Attack; 4] = [
    ("alone", |_, _| ()),
    ("4 connections send bombs", bombs),
    ("200 readers do not read", stalled),
    ("connections come and go", churn),
];

pub fn measure() {
    println!(
        "a produce of 100 B, acks=1, every 4 ms, one broker (p99 at most twice that of alone; medians of {ROUNDS})"
    );
    let dir = tempfile::tempdir().expect("a temporary directory");
    let cluster = Launcher::start(dir.path(), &["--brokers", "1"]);
    under_each("headwater", &cluster.bootstrap());
    drop(cluster);
    if kafka::has_java() {
        let cluster = Apache::start(1);
        under_each("Apache Kafka", &cluster.bootstrap());
    }
}

fn connect(address: &str) -> TcpStream {
    TcpStream::connect(address).expect("the broker listens")
}

fn under_each(name: &str, address: &str) {
    for topic in ["probe", "bombs", "large"] {
        create_topic(&mut connect(address), topic);
    }
    let mut filler = connect(address);
    for _ in 0..40 {
        filler.write_all(&produce("large", zeros(Codec::None, 1_000_000))).expect("the broker listens");
        produced(&mut filler);
    }
    for (what, attack) in ATTACKS {
        let (mut p50, mut p99) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let over = AtomicBool::new(false);
            std::thread::scope(|scope| {
                scope.spawn(|| attack(address, &over));
                std::thread::sleep(Duration::from_millis(500));
                let times = probe(address);
                over.store(true, Ordering::Relaxed);
                p50.extend(times.get(times.len() / 2));
                p99.extend(times.get(times.len() * 99 / 100));
            });
        }
        println!("  {name:13} {what:26} p50 {:.2} ms, p99 {:.2} ms", median(p50), median(p99));
    }
}

/// How long each answer to a small write to `probe` took (milliseconds), rising.
pub fn probe(address: &str) -> Vec<f64> {
    let mut stream = connect(address);
    stream.set_nodelay(true).expect("a socket option");
    let request = produce("probe", zeros(Codec::None, 100));
    let mut times: Vec<f64> = (0..PROBES)
        .map(|_| {
            std::thread::sleep(EVERY);
            let begun = Instant::now();
            stream.write_all(&request).expect("the broker listens");
            produced(&mut stream);
            begun.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times
}

fn bombs(address: &str, over: &AtomicBool) {
    let bombs = [Codec::Zstd, Codec::Gzip].map(|codec| produce("bombs", zeros(codec, BOMB_BYTES)));
    std::thread::scope(|scope| {
        for bomb in bombs.iter().cycle().take(BOMBERS) {
            scope.spawn(|| {
                let mut stream = connect(address);
                while !over.load(Ordering::Relaxed) && stream.write_all(bomb).is_ok() {
                    produced(&mut stream);
                }
            });
        }
    });
}

fn stalled(address: &str, over: &AtomicBool) {
    let request = fetch("large", 50 << 20);
    let open: Vec<TcpStream> = (0..STALLED)
        .map(|_| {
            let mut stream = connect(address);
            stream.write_all(&request).expect("the broker listens");
            stream
        })
        .collect();
    while !over.load(Ordering::Relaxed) {
        std::thread::sleep(EVERY);
    }
    drop(open);
}

/// About five hundred a second, each with a question.
fn churn(address: &str, over: &AtomicBool) {
    let question = frame(ApiKey::ApiVersions.code(), 0, b"");
    while !over.load(Ordering::Relaxed) {
        let mut stream = connect(address);
        if stream.write_all(&question).is_ok() {
            let _ = stream.read(&mut [0; 8]);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}
