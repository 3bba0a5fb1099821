//! Several listeners, and the start of a container image as Testcontainers' KafkaContainer drives it.

use std::process::Command;
use std::time::Duration;

use suites::{Launcher, Process, free_ports, kafka, launcher, root, wait_for};

/// What a client is told that comes to this address.
fn told(address: &str) -> Vec<String> {
    let listed = kafka::kcat(address, &["-L"], "").ok().stdout;
    let brokers = listed.lines().filter_map(|line| line.trim().strip_prefix("broker "));
    brokers.filter_map(|line| line.split(" at ").nth(1)?.split(' ').next().map(str::to_owned)).collect()
}

#[test]
fn a_client_is_told_the_addresses_of_the_listener_it_comes_to() {
    if !kafka::has_kcat() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let args =
        ["--brokers", "2", "--listen", "CONTAINERS://127.0.0.1:0", "--advertise", "CONTAINERS://127.0.0.1"];
    let cluster = Launcher::start(dir.path(), &args);
    let listeners = &cluster.ready()["listeners"];
    let both = ["PLAINTEXT", "CONTAINERS"].map(|name| listeners[name].as_str().unwrap().to_owned());
    assert_eq!(both[0], cluster.bootstrap());
    for addresses in &both {
        let addresses: Vec<&str> = addresses.split(',').collect();
        // A broker that starts again is found at both of its addresses.
        for _ in 0..2 {
            assert_eq!(told(addresses[0]), addresses);
            kafka::kcat(addresses[0], &["-P", "-t", "orders"], "one\n").ok();
            cluster.ctl(&["stop", "2"]).ok();
            cluster.ctl(&["start", "2"]).ok();
        }
        let wanted = || (told(addresses[1]) == addresses).then_some(());
        wait_for("both brokers", Duration::from_secs(10), wanted);
    }
    let read = kafka::kcat(&both[1], &["-C", "-t", "orders", "-e"], "").ok().stdout;
    assert_eq!(read.lines().count(), 4);
    assert_eq!(cluster.shutdown(), Vec::<String>::new(), "an undeclared warning");
}

#[test]
fn listeners_that_cannot_be_are_refused() {
    for (args, reason) in [
        (
            &["--listen", "PLAINTEXT://localhost:0", "--listen", "PLAINTEXT://localhost:0"][..],
            "a name of its own",
        ),
        (&["--listen", "SASL_SSL://localhost:0"][..], "not served yet"),
        (
            &["--listen", "A://localhost:12500", "--listen", "B://localhost:12502"][..],
            "A:12500 and B:12502 overlap",
        ),
        (&["--advertise", "OTHER://somewhere"][..], "belongs to no listener"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let mut command = Command::new(launcher::program());
        let output = suites::run(command.args(["start", "--data-dir"]).arg(dir.path()).args(args), b"");
        assert_ne!(output.code, Some(0));
        assert!(output.stderr.contains(reason), "{output:?}");
    }
}

/// The variables that Testcontainers 2 sets, and its start script, but for `exec`: there the container ends what the
/// script has started, here this test does. The image's own files are the ones in
/// `broker-core/container`.
#[cfg(unix)]
#[test]
fn testcontainers_start_script_brings_up_a_broker_that_both_networks_reach() {
    if !kafka::has_kcat() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let ports = free_ports(3);
    let (client, broker, controller) = (ports[0], ports[1], ports[2]);
    let image = root().join("broker-core/container/run");
    let script = format!(
        "#!/bin/bash\nexport KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://localhost:{client},BROKER://127.0.0.1:{broker}\n\
         exec {}\n",
        image.display()
    );
    let file = dir.path().join("testcontainers_start.sh");
    std::fs::write(&file, script).unwrap();
    let programs = launcher::program().parent().unwrap().display().to_string();
    let mut command = Command::new("sh");
    command
        .arg(&file)
        .env("PATH", format!("{programs}:{}", std::env::var("PATH").unwrap()))
        .env("HEADWATER_DATA", dir.path().join("data"))
        .env("CLUSTER_ID", "4L6g3nShT-eMCtK--X86sw")
        .env(
            "KAFKA_LISTENERS",
            format!("PLAINTEXT://:{client},BROKER://:{broker},CONTROLLER://:{controller}"),
        )
        .envs([
            (
                "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
                "BROKER:PLAINTEXT,PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            ),
            ("KAFKA_INTER_BROKER_LISTENER_NAME", "BROKER"),
            ("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER"),
            ("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@localhost:9094"),
            ("KAFKA_PROCESS_ROLES", "broker,controller"),
            ("KAFKA_NODE_ID", "1"),
            ("KAFKA_BROKER_ID", "1"),
            ("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1"),
            ("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "1"),
            ("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1"),
            ("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1"),
            ("KAFKA_LOG_FLUSH_INTERVAL_MESSAGES", "9223372036854775807"),
            ("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0"),
            ("KAFKA_HEAP_OPTS", "-Xmx1g"),
        ]);
    let running = Process::start(&mut command);
    let says = |wanted: &str| running.stdout().iter().any(|line| line.contains(wanted)).then_some(());
    wait_for("the line that Testcontainers waits for", Duration::from_secs(30), || {
        says("Transitioning from RECOVERY to RUNNING")
    });
    assert_eq!(told(&format!("127.0.0.1:{client}")), [format!("localhost:{client}")]);
    assert_eq!(told(&format!("127.0.0.1:{broker}")), [format!("127.0.0.1:{broker}")]);
    kafka::kcat(&format!("localhost:{client}"), &["-P", "-t", "orders"], "one\ntwo\n").ok();
    let read = kafka::kcat(&format!("127.0.0.1:{broker}"), &["-C", "-t", "orders", "-e"], "").ok();
    assert_eq!(read.stdout, "one\ntwo\n");
    let id = std::fs::read_to_string(dir.path().join("data/headwater.properties")).unwrap();
    assert!(id.contains("cluster.id=4L6g3nShT-eMCtK--X86sw"), "the id that CLUSTER_ID gives: {id}");
    assert_eq!(running.stderr(), Vec::<String>::new(), "an undeclared warning");
    running.terminate();
}
