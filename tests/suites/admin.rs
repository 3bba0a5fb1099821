//! A table of admin calls by Java's client (`tests/clients/admin`), made on Apache Kafka 4.3.1 and on ours. The
//! answers are compared field by field; `tests/clients/admin/differences.txt` has every difference that is known,
//! with its reason.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fall where it stands")]

use std::collections::BTreeMap;

use serde_json::{Value, json};
use suites::differences::Difference;
use suites::{Apache, Launcher, apache, differences, kafka, root, run};

type Answers = BTreeMap<String, Value>;

/// Runs the table and returns the answer to each call.
fn answers(bootstrap: &str) -> Answers {
    let output = run(&mut kafka::java_client("admin", bootstrap), b"").ok();
    let mut answers = Answers::new();
    for line in output.lines() {
        let mut row: Value = serde_json::from_str(line).unwrap();
        let call = row["call"].as_str().unwrap().to_owned();
        let twice = answers.insert(call.clone(), row["answer"].take());
        assert!(twice.is_none(), "{call} is in the table twice");
    }
    answers
}

/// Keeps what was answered, to be looked at after a failure.
fn keep(name: &str, answers: &Answers) {
    let dir = root().join("target/suites");
    std::fs::create_dir_all(&dir).unwrap();
    let row = |(call, answer): (&String, &Value)| json!({"call": call, "answer": answer}).to_string();
    let rows: Vec<String> = answers.iter().map(row).collect();
    std::fs::write(dir.join(name), rows.join("\n") + "\n").unwrap();
}

/// What Apache Kafka answers. A run in which one of its brokers went away is no measure, and is made again.
fn of_apache() -> Answers {
    let mut complaint = None;
    for _ in 0..2 {
        let mut cluster = Apache::start_with(3, apache::LAPTOP);
        let answers = answers(&cluster.bootstrap());
        complaint = cluster.complaint();
        if complaint.is_none() {
            keep("admin-apache.jsonl", &answers);
            return answers;
        }
    }
    panic!("twice: {}", complaint.unwrap());
}

fn of_ours() -> Answers {
    let dir = tempfile::tempdir().unwrap();
    let session = format!("broker.session.timeout.ms={}", apache::SESSION_MS);
    let cluster = Launcher::start(dir.path(), &["--brokers", "3", "--override", &session]);
    let answers = answers(&cluster.bootstrap());
    keep("admin-ours.jsonl", &answers);
    assert_eq!(cluster.shutdown(), Vec::<String>::new(), "an undeclared warning");
    answers
}

/// Every field in which `ours` differs from an Apache Kafka started for it.
fn found(ours: &Answers) -> Vec<Difference> {
    let theirs = of_apache();
    assert!(theirs.keys().eq(ours.keys()), "both went through the whole table");
    theirs.iter().flat_map(|(call, answer)| differences::compare(call, answer, &ours[call])).collect()
}

#[test]
fn admin_calls_are_answered_as_apache_kafka_answers_them() {
    if !kafka::has_java_client("admin") || !kafka::has_kcat() {
        return;
    }
    let known = std::fs::read_to_string(root().join("tests/clients/admin/differences.txt")).unwrap();
    let ours = of_ours();
    let first = found(&ours);
    let mut complaints = differences::judge(&known, &first);
    if !complaints.is_empty() {
        // A busy machine makes Kafka's brokers learn late of a change: what differs from one run of it only is
        // no difference. Ours has the one run.
        let again = found(&ours);
        let in_both: Vec<Difference> =
            first.into_iter().filter(|one| again.iter().any(|other| one.is_same_field(other))).collect();
        let complaints_again = differences::judge(&known, &in_both);
        complaints.retain(|complaint| complaints_again.contains(complaint));
    }
    assert!(complaints.is_empty(), "{} differences\n{}", complaints.len(), complaints.join("\n"));
}
