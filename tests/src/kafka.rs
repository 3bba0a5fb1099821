//! Foreign Kafka clients: kcat and the Java tools.

use std::process::Command;

use crate::program::{Output, run};
use crate::{available, root};

/// kcat towards `bootstrap`.
pub fn kcat(bootstrap: &str, args: &[&str], input: &str) -> Output {
    run(Command::new("kcat").args(["-q", "-b", bootstrap]).args(args), input.as_bytes())
}

/// The same, but it says why it fails.
pub fn kcat_aloud(bootstrap: &str, args: &[&str], input: &str) -> Output {
    run(Command::new("kcat").args(["-b", bootstrap]).args(args), input.as_bytes())
}

/// Whether kcat is installed.
pub fn has_kcat() -> bool {
    available("kcat", Command::new("kcat").arg("-V").output().is_ok())
}

/// Whether Java and Kafka's jars are there.
pub fn has_java() -> bool {
    let jars = root().join("target/kafka/lib").is_dir();
    available("Java with Kafka's jars", jars && Command::new("java").arg("-version").output().is_ok())
}

/// Whether the Java client `name` of `tests/clients` is built.
pub fn has_java_client(name: &str) -> bool {
    let built = root().join("target/clients").join(name).join(".complete").exists();
    has_java() && available(&format!("the Java client {name}"), built)
}

/// The Java client `name` of `tests/clients`, built by `cargo xtask`, towards `bootstrap`.
pub fn java_client(name: &str, bootstrap: &str) -> Command {
    let root = root();
    let class_path = format!(
        "{}:{}/*",
        root.join("target/clients").join(name).display(),
        root.join("target/kafka/lib").display()
    );
    let mut command = Command::new("java");
    command.args(["-Xmx256m", "-XX:TieredStopAtLevel=1", "-Dlog4j2.level=OFF", "-cp", &class_path, "Main"]);
    command.env("KAFKA_BOOTSTRAP_SERVERS", bootstrap);
    command
}

/// A class of Kafka's jars.
pub fn java_command(class: &str, args: &[&str]) -> Command {
    let mut command = Command::new("java");
    command
        .args(["-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp"])
        .arg(root().join("target/kafka/lib").join("*"));
    // Kafka's own logging configuration is not there; its complaint about that is not an error of the tool.
    command.arg("-Dlog4j2.level=OFF").arg(class).args(args);
    command
}

/// Runs a class of Kafka's jars to its end.
pub fn java(class: &str, args: &[&str], input: &str) -> Output {
    let mut output = run(&mut java_command(class, args), input.as_bytes());
    let noise = ["SLF4J", "StatusLogger", "WARNING: sun.misc", "WARNING: A terminally", "WARNING: Please"];
    let lines = output.stderr.lines().filter(|line| !noise.iter().any(|word| line.contains(word)));
    output.stderr = lines.collect::<Vec<_>>().join("\n");
    output
}
