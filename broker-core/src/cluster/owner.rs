//! What the cluster's owner asks of its controller.

use tokio::sync::oneshot;

use super::Cluster;
use crate::broker::messages::{Change, Changed, Outcome, PeerMessage, ask};
use crate::controller::MetadataImage;
use crate::seams::{CONTROLLER, Network};

/// The sender of what the owner asks.
const OWNER: i32 = -2;

/// A line to the controller, for a thread that may wait.
pub(super) struct Owner {
    network: Network<PeerMessage>,
    runtime: tokio::runtime::Runtime,
}

impl Owner {
    /// `None` once the cluster has ended.
    pub fn of(cluster: &Cluster) -> Option<Self> {
        let network = cluster.lock().running.as_ref()?.network.clone();
        let runtime = tokio::runtime::Builder::new_current_thread().build().ok()?;
        Some(Self { network, runtime })
    }

    fn ask<T>(&self, question: impl FnOnce(oneshot::Sender<T>) -> PeerMessage) -> Option<T> {
        self.runtime.block_on(ask(&self.network, OWNER, CONTROLLER, question)).ok()
    }

    /// What became of a change; `None` once the cluster has ended.
    pub fn change(&self, change: Change) -> Option<Outcome> {
        let changed: Changed = self.ask(|reply| PeerMessage::Change(change, reply))?;
        Some(changed.outcome)
    }

    /// The metadata as the controller has it; `None` once the cluster has ended.
    pub fn image(&self) -> Option<MetadataImage> {
        self.ask(PeerMessage::Image)
    }
}
