//! An embedded Apache Kafka compatible cluster: several brokers in one process.
#![warn(missing_docs)]

pub mod broker;
pub mod config;
pub mod controller;
pub mod group;
pub mod log;
pub mod partition;
pub mod protocol;
pub mod seams;
pub mod server;
