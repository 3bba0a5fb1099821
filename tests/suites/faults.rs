//! Faults as a person plays them with `ctl`, seen by clients.

use std::time::Duration;

use broker_core::protocol::messages::delete_topics::DeleteTopicsRequest;
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, ResourceSpecifier, TopicReplication};
use rdkafka::client::DefaultClientContext;
use suites::{Launcher, kafka, wait_for, wire};

const HEALS: Duration = Duration::from_secs(20);

/// Whether the lines were acknowledged within four seconds.
fn produce(cluster: &Launcher, topic: &str, lines: &str) -> bool {
    let args = ["-P", "-t", topic, "-X", "acks=all", "-X", "message.timeout.ms=4000"];
    kafka::kcat(&cluster.bootstrap(), &args, lines).code == Some(0)
}

fn consume(cluster: &Launcher, topic: &str) -> String {
    kafka::kcat(&cluster.bootstrap(), &["-C", "-t", topic, "-e", "-q"], "").ok().stdout
}

/// Leader and in-sync replicas of partition 0, as kcat lists them.
fn partition(cluster: &Launcher, topic: &str) -> String {
    let listed = kafka::kcat(&cluster.bootstrap(), &["-L", "-t", topic], "").ok().stdout;
    listed.lines().find(|line| line.contains("partition 0")).unwrap_or_default().trim().to_owned()
}

fn all_in_sync(cluster: &Launcher, topic: &str) {
    wait_for("three replicas in sync", HEALS, || {
        let line = partition(cluster, topic);
        let isr = line.split("isrs: ").nth(1).map_or(0, |isr| isr.split(',').count());
        (isr == 3).then_some(())
    });
}

/// What is wrong with the cluster, as its status says.
fn faults(cluster: &Launcher) -> Vec<String> {
    let said = cluster.ctl(&["status"]).ok().stdout;
    let mut status: serde_json::Value = serde_json::from_str(&said).expect("the status is JSON");
    serde_json::from_value(status["faults"].take()).expect("sentences")
}

#[test]
fn what_was_done_to_a_cluster_is_said_by_its_status_until_it_is_mended() {
    let dir = tempfile::tempdir().unwrap();
    let cluster = Launcher::start(dir.path(), &["--brokers", "2"]);
    for done in [
        &["isolate", "1", "controller"][..],
        &["isolate", "2", "clients"],
        &["delay", "200"],
        &["clock", "1h"],
        &["disk", "2", "fail-sync"],
    ] {
        cluster.ctl(done).ok();
    }
    let said = faults(&cluster).join("\n");
    for fault in [
        "broker 2: its next sync will fail",
        "the link between the controller and broker 1 is cut",
        "the link between clients and broker 2 is cut",
        "every message between brokers takes 200 ms longer",
        "the brokers' clock is 1 hour ahead",
    ] {
        assert!(said.contains(fault), "{fault}: {said}");
    }
    for (refused, reason) in [
        (["delay", "60001"], "60000 ms at most"),
        (["clock", "3650d"], "3650 days ahead at most, and is 1 hour ahead now"),
        (["clock", "1é"], "is not a duration"),
    ] {
        let output = cluster.ctl(&refused);
        assert!(output.code != Some(0) && output.stderr.contains(reason), "{output:?}");
    }
    cluster.ctl(&["heal"]).ok();
    assert!(!faults(&cluster).iter().any(|fault| fault.contains("link") || fault.contains("message")));
}

#[test]
fn a_paused_broker_loses_its_leadership_and_comes_back_in_sync() {
    if !kafka::has_kcat() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let cluster = Launcher::start(dir.path(), &["--brokers", "3"]);
    assert!(produce(&cluster, "orders", "one\n"));
    all_in_sync(&cluster, "orders");
    let leader = partition(&cluster, "orders");
    let leader = leader.split("leader ").nth(1).unwrap().split(',').next().unwrap().to_owned();
    cluster.ctl(&["pause", &leader]).ok();
    assert!(cluster.ctl(&["status"]).ok().stdout.contains("paused"));
    wait_for("another leader", HEALS, || produce(&cluster, "orders", "two\n").then_some(()));
    cluster.ctl(&["resume", &leader]).ok();
    all_in_sync(&cluster, "orders");
    assert!(consume(&cluster, "orders").starts_with("one\ntwo\n"));
}

#[test]
fn a_full_disk_refuses_writes_serves_reads_and_recovers() {
    if !kafka::has_kcat() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let cluster = Launcher::start(dir.path(), &["--brokers", "1"]);
    assert!(produce(&cluster, "orders", "kept\n"));
    cluster.ctl(&["disk", "1", "full"]).ok();
    assert!(!produce(&cluster, "orders", "refused\n"));
    assert_eq!(consume(&cluster, "orders"), "kept\n");
    assert_eq!(faults(&cluster), ["broker 1: its disk is full until it is given room"]);
    let said = cluster.log().into_iter().filter(|line| line.contains("the disk is full. Free space where"));
    assert_eq!(said.count(), 1, "once, not for each record: {:?}", cluster.log());
    cluster.ctl(&["disk", "1", "room"]).ok();
    assert!(faults(&cluster).is_empty(), "{:?}", faults(&cluster));
    assert!(produce(&cluster, "orders", "taken\n"));
    assert_eq!(consume(&cluster, "orders"), "kept\ntaken\n");
}

#[test]
fn a_follower_without_room_follows_again_once_there_is_some() {
    if !kafka::has_kcat() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let cluster = Launcher::start(dir.path(), &["--brokers", "3"]);
    assert!(produce(&cluster, "orders", "one\n"));
    all_in_sync(&cluster, "orders");
    let leader = partition(&cluster, "orders");
    let leader = leader.split("leader ").nth(1).unwrap().split(',').next().unwrap().to_owned();
    let follower = ["1", "2", "3"].into_iter().find(|id| *id != leader).unwrap();
    cluster.ctl(&["disk", follower, "full"]).ok();
    wait_for("a write without it", HEALS, || produce(&cluster, "orders", "two\n").then_some(()));
    wait_for("it to fall behind", HEALS, || {
        let line = partition(&cluster, "orders");
        let isr = line.split("isrs: ").nth(1).map_or(0, |isr| isr.split(',').count());
        (isr == 2).then_some(())
    });
    cluster.ctl(&["disk", follower, "room"]).ok();
    all_in_sync(&cluster, "orders");
    assert!(consume(&cluster, "orders").starts_with("one\ntwo\n"));
}

#[test]
fn a_cluster_takes_no_more_of_the_disk_than_it_may() {
    if !kafka::has_kcat() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let cluster = Launcher::start(dir.path(), &["--brokers", "1", "--max-disk", "2MB"]);
    assert!(produce(&cluster, "small", "kept\n"));
    let large = format!("{}\n", "x".repeat(500_000));
    let taken = (0..10).take_while(|_| produce(&cluster, "large", &large)).count();
    assert!((1..=4).contains(&taken), "{taken} of half a megabyte each");
    assert!(!produce(&cluster, "small", &large), "no topic has more room than another");
    assert_eq!(consume(&cluster, "small"), "kept\n");
    let log = cluster.log().join("\n");
    assert!(log.contains("the cluster has the 2000000 bytes on disk that it may have (--max-disk)"), "{log}");
    let mut stream = std::net::TcpStream::connect(cluster.bootstrap()).unwrap();
    let topic_names = vec!["large".to_owned()];
    let request = DeleteTopicsRequest { topic_names, timeout_ms: 5_000, ..Default::default() };
    assert_eq!(wire::ask(&mut stream, 5, request).responses[0].error_code, 0);
    wait_for("room", HEALS, || produce(&cluster, "small", "taken\n").then_some(()));
    assert_eq!(consume(&cluster, "small"), "kept\ntaken\n");
    assert!(faults(&cluster).is_empty(), "{:?}", faults(&cluster));
}

#[test]
fn a_leader_whose_sync_fails_hands_over_and_follows_again() {
    if !kafka::has_kcat() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    // Each append is synced before it is acknowledged.
    let cluster = Launcher::start(dir.path(), &["--override", "log.flush.interval.messages=1"]);
    assert!(produce(&cluster, "orders", "one\n"));
    all_in_sync(&cluster, "orders");
    let leader_of = || {
        let line = partition(&cluster, "orders");
        line.split("leader ").nth(1).unwrap().split(',').next().unwrap().to_owned()
    };
    let leader = leader_of();
    cluster.ctl(&["disk", &leader, "fail-sync"]).ok();
    wait_for("another leader", HEALS, || {
        (produce(&cluster, "orders", "two\n") && leader_of() != leader).then_some(())
    });
    all_in_sync(&cluster, "orders");
    wait_for("the preferred leader", HEALS, || (leader_of() == leader).then_some(()));
    assert!(produce(&cluster, "orders", "three\n"));
    let read = consume(&cluster, "orders");
    assert!(read.starts_with("one\n") && read.ends_with("two\nthree\n"), "{read}");
    let log = cluster.shutdown();
    assert!(log.iter().any(|line| line.contains("offline replica given up")), "{log:?}");
}

#[test]
fn a_power_cut_of_one_broker_loses_nothing_acknowledged_by_all() {
    if !kafka::has_kcat() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let cluster = Launcher::start(dir.path(), &["--brokers", "3"]);
    let lines: String = (0..5000).map(|n| format!("{n}\n")).collect();
    for broker in ["1", "2", "3"] {
        assert!(produce(&cluster, "orders", &lines));
        all_in_sync(&cluster, "orders");
        cluster.ctl(&["powercut", broker]).ok();
        cluster.ctl(&["start", broker]).ok();
        all_in_sync(&cluster, "orders");
    }
    assert_eq!(consume(&cluster, "orders"), lines.repeat(3));
}

#[test]
fn cut_off_clients_wait_and_go_on_when_the_link_is_mended() {
    if !kafka::has_kcat() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let cluster = Launcher::start(dir.path(), &["--brokers", "1"]);
    assert!(produce(&cluster, "orders", "one\n"));
    cluster.ctl(&["isolate", "1", "clients"]).ok();
    assert!(!produce(&cluster, "orders", "two\n"));
    cluster.ctl(&["heal"]).ok();
    assert!(produce(&cluster, "orders", "three\n"));
    let read = consume(&cluster, "orders");
    assert!(read.starts_with("one\n") && read.ends_with("three\n"), "{read}");
}

#[test]
fn the_clock_moves_on_and_retention_sees_it() {
    if !kafka::has_kcat() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    // The client's clock does not move with the broker's: its own times would be old at once.
    let shape = [
        "--brokers",
        "1",
        "--override",
        "log.retention.check.interval.ms=200",
        "--override",
        "log.message.timestamp.type=LogAppendTime",
    ];
    let cluster = Launcher::start(dir.path(), &shape);
    assert!(produce(&cluster, "orders", "old\n"));
    cluster.ctl(&["clock", "6d"]).ok();
    assert_eq!(consume(&cluster, "orders"), "old\n", "retention.ms is seven days");
    cluster.ctl(&["clock", "2d"]).ok();
    wait_for("retention", HEALS, || consume(&cluster, "orders").is_empty().then_some(()));
    assert!(produce(&cluster, "orders", "new\n"));
    assert_eq!(consume(&cluster, "orders"), "new\n", "offsets go on where they were");
}

/// A broker that missed more metadata than the controller keeps gets all of it anew, and what was taken away
/// meanwhile is gone for it too.
#[test]
fn a_broker_that_was_cut_off_long_forgets_configs_that_were_removed() {
    if !kafka::has_java() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    // Until it is fenced a client finds it; that must last for all that is done meanwhile, on a slow machine too.
    let patient = ["--brokers", "3", "--override", "broker.session.timeout.ms=120000"];
    let cluster = Launcher::start(dir.path(), &patient);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let admin: AdminClient<DefaultClientContext> =
        ClientConfig::new().set("bootstrap.servers", cluster.bootstrap()).create().unwrap();
    let options = AdminOptions::new().request_timeout(Some(Duration::from_secs(60)));
    let name = "log.cleaner.delete.retention.ms";
    // Sent to any broker, so again where it met the one that cannot reach the controller.
    let alter = |change: &[&str]| {
        let bootstrap = cluster.bootstrap();
        let base =
            ["--bootstrap-server", &bootstrap, "--entity-type", "brokers", "--entity-default", "--alter"];
        let args = [&base[..], change].concat();
        let done = || (kafka::java("kafka.admin.ConfigCommand", &args, "").code == Some(0)).then_some(());
        wait_for("the change", Duration::from_secs(60), done);
    };
    let shown = || {
        let asked = [&ResourceSpecifier::Broker(3)];
        let answers = runtime.block_on(admin.describe_configs(asked, &options)).unwrap();
        let config = answers.into_iter().next().unwrap().unwrap();
        config.entry_map().get(name).and_then(|entry| entry.value.clone()).unwrap()
    };
    alter(&["--add-config", &format!("{name}=1234")]);
    wait_for("the config", HEALS, || (shown() == "1234").then_some(()));
    cluster.ctl(&["isolate", "3", "controller"]).ok();
    alter(&["--delete-config", name]);
    for n in 0..1100 {
        let topic = format!("t{n}");
        let topic = NewTopic::new(&topic, 1, TopicReplication::Fixed(1));
        runtime.block_on(admin.create_topics([&topic], &options)).unwrap();
    }
    assert_eq!(shown(), "1234", "broker 3 hears of nothing");
    cluster.ctl(&["heal"]).ok();
    wait_for("the default", HEALS, || (shown() == "86400000").then_some(()));
}

#[test]
fn what_cannot_be_done_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let cluster = Launcher::start(dir.path(), &["--brokers", "2"]);
    for (args, reason) in [
        (&["resume", "1"][..], "running"),
        (&["pause", "7"], "7"),
        (&["isolate", "1", "nowhere"], "nowhere"),
        (&["isolate", "1", "1"], "two ends"),
        (&["isolate", "1", "7"], "there is no broker 7"),
        (&["clock", "soon"], "soon"),
    ] {
        let refused = cluster.ctl(args);
        assert!(refused.code != Some(0) && refused.stderr.contains(reason), "{args:?}: {}", refused.stderr);
    }
}

/// Gives a directory and all in it to another user.
#[cfg(unix)]
fn give(path: &std::path::Path, user: u32) {
    std::os::unix::fs::chown(path, Some(user), Some(user)).expect("root may give files away");
    for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
        give(&entry.path(), user);
    }
}

#[cfg(unix)]
#[test]
fn what_may_only_be_read_is_read_and_said() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65_534;
    // Who has another program run the launcher (Wine) has it run for one user.
    if !kafka::has_kcat() || std::env::var_os("HEADWATER_CLUSTER").is_some() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let cluster = Launcher::start(&data, &["--brokers", "1"]);
    assert!(produce(&cluster, "orders", "one\n"));
    cluster.shutdown();
    let log = data.join("broker-1/orders-0/00000000000000000000.log");
    let program = dir.path().join("headwater-cluster");
    std::fs::copy(suites::launcher::program(), &program).unwrap();
    let mut command = std::process::Command::new(program);
    // Nothing is forbidden to root: the cluster runs as somebody else then.
    let me = std::fs::metadata(&log).unwrap().uid();
    if me == 0 {
        give(dir.path(), NOBODY);
        std::os::unix::fs::chown(&log, Some(0), Some(0)).unwrap();
        command.uid(NOBODY).gid(NOBODY);
    }
    std::fs::set_permissions(&log, std::fs::Permissions::from_mode(0o444)).unwrap();
    command.args(["start", "--brokers", "1", "--listen", "localhost:0", "--data-dir"]).arg(&data);
    let cluster = suites::Process::start(&mut command);
    let ready = cluster.ready();
    let bootstrap = ready["bootstrap"].as_str().unwrap();
    let read = || kafka::kcat(bootstrap, &["-C", "-t", "orders", "-e"], "").ok().stdout;
    assert_eq!(read(), "one\n");
    let args = ["-P", "-t", "orders", "-X", "message.timeout.ms=2000"];
    assert_ne!(kafka::kcat(bootstrap, &args, "two\n").code, Some(0));
    let said = cluster.stderr().join("\n");
    assert!(said.contains("let this process write there, and start the broker again"), "{said}");
    assert_eq!(read(), "one\n", "reading goes on");
    cluster.terminate();
}
