//! An embedded Apache Kafka compatible cluster: several brokers in one process, no JVM, ready in a tenth of a
//! second.
//!
//! The modules in reading order: [`seams`] are the ways out (disk, clock, links, randomness); [`protocol`] turns
//! bytes into messages; [`log`] keeps batches on disk; [`partition`] is one replica; [`group`], [`txn`] and
//! [`controller`] are machines that know neither disk nor time; [`broker`] performs what they decide; [`server`] answers
//! clients; [`cluster`] starts it all.
//!
//! In a test:
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let dir = tempfile::tempdir()?;
//! let cluster = broker_core::Cluster::start(broker_core::ClusterConfig::new(dir.path()).on_port(0))?;
//! let bootstrap = cluster.bootstrap();
//! # assert_eq!(bootstrap.split(',').count(), 3);
//! # cluster.shutdown()?;
//! # Ok(())
//! # }
//! ```
#![warn(missing_docs)]

pub mod broker;
pub mod cluster;
pub mod config;
pub mod controller;
pub mod group;
pub mod log;
pub mod partition;
pub mod protocol;
pub mod seams;
pub mod server;
#[cfg(test)]
mod simulation;
pub mod txn;

pub use broker::ClientInfo;
pub use cluster::{
    BrokerError, BrokerState, BrokerStatus, Cluster, ClusterConfig, ClusterStatus, DiskFault, ListenerConfig,
    PortChoice, ShutdownError, Side, SnapshotError, SnapshotInfo, StandingFault, StartError, fits, fork,
    free_base_port, in_words, reset, snapshot_info,
};
