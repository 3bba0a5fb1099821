//! What happens when somebody, or a bad disk, changes the files of a cluster: nothing acknowledged goes in silence.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fall where it stands")]

use std::fs;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use suites::{Launcher, kafka, launcher, run, wait_for};

const HEALS: Duration = Duration::from_secs(30);

/// A directory in which a cluster of three has run: 3,000 records in two partitions of `orders`.
fn used() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let cluster = Launcher::start(dir.path(), &["--brokers", "3", "--override", "num.partitions=2"]);
    let lines: String = (0..1500).map(|n| format!("{n}\n")).collect();
    for partition in ["0", "1"] {
        let args = ["-P", "-t", "orders", "-p", partition, "-X", "acks=all"];
        kafka::kcat(&cluster.bootstrap(), &args, &lines).ok();
    }
    cluster.shutdown();
    dir
}

fn count(cluster: &Launcher) -> usize {
    let read = kafka::kcat(&cluster.bootstrap(), &["-C", "-t", "orders", "-e", "-q"], "");
    read.stdout.lines().count()
}

/// What a start says when it is refused; nothing in the directory may change meanwhile.
fn refusal(dir: &Path, brokers: &str) -> String {
    let before = tree(dir);
    let mut command = Command::new(launcher::program());
    command
        .args(["start", "--listen", "PLAINTEXT://localhost:0", "--brokers", brokers, "--data-dir"])
        .arg(dir);
    let output = run(&mut command, b"");
    assert_eq!(output.code, Some(1), "{output:?}");
    assert_eq!(tree(dir), before, "a refused start changes nothing");
    output.stderr
}

/// Every file but the lock, with its size.
fn tree(dir: &Path) -> Vec<(PathBuf, u64)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(tree(&path));
        } else if !path.ends_with(".lock") {
            found.push((path.clone(), fs::metadata(&path).unwrap().len()));
        }
    }
    found.sort();
    found
}

fn metadata_log(dir: &Path) -> PathBuf {
    dir.join("controller/__cluster_metadata-0/00000000000000000000.log")
}

fn damage(path: &Path, at: usize) {
    let mut raw = fs::read(path).unwrap();
    raw[at] ^= 0xff;
    fs::write(path, raw).unwrap();
}

#[test]
fn damaged_metadata_is_refused_and_loses_nothing() {
    if !kafka::has_kcat() {
        return;
    }
    let dir = used();
    let path = metadata_log(dir.path());
    for at in [3, 9, 100] {
        damage(&path, at);
        let said = refusal(dir.path(), "3");
        assert!(said.contains("00000000000000000000.log: it is damaged at byte"), "{said}");
        assert!(said.contains("Put the file back"), "{said}");
        damage(&path, at);
    }
    // After an orderly end not even the last batch may be torn.
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() - 3]).unwrap();
    let said = refusal(dir.path(), "3");
    assert!(said.contains("is damaged at byte") && said.contains("Put the file back"), "{said}");
    fs::write(&path, whole).unwrap();
    // No crash takes what somebody was answered for.
    let mut cluster = Launcher::start(dir.path(), &["--brokers", "3"]);
    kafka::kcat(&cluster.bootstrap(), &["-P", "-t", "later"], "x\n").ok();
    cluster.kill();
    let whole = fs::read(&path).unwrap();
    for end in [whole.len() - 3, whole.len() / 2] {
        fs::write(&path, &whole[..end]).unwrap();
        let said = refusal(dir.path(), "3");
        assert!(said.contains("Put the file back"), "{said}");
    }
    // It leaves half a batch for which nobody was.
    fs::write(&path, [&whole[..], &whole[..50]].concat()).unwrap();
    let cluster = Launcher::start(dir.path(), &["--brokers", "3"]);
    assert_eq!(count(&cluster), 3000);
}

#[test]
fn parts_of_a_cluster_are_not_started_as_a_whole() {
    if !kafka::has_kcat() {
        return;
    }
    let dir = used();
    let aside = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    for (name, said) in [
        ("controller", "controller is missing, and broker-"),
        (
            "controller/__cluster_metadata-0",
            "controller/__cluster_metadata-0 is missing or empty, and broker-",
        ),
        ("broker-1", "broker-1 is missing, which has replicas of this cluster's partitions"),
        ("headwater.properties", "headwater.properties is missing beside broker-"),
        ("broker-2/meta.properties", "broker-2/meta.properties is missing"),
    ] {
        let kept = aside.path().join("kept");
        fs::rename(at(name), &kept).unwrap();
        let refused = refusal(dir.path(), "3");
        assert!(refused.contains(said), "{refused}");
        fs::rename(&kept, at(name)).unwrap();
    }
    let refused = refusal(dir.path(), "2");
    assert!(
        refused.contains("it has the logs of broker 3, and 2 brokers were to start. Start 3 brokers"),
        "{refused}"
    );
    let swap = |one: &str, other: &str| {
        fs::rename(at(one), aside.path().join("swap")).unwrap();
        fs::rename(at(other), at(one)).unwrap();
        fs::rename(aside.path().join("swap"), at(other)).unwrap();
    };
    swap("broker-1", "broker-2");
    let refused = refusal(dir.path(), "3");
    assert!(refused.contains("belongs to broker"), "{refused}");
    swap("broker-1", "broker-2");
    let meta = fs::read_to_string(at("controller/meta.properties")).unwrap();
    fs::write(at("controller/meta.properties"), meta.replace("cluster.id=", "cluster.id=x")).unwrap();
    let refused = refusal(dir.path(), "3");
    assert!(refused.contains("controller belongs to cluster x"), "{refused}");
    fs::write(at("controller/meta.properties"), meta).unwrap();
    let properties = fs::read_to_string(at("headwater.properties")).unwrap();
    let other = properties.replace("cluster.id=", "cluster.id=AAAA").chars().collect::<String>();
    let other = other.lines().map(|line| line.get(..33).unwrap_or(line)).collect::<Vec<_>>().join("\n");
    fs::write(at("headwater.properties"), other).unwrap();
    let refused = refusal(dir.path(), "3");
    assert!(refused.contains("belongs to cluster"), "{refused}");
    fs::write(at("headwater.properties"), properties).unwrap();
    let cluster = Launcher::start(dir.path(), &["--brokers", "3"]);
    assert_eq!(count(&cluster), 3000);
}

#[test]
fn a_directory_of_somebody_else_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("broker-notes")).unwrap();
    fs::write(dir.path().join("broker-notes/a"), "mine").unwrap();
    let said = refusal(dir.path(), "1");
    assert!(said.contains("it is not empty (broker-notes) and holds no cluster. Choose a new"), "{said}");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "not even a lock is left");
    // Beside a cluster, a reset takes what is the cluster's and nothing else.
    fs::remove_dir_all(dir.path().join("broker-notes")).unwrap();
    let cluster = Launcher::start(dir.path(), &["--brokers", "1"]);
    fs::create_dir(dir.path().join("broker-notes")).unwrap();
    cluster.ctl(&["reset"]).ok();
    assert!(dir.path().join("broker-notes").is_dir());
}

fn cut(path: &Path) {
    let raw = fs::read(path).unwrap();
    fs::write(path, &raw[..raw.len() - 10]).unwrap();
}

fn flip(path: &Path) {
    damage(path, fs::read(path).unwrap().len() / 2);
}

fn remove(path: &Path) {
    fs::remove_dir_all(path.parent().unwrap()).unwrap();
}

/// Two replicas are harmed while nothing runs; the third gives them everything back.
fn heals_after(harm: fn(&Path), killed: bool, said: [&str; 2]) {
    let dir = used();
    if killed {
        // From here on there is no orderly end to go by.
        Launcher::start(dir.path(), &["--brokers", "3"]).kill();
    }
    for broker in ["broker-1", "broker-2"] {
        harm(&dir.path().join(broker).join("orders-0/00000000000000000000.log"));
    }
    let cluster = Launcher::start(dir.path(), &["--brokers", "3"]);
    wait_for("all records", HEALS, || (count(&cluster) == 3000).then_some(()));
    wait_for("three replicas in sync", HEALS, || {
        let listed = kafka::kcat(&cluster.bootstrap(), &["-L", "-t", "orders"], "").ok().stdout;
        let rows = listed.lines().filter(|line| line.contains("isrs: "));
        rows.map(|row| row.rsplit("isrs: ").next().unwrap_or_default().split(',').count())
            .all(|isr| isr == 3)
            .then_some(())
    });
    // The repaired replicas have everything themselves.
    for broker in ["3", "2"] {
        cluster.ctl(&["stop", broker]).ok();
    }
    wait_for("all records from broker 1", HEALS, || (count(&cluster) == 3000).then_some(()));
    let log = cluster.log().join("\n");
    assert!(said.iter().all(|words| log.contains(words)), "{log}");
}

#[test]
fn a_damaged_replica_gives_up_its_partition_and_is_repaired_from_the_others() {
    if kafka::has_kcat() {
        for harm in [cut, remove] {
            heals_after(harm, false, ["replica is offline", "orders-0"]);
        }
    }
}

fn leader_of(cluster: &Launcher, partition: &str) -> Option<String> {
    let listed = kafka::kcat(&cluster.bootstrap(), &["-L", "-t", "orders"], "").ok().stdout;
    let line = listed.lines().find(|line| line.contains(&format!("partition {partition}, leader")))?;
    let leader = line.split("leader ").nth(1)?.split(',').next()?;
    (leader != "-1").then(|| leader.to_owned())
}

/// Of `orders-0` far more is written than a leader keeps in memory, while the brokers that `away` picks of the leader's
/// followers are down; a byte of it changes on the leader's disk, and they come back. Returns the leader.
fn changed_under_the_leader(
    cluster: &Launcher,
    dir: &Path,
    away: fn(&[&'static str]) -> usize,
) -> &'static str {
    let leader = leader_of(cluster, "0").expect("somebody leads");
    let (leader, others): (Vec<_>, Vec<_>) =
        ["1", "2", "3"].into_iter().partition(|broker| *broker == leader);
    let away = &others[..away(&others)];
    away.iter().for_each(|broker| drop(cluster.ctl(&["stop", broker]).ok()));
    let lines = format!("{}\n", "x".repeat(1000)).repeat(8000);
    kafka::kcat(&cluster.bootstrap(), &["-P", "-t", "orders", "-p", "0", "-X", "acks=all"], &lines).ok();
    let path = log_of(dir, leader[0]);
    let at = fs::metadata(&path).unwrap().len() / 3;
    fs::OpenOptions::new().write(true).open(path).unwrap().write_all_at(b"y", at).unwrap();
    away.iter().for_each(|broker| drop(cluster.ctl(&["start", broker]).ok()));
    leader[0]
}

fn log_of(dir: &Path, broker: &str) -> PathBuf {
    dir.join(format!("broker-{broker}/orders-0/00000000000000000000.log"))
}

fn has_the_change(log: &[u8]) -> bool {
    log.windows(2).any(|two| two == b"xy")
}

fn tells(cluster: &Launcher, words: &[&str]) {
    let told = |line: &String| words.iter().all(|words| line.contains(words));
    wait_for(words[0], HEALS, || cluster.log().iter().any(told).then_some(()));
}

#[test]
fn records_changed_on_a_leaders_disk_are_given_back_by_another_in_sync() {
    if !kafka::has_kcat() {
        return;
    }
    let dir = used();
    let cluster = Launcher::start(dir.path(), &["--brokers", "3"]);
    changed_under_the_leader(&cluster, dir.path(), |_| 1);
    tells(&cluster, &["damaged replica given up", "00000000000000000000.log is corrupt at byte"]);
    wait_for("three whole replicas", HEALS, || {
        let [one, two, three] =
            ["1", "2", "3"].map(|id| fs::read(log_of(dir.path(), id)).unwrap_or_default());
        (one.len() > 8_000_000 && one == two && two == three && !has_the_change(&one)).then_some(())
    });
    assert_eq!(count(&cluster), 11_000);
}

#[test]
fn records_changed_on_the_only_disk_that_has_them_are_not_handed_on() {
    if !kafka::has_kcat() {
        return;
    }
    let dir = used();
    let cluster = Launcher::start(dir.path(), &["--brokers", "3", "--override", "min.insync.replicas=1"]);
    let leader = changed_under_the_leader(&cluster, dir.path(), <[_]>::len);
    tells(&cluster, &["follower not served", "00000000000000000000.log is corrupt at byte"]);
    assert_eq!(leader_of(&cluster, "0").as_deref(), Some(leader), "who has them goes on");
    for id in ["1", "2", "3"].into_iter().filter(|id| *id != leader) {
        assert!(!has_the_change(&fs::read(log_of(dir.path(), id)).unwrap()), "broker {id}");
    }
}

#[test]
fn after_a_crash_a_replica_without_committed_records_follows_one_that_has_them() {
    if kafka::has_kcat() {
        for harm in [cut, flip, remove] {
            heals_after(
                harm,
                true,
                ["replica has lost records, others take over", "topic=\"orders\" index=0"],
            );
        }
    }
}

#[test]
fn what_lies_behind_damage_in_the_only_replica_is_kept() {
    if !kafka::has_kcat() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let cluster = Launcher::start(dir.path(), &["--brokers", "1", "--override", "log.segment.bytes=1048576"]);
    let lines = format!("{}\n", "x".repeat(1000)).repeat(5000);
    kafka::kcat(&cluster.bootstrap(), &["-P", "-t", "orders", "-X", "batch.size=50000"], &lines).ok();
    cluster.shutdown();
    let replica = dir.path().join("broker-1/orders-0");
    let logs = || -> Vec<(PathBuf, u64)> {
        let files = tree(&replica).into_iter();
        files.filter(|(path, _)| path.extension().is_some_and(|end| end == "log")).collect()
    };
    let whole = logs();
    assert!(whole.len() > 3, "{whole:?}");
    let path = &whole[1].0;
    let raw = fs::read(path).unwrap();
    let mut harmed = raw.clone();
    harmed[8..12].fill(0xff);
    fs::write(path, harmed).unwrap();
    // Without its index every batch is read.
    fs::remove_file(path.with_extension("index")).unwrap();
    for _ in 0..2 {
        let cluster = Launcher::start(dir.path(), &["--brokers", "1"]);
        let listed = kafka::kcat(&cluster.bootstrap(), &["-L", "-t", "orders"], "").ok().stdout;
        assert!(listed.contains("leader -1"), "{listed}");
        cluster.shutdown();
        assert_eq!(logs(), whole);
    }
    fs::write(path, raw).unwrap();
    let cluster = Launcher::start(dir.path(), &["--brokers", "1"]);
    assert_eq!(count(&cluster), 5000, "all is there with the file that was put back");
}

#[test]
fn the_only_replica_is_not_served_without_its_tail() {
    if !kafka::has_kcat() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let cluster = Launcher::start(dir.path(), &["--brokers", "1"]);
    kafka::kcat(&cluster.bootstrap(), &["-P", "-t", "orders"], "one\ntwo\n").ok();
    kafka::kcat(&cluster.bootstrap(), &["-P", "-t", "others"], "three\n").ok();
    cluster.shutdown();
    let path = dir.path().join("broker-1/orders-0/00000000000000000000.log");
    let raw = fs::read(&path).unwrap();
    cut(&path);
    let cluster = Launcher::start(dir.path(), &["--brokers", "1"]);
    let read = kafka::kcat(&cluster.bootstrap(), &["-C", "-t", "others", "-e", "-q"], "").ok();
    assert_eq!(read.stdout, "three\n", "others go on");
    let args = ["-P", "-t", "orders", "-X", "message.timeout.ms=3000"];
    assert!(kafka::kcat(&cluster.bootstrap(), &args, "four\n").code != Some(0), "nothing is written over it");
    let listed = kafka::kcat(&cluster.bootstrap(), &["-L", "-t", "orders"], "").ok().stdout;
    assert!(listed.contains("leader -1"), "{listed}");
    cluster.shutdown();
    fs::write(&path, raw).unwrap();
    let cluster = Launcher::start(dir.path(), &["--brokers", "1"]);
    let read = kafka::kcat(&cluster.bootstrap(), &["-C", "-t", "orders", "-e", "-q"], "").ok();
    assert_eq!(read.stdout, "one\ntwo\n", "and it comes back with its file");
}
