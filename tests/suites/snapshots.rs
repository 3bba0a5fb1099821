//! Snapshots of a cluster at work: what a fork holds, what a restore brings back, what is refused.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use suites::ledger::{Entries, audit, holds};
use suites::{Launcher, Output, kafka, launcher, run, wait_for};

const SHAPE: [&str; 4] = ["--brokers", "3", "--override", "num.partitions=3"];
/// Snapshots while records and offsets are written.
const SNAPSHOTS: usize = 3;

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

/// Takes a snapshot and returns what it says of itself.
fn take(cluster: &Launcher, at: &Path) -> Value {
    serde_json::from_str(&cluster.ctl(&["snapshot", text(at)]).ok().stdout).expect("it is JSON")
}

fn fork(data: &Path, snapshot: &Path) -> Launcher {
    Launcher::start(data, &[&SHAPE[..], &["--fork", text(snapshot)]].concat())
}

fn cluster_id(cluster: &Launcher) -> String {
    let status: Value = serde_json::from_str(&cluster.ctl(&["status"]).ok().stdout).expect("it is JSON");
    status["cluster_id"].as_str().expect("it has an id").to_owned()
}

#[test]
fn forks_of_a_cluster_under_load_hold_all_that_was_acknowledged_before() {
    let dir = tempfile::tempdir().unwrap();
    let cluster = Launcher::start(&dir.path().join("data"), &SHAPE);
    let mut taken: Vec<(Entries, usize)> = Vec::new();
    audit(&cluster.bootstrap(), |acknowledged| {
        for at in 0..SNAPSHOTS {
            acknowledged.progress(2000);
            let before = acknowledged.entries();
            let info = take(&cluster, &dir.path().join(format!("snapshot-{at}")));
            println!("{info}");
            taken.push((before, acknowledged.count()));
            if at == 0 {
                // A broker that is down is copied as it lies there.
                cluster.ctl(&["crash", "2"]).ok();
            }
        }
        cluster.ctl(&["start", "2"]).ok();
        acknowledged.progress(500);
    });
    for (at, (before, _)) in taken.iter().enumerate() {
        let fork = fork(&dir.path().join(format!("fork-{at}")), &dir.path().join(format!("snapshot-{at}")));
        let held = holds(&fork.bootstrap(), before);
        println!("snapshot {at}: {} acknowledged before, {held} held", before.len());
        assert_ne!(cluster_id(&fork), cluster_id(&cluster));
        // It goes on by itself.
        audit_more(&fork);
        fork.shutdown();
    }
    // The cluster goes back to the first, in which none of what came later is.
    let (before, _) = &taken[0];
    let later = taken[2].0.len();
    let id = cluster_id(&cluster);
    cluster.ctl(&["restore", text(&dir.path().join("snapshot-0"))]).ok();
    let held = holds(&cluster.bootstrap(), before);
    assert!(held < later, "{held} of {later} are held");
    assert_eq!(cluster_id(&cluster), id, "it is the same cluster");
    audit_more(&cluster);
}

/// Records can be written and read.
fn audit_more(cluster: &Launcher) {
    if !kafka::has_kcat() {
        return;
    }
    wait_for("a record written", Duration::from_secs(30), || {
        let args = ["-P", "-t", "more", "-X", "acks=all", "-X", "message.timeout.ms=5000"];
        (kafka::kcat(&cluster.bootstrap(), &args, "one\n").code == Some(0)).then_some(())
    });
    let read = kafka::kcat(&cluster.bootstrap(), &["-C", "-t", "more", "-e", "-q"], "").ok();
    assert!(read.stdout.contains("one"), "{read:?}");
}

#[test]
fn a_snapshot_is_not_touched_by_what_happens_to_its_cluster() {
    let dir = tempfile::tempdir().unwrap();
    let [data, snapshot] = ["data", "snapshot"].map(|name| dir.path().join(name));
    let cluster = Launcher::start(&data, &["--brokers", "1"]);
    let produce = |lines: &str| kafka::kcat(&cluster.bootstrap(), &["-P", "-t", "t", "-p", "0"], lines);
    if !kafka::has_kcat() {
        return;
    }
    produce("a\nb\n").ok();
    take(&cluster, &snapshot);
    let files = |dir: &Path| -> Vec<(String, Vec<u8>)> {
        let of_partition = dir.join("data/broker-1/t-0");
        let mut files: Vec<_> = std::fs::read_dir(of_partition)
            .unwrap()
            .flatten()
            .map(|file| (file.file_name().into_string().unwrap(), std::fs::read(file.path()).unwrap()))
            .collect();
        files.sort();
        files
    };
    let before = files(&snapshot);
    assert!(before.iter().any(|(name, bytes)| name.ends_with(".log") && !bytes.is_empty()), "{before:?}");
    produce("c\n").ok();
    cluster.ctl(&["powercut", "1"]).ok();
    cluster.ctl(&["start", "1"]).ok();
    cluster.ctl(&["restore", text(&snapshot)]).ok();
    produce("d\n").ok();
    let read = kafka::kcat(&cluster.bootstrap(), &["-C", "-t", "t", "-e", "-q"], "").ok();
    assert_eq!(read.stdout, "a\nb\nd\n");
    cluster.ctl(&["reset"]).ok();
    assert_eq!(files(&snapshot), before);
}

fn refused(output: &Output, reason: &str) {
    assert!(output.code != Some(0) && output.stderr.contains(reason), "{reason}: {output:?}");
}

/// Starts a cluster of two out of a snapshot, to its end.
fn start(snapshot: &Path, data: &Path) -> Output {
    start_at(snapshot, data, 0)
}

fn start_at(snapshot: &Path, data: &Path, port: u16) -> Output {
    let mut command = Command::new(launcher::program());
    command.args(["start", "--brokers", "2", "--listen", &format!("PLAINTEXT://127.0.0.1:{port}")]);
    run(command.args(["--fork", text(snapshot), "--data-dir", text(data)]), b"")
}

#[test]
fn what_cannot_be_copied_is_refused_and_nothing_is_changed() {
    let dir = tempfile::tempdir().unwrap();
    let [data, snapshot, none] = ["data", "snapshot", "none"].map(|name| dir.path().join(name));
    let cluster = Launcher::start(&data, &["--brokers", "2"]);
    take(&cluster, &snapshot);
    refused(&cluster.ctl(&["snapshot", text(&snapshot)]), "it exists. Choose a new directory");
    refused(&cluster.ctl(&["snapshot", text(&data.join("s"))]), "it lies in the cluster's own directory");
    refused(&cluster.ctl(&["restore", text(&none)]), "there is no snapshot in it");
    let info = snapshot.join("snapshot.json");
    let whole = std::fs::read_to_string(&info).unwrap();
    for (changed, reason) in [
        (whole[..20].to_owned(), "snapshot.json is damaged"),
        (whole.replace("\"format\": 2", "\"format\": 3"), "it has format 3; this version knows up to 2"),
        (whole.replace("\"brokers\": 2", "\"brokers\": 3"), "it is of 3 brokers, and this cluster has 2"),
        (whole.replace("\"bytes\": ", "\"bytes\": 9000000000000"), "Make room, or choose another disk"),
    ] {
        assert_ne!(changed, whole);
        std::fs::write(&info, changed).unwrap();
        refused(&cluster.ctl(&["restore", text(&snapshot)]), reason);
    }
    std::fs::write(&info, whole).unwrap();
    let used = dir.path().join("used");
    fork(&used, &snapshot).shutdown();
    refused(&start(&snapshot, &used), "it holds a cluster already");
    assert!(!data.join(".incoming").exists() && !dir.path().join("snapshot.partial").exists());
}

#[test]
fn a_snapshot_that_is_not_what_it_was_is_refused_and_nothing_is_changed() {
    if !kafka::has_kcat() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let [data, snapshot, none] = ["data", "snapshot", "none"].map(|name| dir.path().join(name));
    let cluster = Launcher::start(&data, &["--brokers", "2"]);
    let id = cluster_id(&cluster);
    kafka::kcat(&cluster.bootstrap(), &["-P", "-t", "t", "-p", "0"], "a\n").ok();
    take(&cluster, &snapshot);
    // A part of it is gone: neither the running cluster nor a new directory is touched.
    let (part, aside) = (snapshot.join("data/controller"), dir.path().join("aside"));
    std::fs::rename(&part, &aside).unwrap();
    refused(&cluster.ctl(&["restore", text(&snapshot)]), "bytes of data, and had");
    refused(&start(&snapshot, &none), "bytes of data, and had");
    assert!(!none.join("headwater.properties").exists() && !none.join("broker-1").exists());
    std::fs::rename(&aside, &part).unwrap();
    // A bit of a record is another, or a checksum is gone.
    let record = snapshot.join("data/broker-1/t-0/00000000000000000000.log");
    let raw = std::fs::read(&record).unwrap();
    let mut flipped = raw.clone();
    *flipped.last_mut().unwrap() ^= 1;
    std::fs::write(&record, &flipped).unwrap();
    let changed = "data/broker-1/t-0/00000000000000000000.log is not what it was";
    refused(&cluster.ctl(&["restore", text(&snapshot)]), changed);
    refused(&start(&snapshot, &none), changed);
    std::fs::write(&record, raw).unwrap();
    let (sums, aside) = (snapshot.join("checksums.json"), dir.path().join("sums"));
    std::fs::rename(&sums, &aside).unwrap();
    refused(&cluster.ctl(&["restore", text(&snapshot)]), "checksums.json");
    std::fs::rename(&aside, &sums).unwrap();
    assert!(!none.join("headwater.properties").exists() && !none.join("broker-1").exists());
    assert_eq!(cluster_id(&cluster), id);
    // A snapshot is begun with, never in.
    let inside = run(
        Command::new(launcher::program()).args(["start", "--data-dir", text(&snapshot.join("data"))]),
        b"",
    );
    refused(&inside, "it is a snapshot's, which stays as it was taken. Begin with a copy of it: --fork");
    // Of a copy that does not start nothing stays, and the same is done again once it can.
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let at_port = start_at(&snapshot, &none, port);
    refused(&at_port, &format!("port {port} is taken"));
    assert!(!none.join("headwater.properties").exists() && !none.join("broker-1").exists());
    fork(&none, &snapshot).shutdown();
}
