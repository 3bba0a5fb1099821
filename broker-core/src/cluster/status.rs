//! How a cluster is: its brokers, its data, and who is connected.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::owner::Owner;
use super::{BrokerState, Cluster, data_dir, sizes};
use crate::broker::ClientInfo;
use crate::seams::{Clock, Disk, RealDisk, Volume};

/// A broker as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokerStatus {
    /// Its id.
    pub id: i32,
    /// Host and port.
    pub address: String,
    /// Whether it runs.
    pub state: BrokerState,
    /// Bytes of its partitions on disk.
    pub log_bytes: u64,
    /// Bytes of batches that clients produced to it since the cluster started; replication is left out.
    pub bytes_in: u64,
    /// Bytes of batches that clients fetched from it since the cluster started.
    pub bytes_out: u64,
}

/// A cluster as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterStatus {
    /// The brokers, by id.
    pub brokers: Vec<BrokerStatus>,
    /// Bytes of each topic in the log directories of all brokers.
    pub topic_bytes: BTreeMap<String, u64>,
    /// The broker that stands for the controller towards clients.
    pub controller_of_record: Option<i32>,
}

/// How the partitions of a cluster are, by its metadata.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartitionsStatus {
    /// How many topics there are, with Kafka's own.
    pub topics: usize,
    /// How many partitions they have.
    pub partitions: usize,
    /// Those without a leader, such as `orders-0`.
    pub offline: Vec<String>,
    /// How many have a leader, and fewer replicas in sync than replicas.
    pub under_replicated: usize,
}

impl Cluster {
    /// How its partitions are; `None` once it has ended. Waits for the controller.
    pub fn partitions(&self) -> Option<PartitionsStatus> {
        let image = Owner::of(self)?.image()?;
        let mut status = PartitionsStatus { topics: image.topics.len(), ..Default::default() };
        for (name, topic) in &image.topics {
            for (index, partition) in topic.partitions.iter().enumerate() {
                status.partitions += 1;
                if partition.leader < 0 {
                    status.offline.push(format!("{name}-{index}"));
                } else if partition.isr.len() < partition.replicas.len() {
                    status.under_replicated += 1;
                }
            }
        }
        Some(status)
    }

    /// Whether its data directory was removed, so that what is written now ends with this process.
    pub fn data_dir_is_gone(&self) -> bool {
        // The disk is read after the lock is let go, as for the status.
        let path = self.lock().dir.path().to_path_buf();
        data_dir::is_gone(&path)
    }

    /// The volume that holds its data directory; `None` where the system does not tell.
    pub fn volume(&self) -> Option<Volume> {
        RealDisk.volume(self.data_dir())
    }

    /// Every broker and its state.
    pub fn status(&self) -> ClusterStatus {
        // The disk is read after the lock is let go, so that nobody waits for it.
        let (dir, states) = {
            let inner = self.lock();
            let nodes = inner.running.iter().flat_map(|running| &running.brokers);
            let states: Vec<_> =
                nodes.map(|(id, node)| (*id, node.state(), node.traffic().clone())).collect();
            (inner.dir.path().to_path_buf(), states)
        };
        let mut topic_bytes = BTreeMap::new();
        let brokers = states.into_iter().map(|(id, state, traffic)| BrokerStatus {
            id,
            bytes_in: traffic.bytes_in(),
            bytes_out: traffic.bytes_out(),
            address: self.address((id - 1) as u16),
            state,
            log_bytes: sizes::add(&RealDisk, &dir.join(format!("broker-{id}")), &mut topic_bytes),
        });
        let brokers: Vec<BrokerStatus> = brokers.collect();
        let controller_of_record = brokers.iter().find(|b| b.state == BrokerState::Running).map(|b| b.id);
        ClusterStatus { brokers, topic_bytes, controller_of_record }
    }

    /// Everybody connected now, and after them who has left within the last ten minutes.
    pub fn clients(&self) -> Vec<ClientInfo> {
        let clock = self.lock().running.as_ref().map(|running| Arc::clone(&running.clock));
        clock.map_or_else(Vec::new, |clock| self.clients.list(clock.now().wall_ms))
    }
}
