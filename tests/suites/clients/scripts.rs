//! Client programs that go through the whole script by themselves, say `ok` at its end, and fail with the reason.

use std::process::Command;

use suites::{available, root, run};

use super::Three;

/// One phase: `first` is everything up to the restart.
fn script(three: &Three, phase: &str, command: &mut Command) {
    let output = run(command.env("KAFKA_BOOTSTRAP_SERVERS", three.bootstrap()).arg(phase), b"").ok();
    assert!(output.stdout.trim_end().ends_with("ok"), "{output:?}");
}

fn both_phases(topic: &str, command: impl Fn() -> Command) {
    let three = Three::new();
    script(&three, "first", &mut command());
    let three = three.restart(topic);
    script(&three, "after-restart", &mut command());
    three.end();
}

/// A program of `tests/clients/go`; what it does is said once, in its package `promise`.
fn go(name: &str, topic: &str) {
    let program = root().join("target/clients/go").join(name);
    if available(&format!("the Go client {name}"), program.exists()) {
        both_phases(topic, || Command::new(&program));
    }
}

#[test]
fn franz_go_is_kept_every_promise() {
    go("franz", "go-orders");
}

#[test]
fn sarama_is_kept_every_promise() {
    go("sarama", "sarama-orders");
}

#[test]
fn kafka_go_is_kept_every_promise_in_its_old_encodings() {
    go("kafkago", "kafkago-orders");
}

#[test]
fn kafkajs_is_kept_every_promise_in_its_old_encodings() {
    let dir = root().join("tests/clients/node");
    if available("kafkajs (Node)", dir.join("node_modules/kafkajs").exists()) {
        both_phases("js-orders", || {
            let mut command = Command::new("node");
            command.arg("kafkajs.mjs").current_dir(&dir);
            command
        });
    }
}
