//! The Python clients: confluent-kafka-python under both group protocols, aiokafka and kafka-python. Each says what it
//! found.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fall where it stands")]

use std::process::Command;

use serde_json::{Value, json};
use suites::{Launcher, available, root, run};

/// Runs a script of `tests/clients/python` against a cluster of three.
fn finds(script: &str, args: &[&str]) -> Option<Value> {
    let python = root().join("target/clients/python/bin/python");
    if !available("the Python clients", python.exists()) {
        return None;
    }
    let dir = tempfile::tempdir().unwrap();
    let cluster = Launcher::start(dir.path(), &["--brokers", "3"]);
    let mut command = Command::new(python);
    command.arg(root().join("tests/clients/python").join(script)).args(args);
    let output = run(command.env("KAFKA_BOOTSTRAP_SERVERS", cluster.bootstrap()), b"").ok();
    assert_eq!(cluster.shutdown(), Vec::<String>::new(), "an undeclared warning");
    Some(serde_json::from_str(output.stdout.trim()).unwrap())
}

/// What every client finds: 60 records in each of five codecs, and a group of one, two and one members.
fn found(more: Value) -> Value {
    let mut all = json!({ "assigned": 300, "one": [6], "read": 300, "two": [3, 3], "left": [6] });
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    all
}

#[test]
fn confluent_kafka_under_both_group_protocols() {
    for protocol in ["classic", "consumer"] {
        let Some(seen) = finds("confluent.py", &[protocol]) else { return };
        let left = json!({
            "left_none": 0, "left_gzip": 0, "left_snappy": 0, "left_lz4": 0, "left_zstd": 0,
            "transaction": true, "partitions_committed": 6,
        });
        assert_eq!(seen, found(left), "{protocol}");
    }
}

#[test]
fn aiokafka() {
    let Some(seen) = finds("aio.py", &[]) else { return };
    assert_eq!(seen, found(json!({ "transaction": true })));
}

#[test]
fn kafka_python() {
    let Some(seen) = finds("kafkapython.py", &[]) else { return };
    let acknowledged = json!({
        "acknowledged_None": 60, "acknowledged_gzip": 60, "acknowledged_snappy": 60, "acknowledged_lz4": 60,
        "acknowledged_zstd": 60,
    });
    assert_eq!(seen, found(acknowledged));
}
