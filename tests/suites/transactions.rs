//! Exactly once through strangers: consume, transform and produce with every third transaction aborted, a zombie
//! that is fenced, a transaction that runs out of time. Each client says what it found; Apache Kafka 4.3.1 passes
//! first, so that the script can be trusted.

use serde_json::{Value, json};
use suites::{Apache, Launcher, apache, kafka, run};

/// 90 records in batches of ten are nine committed transactions; the four aborted among thirteen leave 40 records
/// that only a read_uncommitted reader sees.
fn verdict() -> Value {
    json!({
        "transactions": 13, "committed": 90, "distinct": 90, "in_order": true, "uncommitted": 130,
        "group_offsets": 90, "zombie": "refused", "heir": "committed", "fence_read": ["heir"],
        "late": "refused", "late_read": ["after"],
    })
}

fn javas_client_runs_the_script(bootstrap: &str) {
    let output = run(&mut kafka::java_client("txn", bootstrap), b"").ok();
    let found: Value = serde_json::from_str(output.stdout.trim()).unwrap_or_default();
    assert_eq!(found, verdict(), "{output:?}");
}

/// The older protocols, in which a client announces partitions itself and keeps its epoch.
fn lower_transaction_version(bootstrap: &str, level: i16) {
    let feature = format!("transaction.version={level}");
    let args = ["--bootstrap-server", bootstrap, "downgrade", "--feature", &feature];
    kafka::java("org.apache.kafka.tools.FeatureCommand", &args, "").ok();
}

#[test]
fn apache_kafka_passes_the_exactly_once_script() {
    if !kafka::has_java_client("txn") || !kafka::has_kcat() {
        return;
    }
    let scan = ("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    for level in [2, 0] {
        let cluster = Apache::start_with(3, &[apache::LAPTOP, &[scan]].concat());
        if level < 2 {
            lower_transaction_version(&cluster.bootstrap(), level);
        }
        javas_client_runs_the_script(&cluster.bootstrap());
    }
}

#[test]
fn javas_client_finds_exactly_once_here() {
    if !kafka::has_java_client("txn") {
        return;
    }
    for level in [2, 1, 0] {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let cluster = Launcher::start(dir.path(), &["--brokers", "3"]);
        if level < 2 {
            lower_transaction_version(&cluster.bootstrap(), level);
        }
        javas_client_runs_the_script(&cluster.bootstrap());
        assert_eq!(cluster.shutdown(), Vec::<String>::new(), "an undeclared warning");
    }
}
