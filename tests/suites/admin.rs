//! A table of admin calls by Java's client (`tests/clients/admin`), made on Apache Kafka 4.3.1 and on ours. The
//! answers are compared field by field; `tests/clients/admin/differences.txt` has every difference that is known,
//! with its reason.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fall where it stands")]

use std::collections::BTreeMap;

use serde_json::Value;
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
    let text: Vec<String> = answers.iter().map(|(call, answer)| format!("{call} {answer}")).collect();
    std::fs::write(dir.join(name), text.join("\n")).unwrap();
}

/// What Apache Kafka answers. A run in which one of its brokers went away is no measure, and is made again.
fn of_apache() -> Answers {
    let mut complaint = None;
    for _ in 0..2 {
        let mut cluster = Apache::start_with(3, apache::LAPTOP);
        let answers = answers(&cluster.bootstrap());
        complaint = cluster.complaint();
        if complaint.is_none() {
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
    assert_eq!(cluster.shutdown(), Vec::<String>::new(), "an undeclared warning");
    answers
}

#[test]
fn admin_calls_are_answered_as_apache_kafka_answers_them() {
    if !kafka::has_java_client("admin") || !kafka::has_kcat() {
        return;
    }
    let theirs = of_apache();
    let ours = of_ours();
    keep("admin-apache.txt", &theirs);
    keep("admin-ours.txt", &ours);
    assert!(theirs.keys().eq(ours.keys()), "both went through the whole table");
    let mut found = Vec::new();
    for (call, answer) in &theirs {
        found.extend(differences::compare(call, answer, &ours[call]));
    }
    let known = std::fs::read_to_string(root().join("tests/clients/admin/differences.txt")).unwrap();
    let complaints = differences::judge(&known, &found);
    assert!(complaints.is_empty(), "{} differences\n{}", complaints.len(), complaints.join("\n"));
}
