//! Where replicas are and which of them leads: ReassignPartitionsCommand, LeaderElectionCommand.

use std::time::{Duration, Instant};

use suites::{kafka, wait_for};

use super::{Here, TOPICS};

const MOVE: &str = "ReassignPartitionsCommand";
const ELECT: &str = "LeaderElectionCommand";
const CONFIGS: &str = "ConfigCommand";
const LONG: Duration = Duration::from_secs(30);

/// A plan file: partition and replicas of each row.
fn plan(here: &Here, name: &str, topic: &str, rows: &[(i32, &str)]) -> String {
    let row = |(partition, replicas): &(i32, &str)| {
        format!(r#"{{"topic":"{topic}","partition":{partition},"replicas":[{replicas}]}}"#)
    };
    let rows: Vec<String> = rows.iter().map(row).collect();
    here.file(name, &format!(r#"{{"version":1,"partitions":[{}]}}"#, rows.join(",")))
}

fn execute(here: &mut Here, plan: &str, more: &str, code: i32, wanted: &[&str]) {
    here.tools.says(MOVE, &format!("--execute --reassignment-json-file {plan} {more}"), code, wanted);
}

fn settled(here: &mut Here, plan: &str, wanted: &str) -> String {
    let args = format!("--verify --preserve-throttles --reassignment-json-file {plan}");
    wait_for(wanted, LONG, || {
        let said = here.tools.says(MOVE, &args, 0, &["Status of partition reassignment:"]);
        said.contains(wanted).then_some(said)
    })
}

#[test]
fn replicas_move_and_leaders_are_elected_by_tools() {
    // Leaders move only as they are told to: by itself the cluster hands them back every few seconds.
    let still = ["--override", "auto.leader.rebalance.enable=false"];
    let Some(mut here) = Here::start_with(&still) else { return };
    here.create("orders", "1:2:3,2:3:1");
    here.produce("orders", 0, "a\nb\n");
    plans_are_made_and_refused(&mut here);
    throttled(&mut here);
    slowed(&mut here);
    listed_and_cancelled(&mut here);
    preferred(&mut here);
    eligible(&mut here);
    unclean(&mut here);
    here.shutdown_warned(&["leader elected that was not in sync index=0 leader=3"]);
}

fn plans_are_made_and_refused(here: &mut Here) {
    let topics = here.file("topics.json", r#"{"topics":[{"topic":"orders"}],"version":1}"#);
    let generate = format!("--generate --topics-to-move-json-file {topics} --broker-list");
    let current = r#""partition":0,"replicas":[1,2,3]"#;
    let wanted =
        ["Current partition replica assignment", current, "Proposed partition reassignment configuration"];
    here.tools.says(MOVE, &format!("{generate} 1,2,3"), 0, &wanted);
    let few = "The target replication factor of 3 cannot be reached because only 2 broker(s) are registered";
    here.tools.says(MOVE, &format!("{generate} 2,3"), 1, &[few]);
    for (topic, replicas, error) in [
        ("orders", "2,9", "Unknown broker id 9"),
        ("orders", "2,2", "orders-0 contains multiple entries for 2"),
        ("nope", "2,3", "UnknownTopicOrPartitionException: Topic nope not found."),
    ] {
        let bad = plan(here, "bad.json", topic, &[(0, replicas)]);
        execute(here, &bad, "", 1, &[error]);
    }
    let fewer = plan(here, "fewer.json", "orders", &[(0, "2,3")]);
    execute(here, &fewer, "--disallow-replication-factor-change", 1, &["Error reassigning partition(s):"]);
    let dir = here.file(
        "dir.json",
        r#"{"version":1,"partitions":[{"topic":"orders","partition":0,"replicas":[1,2,3],
            "log_dirs":["/nowhere/else","any","any"]}]}"#,
    );
    // A broker has one log directory (SKIPPED.md); one of Apache Kafka refuses a directory that it has not too.
    execute(here, &dir, "--timeout 500", 1, &["Failed to alter dir for orders-0-1"]);
    let idle = plan(here, "idle.json", "orders", &[(0, "1,2,3")]);
    let none = "None of the specified partition reassignments are active.";
    here.tools.says(MOVE, &format!("--cancel --reassignment-json-file {idle}"), 0, &[none]);
    assert_eq!(here.tools.says(MOVE, "--list", 0, &[]), "No partition reassignments found.");
}

fn throttled(here: &mut Here) {
    let moves = plan(here, "moves.json", "orders", &[(0, "2,3"), (1, "3,1")]);
    let wanted = [
        r#""partition":0,"replicas":[1,2,3]"#,
        "Warning: You must run --verify periodically, until the reassignment completes",
        "The inter-broker throttle limit was set to 10000000 B/s",
        "Successfully started partition reassignments for orders-0,orders-1",
    ];
    execute(here, &moves, "--throttle 10000000", 0, &wanted);
    settled(
        here,
        &moves,
        "partition orders-0 is completed. Reassignment of partition orders-1 is completed.",
    );
    let rate = "leader.replication.throttled.rate=10000000 sensitive=false";
    here.tools.says(CONFIGS, "--describe --broker 2", 0, &[&format!("follower.{}", &rate[7..]), rate]);
    let replicas = "leader.replication.throttled.replicas=0:1,0:2,0:3,1:1,1:2,1:3 sensitive=false";
    here.tools.says(CONFIGS, "--describe --topic orders", 0, &[replicas]);
    let cleared = [
        "Reassignment of partition orders-1 is completed.",
        "Clearing broker-level throttles on brokers 1,2,3",
        "Clearing topic-level throttles on topic orders",
    ];
    here.tools.says(MOVE, &format!("--verify --reassignment-json-file {moves}"), 0, &cleared);
    for args in ["--describe --broker 2", "--describe --topic orders"] {
        let said = here.tools.says(CONFIGS, args, 0, &[]);
        assert!(!said.contains("throttled"), "{said}");
    }
    here.tools.says(TOPICS, "--describe --topic orders", 0, &["Replicas: 2,3", "Replicas: 3,1"]);
}

/// A move takes as long as its throttle says, goes on faster when that is raised, and can be called off meanwhile.
fn slowed(here: &mut Here) {
    here.create("heavy", "1:2");
    here.produce("heavy", 0, &format!("{}\n", "x".repeat(1000)).repeat(4000));
    let copied = |here: &Here, broker: i32| {
        let log = format!("broker-{broker}/heavy-0/00000000000000000000.log");
        std::fs::metadata(here.dir.path().join("cluster").join(log)).map_or(0, |file| file.len())
    };
    let moves = plan(here, "heavy.json", "heavy", &[(0, "1,3")]);
    execute(here, &moves, "--throttle 400000", 0, &["The inter-broker throttle limit was set to 400000 B/s"]);
    here.tools.says(MOVE, "--list", 0, &["heavy-0: replicas: 1,3,2. adding: 3. removing: 2."]);
    let before = (Instant::now(), copied(here, 3));
    std::thread::sleep(Duration::from_secs(3));
    let (since, more) = (before.0.elapsed().as_secs_f64(), copied(here, 3) - before.1);
    let rate = more as f64 / since;
    assert!((1.0..1_200_000.0).contains(&rate), "{rate} bytes a second");
    settled(here, &moves, "Reassignment of partition heavy-0 is still in progress.");
    // Called off, it begins anew later.
    let cancelled = "Successfully cancelled partition reassignment for: heavy-0";
    here.tools.says(
        MOVE,
        &format!("--cancel --preserve-throttles --reassignment-json-file {moves}"),
        0,
        &[cancelled],
    );
    here.tools.says(TOPICS, "--describe --topic heavy", 0, &["Replicas: 1,2"]);
    wait_for("what was copied to be removed", LONG, || (copied(here, 3) == 0).then_some(()));
    execute(
        here,
        &moves,
        "--throttle 400000",
        0,
        &["Successfully started partition reassignment for heavy-0"],
    );
    execute(here, &moves, "--additional --throttle 100000000", 0, &["limit was set to 100000000 B/s"]);
    let done = "Reassignment of partition heavy-0 is completed.";
    here.tools.says(TOPICS, "--describe --topic heavy", 0, &["Leader: 1"]);
    settled(here, &moves, done);
    here.tools.says(MOVE, &format!("--verify --reassignment-json-file {moves}"), 0, &[done]);
    assert_eq!(copied(here, 3), copied(here, 1));
    assert!(copied(here, 1) > 4_000_000);
}

/// A broker that hears nothing of its leader never catches up.
fn listed_and_cancelled(here: &mut Here) {
    here.cluster.ctl(&["isolate", "2", "1"]).ok();
    let stuck = plan(here, "stuck.json", "orders", &[(0, "2,1")]);
    execute(here, &stuck, "", 0, &["Successfully started partition reassignment for orders-0"]);
    let row = "Current partition reassignments: orders-0: replicas: 2,1,3. adding: 1. removing: 3.";
    assert_eq!(here.tools.says(MOVE, "--list", 0, &[]), row);
    settled(here, &stuck, "Reassignment of partition orders-0 is still in progress.");
    // A second one needs to be told that it may replace the first.
    let other = plan(here, "other.json", "orders", &[(0, "2,3,1")]);
    execute(here, &other, "", 1, &["Cannot execute because there is an existing partition assignment."]);
    execute(here, &other, "--additional", 0, &["Successfully started partition reassignment for orders-0"]);
    here.tools.says(MOVE, "--list", 0, &["orders-0: replicas: 2,3,1. adding: 1."]);
    let cancel = format!("--cancel --reassignment-json-file {other}");
    let cancelled = "Successfully cancelled partition reassignment for: orders-0";
    here.tools.says(MOVE, &cancel, 0, &[cancelled]);
    here.cluster.ctl(&["heal"]).ok();
    settled(
        here,
        &other,
        "no active reassignment of partition orders-0, but replica set is 2,3 rather than 2,3,1",
    );
}

fn preferred(here: &mut Here) {
    let one = "--election-type preferred --topic orders --partition 0";
    here.tools.says(ELECT, one, 0, &["Valid replica already elected for partitions orders-0"]);
    let needless = "--election-type unclean --topic orders --partition 0";
    here.tools.says(ELECT, needless, 0, &["Valid replica already elected for partitions orders-0"]);
    // Another order: the leader stays, though it is not the first any more.
    let turned = plan(here, "turned.json", "orders", &[(0, "3,2"), (1, "1,3")]);
    execute(here, &turned, "", 0, &["Successfully started partition reassignments for orders-0,orders-1"]);
    settled(
        here,
        &turned,
        "partition orders-0 is completed. Reassignment of partition orders-1 is completed.",
    );
    here.tools.says(TOPICS, "--describe --topic orders", 0, &["Partition: 0 Leader: 2 Replicas: 3,2"]);
    let done = "Successfully completed leader election (PREFERRED) for partitions orders-0";
    here.tools.says(ELECT, one, 0, &[done]);
    let rows = r#"{"partitions":[{"topic":"orders","partition":1},{"topic":"orders","partition":9}]}"#;
    let file = here.file("elect.json", rows);
    let wanted = [
        "Successfully completed leader election (PREFERRED) for partitions orders-1",
        "Error completing leader election (PREFERRED) for partition: orders-9: \
         org.apache.kafka.common.errors.UnknownTopicOrPartitionException",
        "1 replica(s) could not be elected",
    ];
    here.tools.says(ELECT, &format!("--election-type preferred --path-to-json-file {file}"), 1, &wanted);
    let led = ["Partition: 0 Leader: 3 Replicas: 3,2", "Partition: 1 Leader: 1 Replicas: 1,3"];
    here.tools.says(TOPICS, "--describe --topic orders", 0, &led);
    assert_eq!(here.tools.says(ELECT, "--election-type preferred --all-topic-partitions", 0, &[]), "");
    let choose = "One and only one of the following options is required: topic, all-topic-partitions";
    here.tools.says(ELECT, "--election-type preferred", 1, &[choose]);
}

/// One that left when too few were in sync to commit has every committed record, and may lead.
fn eligible(here: &mut Here) {
    here.create("careful", "1:2");
    here.produce("careful", 0, "a\n");
    let shows = |here: &mut Here, state: &str| {
        wait_for(state, LONG, || {
            let said = here.tools.says(TOPICS, "--describe --topic careful", 0, &["Replicas: 1,2"]);
            said.contains(state).then_some(())
        });
    };
    here.cluster.ctl(&["stop", "2"]).ok();
    shows(here, "Leader: 1 Replicas: 1,2 Isr: 1 Elr: 2 LastKnownElr:");
    here.cluster.ctl(&["stop", "1"]).ok();
    shows(here, "Leader: none Replicas: 1,2 Isr: Elr: 1,2 LastKnownElr: 1");
    here.cluster.ctl(&["start", "2"]).ok();
    shows(here, "Leader: 2 Replicas: 1,2 Isr: 2 Elr: 1 LastKnownElr:");
    here.cluster.ctl(&["start", "1"]).ok();
    shows(here, "Elr: LastKnownElr:");
    let read = kafka::kcat(&here.cluster.bootstrap(), &["-C", "-t", "careful", "-e"], "").ok();
    assert_eq!(read.stdout, "a\n");
}

/// The last replica in sync is gone, another is back: only an unclean election brings the partition to life.
fn unclean(here: &mut Here) {
    let risky = "--create --topic risky --replica-assignment 2:3 --config min.insync.replicas=1";
    here.tools.says(TOPICS, risky, 0, &["Created topic risky."]);
    here.produce("risky", 0, "a\n");
    here.cluster.ctl(&["stop", "3"]).ok();
    here.tools.says(TOPICS, "--describe --topic risky", 0, &["Leader: 2 Replicas: 2,3 Isr: 2 "]);
    here.cluster.ctl(&["stop", "2"]).ok();
    here.cluster.ctl(&["start", "3"]).ok();
    here.tools.says(TOPICS, "--describe --topic risky", 0, &["Leader: none Replicas: 2,3 Isr: Elr: 2 "]);
    let elect = |kind: &str| format!("--election-type {kind} --topic risky --partition 0");
    let unavailable = ["PreferredLeaderNotAvailableException", "1 replica(s) could not be elected"];
    here.tools.says(ELECT, &elect("preferred"), 1, &unavailable);
    let done = "Successfully completed leader election (UNCLEAN) for partitions risky-0";
    here.tools.says(ELECT, &elect("unclean"), 0, &[done]);
    here.tools.says(TOPICS, "--describe --topic risky", 0, &["Leader: 3 Replicas: 2,3 Isr: 3 "]);
    here.cluster.ctl(&["start", "2"]).ok();
    wait_for("a replica that catches up", LONG, || {
        let said = here.tools.says(TOPICS, "--describe --topic risky", 0, &["Leader: 3 "]);
        (said.contains("Isr: 2,3 ") || said.contains("Isr: 3,2 ")).then_some(())
    });
    here.tools.says(ELECT, &elect("preferred"), 0, &["Successfully completed leader election (PREFERRED)"]);
}
