//! How nodes of one cluster talk: bounded mailboxes in the process, with faults between any two of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;

/// Messages a node may have waiting.
const MAILBOX: usize = 1024;

/// The controller's node number; brokers have their ids, from 1 on.
pub const CONTROLLER: i32 = 0;

/// Stands for every client in [`Network::isolate`].
pub const CLIENTS: i32 = -1;

/// The other node cannot be reached: stopped, crashed, or cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("node {to} cannot be reached from node {from}")]
pub struct LinkDown {
    /// The sender.
    pub from: i32,
    /// The receiver.
    pub to: i32,
}

/// The links between all nodes of a cluster.
#[derive(Debug)]
pub struct Network<M> {
    state: Arc<Mutex<State<M>>>,
    /// Whether any link is cut or slow; looked at on every message, so without the lock.
    faulty: Arc<AtomicBool>,
}

#[derive(Debug)]
struct State<M> {
    mailboxes: BTreeMap<i32, mpsc::Sender<M>>,
    cut: BTreeSet<(i32, i32)>,
    delay: Duration,
}

impl<M> Clone for Network<M> {
    fn clone(&self) -> Self {
        Self { state: Arc::clone(&self.state), faulty: Arc::clone(&self.faulty) }
    }
}

impl<M> Default for Network<M> {
    fn default() -> Self {
        let state = State { mailboxes: BTreeMap::new(), cut: BTreeSet::new(), delay: Duration::ZERO };
        Self { state: Arc::new(Mutex::new(state)), faulty: Arc::default() }
    }
}

impl<M> Network<M> {
    fn lock(&self) -> MutexGuard<'_, State<M>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives `node` a fresh mailbox; what its last life had waiting is gone.
    pub fn attach(&self, node: i32) -> mpsc::Receiver<M> {
        let (sender, receiver) = mpsc::channel(MAILBOX);
        self.lock().mailboxes.insert(node, sender);
        receiver
    }

    /// Takes `node` off the network.
    pub fn detach(&self, node: i32) {
        self.lock().mailboxes.remove(&node);
    }

    /// Delivers `message`, waiting while the mailbox is full.
    pub async fn send(&self, from: i32, to: i32, message: M) -> Result<(), LinkDown> {
        let down = LinkDown { from, to };
        if self.faulty.load(Ordering::Relaxed) {
            let delay = self.lock().delay;
            if !delay.is_zero() {
                tokio::time::sleep(delay).await;
            }
        }
        let mailbox = {
            let state = self.lock();
            if state.cut.contains(&pair(from, to)) {
                return Err(down);
            }
            state.mailboxes.get(&to).cloned().ok_or(down)?
        };
        mailbox.send(message).await.map_err(|_| down)
    }

    /// Cuts the link between two nodes, in both directions.
    pub fn isolate(&self, a: i32, b: i32) {
        self.lock().cut.insert(pair(a, b));
        self.faulty.store(true, Ordering::Relaxed);
    }

    /// Whether the link between two nodes is cut.
    pub fn is_cut(&self, a: i32, b: i32) -> bool {
        self.faulty.load(Ordering::Relaxed) && self.lock().cut.contains(&pair(a, b))
    }

    /// The links that are cut, and what every message takes longer.
    pub fn faults(&self) -> (Vec<(i32, i32)>, Duration) {
        let state = self.lock();
        (state.cut.iter().copied().collect(), state.delay)
    }

    /// Makes every message take this much longer.
    pub fn delay(&self, delay: Duration) {
        self.lock().delay = delay;
        self.faulty.store(true, Ordering::Relaxed);
    }

    /// Mends every link, and takes delays away.
    pub fn heal(&self) {
        let mut state = self.lock();
        state.cut.clear();
        state.delay = Duration::ZERO;
        self.faulty.store(false, Ordering::Relaxed);
    }
}

fn pair(a: i32, b: i32) -> (i32, i32) {
    (a.min(b), a.max(b))
}
