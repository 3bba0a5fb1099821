//! The broker's speed and memory, beside Apache Kafka's.

mod compaction;
mod java;
mod latency;
mod many;
pub mod rates;
mod restart;

/// What can be measured alone.
pub const PARTS: [(&str, fn()); 7] = [
    ("rates", rates::measure),
    ("wide", rates::wide),
    ("java", java::measure),
    ("latency", latency::measure),
    ("restart", restart::measure),
    ("many", many::measure),
    ("compaction", compaction::measure),
];
