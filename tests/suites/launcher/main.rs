//! The launcher's face: READY, exec, ctl, and what it says when it cannot start.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fall where it stands")]

mod init;
mod refusals;

use std::net::TcpListener;
use std::process::Command;
use std::time::Duration;

use broker_core::protocol::messages::metadata::MetadataRequest;
use suites::{Launcher, kafka, launcher, run, wait_for};

fn dir() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn states(cluster: &Launcher) -> Vec<String> {
    let status: serde_json::Value = serde_json::from_str(&cluster.ctl(&["status"]).ok().stdout).unwrap();
    let brokers = status["brokers"].as_array().unwrap();
    brokers.iter().map(|broker| broker["state"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn ready_names_the_cluster_and_ctl_drives_it() {
    let dir = dir();
    let cluster = Launcher::start(dir.path(), &["--brokers", "3", "--rack", "a,b,c"]);
    assert_eq!(cluster.ready()["pid"], cluster.pid());
    assert_eq!(cluster.bootstrap().split(',').count(), 3);
    assert_eq!(states(&cluster), ["running", "running", "running"]);
    cluster.ctl(&["stop", "2"]).ok();
    cluster.ctl(&["crash", "3"]).ok();
    assert_eq!(states(&cluster), ["running", "stopped", "crashed"]);
    let again = cluster.ctl(&["stop", "2"]);
    let said = "headwater-cluster: broker 2 is stopped; start it first";
    assert_eq!((again.code, again.stderr.trim()), (Some(1), said));
    let unknown = cluster.ctl(&["stop", "7"]);
    assert!(unknown.stderr.contains("there is no broker 7"), "{unknown:?}");
    cluster.ctl(&["start", "2"]).ok();
    cluster.ctl(&["start", "3"]).ok();
    assert_eq!(states(&cluster), ["running", "running", "running"]);
    cluster.ctl(&["reset"]).ok();
    assert_eq!(states(&cluster), ["running", "running", "running"]);
    let log = cluster.shutdown();
    assert_eq!(log, Vec::<String>::new(), "nothing worth a warning happened");
}

/// Some clients try IPv6 first and give up when nobody is there.
#[test]
fn localhost_is_reached_at_both_of_its_addresses() {
    let dir = dir();
    let cluster = Launcher::start(dir.path(), &["--brokers", "1"]);
    let bootstrap = cluster.bootstrap();
    let (_, port) = bootstrap.rsplit_once(':').unwrap();
    let has_ipv6 = TcpListener::bind("[::1]:0").is_ok();
    for host in ["127.0.0.1", "[::1]"].into_iter().filter(|host| has_ipv6 || !host.starts_with('[')) {
        let mut stream = std::net::TcpStream::connect(format!("{host}:{port}")).unwrap();
        let answer = suites::wire::ask(&mut stream, 12, MetadataRequest::default());
        assert_eq!(answer.brokers.len(), 1, "{host}");
    }
}

#[test]
fn a_control_file_without_its_token_opens_nothing() {
    let dir = dir();
    let cluster = Launcher::start(dir.path(), &["--brokers", "1"]);
    let path = dir.path().join("control.json");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let text = std::fs::read_to_string(&path).unwrap();
    let mut file: serde_json::Value = serde_json::from_str(&text).unwrap();
    file["token"] = "guessed".into();
    std::fs::write(&path, file.to_string()).unwrap();
    let refused = cluster.ctl(&["shutdown"]);
    assert!(refused.stderr.contains("token"), "{refused:?}");
    std::fs::write(&path, text).unwrap();
    cluster.shutdown();
}

#[test]
fn exec_runs_a_command_against_a_cluster_and_ends_with_its_code() {
    let mut command = Command::new(launcher::program());
    let script = "test -n \"$KAFKA_BOOTSTRAP_SERVERS\" && echo \"$KAFKA_BOOTSTRAP_SERVERS\" && exit 7";
    command.args(["exec", "--brokers", "1", "--", "sh", "-c", script]);
    let output = run(&mut command, b"");
    assert_eq!(output.code, Some(7), "{output:?}");
    assert!(output.stdout.starts_with("localhost:"), "{output:?}");
}

#[test]
fn exec_says_as_shells_do_how_a_command_ended() {
    for (script, code) in [("kill -9 $$", 137), ("exec /no/such/program", 127)] {
        let mut command = Command::new(launcher::program());
        command.args(["exec", "--brokers", "1", "--", "sh", "-c", script]);
        assert_eq!(run(&mut command, b"").code, Some(code), "{script}");
    }
    let mut command = Command::new(launcher::program());
    let output = run(command.args(["exec", "--brokers", "1", "--", "/no/such/program"]), b"");
    assert_eq!(output.code, Some(127));
    assert!(output.stderr.contains("/no/such/program does not run: No such file"), "{}", output.stderr);
    let mut command = Command::new(launcher::program());
    let not_executable = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    assert_eq!(run(command.args(["exec", "--brokers", "1", "--", not_executable]), b"").code, Some(126));
}

#[test]
fn clients_are_told_an_address_they_can_reach() {
    if !kafka::has_kcat() {
        return;
    }
    for (advertise, told) in [(&[][..], None), (&["--advertise", "127.0.0.1"][..], Some("127.0.0.1:"))] {
        let dir = dir();
        let args = [&["--brokers", "1"], advertise].concat();
        let cluster = Launcher::start_at(dir.path(), "PLAINTEXT://0.0.0.0:0", &args);
        let bootstrap = cluster.bootstrap();
        assert!(!bootstrap.starts_with("0.0.0.0"), "{bootstrap}");
        assert!(told.is_none_or(|told| bootstrap.starts_with(told)), "{bootstrap}");
        let port = bootstrap.rsplit(':').next().unwrap();
        let listed = kafka::kcat(&format!("127.0.0.1:{port}"), &["-L"], "").ok().stdout;
        assert!(listed.contains(&format!("broker 1 at {bootstrap}")), "{listed}");
    }
}

#[cfg(unix)]
#[test]
fn exec_that_is_told_to_end_ends_its_command_and_leaves_nothing() {
    let temporary = dir();
    let script = "echo $$ > pid; mv pid ready; exec sleep 60";
    let mut exec = Command::new(launcher::program())
        .args(["exec", "--brokers", "1", "--", "sh", "-c", script])
        .current_dir(temporary.path())
        .env("TMPDIR", temporary.path())
        .spawn()
        .unwrap();
    let ready = temporary.path().join("ready");
    let child = wait_for("the command", Duration::from_secs(10), || std::fs::read_to_string(&ready).ok());
    let kill = |args: &[&str]| Command::new("kill").args(args).status().unwrap().success();
    assert!(kill(&[&exec.id().to_string()]));
    assert_eq!(exec.wait().unwrap().code(), Some(143), "128 and SIGTERM");
    assert!(!kill(&["-0", child.trim()]), "the command lives on");
    std::fs::remove_file(ready).unwrap();
    assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 0, "the data directory is left");
}

#[test]
fn the_listeners_of_a_server_properties_are_the_clusters_unless_they_cannot_be() {
    let dir = dir();
    let properties = dir.path().join("server.properties");
    let port = suites::free_ports(1)[0];
    let text = format!(
        "process.roles=broker,controller\nnode.id=1\nlisteners=APPS://127.0.0.1:{port},CONTROLLER://:9093\n\
         advertised.listeners=APPS://localhost:{port}\nlistener.security.protocol.map=APPS:PLAINTEXT,SSL:SSL\n"
    );
    std::fs::write(&properties, &text).unwrap();
    let config = ["--config", properties.to_str().unwrap()];
    let mut command = Command::new(launcher::program());
    command.args(["start", "--ephemeral", "--brokers", "1"]).args(config);
    let cluster = suites::Process::start(&mut command);
    let ready = cluster.ready();
    assert_eq!(ready["listeners"]["APPS"], format!("localhost:{port}"));
    assert_eq!(cluster.stderr(), Vec::<String>::new(), "nothing in the file was ignored");
    cluster.terminate();
    std::fs::write(&properties, text.replace("APPS:PLAINTEXT", "APPS:SASL_SSL")).unwrap();
    for command in ["start", "exec"] {
        let mut launch = Command::new(launcher::program());
        launch.arg(command).args(config);
        match command {
            "exec" => launch.args(["--", "true"]),
            _ => launch.arg("--ephemeral"),
        };
        let output = run(&mut launch, b"");
        assert!(output.stderr.contains("speaks SASL_SSL, which is not served yet"), "{command}: {output:?}");
        assert_eq!(output.code, Some(1));
    }
}

#[test]
fn sigterm_ends_in_order_and_the_next_start_is_clean() {
    let dir = dir();
    let cluster = Launcher::start(dir.path(), &["--brokers", "1"]);
    let pid = cluster.pid().to_string();
    run(Command::new("kill").arg(&pid), b"").ok();
    let marker = dir.path().join("broker-1/.kafka_cleanshutdown");
    wait_for("the marker of a clean end", Duration::from_secs(10), || marker.exists().then_some(()));
    drop(cluster);
    Launcher::start(dir.path(), &["--brokers", "1"]).shutdown();
}

#[test]
fn more_partitions_with_data_than_the_usual_limit_of_open_files() {
    if !suites::kafka::has_kcat() {
        return;
    }
    let dir = dir();
    let cluster = Launcher::start(dir.path(), &["--brokers", "3", "--override", "num.partitions=450"]);
    let bootstrap = cluster.bootstrap();
    // Without a key kcat spreads records over all partitions; some thousand reach nearly each of them.
    let lines: String = (0..20_000).map(|n| format!("{n}\n")).collect();
    let spread = ["-P", "-t", "wide", "-X", "sticky.partitioning.linger.ms=0", "-X", "acks=all"];
    suites::kafka::kcat(&bootstrap, &spread, &lines).ok();
    let read = suites::kafka::kcat(&bootstrap, &["-C", "-t", "wide", "-e"], "").ok();
    assert_eq!(read.lines().len(), 20_000);
    let files = std::fs::read_dir(format!("/proc/{}/fd", cluster.pid())).map_or(0, Iterator::count);
    assert!(!cfg!(target_os = "linux") || files > 1024, "the test opens enough files: {files}");
    assert_eq!(cluster.shutdown(), Vec::<String>::new());
}

#[test]
fn a_data_directory_that_is_taken_away_is_said() {
    let dir = dir();
    let data = dir.path().join("data");
    let cluster = Launcher::start_talkative(&data, &["--brokers", "1"]);
    let status = || cluster.ctl(&["status"]).ok().stdout;
    std::fs::rename(&data, dir.path().join("elsewhere")).unwrap();
    let told = format!("{} was removed: what is written now ends with this process", data.display());
    wait_for(&told, Duration::from_secs(10), || {
        cluster.log().iter().any(|line| line.contains(&told)).then_some(())
    });
    std::fs::rename(dir.path().join("elsewhere"), &data).unwrap();
    assert!(status().contains("\"faults\":[]"), "it is back: {}", status());
    cluster.shutdown();
}

#[test]
fn the_status_tells_how_the_partitions_are() {
    if !kafka::has_kcat() {
        return;
    }
    let dir = dir();
    let overrides = ["--override", "num.partitions=3", "--override", "default.replication.factor=1"];
    let cluster = Launcher::start(dir.path(), &[&["--brokers", "3"], &overrides[..]].concat());
    kafka::kcat(&cluster.bootstrap(), &["-P", "-t", "t"], "a\n").ok();
    let status =
        || -> serde_json::Value { serde_json::from_str(&cluster.ctl(&["status"]).ok().stdout).unwrap() };
    let whole = status();
    assert_eq!((&whole["topics"], &whole["partitions"]), (&1.into(), &3.into()), "{whole}");
    assert_eq!(whole["partitions_offline"], 0, "{whole}");
    cluster.ctl(&["stop", "2"]).ok();
    let offline = wait_for("an offline partition", Duration::from_secs(10), || {
        let now = status();
        (now["partitions_offline"] == 1).then_some(now)
    });
    assert!(offline["offline"][0].as_str().unwrap().starts_with("t-"), "{offline}");
}

#[cfg(target_os = "linux")]
#[test]
fn an_ephemeral_cluster_leaves_nothing_even_after_a_kill() {
    let temporary = dir();
    let start = |args: &[&str]| {
        let mut command = Command::new(launcher::program());
        command.args(["start", "--ephemeral", "--brokers", "1", "--listen", "localhost:0"]).args(args);
        command.env("TMPDIR", temporary.path());
        let cluster = suites::Process::start(&mut command);
        cluster.ready();
        cluster
    };
    let found = || std::fs::read_dir(temporary.path()).unwrap().flatten().map(|entry| entry.path());
    drop(start(&[]));
    let left: Vec<_> = found().collect();
    assert_eq!(left.len(), 1, "it was killed");
    let old = std::time::SystemTime::now() - Duration::from_secs(3600);
    std::fs::File::open(&left[0]).unwrap().set_modified(old).unwrap();
    start(&[]).terminate();
    assert_eq!(found().count(), 0);
}
