//! An embedded Apache Kafka compatible cluster: several brokers in one process.
#![warn(missing_docs)]

pub mod protocol;
