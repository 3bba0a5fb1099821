//! The whole cluster played by seed: brokers, their logs and replicas, the controller, groups and transactions run as
//! they are, on one thread, in virtual time, over disks in memory and a bad network. Processes are killed at any write,
//! writes are torn, syncs lie, bits turn over, links are cut, brokers stand still, clocks jump. Then the faults stop,
//! and the cluster must come to rest with nothing lost, nothing twice, and every transaction whole.
//!
//! A short run is part of `check`; how one seed is played again, and how more are, says `tests/common/seeds.rs`.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a player knows the codes it asks again after; every other one ends the run and is named"
)]

mod client;
mod history;
mod machine;
mod players;
mod replicas;
#[path = "../tests/common/seeds.rs"]
mod seeds;
mod transactions;
mod world;

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use tokio::task::{JoinSet, LocalSet};

use crate::protocol::ErrorCode;
use crate::protocol::messages::create_topics::{CreatableTopic, CreatableTopicConfig, CreateTopicsRequest};
use crate::protocol::messages::produce::{PartitionProduceData, ProduceRequest, TopicProduceData};
use client::Client;
use players::{LEDGER, ORDERS, PARTITIONS, Reader};
use transactions::Transactional;
use world::World;

/// A group outside transactions.
const PLAIN: &str = "plain-group";
/// Seeds of a short run.
const SEEDS: u64 = 20;
/// How long faults are played, and how long the cluster then has to come to rest.
const STORM: Duration = Duration::from_secs(60);
const CALM: Duration = Duration::from_secs(120);
/// How often it is looked whether it has.
const LOOK: Duration = Duration::from_millis(200);

#[test]
fn nothing_acknowledged_is_lost_and_every_transaction_is_whole() {
    if std::env::var_os("HEADWATER_SEED").is_some() {
        let _ = tracing_subscriber::fmt().with_max_level(tracing::Level::INFO).without_time().try_init();
    }
    seeds::run(SEEDS, |seed| {
        let _trail = play(seed);
    });
}

#[test]
fn a_seed_plays_the_same_run_again() {
    assert_eq!(play(7), play(7));
}

#[test]
fn what_is_refused_is_named_by_the_partition_that_was_asked() {
    let produce = |name: &str| ProduceRequest {
        acks: -1,
        topic_data: vec![TopicProduceData {
            name: name.to_owned(),
            partition_data: vec![PartitionProduceData { index: 3, ..Default::default() }],
            ..Default::default()
        }],
        ..Default::default()
    };
    let answered = on_a_cluster(async move |world| {
        let client = Client::new(&world, "probe");
        create_topics(&client).await;
        world.stormy.set(false);
        let answer = client.ask(1, 9, produce("nowhere")).await.unwrap();
        answer.responses[0].partition_responses[0].clone()
    });
    assert_eq!((answered.index, answered.error_code), (3, ErrorCode::UnknownTopicOrPartition.code()));
}

/// Runs `act` on a cluster that has just been started.
fn on_a_cluster<T>(act: impl AsyncFnOnce(Rc<World>) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    LocalSet::new().block_on(&runtime.unwrap(), async { act(World::new(0)).await })
}

/// Plays a seed; returns what happened last.
fn play(seed: u64) -> Vec<String> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let tasks = LocalSet::new();
    tasks.block_on(&runtime, async {
        let world = World::new(seed);
        let played = tokio::task::spawn_local(run(Rc::clone(&world))).await;
        if let Err(err) = played {
            eprintln!("{}", world.history.borrow().trail().join("\n"));
            std::panic::resume_unwind(err.into_panic());
        }
        let counts = world.history.borrow().counts();
        world.note(counts);
        world.history.borrow().trail()
    })
}

async fn run(world: Rc<World>) {
    let client = |name: &str| Client::new(&world, name);
    create_topics(&client("admin")).await;
    let mut writers = JoinSet::new();
    for name in ["writer-1", "writer-2"] {
        writers.spawn_local(players::producer(client(name)));
    }
    writers.spawn_local(players::committer(client(PLAIN)));
    // The second program of an id is its double.
    let ids = [("payer", true), ("payer", true), ("biller", true), ("elder", false), ("elder", false)];
    let mut numbers = std::collections::BTreeMap::<&str, Rc<Cell<u64>>>::new();
    for (at, (id, modern)) in ids.into_iter().enumerate() {
        let numbers = numbers.entry(id).or_default();
        let program = client(&format!("{id}-{at}"));
        writers.spawn_local(Transactional::new(program, id, modern, numbers).run());
    }
    let mut readers = JoinSet::new();
    for (topic, committed) in [(ORDERS, false), (LEDGER, false), (ORDERS, true), (LEDGER, true)] {
        let reader = Reader::new(client(&format!("reader of {topic}, {committed}")), topic, committed);
        readers.spawn_local(reader.run());
    }
    let storm = tokio::task::spawn_local({
        let world = Rc::clone(&world);
        async move { world.storm(STORM).await }
    });
    // A program that falls ends the run at once.
    let mut done = Vec::new();
    let at_rest = async {
        while let Some(ended) = writers.join_next().await {
            ended.unwrap();
        }
        storm.await.unwrap();
        while let Some(reader) = readers.join_next().await {
            done.push(reader.unwrap());
        }
        while !world.all_in_sync() {
            tokio::time::sleep(LOOK).await;
        }
        for reader in done.drain(..) {
            reader.finish().await;
        }
    };
    let rested = tokio::time::timeout(STORM + CALM, at_rest).await;
    let running = (writers.len(), readers.len());
    assert!(rested.is_ok(), "no rest: {running:?} writers and readers still run\n{}", world.describe());
    world.compare_replicas();
    world.history.borrow().judge();
    let groups = async {
        for id in numbers.keys() {
            let found = settled_offset(&client("admin"), &Transactional::group(id)).await;
            world.history.borrow().judge_offset(id, found);
        }
        settled_offset(&client("admin"), PLAIN).await
    };
    let found = tokio::time::timeout(CALM, groups).await;
    // A coordinator that was cut off may tell of older commits for a while, as Kafka's does; at rest none may be gone.
    let found = found.unwrap_or_else(|_| panic!("a group does not tell its offset\n{}", world.describe()));
    let (least, most) = world.history.borrow().bounds(PLAIN);
    assert!((least..=most).contains(&found), "{PLAIN} is at {found}, not in {least}..={most}");
}

async fn settled_offset(client: &Client, group: &str) -> i64 {
    loop {
        if let Some(found) = players::committed_offset(client, group).await {
            return found;
        }
    }
}

async fn create_topics(client: &Client) {
    let topic = |name: &str, flush_messages: &str| CreatableTopic {
        name: name.to_owned(),
        num_partitions: PARTITIONS,
        replication_factor: 3,
        configs: vec![CreatableTopicConfig {
            name: "flush.messages".to_owned(),
            value: Some(flush_messages.to_owned()),
        }],
        ..Default::default()
    };
    // One leaves syncing to the system, as most do; the other syncs now and then.
    let topics = vec![topic(ORDERS, "9223372036854775807"), topic(LEDGER, "5")];
    let request = CreateTopicsRequest { topics, timeout_ms: 3_000, ..Default::default() };
    loop {
        // Lost sight of, they may be there already.
        let _ = client.ask(1, 7, request.clone()).await;
        if client.leader(ORDERS, 0).await.is_some() && client.leader(LEDGER, 0).await.is_some() {
            return;
        }
        client.pause().await;
    }
}
