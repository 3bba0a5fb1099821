//! Foreign Kafka clients: kcat and the Java tools.

use std::process::Command;

use crate::program::{Output, run};
use crate::{available, root};

/// kcat towards `bootstrap`.
pub fn kcat(bootstrap: &str, args: &[&str], input: &str) -> Output {
    run(Command::new("kcat").args(["-q", "-b", bootstrap]).args(args), input.as_bytes())
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

/// A class of Kafka's jars.
pub fn java(class: &str, args: &[&str], input: &str) -> Output {
    let mut command = Command::new("java");
    command
        .args(["-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp"])
        .arg(root().join("target/kafka/lib").join("*"));
    // Kafka's own logging configuration is not there; its complaint about that is not an error of the tool.
    command.arg("-Dlog4j2.level=OFF").arg(class).args(args);
    let mut output = run(&mut command, input.as_bytes());
    let noise = ["SLF4J", "StatusLogger", "WARNING: sun.misc", "WARNING: A terminally", "WARNING: Please"];
    let lines = output.stderr.lines().filter(|line| !noise.iter().any(|word| line.contains(word)));
    output.stderr = lines.collect::<Vec<_>>().join("\n");
    output
}
