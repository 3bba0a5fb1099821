//! What it says when it cannot do what it was told: cause and remedy in one line.

use std::net::TcpListener;
use std::process::Command;

use suites::{Launcher, kafka, launcher, run};

use super::dir;

/// What `start` says when it fails.
fn refusal(data_dir: &std::path::Path, args: &[&str]) -> String {
    let mut command = Command::new(launcher::program());
    command.args(["start", "--listen", "PLAINTEXT://localhost:0", "--data-dir"]).arg(data_dir).args(args);
    let output = run(&mut command, b"");
    assert_eq!(output.code, Some(1), "{output:?}");
    assert_eq!(output.stderr.lines().count(), 1, "one clear line: {}", output.stderr);
    output.stderr
}

#[test]
fn a_directory_in_use_is_named_with_its_process() {
    let dir = dir();
    let cluster = Launcher::start(dir.path(), &["--brokers", "1"]);
    let said = refusal(dir.path(), &[]);
    assert!(said.contains(&format!("is in use by process {}", cluster.pid())), "{said}");
    assert!(said.contains("another --data-dir"), "{said}");
}

#[test]
fn a_directory_that_cannot_be_written_or_is_newer_is_refused_and_left_alone() {
    let dir = dir();
    let file = dir.path().join("a-file");
    std::fs::write(&file, "").unwrap();
    let said = refusal(&file.join("below"), &[]);
    assert!(said.contains("cannot be written") && said.contains("choose another --data-dir"), "{said}");
    let said = refusal(&file, &[]);
    assert!(said.contains("it is a file, not a directory. Choose a new or empty directory"), "{said}");

    let newer = dir.path().join("newer");
    std::fs::create_dir(&newer).unwrap();
    let properties = "headwater.format=99\ncluster.id=AAAAAAAAAAAAAAAAAAAAAQ\n";
    std::fs::write(newer.join("headwater.properties"), properties).unwrap();
    let said = refusal(&newer, &[]);
    assert!(said.contains("has format 99; this version knows up to 1"), "{said}");
    assert!(said.contains("use the version that wrote it, or another --data-dir"), "{said}");
    assert_eq!(std::fs::read_to_string(newer.join("headwater.properties")).unwrap(), properties);
}

#[test]
fn a_taken_port_is_named_with_its_process_and_a_free_one_offered() {
    let dir = dir();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let mut command = Command::new(launcher::program());
    command
        .args(["start", "--brokers", "1", "--listen", &format!("localhost:{port}"), "--data-dir"])
        .arg(dir.path());
    let output = run(&mut command, b"");
    assert_eq!(output.code, Some(1));
    let said = output.stderr;
    assert!(said.contains(&format!("port {port} is taken by ")), "{said}");
    assert!(said.contains(&format!("(pid {})", std::process::id())), "{said}");
    assert!(said.contains("--listen PLAINTEXT://localhost:"), "{said}");
}

#[test]
fn configs_are_checked_by_name_and_value() {
    let dir = dir();
    let said = refusal(dir.path(), &["--override", "log.retention.msec=1"]);
    assert!(said.contains("log.retention.msec: no broker config of this name is served"), "{said}");
    let said = refusal(dir.path(), &["--override", "num.partitions=none"]);
    assert!(said.contains("num.partitions: \"none\" is not a 32-bit number"), "{said}");
    let properties = dir.path().join("server.properties");
    std::fs::write(
        &properties,
        "# a real one\nprocess.roles=broker,controller\nnum.network.threads=4\na.plugins.own=1\n",
    )
    .unwrap();
    let cluster = Launcher::start(&dir.path().join("data"), &["--config", properties.to_str().unwrap()]);
    let log = cluster.shutdown();
    for name in ["num.network.threads", "a.plugins.own"] {
        let said = log.iter().filter(|line| line.contains(name)).count();
        assert_eq!(said, 1, "an ignored name is said, once: {log:?}");
    }
}

/// What `ctl` says when it fails.
fn ctl(data_dir: &std::path::Path, args: &[&str]) -> String {
    let output =
        run(Command::new(launcher::program()).args(["ctl", "--data-dir"]).arg(data_dir).args(args), b"");
    assert_eq!(output.code, Some(1), "{output:?}");
    output.stderr
}

#[test]
fn slips_of_the_command_line_are_named_with_what_was_meant() {
    let dir = dir();
    let said = refusal(dir.path(), &["--override", "log.retension.ms=1"]);
    assert!(said.contains("served; was log.retention.ms meant?"), "{said}");
    let said = refusal(dir.path(), &["--override", "nothing.like.it=1"]);
    assert!(!said.contains("meant"), "{said}");
    let said = refusal(dir.path(), &["--brokers", "3", "--rack", "a,b"]);
    assert!(said.contains("--rack: a,b for 3 brokers; name one for each"), "{said}");
    let said = refusal(dir.path(), &["--listen", "A://192.0.2.1:9999"]);
    assert!(said.contains("nothing can listen on 192.0.2.1:9999") && said.contains("--listen"), "{said}");
    let help = run(Command::new(launcher::program()).args(["ctl", "isolate", "--help"]), b"").ok().stdout;
    assert!(help.contains("A broker's number, controller, or clients"), "{help}");
}

#[test]
fn a_cluster_that_was_killed_or_never_ran_is_not_talked_to() {
    let dir = dir();
    let said = ctl(dir.path(), &["status"]);
    assert!(said.contains("no cluster runs in"), "{said}");
    let mut cluster = Launcher::start(dir.path(), &["--brokers", "1"]);
    cluster.ctl(&["crash", "1"]).ok();
    let said = ctl(dir.path(), &["pause", "1"]);
    assert!(said.contains("broker 1 is crashed; start it first"), "{said}");
    let pid = cluster.pid();
    cluster.kill();
    let said = ctl(dir.path(), &["status"]);
    assert!(said.contains(&format!("process {pid} ended without a word. `start` goes on")), "{said}");
}

#[test]
fn damaged_words_about_a_directory_are_named_with_the_file() {
    let dir = dir();
    let cluster = Launcher::start(dir.path(), &["--brokers", "1"]);
    if kafka::has_kcat() {
        kafka::kcat(&cluster.bootstrap(), &["-P", "-t", "t"], "a\n").ok();
    }
    cluster.shutdown();
    for (file, words) in [
        (
            "broker-1/meta.properties",
            "broker-1/meta.properties is damaged: there is no cluster or broker id in it",
        ),
        (
            "headwater.properties",
            "headwater.properties is damaged: there is no format or cluster id in it. Put",
        ),
    ] {
        if file.starts_with("broker") && !kafka::has_kcat() {
            continue;
        }
        let path = dir.path().join(file);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, [0xfe; 40]).unwrap();
        let said = refusal(dir.path(), &["--brokers", "1"]);
        assert!(said.contains(words), "{said}");
        std::fs::write(&path, whole).unwrap();
    }
    Launcher::start(dir.path(), &["--brokers", "1"]).shutdown();
}

#[test]
fn a_limit_that_is_passed_already_is_said_at_the_start_and_named_when_it_refuses() {
    if !kafka::has_kcat() {
        return;
    }
    let dir = dir();
    let cluster = Launcher::start(dir.path(), &["--brokers", "1"]);
    kafka::kcat(&cluster.bootstrap(), &["-P", "-t", "t"], &"x".repeat(10_000)).ok();
    cluster.shutdown();
    let cluster = Launcher::start(dir.path(), &["--brokers", "1", "--max-disk", "8kB"]);
    let args = ["-P", "-t", "t", "-X", "message.timeout.ms=2000"];
    assert_ne!(kafka::kcat(&cluster.bootstrap(), &args, "a\n").code, Some(0));
    let log = cluster.shutdown().join("\n");
    assert!(log.contains("bytes on disk and may have 8000 (--max-disk)"), "{log}");
    assert!(log.contains("append failed: delete records, or start with a larger limit"), "{log}");
    assert!(log.contains("the cluster has the 8000 bytes on disk that it may have (--max-disk)"), "{log}");
}
