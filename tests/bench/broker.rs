//! The broker's speed and memory, beside Apache Kafka's.

mod java;
mod latency;
mod many;
pub mod rates;
mod restart;

/// What can be measured alone.
pub const PARTS: [(&str, fn()); 5] = [
    ("rates", rates::measure),
    ("java", java::measure),
    ("latency", latency::measure),
    ("restart", restart::measure),
    ("many", many::measure),
];
