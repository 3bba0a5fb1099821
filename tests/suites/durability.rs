//! What is acknowledged stays, once and in order: under kill −9 of the launcher, faults of single brokers and of their
//! disks, jumps of the clock and sleep. Each is played twice: librdkafka keeps one ledger, idempotent with acks=all,
//! and franz-go another, whose records are copied in transactions.

use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use broker_core::protocol::messages::metadata::{MetadataRequest, MetadataResponsePartition};
use broker_core::seams::Rng;
use suites::franz::{self, Ledger};
use suites::{Launcher, ledger, wait_for, wire};

const SHAPE: [&str; 4] = ["--brokers", "3", "--override", "num.partitions=3"];
/// Rounds of an ordinary run; a soak goes on for as long as it is told.
const KILLS: u32 = 20;
const FAULTS: u32 = 25;
/// What is done to a broker, and what undoes it.
const WAYS: [(&str, &str); 5] =
    [("stop", "start"), ("crash", "start"), ("powercut", "start"), ("pause", "resume"), ("isolate", "heal")];
/// What is done to which broker's disk, in turn.
const DISK_FAULTS: [(&str, &str); 6] = [
    ("1", "fail-sync"),
    ("2", "fail-write"),
    ("3", "full"),
    ("2", "fail-sync"),
    ("3", "fail-write"),
    ("1", "full"),
];
/// Longer than the sessions of brokers (9 s) and of the ledgers' groups (10 s).
const SLEEP: Duration = Duration::from_secs(12);
/// The session of a group, and ten seconds.
const REJOIN: Duration = Duration::from_secs(20);

/// Keeps a ledger while the cluster is disturbed, and checks it in the end; returns what was found.
type Audit = fn(&str, &mut dyn FnMut(&dyn Ledger)) -> String;

fn librdkafka(bootstrap: &str, disturb: &mut dyn FnMut(&dyn Ledger)) -> String {
    ledger::audit(bootstrap, |acknowledged| disturb(acknowledged));
    String::new()
}

fn franz_go(bootstrap: &str, disturb: &mut dyn FnMut(&dyn Ledger)) -> String {
    franz::audit(bootstrap, |keeper| disturb(keeper))
}

fn is_over(done: u32, rounds: u32, begun: Instant) -> bool {
    match std::env::var("HEADWATER_SOAK_MINUTES").ok().and_then(|minutes| minutes.parse::<u64>().ok()) {
        Some(minutes) => begun.elapsed() > Duration::from_secs(minutes * 60),
        None => done >= rounds,
    }
}

fn kill_nine(audit: Audit) {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let mut cluster = Launcher::start(dir.path(), &SHAPE);
    let (bootstrap, listen) = (cluster.bootstrap(), cluster.listen());
    audit(&bootstrap, &mut |ledger| {
        let (begun, mut kills) = (Instant::now(), 0);
        while !is_over(kills, KILLS, begun) {
            ledger.progress(2000);
            ledger.transact();
            println!("{:.1} s: kill", begun.elapsed().as_secs_f32());
            cluster.kill();
            cluster = Launcher::start_at(dir.path(), &listen, &SHAPE);
            kills += 1;
        }
        ledger.progress(1000);
    });
}

#[test]
fn kill_nine_of_the_launcher_loses_nothing_and_doubles_nothing() {
    kill_nine(librdkafka);
}

#[test]
fn kill_nine_of_the_launcher_loses_nothing_and_doubles_nothing_of_franz_go() {
    if franz::is_there() {
        kill_nine(franz_go);
    }
}

/// Waits until `holds` does for every partition of every topic, as these brokers know them.
fn wait_for_all(brokers: &[&str], what: &str, holds: impl Fn(&MetadataResponsePartition) -> bool) {
    let mut streams: Vec<_> = brokers.iter().map(|at| TcpStream::connect(at).expect("it listens")).collect();
    wait_for(what, Duration::from_secs(40), || {
        let holds = streams.iter_mut().all(|stream| {
            let every = MetadataRequest { topics: None, ..Default::default() };
            let metadata = wire::ask(stream, 1, every);
            metadata.topics.iter().flat_map(|topic| &topic.partitions).all(&holds)
        });
        holds.then_some(())
    });
}

/// Waits until every partition has all its replicas in sync: what is tried is one fault at a time. A second one on
/// top may leave a partition to a single replica, which is then neither to be stopped nor to lose power.
fn healed(bootstrap: &str) {
    let brokers: Vec<&str> = bootstrap.split(',').collect();
    wait_for_all(&brokers, "every replica in sync", |p| {
        p.isr_nodes.len() == p.replica_nodes.len() && p.leader_id > 0
    });
}

/// Waits until another broker leads whatever this one led, as its neighbour knows.
fn taken_over(bootstrap: &str, broker: i32) {
    let neighbour = bootstrap.split(',').nth(broker as usize % 3).expect("there are three");
    wait_for_all(&[neighbour], "other leaders", |p| p.leader_id > 0 && p.leader_id != broker);
}

fn single_brokers(audit: Audit) {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let cluster = Launcher::start(dir.path(), &SHAPE);
    let seed = std::env::var("HEADWATER_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| Rng::from_os().next_u64());
    println!("HEADWATER_SEED={seed}");
    let mut rng = Rng::seeded(seed);
    audit(&cluster.bootstrap(), &mut |ledger| {
        let (begun, mut faults) = (Instant::now(), 0);
        while !is_over(faults, FAULTS, begun) {
            let id = rng.below(3) as i32 + 1;
            let broker = id.to_string();
            let (fault, remedy) = WAYS[rng.below(WAYS.len() as u64) as usize];
            ledger.progress(500);
            ledger.transact();
            healed(&cluster.bootstrap());
            println!("{:.1} s: {fault} {broker}", begun.elapsed().as_secs_f32());
            match fault {
                "isolate" => cluster.ctl(&[fault, &broker, "controller"]).ok(),
                _ => cluster.ctl(&[fault, &broker]).ok(),
            };
            ledger.progress(500);
            if rng.below(2) == 0 {
                taken_over(&cluster.bootstrap(), id);
                ledger.progress(500);
            }
            match remedy {
                "heal" => cluster.ctl(&[remedy]).ok(),
                _ => cluster.ctl(&[remedy, &broker]).ok(),
            };
            faults += 1;
        }
        ledger.progress(500);
    });
}

#[test]
fn faults_of_single_brokers_lose_nothing_and_double_nothing() {
    single_brokers(librdkafka);
}

#[test]
fn faults_of_single_brokers_lose_nothing_and_double_nothing_of_franz_go() {
    if franz::is_there() {
        single_brokers(franz_go);
    }
}

fn disks(audit: Audit) {
    let dir = tempfile::tempdir().expect("a temporary directory");
    // Each append is synced before it is acknowledged.
    let synced = [&SHAPE[..], &["--override", "log.flush.interval.messages=1"]].concat();
    let cluster = Launcher::start(dir.path(), &synced);
    let begun = Instant::now();
    audit(&cluster.bootstrap(), &mut |ledger| {
        for (broker, fault) in DISK_FAULTS {
            ledger.progress(500);
            ledger.transact();
            healed(&cluster.bootstrap());
            println!("{:.1} s: {fault} {broker}", begun.elapsed().as_secs_f32());
            cluster.ctl(&["disk", broker, fault]).ok();
            ledger.progress(500);
            wait_for("the disk to fail", Duration::from_secs(20), || {
                (!cluster.ctl(&["status"]).ok().stdout.contains("its next")).then_some(())
            });
            cluster.ctl(&["disk", broker, "room"]).ok();
        }
        ledger.progress(500);
        ledger.transact();
        healed(&cluster.bootstrap());
    });
}

#[test]
fn faults_of_disks_lose_nothing_and_double_nothing() {
    disks(librdkafka);
}

#[test]
fn faults_of_disks_lose_nothing_and_double_nothing_of_franz_go() {
    if franz::is_there() {
        disks(franz_go);
    }
}

/// std sends no signal but SIGKILL; every shell has the word built in.
fn signal(cluster: &Launcher, signal: &str) {
    let send = format!("kill -{signal} {}", cluster.pid());
    assert!(Command::new("sh").args(["-c", &send]).status().expect("a shell runs").success());
}

fn clock_and_sleep(audit: Audit) {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let cluster = Launcher::start(dir.path(), &SHAPE);
    let found = audit(&cluster.bootstrap(), &mut |ledger| {
        for _ in 0..3 {
            ledger.progress(500);
            ledger.transact();
            cluster.ctl(&["clock", "1h"]).ok();
        }
        ledger.progress(500);
        signal(&cluster, "STOP");
        // The sleep itself is what is tried.
        std::thread::sleep(SLEEP);
        signal(&cluster, "CONT");
        let awake = Instant::now();
        ledger.progress(500);
        ledger.transact();
        println!("{:.1} s after it woke up everything goes on", awake.elapsed().as_secs_f32());
        assert!(awake.elapsed() < REJOIN, "{:?}", awake.elapsed());
    });
    // What the clock runs over expires no transaction.
    assert!(found.is_empty() || found.contains(" 0 in doubt"), "{found}");
}

#[test]
fn jumps_of_the_clock_and_sleep_lose_nothing_and_double_nothing() {
    clock_and_sleep(librdkafka);
}

#[test]
fn jumps_of_the_clock_and_sleep_lose_nothing_and_double_nothing_of_franz_go() {
    if franz::is_there() {
        clock_and_sleep(franz_go);
    }
}
