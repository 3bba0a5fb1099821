//! kill −9 of the launcher, and faults of single brokers, under idempotent acks=all load.

use std::time::{Duration, Instant};

use broker_core::seams::Rng;
use rdkafka::ClientConfig;
use rdkafka::producer::{BaseProducer, Producer};
use suites::ledger::audit;
use suites::{Launcher, wait_for};

const SHAPE: [&str; 4] = ["--brokers", "3", "--override", "num.partitions=3"];
/// Rounds of an ordinary run; a soak goes on for as long as it is told.
const KILLS: u32 = 5;
const FAULTS: u32 = 8;
/// What is done to a broker, and what undoes it.
const WAYS: [(&str, &str); 5] =
    [("stop", "start"), ("crash", "start"), ("powercut", "start"), ("pause", "resume"), ("isolate", "heal")];

fn is_over(done: u32, rounds: u32, begun: Instant) -> bool {
    match std::env::var("HEADWATER_SOAK_MINUTES").ok().and_then(|minutes| minutes.parse::<u64>().ok()) {
        Some(minutes) => begun.elapsed() > Duration::from_secs(minutes * 60),
        None => done >= rounds,
    }
}

#[test]
fn kill_nine_of_the_launcher_loses_nothing_and_doubles_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut cluster = Launcher::start(dir.path(), &SHAPE);
    let (bootstrap, listen) = (cluster.bootstrap(), cluster.listen());
    audit(&bootstrap, |acknowledged| {
        let (begun, mut kills) = (Instant::now(), 0);
        while !is_over(kills, KILLS, begun) {
            acknowledged.progress(2000);
            cluster.kill();
            cluster = Launcher::start_at(dir.path(), &listen, &SHAPE);
            kills += 1;
        }
        acknowledged.progress(1000);
    });
}

/// Waits until every partition has all its replicas in sync: what is tried is one fault at a time. A second one on
/// top may leave a partition to a single replica, which is then neither to be stopped nor to lose power.
fn healed(bootstrap: &str) {
    let client: BaseProducer =
        ClientConfig::new().set("bootstrap.servers", bootstrap).create().expect("a client can be made");
    wait_for("every replica in sync", Duration::from_secs(40), || {
        let metadata = client.client().fetch_metadata(None, Duration::from_secs(5)).ok()?;
        let mut partitions = metadata.topics().iter().flat_map(|topic| topic.partitions());
        partitions.all(|p| p.isr().len() == p.replicas().len() && p.leader() > 0).then_some(())
    });
}

#[test]
fn faults_of_single_brokers_lose_nothing_and_double_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let cluster = Launcher::start(dir.path(), &SHAPE);
    let seed = std::env::var("HEADWATER_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| Rng::from_os().next_u64());
    println!("HEADWATER_SEED={seed}");
    let mut rng = Rng::seeded(seed);
    audit(&cluster.bootstrap(), |acknowledged| {
        let (begun, mut faults) = (Instant::now(), 0);
        while !is_over(faults, FAULTS, begun) {
            let broker = (rng.below(3) + 1).to_string();
            let (fault, remedy) = WAYS[rng.below(WAYS.len() as u64) as usize];
            acknowledged.progress(500);
            healed(&cluster.bootstrap());
            println!("{:.1} s: {fault} {broker}", begun.elapsed().as_secs_f32());
            match fault {
                "isolate" => cluster.ctl(&[fault, &broker, "controller"]).ok(),
                _ => cluster.ctl(&[fault, &broker]).ok(),
            };
            acknowledged.progress(500);
            match remedy {
                "heal" => cluster.ctl(&[remedy]).ok(),
                _ => cluster.ctl(&[remedy, &broker]).ok(),
            };
            faults += 1;
        }
        acknowledged.progress(500);
    });
}
