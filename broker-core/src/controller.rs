//! The metadata machine: topics, brokers, leaders, in-sync replicas.
//!
//! Every change is a list of Kafka's metadata records, applied to the image by the same function that replays
//! them at start. The machine knows no disk and no clock: its host gives it events and the time, writes the
//! records it emits, and only then lets the answers out.
//! Source: Kafka `ReplicationControlManager.java`, `ClusterControlManager.java`, `PartitionChangeBuilder.java`.

mod brokers;
mod configs;
mod elect;
mod eligible;
mod features;
pub mod image;
mod isr;
mod names;
mod reassign;
mod topics;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

pub use configs::{ConfigChange, ConfigOp};
pub use elect::Election;
pub use features::{FEATURES, FeatureUpdate, GROUP_VERSION, TRANSACTION_VERSION, UpdateKind};
pub use image::{BrokerImage, Endpoint, MetadataImage, PartitionImage, TopicImage};
pub use isr::IsrChange;
pub use names::validate_topic_name;
pub use reassign::Reassignment;
pub use topics::{CreatedTopic, NewTopic, TopicError};

use crate::config::BrokerConfig;
use crate::protocol::Uuid;
use crate::protocol::records::framing::MetadataRecord;
use crate::protocol::records::metadata::ProducerIdsRecord;
use crate::seams::{Now, Rng};

/// Producer ids handed to a broker at a time.
pub const PRODUCER_ID_BLOCK: i64 = 1000;

/// The machine. One lives in a cluster.
#[derive(Debug)]
pub struct Controller {
    image: MetadataImage,
    config: BrokerConfig,
    live: BTreeMap<i32, Liveness>,
    /// Replicas whose brokers cannot serve them, until they are in sync again or their broker comes anew.
    damaged: BTreeSet<(i32, elect::PartitionKey)>,
    pending: Vec<MetadataRecord>,
    rng: Rng,
    last_tick: Option<Duration>,
    next_balance: Duration,
}

/// What is known of a broker beside its registration; it does not outlive the process.
#[derive(Debug, Clone, Copy)]
struct Liveness {
    incarnation: Uuid,
    last_seen: Duration,
}

impl Controller {
    /// A machine that goes on from `image`. Brokers it knows have one session to register again.
    pub fn new(image: MetadataImage, config: BrokerConfig, rng: Rng, now: Now) -> Self {
        let waiting = Liveness { incarnation: Uuid::ZERO, last_seen: now.mono };
        let live = image.brokers.values().filter(|b| !b.fenced).map(|b| (b.id, waiting)).collect();
        let mut controller = Self {
            image,
            config,
            live,
            damaged: BTreeSet::new(),
            pending: Vec::new(),
            rng,
            last_tick: None,
            next_balance: Duration::ZERO,
        };
        controller.finalize_new_features();
        // The settings of the start may be others than those of the last one.
        controller.review_eligible();
        controller
    }

    /// The state after every record emitted so far, written or not.
    pub fn image(&self) -> &MetadataImage {
        &self.image
    }

    /// The records emitted since the last call, to be written before any answer goes out.
    pub fn take_records(&mut self) -> Vec<MetadataRecord> {
        std::mem::take(&mut self.pending)
    }

    /// A block of producer ids nobody had before: the first one; [`PRODUCER_ID_BLOCK`] follow.
    pub fn allocate_producer_ids(&mut self, broker: i32) -> i64 {
        let first = self.image.next_producer_id;
        let broker_epoch = self.image.brokers.get(&broker).map_or(-1, |b| b.epoch);
        self.emit(ProducerIdsRecord {
            broker_id: broker,
            broker_epoch,
            next_producer_id: first + PRODUCER_ID_BLOCK,
        });
        first
    }

    fn emit(&mut self, record: impl Into<MetadataRecord>) {
        let record = record.into();
        self.image.apply(&record);
        self.pending.push(record);
    }
}
