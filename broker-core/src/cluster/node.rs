//! A broker's thread: it starts a life, runs it, and ends it in order or not.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::mpsc as async_mpsc;
use tokio::task::LocalSet;

use super::ports::Bound;
use super::{BrokerState, StartError};
use crate::broker::messages::PeerMessage;
use crate::broker::{Broker, BrokerSetup, ClientTable, Traffic};
use crate::config::BrokerConfig;
use crate::controller::Endpoint;
use crate::protocol::Uuid;
use crate::seams::{Clock, DiskFault, FaultDisk, GuardedDisk, Incarnation, Network, Pool, Rng};
use crate::server::Admission;

/// Threads for fsync and other slow disk work of one broker.
const POOL_THREADS: usize = 2;
/// How long a stopping broker goes on answering those that have not yet heard of its successor.
const LINGER: Duration = Duration::from_millis(20);
/// How long the end of a life may take before it is given up.
const CLOSE_MAX: Duration = Duration::from_secs(300);

/// What every life of a broker is made from.
#[derive(Debug, Clone)]
pub(super) struct NodeSetup {
    pub id: i32,
    pub dir: PathBuf,
    pub endpoints: Vec<Endpoint>,
    pub rack: Option<String>,
    pub config: BrokerConfig,
    pub cluster_id: Uuid,
    pub clock: Arc<dyn Clock>,
    pub disk: FaultDisk,
    pub incarnation: Incarnation,
    pub network: Network<PeerMessage>,
    pub clients: ClientTable,
    pub traffic: Traffic,
    pub pool: Pool,
}

#[derive(Debug)]
enum Command {
    /// Hand over leaderships, then close.
    Stop,
    /// Close at once: the whole cluster ends.
    Close,
    /// End without another word.
    Crash,
    /// Stand still until the other end of this is dropped.
    Pause(Receiver<()>),
}

/// A broker and its thread.
#[derive(Debug)]
pub(super) struct BrokerNode {
    setup: NodeSetup,
    state: BrokerState,
    life: Option<Life>,
    /// Dropped to let a paused broker go on.
    pause: Option<SyncSender<()>>,
}

#[derive(Debug)]
struct Life {
    commands: async_mpsc::Sender<Command>,
    ready: Receiver<std::io::Result<()>>,
    closed: Receiver<bool>,
    thread: JoinHandle<()>,
}

impl BrokerNode {
    pub fn start(setup: NodeSetup, bound: Vec<Bound>) -> Result<Self, StartError> {
        let life = Life::begin(&setup, bound)?;
        Ok(Self { setup, state: BrokerState::Running, life: Some(life), pause: None })
    }

    pub fn wait_ready(&mut self, timeout: Duration) -> Result<(), StartError> {
        let id = self.setup.id;
        let Some(life) = &self.life else { return Ok(()) };
        let failed = |source| StartError::at(&self.setup.dir, format!("starting broker {id}"), source);
        match life.ready.recv_timeout(timeout) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(err)) => Err(failed(err)),
            Err(_) => Err(failed(std::io::Error::other("it did not become ready"))),
        }
    }

    /// Whether it runs. A broker whose thread has ended by itself has crashed.
    pub fn state(&self) -> BrokerState {
        match &self.life {
            Some(life) if life.thread.is_finished() => BrokerState::Crashed,
            Some(_) | None => self.state,
        }
    }

    /// What its clients brought and took, over all its lives.
    pub fn traffic(&self) -> &Traffic {
        &self.setup.traffic
    }

    pub fn stop(&mut self) {
        self.end(Command::Stop, BrokerState::Stopped);
    }

    pub fn crash(&mut self) {
        // Disk work of this life that is still in flight fails from here on.
        self.setup.incarnation.bump();
        self.end(Command::Crash, BrokerState::Crashed);
    }

    /// Kills the broker and takes from its files what was never synced, as a power cut does.
    pub fn power_cut(&mut self) -> std::io::Result<()> {
        self.crash();
        self.setup.disk.power_cut(&mut Rng::from_os())
    }

    /// Stops the broker's thread where it stands, as SIGSTOP does.
    pub fn pause(&mut self) {
        let (gate, wait) = sync_channel(0);
        if let Some(life) = &self.life {
            let _ = life.commands.try_send(Command::Pause(wait));
            self.pause = Some(gate);
            self.state = BrokerState::Paused;
        }
    }

    /// Lets a paused broker go on.
    pub fn resume(&mut self) {
        self.pause = None;
        self.state = BrokerState::Running;
    }

    pub fn disk_faults(&self) -> Vec<(String, bool)> {
        self.setup.disk.faults()
    }

    pub fn mend_disk(&self) {
        self.setup.disk.mend();
    }

    pub fn play(&self, fault: DiskFault) {
        self.setup.disk.play(fault);
    }

    fn end(&mut self, command: Command, state: BrokerState) {
        self.pause = None;
        self.setup.network.detach(self.setup.id);
        if let Some(life) = self.life.take() {
            let _ = life.commands.try_send(command);
            let _ = life.thread.join();
        }
        self.state = state;
    }

    pub fn begin_close(&mut self) {
        self.pause = None;
        if let Some(life) = &self.life {
            let _ = life.commands.try_send(Command::Close);
        }
    }

    /// Waits for the end that [`BrokerNode::begin_close`] asked for; false if it was not in order.
    pub fn finish_close(&mut self) -> bool {
        let Some(life) = self.life.take() else { return true };
        let closed = life.closed.recv_timeout(CLOSE_MAX).unwrap_or(false);
        let _ = life.thread.join();
        self.state = BrokerState::Stopped;
        closed
    }

    pub fn restart(&mut self, bound: Vec<Bound>, timeout: Duration) -> Result<(), StartError> {
        if let Some(life) = self.life.take() {
            let _ = life.thread.join();
        }
        self.life = Some(Life::begin(&self.setup, bound)?);
        self.state = BrokerState::Running;
        self.wait_ready(timeout)
    }
}

impl Life {
    fn begin(setup: &NodeSetup, bound: Vec<Bound>) -> Result<Self, StartError> {
        let (commands, inbox) = async_mpsc::channel(4);
        let (ready, ready_seen) = sync_channel(1);
        let (closed, closed_seen) = sync_channel(1);
        let setup = setup.clone();
        let id = setup.id;
        let thread = std::thread::Builder::new()
            .name(format!("broker-{id}"))
            .spawn(move || {
                let network = setup.network.clone();
                let run = std::panic::AssertUnwindSafe(|| live(setup, bound, inbox, &ready, &closed));
                if std::panic::catch_unwind(run).is_err() {
                    // The panic's own message is out already; a fallen broker must not take others with it.
                    tracing::error!(broker = id, "broker fell");
                    network.detach(id);
                }
            })
            .map_err(|source| StartError::Io { what: "starting a thread".to_owned(), source })?;
        Ok(Self { commands, ready: ready_seen, closed: closed_seen, thread })
    }
}

fn live(
    setup: NodeSetup,
    bound: Vec<Bound>,
    inbox: async_mpsc::Receiver<Command>,
    ready: &SyncSender<std::io::Result<()>>,
    closed: &SyncSender<bool>,
) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(POOL_THREADS)
        .thread_name("broker-disk")
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(err) => {
            let _ = ready.send(Err(err));
            return;
        }
    };
    let local = LocalSet::new();
    let ended = local.block_on(&runtime, run(setup, bound, inbox, ready));
    // Dropping the tasks closes every socket; the pool's work is cut off by the incarnation or has ended.
    drop(local);
    runtime.shutdown_background();
    let _ = closed.send(ended);
}

/// One life; true if it ended in order.
async fn run(
    setup: NodeSetup,
    bound: Vec<Bound>,
    mut inbox: async_mpsc::Receiver<Command>,
    ready: &SyncSender<std::io::Result<()>>,
) -> bool {
    let mailbox = setup.network.attach(setup.id);
    let started = start(setup).and_then(|broker| Ok((broker, listeners(bound)?)));
    let (broker, listeners) = match started {
        Ok(started) => started,
        Err(err) => {
            let _ = ready.send(Err(err));
            return false;
        }
    };
    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn_local(std::rc::Rc::clone(&broker).run(mailbox));
    broker.ready().await;
    let admission = Admission::new(std::rc::Rc::clone(&broker));
    for (name, listener) in listeners {
        tasks.spawn_local(crate::server::serve(std::rc::Rc::clone(&admission), name, listener));
    }
    let _ = ready.send(Ok(()));
    let command = loop {
        match inbox.recv().await {
            // The whole thread waits: nothing of this broker moves.
            Some(Command::Pause(gate)) => drop(gate.recv()),
            other => break other,
        }
    };
    match command {
        Some(Command::Crash | Command::Pause(_)) | None => return false,
        Some(Command::Stop) => {
            if let Err(err) = broker.announce_stop().await {
                tracing::warn!(broker = broker.id(), %err, "leaderships not handed over");
            }
            tokio::time::sleep(LINGER).await;
        }
        Some(Command::Close) => {}
    }
    // Nobody may append while the logs are closed.
    tasks.shutdown().await;
    broker
        .close()
        .inspect_err(|err| tracing::error!(broker = broker.id(), %err, "not closed in order"))
        .is_ok()
}

fn start(setup: NodeSetup) -> std::io::Result<std::rc::Rc<Broker>> {
    let broker = Broker::start(BrokerSetup {
        id: setup.id,
        dir: setup.dir,
        endpoints: setup.endpoints,
        rack: setup.rack,
        config: setup.config,
        cluster_id: setup.cluster_id,
        clock: setup.clock,
        disk: GuardedDisk::new(Arc::new(setup.disk), &setup.incarnation),
        network: setup.network,
        clients: setup.clients,
        traffic: setup.traffic,
        rng: Rng::from_os(),
        pool: setup.pool,
    })?;
    broker.write_meta()?;
    Ok(broker)
}

fn listeners(bound: Vec<Bound>) -> std::io::Result<Vec<(std::rc::Rc<str>, tokio::net::TcpListener)>> {
    let mut listeners = Vec::new();
    for one in bound {
        let name: std::rc::Rc<str> = one.listener.into();
        for socket in one.sockets {
            listeners.push((std::rc::Rc::clone(&name), tokio::net::TcpListener::from_std(socket)?));
        }
    }
    Ok(listeners)
}
