//! Which connections a broker takes, and how much of unfinished requests it holds.
//! Source: Kafka `SocketServer.scala`, ConnectionQuotas: past `max.connections` new ones wait, past
//! `max.connections.per.ip` they are closed, `max.connection.creation.rate` spaces them out.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::net::IpAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::broker::Broker;
use crate::config::BrokerConfig;

/// Bytes of all large unfinished requests together, or one request of the largest size.
const UNFINISHED_MAX: usize = 128 << 20;
/// How often a full broker looks whether there is room.
const FULL_CHECK: Duration = Duration::from_millis(50);
/// So much of an unused creation rate may be made up for at once.
const RATE_WINDOW: Duration = Duration::from_secs(1);

/// The door of one broker, shared by its listeners.
#[derive(Debug)]
pub struct Admission {
    broker: Rc<Broker>,
    by_address: RefCell<HashMap<IpAddr, usize>>,
    total: Cell<usize>,
    /// When the creation rate lets the next connection in, on the broker's own clock.
    next: Cell<Duration>,
    unfinished: Arc<Semaphore>,
    unfinished_max: usize,
}

/// The place of an open connection.
#[derive(Debug)]
pub(super) struct Place {
    admission: Rc<Admission>,
    address: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.admission.total.set(self.admission.total.get().saturating_sub(1));
        let mut by_address = self.admission.by_address.borrow_mut();
        if let Some(count) = by_address.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                by_address.remove(&self.address);
            }
        }
    }
}

impl Admission {
    /// The door of `broker`, nobody inside.
    pub fn new(broker: Rc<Broker>) -> Rc<Self> {
        let largest = limit(&broker.config(), "socket.request.max.bytes");
        let unfinished_max = UNFINISHED_MAX.max(largest).min(Semaphore::MAX_PERMITS);
        Rc::new(Self {
            broker,
            by_address: RefCell::default(),
            total: Cell::new(0),
            next: Cell::new(Duration::ZERO),
            unfinished: Arc::new(Semaphore::new(unfinished_max)),
            unfinished_max,
        })
    }

    /// The broker behind it.
    pub(super) fn broker(&self) -> &Rc<Broker> {
        &self.broker
    }

    /// A place for a connection from this address, once there is one. Error: its address has all that it may have.
    pub(super) async fn enter(self: &Rc<Self>, address: IpAddr) -> Result<Place, usize> {
        self.wait_for_room().await;
        self.wait_for_rate().await;
        let address = address.to_canonical();
        let max = per_address(&self.broker.config(), address);
        let mut by_address = self.by_address.borrow_mut();
        let count = by_address.get(&address).copied().unwrap_or(0);
        if count >= max {
            return Err(max);
        }
        by_address.insert(address, count + 1);
        self.total.set(self.total.get() + 1);
        Ok(Place { admission: Rc::clone(self), address })
    }

    async fn wait_for_room(&self) {
        let mut said = false;
        loop {
            let max = limit(&self.broker.config(), "max.connections");
            if self.total.get() < max {
                return;
            }
            if !said {
                tracing::warn!(broker = self.broker.id(), max, "max.connections are open: new ones wait");
                said = true;
            }
            tokio::time::sleep(FULL_CHECK).await;
        }
    }

    async fn wait_for_rate(&self) {
        let rate = limit(&self.broker.config(), "max.connection.creation.rate").max(1);
        if rate >= i32::MAX as usize {
            return;
        }
        let now = self.broker.now().mono;
        let turn = self.next.get().max(now.saturating_sub(RATE_WINDOW));
        self.next.set(turn + RATE_WINDOW / rate as u32);
        tokio::time::sleep(turn.saturating_sub(now)).await;
    }

    /// Room for an unfinished request of so many bytes; waits while others take it all.
    pub(super) async fn reserve(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let permits = u32::try_from(bytes.min(self.unfinished_max)).unwrap_or(u32::MAX);
        Arc::clone(&self.unfinished).acquire_many_owned(permits).await.ok()
    }
}

fn limit(config: &BrokerConfig, name: &'static str) -> usize {
    usize::try_from(config.number(name)).unwrap_or(0)
}

/// `max.connections.per.ip`, or what `max.connections.per.ip.overrides` says of this address or a name of it.
fn per_address(config: &BrokerConfig, address: IpAddr) -> usize {
    let overrides = config.get("max.connections.per.ip.overrides").map_or("", |(value, _)| value);
    let own = overrides.split(',').filter_map(|entry| entry.trim().rsplit_once(':'));
    own.filter(|(host, _)| host.parse() == Ok(address) || (*host == "localhost" && address.is_loopback()))
        .find_map(|(_, max)| max.trim().parse().ok())
        .unwrap_or_else(|| limit(config, "max.connections.per.ip"))
}
