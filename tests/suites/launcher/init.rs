//! Topics that should be there.

use std::process::Command;

use suites::{Launcher, kafka, launcher, run};

#[test]
fn topics_of_an_init_file_are_there_and_a_second_start_changes_nothing() {
    if !kafka::has_kcat() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("topics.yaml");
    let write = |text: &str| std::fs::write(&file, text).unwrap();
    write(
        "topics:\n  - name: orders\n    partitions: 4\n    configs: {retention.ms: 60000}\n  - name: plain\n",
    );
    let data = dir.path().join("data");
    let args = ["--brokers", "1", "--init", file.to_str().unwrap()];
    let partitions = |cluster: &Launcher| {
        let listed = kafka::kcat(&cluster.bootstrap(), &["-L", "-t", "orders"], "").ok();
        listed.lines().iter().filter(|line| line.trim_start().starts_with("partition ")).count()
    };
    let cluster = Launcher::start(&data, &args);
    assert_eq!(partitions(&cluster), 4);
    cluster.shutdown();
    write(
        "topics:\n  - name: orders\n    partitions: 6\n    configs: {min.cleanable.dirty.ratio: 0.25, cleanup.policy: [compact, delete]}\n",
    );
    let cluster = Launcher::start(&data, &args);
    assert_eq!(partitions(&cluster), 6);
    let log = cluster.shutdown().join("\n");
    for note in [
        "topics.yaml: topic orders: has 6 partitions now, it had 4",
        "topic orders: cleanup.policy is compact,delete now, it was the cluster's default",
    ] {
        assert!(log.contains(note), "{log}");
    }
    assert_eq!(Launcher::start(&data, &args).shutdown(), Vec::<String>::new(), "as it was already");
    // What cannot be had any more is said.
    write("topics:\n  - name: orders\n    partitions: 2\n    replication_factor: 3\n");
    let log = Launcher::start(&data, &args).shutdown().join("\n");
    assert!(log.contains("topic orders: it has 6 partitions and keeps them; 2 were wanted"), "{log}");
    assert!(log.contains("it has 1 replicas of each partition and keeps them; 3 were wanted"), "{log}");
    for (text, reason) in [
        ("topics:\n  - name: orders\n    configs: {no.such: 1}\n", "no.such"),
        ("topics:\n  - name: bad name\n", "bad name"),
        ("topic: []\n", "topic"),
        (
            "topics:\n  - name: orders\n    configs: {cleanup.policy: {a: b}}\n",
            "a config is a text, a number, true or false",
        ),
        ("topics:\n  - name: once\n  - name: twice\n  - name: twice\n", "topic twice: it is listed twice"),
    ] {
        write(text);
        let mut command = Command::new(launcher::program());
        command.args(["start", "--listen", "PLAINTEXT://localhost:0", "--data-dir"]).arg(&data).args(args);
        let refused = run(&mut command, b"");
        assert_eq!(refused.code, Some(1), "{text}");
        assert!(
            refused.stderr.contains(reason) && refused.stderr.contains("topics.yaml"),
            "{}",
            refused.stderr
        );
    }
}
