//! An embedded Apache Kafka compatible cluster: several brokers in one process.
#![warn(missing_docs)]

pub mod config;
pub mod controller;
pub mod log;
pub mod partition;
pub mod protocol;
pub mod seams;
