//! Measures beside Apache Kafka.
fn main() {}
