//! Stands in for the embedded cluster's face until broker_core has it.
#![allow(missing_docs, dead_code, unused_variables, reason = "stand-in")]
use std::path::{Path, PathBuf};
use std::time::Duration;
pub struct ClusterConfig {
    pub data_dir: PathBuf,
    pub brokers: u8,
    pub base_port: u16,
    pub host: String,
    pub overrides: Vec<(String, String)>,
    pub racks: Vec<String>,
}
impl ClusterConfig {
    pub fn new(d: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: d.into(),
            brokers: 3,
            base_port: 9092,
            host: "localhost".into(),
            overrides: vec![],
            racks: vec![],
        }
    }
}
pub struct Cluster;
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("port taken")]
    PortTaken { port: u16, owner: Option<String>, free_base: Option<u16> },
    #[error("locked")]
    Locked { path: PathBuf, pid: Option<u32> },
    #[error("x")]
    NotWritable { path: PathBuf, source: std::io::Error },
    #[error("x")]
    NewerFormat { path: PathBuf, found: u32, known: u32 },
    #[error("x")]
    Io { source: std::io::Error },
    #[error("the local cluster is not in this build yet")]
    Config { name: String, reason: String },
}
pub enum BrokerState {
    Running,
    Stopped,
    Crashed,
}
pub struct BrokerStatus {
    pub id: i32,
    pub address: String,
    pub state: BrokerState,
    pub log_bytes: u64,
}
pub struct ClusterStatus {
    pub brokers: Vec<BrokerStatus>,
    pub controller_of_record: Option<i32>,
}
pub struct ClientInfo {
    pub software: String,
    pub version: String,
    pub address: String,
    pub client_id: String,
    pub last_topic: Option<String>,
    pub records: u64,
    pub connected_at_ms: i64,
    pub last_seen_ms: i64,
}
impl Cluster {
    pub fn start(config: ClusterConfig) -> Result<Cluster, StartError> {
        Err(StartError::Config { name: "".into(), reason: "".into() })
    }
    pub fn bootstrap(&self) -> String {
        String::new()
    }
    pub fn ready_in(&self) -> Duration {
        Duration::ZERO
    }
    pub fn cluster_id(&self) -> String {
        String::new()
    }
    pub fn status(&self) -> ClusterStatus {
        ClusterStatus { brokers: vec![], controller_of_record: None }
    }
    pub fn stop_broker(&self, id: i32) -> Result<(), std::io::Error> {
        Ok(())
    }
    pub fn crash_broker(&self, id: i32) -> Result<(), std::io::Error> {
        Ok(())
    }
    pub fn start_broker(&self, id: i32) -> Result<(), std::io::Error> {
        Ok(())
    }
    pub fn clients(&self) -> Vec<ClientInfo> {
        vec![]
    }
    pub fn shutdown(self) -> Result<(), std::io::Error> {
        Ok(())
    }
}
pub struct PortChoice {
    pub base: u16,
    pub taken: Option<(u16, Option<String>)>,
}
pub fn free_base_port(preferred: u16, brokers: u8) -> PortChoice {
    PortChoice { base: preferred, taken: None }
}
pub fn reset(d: &Path) -> Result<(), StartError> {
    Ok(())
}
