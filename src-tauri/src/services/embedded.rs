//! The local cluster: broker_core's brokers inside this process. All calls to them are here and in `start`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use broker_core::Cluster;
use serde_json::json;
use tracing::warn;

use crate::dto::{
    AppError, BrokerState, ClusterState, ConnectedClient, LocalOptions, LocalPreview, LocalStarted,
};
use crate::error::AppResult;
use crate::policy::{Destructive, Permit};
use crate::services::connections::{Connections, LOCAL_ID};
use crate::store::Store;
use crate::store::local_cluster::{BROKERS_USUAL, LocalClusterRow};

mod conditions;
mod faults;
mod launch;
mod meters;
mod panel;
mod snapshots;
mod start;

pub use conditions::FAULT;
pub use faults::BrokerFault;
pub use meters::Rates;
pub use snapshots::{DELETE, RESTORE, snapshot_resource};

use meters::Meters;
use start::{choose_ports, explain_start};

const BROKERS_MAX: u8 = 9;

/// Names of the operations permits are for.
pub const RESET: &str = "local.reset";
/// The local cluster as the history calls it.
pub const WHOLE_CLUSTER: &str = "cluster Local";

/// The local cluster and how it is started.
pub struct EmbeddedCluster {
    data_dir: PathBuf,
    store: Arc<Store>,
    meters: Meters,
    running: Mutex<Option<Running>>,
    /// Starting, stopping and resetting happen one after the other.
    changing: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct Running {
    cluster: Arc<Cluster>,
    since: i64,
    ready_ms: f64,
    /// Its listener for containers is bound to every address.
    containers_open: bool,
}

/// One broker of the local cluster.
#[derive(Clone, Debug)]
pub struct LocalBrokerStatus {
    pub id: i32,
    pub address: String,
    pub state: BrokerState,
    pub log_bytes: u64,
    /// Bytes a second that clients produced and fetched; none until it was asked twice.
    pub rates: Option<Rates>,
}

/// What the local cluster says about itself, beyond what Kafka's protocol tells.
#[derive(Clone, Debug)]
pub struct LocalStatus {
    pub brokers: Vec<LocalBrokerStatus>,
    /// Bytes of each topic on all brokers.
    pub topic_bytes: BTreeMap<String, u64>,
    pub controller: Option<i32>,
    pub since: i64,
    pub ready_ms: f64,
}

impl std::fmt::Debug for EmbeddedCluster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EmbeddedCluster").field("data_dir", &self.data_dir).finish_non_exhaustive()
    }
}

impl Drop for EmbeddedCluster {
    /// A cluster that was not stopped ends as in a crash, on a thread that may wait for its brokers.
    fn drop(&mut self) {
        let running = self.lock().take();
        if let Some(running) = running {
            let _ = std::thread::spawn(move || drop(running)).join();
        }
    }
}

impl EmbeddedCluster {
    pub fn new(data_dir: PathBuf, store: Arc<Store>) -> EmbeddedCluster {
        EmbeddedCluster {
            data_dir,
            store,
            meters: Meters::default(),
            running: Mutex::default(),
            changing: tokio::sync::Mutex::default(),
        }
    }

    /// Returns what starting would do now.
    pub async fn preview(&self, brokers: Option<u8>, base_port: Option<u16>) -> AppResult<LocalPreview> {
        if let Some(running) = self.running() {
            return Ok(self.running_preview(&running));
        }
        let stored = self.store.local_cluster()?;
        let brokers = checked_brokers(brokers.or(stored.as_ref().map(|row| row.brokers)))?;
        let kept = base_port.or(stored.map(|row| row.base_port));
        let (base, notice) = blocking(move || choose_ports(kept, brokers)).await?;
        Ok(LocalPreview {
            brokers,
            ports: (base..base.saturating_add(u16::from(brokers))).collect(),
            data_dir: self.data_dir.display().to_string(),
            notice,
            existing: has_data(&self.data_dir),
        })
    }

    fn running_preview(&self, running: &Running) -> LocalPreview {
        let bootstrap = running.cluster.bootstrap();
        let ports: Vec<u16> = bootstrap.split(',').filter_map(first_port).collect();
        LocalPreview {
            brokers: u8::try_from(ports.len()).unwrap_or(BROKERS_MAX),
            ports,
            data_dir: self.data_dir.display().to_string(),
            notice: Some("The local cluster is running.".to_owned()),
            existing: true,
        }
    }

    /// Starts the cluster again if it ran when the app ended last.
    /// Returns whether it runs.
    pub async fn resume(&self, connections: &Connections) -> bool {
        match self.store.local_cluster() {
            Ok(Some(row)) if row.running => {
                if let Err(error) = self.start(connections, LocalOptions::default()).await {
                    warn!(%error, "local cluster did not start again");
                }
            }
            Ok(_) => {}
            Err(error) => warn!(%error, "local cluster's row not read"),
        }
        self.running().is_some()
    }

    /// Stops the cluster cleanly. One that does not run is no error.
    pub async fn stop(&self, connections: &Connections) -> AppResult<()> {
        let _one_at_a_time = self.changing.lock().await;
        self.forget_running(connections)?;
        self.shut_down().await
    }

    /// Stops the cluster when the app ends; it is started again at the next launch.
    pub async fn stop_for_exit(&self) {
        let _one_at_a_time = self.changing.lock().await;
        if let Err(error) = self.shut_down().await {
            warn!(%error, "local cluster not stopped cleanly");
        }
    }

    /// Stops the cluster and deletes its data.
    pub async fn reset(&self, permit: Permit<Destructive>, connections: &Connections) -> AppResult<()> {
        permit.spend(LOCAL_ID, RESET, &[WHOLE_CLUSTER.to_owned()])?;
        let _one_at_a_time = self.changing.lock().await;
        self.forget_running(connections)?;
        self.shut_down().await?;
        let data_dir = self.data_dir.clone();
        blocking(move || broker_core::reset(&data_dir))
            .await?
            .map_err(|error| explain_start(&error, None))?;
        connections.local()?.forget_seen();
        Ok(())
    }

    /// Returns what the cluster says about itself, when it runs.
    pub async fn status(&self) -> Option<LocalStatus> {
        let running = self.running()?;
        let cluster = running.cluster.clone();
        let status = blocking(move || cluster.status()).await.ok()?;
        let brokers = status.brokers.into_iter().map(|broker| LocalBrokerStatus {
            id: broker.id,
            address: broker.address,
            state: match broker.state {
                broker_core::BrokerState::Running => BrokerState::Running,
                broker_core::BrokerState::Stopped => BrokerState::Stopped,
                broker_core::BrokerState::Crashed => BrokerState::Crashed,
                broker_core::BrokerState::Paused => BrokerState::Paused,
            },
            log_bytes: broker.log_bytes,
            rates: self.meters.of(broker.id, [broker.bytes_in, broker.bytes_out]),
        });
        Some(LocalStatus {
            brokers: brokers.collect(),
            topic_bytes: status.topic_bytes,
            controller: status.controller_of_record,
            since: running.since,
            ready_ms: running.ready_ms,
        })
    }

    /// Returns who is connected, and who was within the last ten minutes; this app's own connections left out.
    pub async fn clients(&self) -> Vec<ConnectedClient> {
        let Some(running) = self.running() else {
            return Vec::new();
        };
        let clients = blocking(move || running.cluster.clients()).await.unwrap_or_default();
        let others = clients.into_iter().filter(|client| client.client_id != "headwater");
        let shown = others.map(|client| ConnectedClient {
            software: client.software,
            version: client.version,
            address: client.address,
            client_id: client.client_id,
            last_topic: client.last_topic,
            records: client.records,
            last_read: client.last_read,
            read_bytes: client.read_bytes,
            at: client.last_seen_ms,
            left_at: client.left_at_ms,
        });
        shown.collect()
    }

    /// Says first that it is stopped, so that nobody takes its silence for trouble.
    fn forget_running(&self, connections: &Connections) -> AppResult<()> {
        connections.local()?.set_state(ClusterState::Stopped, None);
        match self.store.local_cluster()? {
            Some(row) => self.store.local_cluster_put(&LocalClusterRow { running: false, ..row }),
            None => Ok(()),
        }
    }

    async fn shut_down(&self) -> AppResult<()> {
        let Some(running) = self.lock().take() else {
            return Ok(());
        };
        let outcome = blocking(move || shut_down_last(running.cluster)).await?;
        outcome.map_err(|why| AppError::new("The local cluster was not stopped cleanly", why))
    }

    pub fn is_running(&self) -> bool {
        self.lock().is_some()
    }

    fn running(&self) -> Option<Running> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// Waits until nobody else asks the cluster something, then stops it.
fn shut_down_last(mut cluster: Arc<Cluster>) -> Result<(), String> {
    for _ in 0..500 {
        cluster = match Arc::try_unwrap(cluster) {
            Ok(cluster) => return cluster.shutdown().map_err(|error| error.to_string()),
            Err(shared) => shared,
        };
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    Err("A question to it did not end in 5 s.".to_owned())
}

fn checked_brokers(brokers: Option<u8>) -> AppResult<u8> {
    match brokers.unwrap_or(BROKERS_USUAL) {
        brokers @ 1..=BROKERS_MAX => Ok(brokers),
        other => Err(AppError::new(
            "The local cluster cannot have that many brokers",
            format!("{other} was asked for; 1 to 9 are possible."),
        )),
    }
}

fn started(running: &Running) -> LocalStarted {
    let bootstrap = running.cluster.bootstrap();
    LocalStarted {
        cluster_id: LOCAL_ID,
        ready_ms: running.ready_ms,
        brokers: u8::try_from(bootstrap.split(',').count()).unwrap_or(BROKERS_MAX),
        bootstrap,
    }
}

pub fn resource(broker: i32) -> String {
    format!("broker {broker}")
}

fn first_port(bootstrap: &str) -> Option<u16> {
    bootstrap.split(',').next()?.rsplit(':').next()?.parse().ok()
}

fn has_data(data_dir: &Path) -> bool {
    let of_broker = |entry: std::fs::DirEntry| entry.file_name().to_string_lossy().starts_with("broker-");
    std::fs::read_dir(data_dir).is_ok_and(|entries| entries.flatten().any(of_broker))
}

fn not_running() -> AppError {
    AppError::new("The local cluster does not run", "It was stopped.").at_connection(LOCAL_ID).remedy_call(
        "Start it",
        "local.start",
        json!({}),
    )
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> AppResult<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| AppError::internal("The local cluster failed", error))
}
