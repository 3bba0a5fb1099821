//! Several brokers and a controller in one process, each on a thread of its own.
//!
//! ```no_run
//! let cluster = broker_core::Cluster::start(broker_core::ClusterConfig::new("/tmp/kafka")).unwrap();
//! println!("{}", cluster.bootstrap());
//! cluster.shutdown().unwrap();
//! ```

pub mod control;
pub(crate) mod controller_host;
mod data_dir;
mod error;
mod faults;
mod identity;
mod inventory;
mod listeners;
mod node;
mod owner;
mod ports;
mod room;
mod sizes;
mod snapshot;
mod status;
mod topics;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub use crate::seams::DiskFault;
pub use error::{BrokerError, ShutdownError, StartError};
pub use faults::{Side, StandingFault, in_words};
pub use inventory::fits;
pub use listeners::{ListenerConfig, PLAINTEXT};
pub use ports::{PortChoice, free_base_port};
pub use snapshot::{Progress, SnapshotError, SnapshotInfo, fork, snapshot_info};
pub use status::{BrokerStatus, ClusterStatus, PartitionsStatus};
pub use topics::{Scalar, TopicNote, TopicSpec, TopicsError};

use crate::broker::{ClientTable, Traffic};
use crate::config::BrokerConfig;
use crate::protocol::Uuid;
use crate::seams::{
    Clock, Disk, DiskGate, FaultDisk, GatedDisk, Incarnation, Network, Pool, RealClock, RealDisk, Room,
};
use controller_host::ControllerNode;
use data_dir::DataDir;
use node::{BrokerNode, NodeSetup};
use room::Surveyor;

/// How long a broker may take until it accepts requests.
const READY_MAX: Duration = Duration::from_secs(60);
/// The most brokers a cluster may have.
pub const BROKERS_MAX: u8 = 9;

/// What a cluster is made from.
#[derive(Debug, Clone)]
pub struct ClusterConfig {
    /// Where everything is kept.
    pub data_dir: PathBuf,
    /// Number of brokers, 1 to 9; their ids start at 1.
    pub brokers: u8,
    /// Where clients come in: at least one listener, each with a name and ports of its own.
    pub listeners: Vec<ListenerConfig>,
    /// Kafka's broker configs, by name.
    pub overrides: Vec<(String, String)>,
    /// Rack of each broker, in order; brokers beyond the list have none.
    pub racks: Vec<String>,
    /// Bytes on disk from which on nothing is appended until some are removed; without it as much as the disk has.
    pub disk_bytes_max: Option<u64>,
    /// The id of a new cluster; by default one is made. A directory that has another is refused.
    pub cluster_id: Option<Uuid>,
}

impl ClusterConfig {
    /// Three brokers at localhost:9092 to 9094.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            brokers: 3,
            listeners: vec![ListenerConfig::new(PLAINTEXT, "localhost", 9092)],
            overrides: Vec::new(),
            racks: Vec::new(),
            disk_bytes_max: None,
            cluster_id: None,
        }
    }

    /// The same with another port for the first listener.
    pub fn on_port(mut self, port: u16) -> Self {
        if let Some(first) = self.listeners.first_mut() {
            first.port = port;
        }
        self
    }

    /// The settings of its brokers, if a cluster can be made of it. Error: what cannot be, whatever is on the machine.
    pub fn check(&self) -> Result<BrokerConfig, StartError> {
        let refuse = |name: &str, reason: String| Err(StartError::Config { name: name.to_owned(), reason });
        if !(1..=BROKERS_MAX).contains(&self.brokers) {
            return refuse("brokers", format!("{} is not between 1 and {BROKERS_MAX}", self.brokers));
        }
        let racks = &self.racks;
        if racks.len() > usize::from(self.brokers) || racks.iter().any(String::is_empty) {
            let reason =
                format!("{} for {} brokers: a name for each, at most", racks.join(","), self.brokers);
            return refuse("rack", reason);
        }
        if let Err(reason) = listeners::check(&self.listeners, self.brokers) {
            return refuse("listeners", reason);
        }
        Ok(BrokerConfig::new(self.brokers, &self.overrides)?)
    }
}

/// Whether a broker runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BrokerState {
    /// It runs.
    Running,
    /// It was stopped in order.
    Stopped,
    /// It was killed, or fell.
    Crashed,
    /// It stands still; nobody gets an answer.
    Paused,
}

impl std::fmt::Display for BrokerState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Running => "running",
            Self::Stopped => "stopped",
            Self::Crashed => "crashed",
            Self::Paused => "paused",
        })
    }
}

/// A running cluster. Dropping it is a crash; [`Cluster::shutdown`] ends it in order.
#[derive(Debug)]
pub struct Cluster {
    config: ClusterConfig,
    broker_config: BrokerConfig,
    clients: ClientTable,
    ready_in: Duration,
    inner: Mutex<Inner>,
    /// Every disk of the cluster is behind it.
    gate: DiskGate,
    room: Room,
    surveyor: Option<Surveyor>,
    /// Held by whoever copies or replaces all files.
    files: Mutex<()>,
}

#[derive(Debug)]
struct Inner {
    dir: DataDir,
    running: Option<Running>,
}

/// What makes up one run; a reset replaces it.
#[derive(Debug)]
struct Running {
    clock: Arc<RealClock>,
    network: Network<crate::broker::messages::PeerMessage>,
    controller: ControllerNode,
    brokers: BTreeMap<i32, BrokerNode>,
}

impl Cluster {
    /// Starts a cluster and returns once every broker accepts requests.
    pub fn start(mut config: ClusterConfig) -> Result<Self, StartError> {
        let begun = Instant::now();
        let broker_config = config.check()?;
        if let Ok(absolute) = std::path::absolute(&config.data_dir) {
            config.data_dir = absolute;
        }
        raise_open_files();
        let dir = DataDir::open(&config.data_dir, config.brokers, config.cluster_id)?;
        let clients = ClientTable::default();
        let bound = ports::bind_all(&config.listeners, config.brokers)?;
        // From here on a port is what was bound, which a broker that starts again must have.
        for (listener, bound) in config.listeners.iter_mut().zip(bound.first().into_iter().flatten()) {
            listener.port = bound.port;
        }
        let mut cluster = Self {
            broker_config,
            clients,
            ready_in: Duration::ZERO,
            inner: Mutex::new(Inner { dir, running: None }),
            gate: DiskGate::default(),
            room: config.disk_bytes_max.map(Room::of).unwrap_or_default(),
            surveyor: None,
            files: Mutex::default(),
            config,
        };
        if let Some(bytes_max) = cluster.config.disk_bytes_max {
            let (room, dir) = (cluster.room.clone(), cluster.config.data_dir.clone());
            let began = Surveyor::start(bytes_max, room, Arc::new(RealDisk), dir);
            let failed = |source| StartError::Io { what: "starting to measure the disk".to_owned(), source };
            cluster.surveyor = Some(began.map_err(failed)?);
        }
        let running = cluster.launch(&cluster.lock().dir, bound)?;
        cluster.lock().running = Some(running);
        cluster.ready_in = begun.elapsed();
        Ok(cluster)
    }

    fn launch(&self, dir: &DataDir, listeners: Vec<Vec<ports::Bound>>) -> Result<Running, StartError> {
        let real = Arc::new(RealClock::new());
        let clock: Arc<dyn Clock> = Arc::<RealClock>::clone(&real);
        let disk: Arc<dyn Disk> = Arc::new(GatedDisk::new(Arc::new(RealDisk), self.gate.clone()));
        let network = Network::default();
        let controller = ControllerNode::start(
            dir.path().join("controller"),
            Arc::clone(&disk),
            Arc::clone(&clock),
            self.broker_config.clone(),
            network.clone(),
            |image| inventory::check_known(dir.path(), image),
        )?;
        let named = inventory::name_controller(dir.path(), dir.cluster_id());
        named.map_err(|source| StartError::at(dir.path(), "naming the controller's directory", source))?;
        let pool = Pool::threads();
        let mut brokers = BTreeMap::new();
        for (at, bound) in listeners.into_iter().enumerate() {
            let id = at as i32 + 1;
            let broker_dir = dir.path().join(format!("broker-{id}"));
            let rack = self.config.racks.get(at).cloned();
            let given = identity::given(id, &broker_dir, rack.as_deref(), &self.config.listeners);
            let setup = NodeSetup {
                id,
                dir: broker_dir,
                endpoints: self.config.listeners.iter().map(|one| one.endpoint(at as u16)).collect(),
                rack,
                config: self.broker_config.identified(given),
                cluster_id: dir.cluster_id(),
                clock: Arc::clone(&clock),
                disk: FaultDisk::within(self.room.clone(), Arc::clone(&disk)),
                incarnation: Incarnation::default(),
                network: network.clone(),
                clients: self.clients.clone(),
                traffic: Traffic::default(),
                pool: pool.clone(),
            };
            brokers.insert(id, BrokerNode::start(setup, bound)?);
        }
        for node in brokers.values_mut() {
            node.wait_ready(READY_MAX)?;
        }
        Ok(Running { clock: real, network, controller, brokers })
    }

    fn files(&self) -> MutexGuard<'_, ()> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The addresses a client of the first listener needs, such as `localhost:9092,localhost:9093,localhost:9094`.
    pub fn bootstrap(&self) -> String {
        self.listeners().into_iter().next().map(|(_, addresses)| addresses).unwrap_or_default()
    }

    /// The name of each listener, and the addresses a client of it needs.
    pub fn listeners(&self) -> Vec<(String, String)> {
        let addresses = |one: &ListenerConfig| {
            let all = (0..u16::from(self.config.brokers)).map(|at| one.endpoint(at).to_string());
            (one.name.clone(), all.collect::<Vec<_>>().join(","))
        };
        self.config.listeners.iter().map(addresses).collect()
    }

    fn address(&self, at: u16) -> String {
        self.config.listeners.first().map(|one| one.endpoint(at).to_string()).unwrap_or_default()
    }

    /// From the call of [`Cluster::start`] until every broker accepted requests.
    pub fn ready_in(&self) -> Duration {
        self.ready_in
    }

    /// The cluster's id in Kafka's text form.
    pub fn cluster_id(&self) -> String {
        self.lock().dir.cluster_id().to_string()
    }

    /// Where everything is kept.
    pub fn data_dir(&self) -> &Path {
        &self.config.data_dir
    }

    fn with_node<T>(
        &self,
        id: i32,
        wanted: &[BrokerState],
        act: impl FnOnce(&mut BrokerNode) -> Result<T, BrokerError>,
    ) -> Result<T, BrokerError> {
        let mut inner = self.lock();
        let node = inner.running.as_mut().and_then(|running| running.brokers.get_mut(&id));
        let node = node.ok_or(BrokerError::Unknown(id))?;
        let state = node.state();
        if wanted.contains(&state) { act(node) } else { Err(BrokerError::State { id, state }) }
    }

    /// Throws all data away and starts again at the same addresses.
    pub fn reset(&self) -> Result<(), StartError> {
        let _alone = self.files();
        self.begin_anew(DataDir::clear)
    }

    /// Ends everything without a word, changes what lies in the directory, and starts again at the same addresses.
    fn begin_anew(
        &self,
        change: impl FnOnce(&mut DataDir) -> Result<(), StartError>,
    ) -> Result<(), StartError> {
        let mut inner = self.lock();
        if let Some(mut running) = inner.running.take() {
            running.brokers.values_mut().for_each(BrokerNode::crash);
            running.controller.stop();
        }
        change(&mut inner.dir)?;
        let bound = ports::bind_all(&self.config.listeners, self.config.brokers)?;
        inner.running = Some(self.launch(&inner.dir, bound)?);
        Ok(())
    }

    /// Ends everything in order.
    pub fn shutdown(self) -> Result<(), ShutdownError> {
        let Some(mut running) = self.lock().running.take() else { return Ok(()) };
        // All at once: nobody needs to take over from anybody.
        running.brokers.values_mut().for_each(BrokerNode::begin_close);
        let mut failed = None;
        for (id, node) in &mut running.brokers {
            if !node.finish_close() {
                failed.get_or_insert(ShutdownError { id: *id });
            }
        }
        running.controller.stop();
        failed.map_or(Ok(()), Err)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut running) = self.lock().running.take() {
            running.brokers.values_mut().for_each(BrokerNode::crash);
            running.controller.stop();
        }
    }
}

/// Asks for as many open files as the system allows: a partition with data takes one on each of its brokers.
#[cfg(unix)]
fn raise_open_files() {
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(limit) => tracing::debug!(limit, "open files"),
        Err(err) => tracing::warn!(%err, "the limit of open files stays low"),
    }
}

#[cfg(not(unix))]
fn raise_open_files() {}

/// Deletes the data of a cluster that does not run.
pub fn reset(data_dir: &Path) -> Result<(), StartError> {
    data_dir::clear_unused(data_dir)
}
