//! An embedded Apache Kafka compatible cluster: several brokers in one process.
#![warn(missing_docs)]

pub mod config;
pub mod log;
pub mod protocol;
pub mod seams;
