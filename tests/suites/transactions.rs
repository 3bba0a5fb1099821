//! Exactly once through strangers: consume, transform and produce with every third transaction aborted, a zombie
//! that is fenced, a transaction that runs out of time. Each client says what it found; Apache Kafka 4.3.1 passes
//! first, so that the script can be trusted.

use std::net::TcpStream;
use std::time::Duration;

use broker_core::protocol::messages::find_coordinator::FindCoordinatorRequest;
use broker_core::protocol::messages::init_producer_id::{InitProducerIdRequest, InitProducerIdResponse};
use broker_core::protocol::messages::txn_offset_commit::{
    TxnOffsetCommitRequest, TxnOffsetCommitRequestPartition, TxnOffsetCommitRequestTopic,
};
use serde_json::{Value, json};
use suites::{Apache, Launcher, apache, kafka, run, wait_for, wire};

const INVALID_PRODUCER_EPOCH: i16 = 47;

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

/// What a zombie is told when it commits offsets: `AddPartitionsToTxnManager` gives the code that producers know.
fn a_fenced_producer_commits_no_offsets(bootstrap: &str) {
    let mut stream = TcpStream::connect(bootstrap).expect("the broker listens");
    wire::create_topic(&mut stream, "read");
    for (key, key_type) in [("zombies", 0), ("zombie", 1)] {
        wait_for("a coordinator", Duration::from_secs(20), || {
            let request = FindCoordinatorRequest { key: key.into(), key_type, ..Default::default() };
            (wire::ask(&mut stream, 1, request).error_code == 0).then_some(())
        });
    }
    let mut init = || -> InitProducerIdResponse {
        wait_for("a producer id", Duration::from_secs(20), || {
            let transactional_id = Some("zombie".to_owned());
            let request = InitProducerIdRequest {
                transactional_id,
                transaction_timeout_ms: 60_000,
                ..Default::default()
            };
            let answer = wire::ask(&mut stream, 1, request);
            (answer.error_code == 0).then_some(answer)
        })
    };
    let (zombie, heir) = (init(), init());
    assert_eq!((heir.producer_id, heir.producer_epoch), (zombie.producer_id, zombie.producer_epoch + 1));
    let partition = TxnOffsetCommitRequestPartition { committed_offset: 1, ..Default::default() };
    let topic = TxnOffsetCommitRequestTopic { name: "read".into(), partitions: vec![partition] };
    let request = TxnOffsetCommitRequest {
        transactional_id: "zombie".into(),
        group_id: "zombies".into(),
        producer_id: zombie.producer_id,
        producer_epoch: zombie.producer_epoch,
        topics: vec![topic],
        ..Default::default()
    };
    let code = wait_for("a coordinator that has loaded", Duration::from_secs(20), || {
        let mut answer = wire::ask(&mut stream, 2, request.clone());
        let code = answer.topics.remove(0).partitions.remove(0).error_code;
        (![14, 15, 16].contains(&code)).then_some(code)
    });
    assert_eq!(code, INVALID_PRODUCER_EPOCH);
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
    a_fenced_producer_commits_no_offsets(&Apache::start_with(1, apache::LAPTOP).bootstrap());
}

#[test]
fn a_zombie_is_told_what_apache_kafka_tells_it() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let cluster = Launcher::start(dir.path(), &["--brokers", "1"]);
    a_fenced_producer_commits_no_offsets(&cluster.bootstrap());
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
