//! One broker: its metadata image, its replicas, its coordinators and sessions. It performs what the machines
//! decide, and lives on one thread, so nothing in it is locked.
//!
//! Entry points: [`Broker::start`] only reads the disk; [`Broker::run`] then keeps its image and its replicas up
//! to date; the server's handlers call the methods of `produce`, `fetch`, `offsets` and `admin`.

mod admin;
mod checkpoints;
mod clients;
mod coordinator;
mod disk_trouble;
mod fetch;
mod group_reads;
mod group_view;
mod housekeeping;
mod join_transaction;
mod lookup;
pub mod messages;
mod metadata;
mod offsets;
mod produce;
mod records;
mod replicas;
mod replicate;
mod sessions;
mod state_log;
mod throttle;
mod traffic;
mod transactions;
mod upkeep;

use std::cell::{Cell, RefCell};
use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::BuildHasherDefault;
use std::ops::Range;
use std::path::PathBuf;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use tokio::sync::Notify;

pub use crate::log::{AbortedTxn as AbortedInfo, ProducerState as ProducerInfo};
pub use clients::{ClientInfo, ClientTable};
pub use fetch::{FetchRead, FetchReader, FetchWanted};
pub use join_transaction::{Guard, Joining};
pub use lookup::{CONSUMER_OFFSETS, ReplicaInfo, TRANSACTION_STATE};
pub use offsets::OffsetSpec;
pub use produce::ProduceOutcome;
pub use sessions::{SessionPartition, SessionStart, Sessions};
pub use traffic::Traffic;

use crate::config::BrokerConfig;
use crate::controller::{Endpoint, MetadataImage};
use crate::partition::{Partition, PartitionId};
use crate::protocol::Uuid;
use crate::seams::{Clock, Disk, GuardedDisk, Network, Now, Pool, Rng};
use messages::PeerMessage;
use replicate::Peer;

/// What a broker is made from.
#[derive(Debug, Clone)]
pub struct BrokerSetup {
    /// Its id, 1 to 9.
    pub id: i32,
    /// Its log directory.
    pub dir: PathBuf,
    /// Where clients reach it, by listener.
    pub endpoints: Vec<Endpoint>,
    /// Its rack, if it has one.
    pub rack: Option<String>,
    /// Kafka's broker configs.
    pub config: BrokerConfig,
    /// The cluster's id.
    pub cluster_id: Uuid,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// The disk of this life.
    pub disk: GuardedDisk,
    /// The links to the controller and the other brokers.
    pub network: Network<PeerMessage>,
    /// Where the connected clients are told of.
    pub clients: ClientTable,
    /// Where bytes are counted.
    pub traffic: Traffic,
    /// Chance.
    pub rng: Rng,
    /// Where slow disk work runs.
    pub pool: Pool,
}

/// A map in whose order chance has no part: a seed plays the same run again.
type ByPartition<T> = HashMap<PartitionId, T, BuildHasherDefault<DefaultHasher>>;

/// A broker in one of its lives.
pub struct Broker {
    setup: BrokerSetup,
    /// That of the set-up, for logs to share.
    disk: Arc<dyn Disk>,
    incarnation: Uuid,
    last_life: RefCell<checkpoints::Checkpoints>,
    /// Replicas whose log cannot be opened.
    damaged: RefCell<BTreeSet<PartitionId>>,
    /// Those among them whose last writes may not be on the medium.
    unsynced: RefCell<BTreeSet<PartitionId>>,
    /// Those in whose files there is something that was never appended.
    spoilt: RefCell<BTreeSet<PartitionId>>,
    throttle: throttle::Throttle,
    /// Replicas that lack committed records, while others are in sync.
    behind: RefCell<BTreeSet<PartitionId>>,
    config: RefCell<Rc<BrokerConfig>>,
    image: RefCell<MetadataImage>,
    metadata_offset: Cell<i64>,
    metadata_moved: Notify,
    partitions: RefCell<ByPartition<Box<Partition>>>,
    waiters: RefCell<ByPartition<Vec<Weak<Notify>>>>,
    peers: RefCell<BTreeMap<i32, Rc<Peer>>>,
    producer_ids: RefCell<Range<i64>>,
    sessions: RefCell<Sessions>,
    coordinator: RefCell<coordinator::Coordinator>,
    transactions: RefCell<transactions::Transactions>,
    deadlines: upkeep::Deadlines,
    rng: RefCell<Rng>,
    stopping: Cell<bool>,
    /// Bytes that were checked since others could last run.
    unshared: Cell<usize>,
    set_aside: RefCell<housekeeping::SetAside>,
    care: RefCell<housekeeping::Care>,
    disk_trouble: disk_trouble::DiskTrouble,
}

impl Broker {
    /// Reads the directory. The broker holds no replica until the metadata names it one.
    pub fn start(setup: BrokerSetup) -> std::io::Result<Rc<Self>> {
        let last_life = checkpoints::begin(&setup.disk, &setup.dir)?;
        let mut rng = setup.rng.clone();
        let slots = setup.config.number("max.incremental.fetch.session.cache.slots");
        Ok(Rc::new(Self {
            disk: Arc::new(setup.disk.clone()),
            incarnation: Uuid(rng.bytes16()),
            last_life: RefCell::new(last_life),
            damaged: RefCell::default(),
            behind: RefCell::default(),
            unsynced: RefCell::default(),
            spoilt: RefCell::default(),
            throttle: throttle::Throttle::default(),
            config: RefCell::new(Rc::new(setup.config.clone())),
            image: RefCell::default(),
            metadata_offset: Cell::new(-1),
            metadata_moved: Notify::new(),
            partitions: RefCell::default(),
            waiters: RefCell::default(),
            peers: RefCell::default(),
            producer_ids: RefCell::new(0..0),
            sessions: RefCell::new(Sessions::new(slots.max(0) as usize)),
            coordinator: RefCell::default(),
            transactions: RefCell::default(),
            deadlines: upkeep::Deadlines::default(),
            rng: RefCell::new(rng),
            stopping: Cell::new(false),
            unshared: Cell::new(0),
            set_aside: RefCell::default(),
            care: RefCell::default(),
            disk_trouble: disk_trouble::DiskTrouble::default(),
            setup,
        }))
    }

    /// Runs this life: follows the metadata, replicates, serves the other brokers. Ends only when dropped.
    pub async fn run(self: Rc<Self>, mailbox: tokio::sync::mpsc::Receiver<PeerMessage>) {
        tokio::join!(
            metadata::follow(Rc::clone(&self)),
            replicate::serve_mailbox(Rc::clone(&self), mailbox),
            upkeep::run(Rc::clone(&self)),
            housekeeping::run(Rc::clone(&self)),
            housekeeping::compact(self),
        );
    }

    /// Its id.
    pub fn id(&self) -> i32 {
        self.setup.id
    }

    /// Its configs as they are now.
    pub fn config(&self) -> Rc<BrokerConfig> {
        Rc::clone(&self.config.borrow())
    }

    /// The cluster's id in Kafka's text form.
    pub fn cluster_id(&self) -> String {
        self.setup.cluster_id.to_string()
    }

    /// The connected clients.
    pub fn clients(&self) -> &ClientTable {
        &self.setup.clients
    }

    /// Its clock.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.setup.clock)
    }

    /// The present moment.
    pub fn now(&self) -> Now {
        self.setup.clock.now()
    }

    /// Reads the metadata image. `read` must not wait.
    pub fn with_image<T>(&self, read: impl FnOnce(&MetadataImage) -> T) -> T {
        read(&self.image.borrow())
    }

    /// The level of a finalized feature, 0 where it is off.
    pub fn feature(&self, name: &str) -> i16 {
        self.with_image(|image| image.feature(name))
    }

    /// The sessions of incremental fetches.
    pub fn with_sessions<T>(&self, act: impl FnOnce(&mut Sessions, &mut Rng) -> T) -> T {
        act(&mut self.sessions.borrow_mut(), &mut self.rng.borrow_mut())
    }

    /// Names `waiter` among those to wake when the partition's visible end or its leader changes.
    /// A waiter is woken once; it names itself again before it waits again.
    pub fn wait_on(&self, id: PartitionId, waiter: &Rc<Notify>) {
        let mut waiters = self.waiters.borrow_mut();
        let list = waiters.entry(id).or_default();
        list.retain(|other| other.strong_count() > 0);
        let weak = Rc::downgrade(waiter);
        if !list.iter().any(|other| other.ptr_eq(&weak)) {
            list.push(weak);
        }
    }

    fn wake(&self, id: PartitionId) {
        for waiter in self.waiters.borrow_mut().remove(&id).into_iter().flatten() {
            if let Some(waiter) = waiter.upgrade() {
                waiter.notify_one();
            }
        }
    }

    /// Log end offset, high watermark and last stable offset of each replica here.
    #[cfg(test)]
    pub(crate) fn ends(&self) -> BTreeMap<PartitionId, (i64, i64, i64)> {
        let ends = |partition: &Partition| {
            (partition.log().end_offset(), partition.high_watermark(), partition.last_stable_offset())
        };
        self.partitions.borrow().iter().map(|(id, partition)| (*id, ends(partition))).collect()
    }
}

impl std::fmt::Debug for Broker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Broker").field("id", &self.setup.id).finish_non_exhaustive()
    }
}
