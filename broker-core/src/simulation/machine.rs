//! The machine that all nodes run on: one thread, a time that passes only when nobody has anything to do, and for each
//! broker a disk in memory and a socket.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::{JoinHandle, LocalSet};
use tokio::time::Instant;

use crate::broker::messages::PeerMessage;
use crate::broker::{Broker, BrokerSetup, ClientTable, Traffic};
use crate::config::BrokerConfig;
use crate::controller::Endpoint;
use crate::protocol::{Chunk, Uuid};
use crate::seams::{Clock, GuardedDisk, Incarnation, MemoryDisk, Network, Now, Pool, Rng};
use crate::server::{Ctx, dispatch};

/// The runtime's virtual time. The wall clock may be moved.
#[derive(Debug)]
pub struct VirtualClock {
    start: Instant,
    ahead_ms: AtomicI64,
}

impl VirtualClock {
    pub fn new() -> Self {
        Self { start: Instant::now(), ahead_ms: AtomicI64::new(1_700_000_000_000) }
    }

    /// Moves the wall clock.
    pub fn jump(&self, by_ms: i64) {
        self.ahead_ms.fetch_add(by_ms, Ordering::Relaxed);
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Now {
        let mono = self.start.elapsed();
        Now { mono, wall_ms: mono.as_millis() as i64 + self.ahead_ms.load(Ordering::Relaxed) }
    }
}

/// Stands in for SIGSTOP: while it is shut, what is behind it does not move.
#[derive(Debug, Default)]
pub struct Gate {
    shut: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Gate {
    pub fn shut(&self) {
        self.shut.set(true);
    }

    pub fn open(&self) {
        self.shut.set(false);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    pub fn is_shut(&self) -> bool {
        self.shut.get()
    }
}

struct Gated<F> {
    gate: Rc<Gate>,
    inner: Pin<Box<F>>,
}

impl<F: Future> Future for Gated<F> {
    type Output = F::Output;
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        if self.gate.is_shut() {
            self.gate.waker.replace(Some(context.waker().clone()));
            return Poll::Pending;
        }
        self.inner.as_mut().poll(context)
    }
}

/// A request on its way in, and the way back.
pub type Parcel = (Bytes, oneshot::Sender<Bytes>);

/// One broker over all its lives.
#[derive(Debug)]
pub struct Node {
    pub id: i32,
    pub disk: MemoryDisk,
    pub gate: Rc<Gate>,
    incarnation: Incarnation,
    life: Option<(JoinHandle<()>, mpsc::UnboundedSender<Parcel>)>,
    /// Filled while a life is ready.
    broker: Rc<RefCell<Weak<Broker>>>,
}

/// What all brokers share.
#[derive(Debug, Clone)]
pub struct Shared {
    pub clock: Arc<VirtualClock>,
    pub network: Network<PeerMessage>,
    pub config: BrokerConfig,
}

impl Node {
    pub fn new(id: i32) -> Self {
        let (disk, gate, incarnation, broker) = Default::default();
        Self { id, disk, gate, incarnation, broker, life: None }
    }

    pub fn dir(&self) -> PathBuf {
        PathBuf::from(format!("/broker-{}", self.id))
    }

    /// Whether its process is there; it may stand still or have lost its disk.
    pub fn lives(&self) -> bool {
        self.life.as_ref().is_some_and(|(task, _)| !task.is_finished())
    }

    /// The broker while it serves.
    pub fn broker(&self) -> Option<Rc<Broker>> {
        self.broker.borrow().upgrade()
    }

    pub fn socket(&self) -> Option<mpsc::UnboundedSender<Parcel>> {
        self.life.as_ref().map(|(_, socket)| socket.clone())
    }

    /// Starts a life.
    pub fn start(&mut self, shared: &Shared, rng: &mut Rng) {
        let name = format!("broker-{}", self.id);
        let setup = BrokerSetup {
            id: self.id,
            dir: self.dir(),
            endpoints: vec![Endpoint { listener: "PLAINTEXT".to_owned(), host: name, port: 9092 }],
            rack: None,
            config: shared.config.clone(),
            cluster_id: Uuid([1; 16]),
            clock: shared.clock.clone(),
            disk: GuardedDisk::new(Arc::new(self.disk.clone()), &self.incarnation),
            network: shared.network.clone(),
            clients: ClientTable::default(),
            traffic: Traffic::default(),
            rng: Rng::seeded(rng.next_u64()),
            pool: Pool::inline(Duration::from_millis(rng.below(200))),
        };
        let (socket, inbox) = mpsc::unbounded_channel();
        self.gate = Rc::default();
        self.broker = Rc::default();
        let place = Rc::clone(&self.broker);
        let inner = Box::pin(async move {
            // A set of its own: what ends this future ends every task of this life.
            let tasks = LocalSet::new();
            tasks.run_until(live(setup, inbox, place)).await;
        });
        let task = tokio::task::spawn_local(Gated { gate: Rc::clone(&self.gate), inner });
        self.life = Some((task, socket));
    }

    /// Ends it as kill −9 does.
    pub fn kill(&mut self, shared: &Shared) {
        self.incarnation.bump();
        shared.network.detach(self.id);
        if let Some((task, _)) = self.life.take() {
            task.abort();
        }
        self.disk.revive();
    }
}

async fn live(
    setup: BrokerSetup,
    mut inbox: mpsc::UnboundedReceiver<Parcel>,
    place: Rc<RefCell<Weak<Broker>>>,
) {
    let mailbox = setup.network.attach(setup.id);
    let Ok(broker) = Broker::start(setup) else { return };
    if broker.write_meta().is_err() {
        return;
    }
    tokio::task::spawn_local(Rc::clone(&broker).run(mailbox));
    broker.ready().await;
    place.replace(Rc::downgrade(&broker));
    while let Some((frame, reply)) = inbox.recv().await {
        let ctx = Ctx {
            broker: Rc::clone(&broker),
            version: 0,
            client_id: String::new(),
            client_host: "/client".to_owned(),
            listener: "PLAINTEXT".into(),
            connection: 0,
            appends: Rc::new(Mutex::new(())),
        };
        tokio::task::spawn_local(async move {
            if let Ok(Some(chunks)) = dispatch::answer(ctx, frame).await {
                let _ = reply.send(joined(chunks));
            }
        });
    }
}

fn joined(chunks: Vec<Chunk>) -> Bytes {
    let mut whole = BytesMut::new();
    for chunk in chunks {
        whole.extend_from_slice(&chunk.load().unwrap_or_default());
    }
    whole.freeze()
}
