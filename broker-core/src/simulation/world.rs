//! The cluster, and what befalls it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::history::History;
use super::machine::{Node, Shared, VirtualClock};
use super::replicas;
use crate::broker::Broker;
use crate::cluster::controller_host::Host;
use crate::config::BrokerConfig;
use crate::protocol::batch::Batch;
use crate::seams::{CLIENTS, CONTROLLER, Clock, Fault, GuardedDisk, Incarnation, MemoryDisk, Network, Rng};

pub const BROKERS: i32 = 3;
/// Pause between two chances for a fault.
const STEP: Duration = Duration::from_millis(200);
/// How far the wall clock is moved at most, in all; records from farther ahead would be refused.
const JUMP_MAX_MS: i64 = 25 * 60 * 1000;

/// Settings that make minutes of simulation see what takes hours otherwise.
const CONFIG: &[(&str, &str)] = &[
    ("offsets.topic.num.partitions", "2"),
    ("transaction.state.log.num.partitions", "2"),
    ("log.index.size.max.bytes", "80"),
    ("log.index.interval.bytes", "200"),
    ("log.cleaner.min.cleanable.ratio", "0.1"),
];

/// Everything that is played. Shared by the tasks of one thread.
#[derive(Debug)]
pub struct World {
    pub shared: Shared,
    pub rng: RefCell<Rng>,
    pub nodes: RefCell<Vec<Node>>,
    pub history: RefCell<History>,
    pub stormy: Cell<bool>,
    controller: RefCell<Seat>,
    jumped_ms: Cell<i64>,
    /// A broker has lost records that the others have.
    lacking: Cell<bool>,
}

/// The controller over all its lives.
#[derive(Debug, Default)]
struct Seat {
    disk: MemoryDisk,
    incarnation: Incarnation,
    life: Option<(JoinHandle<()>, oneshot::Sender<()>)>,
    since: Duration,
}

impl Seat {
    fn lives(&self) -> bool {
        self.life.as_ref().is_some_and(|(task, _)| !task.is_finished())
    }
}

impl World {
    pub fn new(seed: u64) -> Rc<Self> {
        let set: Vec<(String, String)> =
            CONFIG.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let shared = Shared {
            clock: Arc::new(VirtualClock::new()),
            network: Network::default(),
            config: BrokerConfig::new(BROKERS as u8, &set).unwrap(),
        };
        let world = Self {
            shared,
            rng: RefCell::new(Rng::seeded(seed)),
            nodes: RefCell::new((1..=BROKERS).map(Node::new).collect()),
            history: RefCell::default(),
            stormy: Cell::new(true),
            controller: RefCell::default(),
            jumped_ms: Cell::new(0),
            lacking: Cell::new(false),
        };
        world.start_controller();
        for at in 0..BROKERS as usize {
            world.start_broker(at);
        }
        Rc::new(world)
    }

    pub fn below(&self, bound: u64) -> u64 {
        self.rng.borrow_mut().below(bound)
    }

    pub fn chance(&self, one_in: u64) -> bool {
        self.below(one_in) == 0
    }

    pub fn note(&self, text: impl Into<String>) {
        let now = self.shared.clock.now().mono;
        self.history.borrow_mut().note(format!("{now:?} {}", text.into()));
    }

    fn start_broker(&self, at: usize) {
        self.note(format!("broker {} starts", at + 1));
        self.nodes.borrow_mut()[at].start(&self.shared, &mut self.rng.borrow_mut());
    }

    fn kill_broker(&self, at: usize) {
        self.note(format!("broker {} is killed", at + 1));
        self.nodes.borrow_mut()[at].kill(&self.shared);
    }

    fn start_controller(&self) {
        self.note("the controller starts");
        let mut seat = self.controller.borrow_mut();
        let disk = GuardedDisk::new(Arc::new(seat.disk.clone()), &seat.incarnation);
        let rng = Rng::seeded(self.rng.borrow_mut().next_u64());
        let clock = self.shared.clock.clone();
        let host =
            Host::open("/controller".into(), Arc::new(disk), clock, self.shared.config.clone(), rng, |_| {
                Ok(())
            });
        let host = match host {
            Ok(host) => host,
            // Killed while it started.
            Err(_) if seat.disk.has_stopped() => return,
            Err(err) => panic!("the metadata log is not read: {err:?}"),
        };
        let mailbox = self.shared.network.attach(CONTROLLER);
        let (stop, stopped) = oneshot::channel();
        let task = tokio::task::spawn_local(host.run(mailbox, stopped));
        seat.life = Some((task, stop));
        seat.since = self.shared.clock.now().mono;
    }

    fn kill_controller(&self) {
        self.note("the controller is killed");
        let mut seat = self.controller.borrow_mut();
        seat.incarnation.bump();
        self.shared.network.detach(CONTROLLER);
        if let Some((task, _)) = seat.life.take() {
            task.abort();
        }
        seat.disk.revive();
    }

    /// Plays faults for a while, then mends everything.
    pub async fn storm(&self, lasts: Duration) {
        let until = self.shared.clock.now().mono + lasts;
        while self.shared.clock.now().mono < until {
            tokio::time::sleep(STEP).await;
            self.fault();
            self.bury();
        }
        self.stormy.set(false);
        self.shared.network.heal();
        self.note("the storm is over");
        for at in 0..BROKERS as usize {
            self.nodes.borrow()[at].gate.open();
            self.nodes.borrow()[at].disk.lie(false);
            // What was to stop at some later write stops here.
            if self.nodes.borrow()[at].disk.revive() || !self.nodes.borrow()[at].lives() {
                self.kill_broker(at);
                self.start_broker(at);
            }
        }
        let lives = self.controller.borrow().lives();
        if self.controller.borrow().disk.revive() || !lives {
            self.kill_controller();
            self.start_controller();
        }
    }

    /// A node whose disk has stopped is a process that was killed at that write.
    fn bury(&self) {
        for at in 0..BROKERS as usize {
            if self.nodes.borrow()[at].disk.has_stopped() {
                self.kill_broker(at);
            }
        }
        if self.controller.borrow().disk.has_stopped() {
            self.kill_controller();
        }
        for at in 0..BROKERS as usize {
            if !self.nodes.borrow()[at].lives() && self.chance(15) {
                self.start_broker(at);
            }
        }
        let lives = self.controller.borrow().lives();
        if !lives && self.chance(10) {
            self.start_controller();
        }
    }

    fn fault(&self) {
        let at = self.below(BROKERS as u64) as usize;
        match self.below(400) {
            0..8 => self.kill_broker(at),
            8..20 => self.stop_at_a_write(at),
            20..28 => self.pause(at),
            28..38 => self.cut(at),
            38..42 => {
                self.note("links are slow");
                self.shared.network.delay(Duration::from_millis(self.below(400)));
            }
            42..56 => {
                self.note("links are mended");
                self.shared.network.heal();
            }
            // That a broker was away is known to the controller alone, whose process is that of all brokers.
            56..66 if self.lacking.get() => self.lacking.set(!self.all_in_sync()),
            56..60 => self.kill_controller(),
            60..66 if !self.controller.borrow().disk.is_stopping() => {
                let changes = self.below(20) as usize;
                self.note(format!("the controller stops after {changes} changes"));
                self.controller.borrow().disk.stop_torn(changes, self.below(300) as usize);
            }
            66..70 => self.jump(),
            70..74 => self.power_cut(at),
            74..78 => self.rot(at),
            78..84 => self.fail_disk(at),
            _ => {}
        }
    }

    fn stop_at_a_write(&self, at: usize) {
        if self.nodes.borrow()[at].disk.is_stopping() {
            return;
        }
        let (changes, torn) = (self.below(60) as usize, self.below(200) as usize);
        self.note(format!("broker {} stops after {changes} changes, {torn} bytes into the next", at + 1));
        self.nodes.borrow()[at].disk.stop_torn(changes, torn);
    }

    /// A write, a sync or another change of a broker's files fails, and those after it do not.
    fn fail_disk(&self, at: usize) {
        let fault = match self.below(50) {
            0 => Fault::Sync,
            1..15 => Fault::Refuse(self.below(20) as usize),
            _ => Fault::WriteAfter(self.below(200) as usize),
        };
        self.note(format!("broker {}'s disk fails: {fault:?}", at + 1));
        self.nodes.borrow()[at].disk.fail_next(fault);
    }

    fn pause(&self, at: usize) {
        let lasts = Duration::from_millis(self.below(8_000));
        self.note(format!("broker {} stands still for {lasts:?}", at + 1));
        let gate = Rc::clone(&self.nodes.borrow()[at].gate);
        gate.shut();
        tokio::task::spawn_local(async move {
            tokio::time::sleep(lasts).await;
            gate.open();
        });
    }

    fn cut(&self, at: usize) {
        let me = at as i32 + 1;
        let other = match self.below(4) {
            0 => CONTROLLER,
            1 => CLIENTS,
            _ => 1 + (me + self.below(2) as i32) % BROKERS,
        };
        self.note(format!("{me} and {other} are cut off from each other"));
        self.shared.network.isolate(me, other);
    }

    fn jump(&self) {
        let by = self.below(2 * JUMP_MAX_MS as u64) as i64 - JUMP_MAX_MS;
        let to = (self.jumped_ms.get() + by).clamp(-JUMP_MAX_MS / 2, JUMP_MAX_MS / 2);
        self.note(format!("the wall clock jumps by {} ms", to - self.jumped_ms.get()));
        self.shared.clock.jump(to - self.jumped_ms.replace(to));
    }

    /// Nothing acknowledged may be lost by a power cut of one broker as long as the others have it: so only when every
    /// replica is in sync, which each broker's own files show.
    fn power_cut(&self, at: usize) {
        if !self.may_lack() {
            return;
        }
        self.note(format!("broker {} loses power", at + 1));
        self.nodes.borrow_mut()[at].kill(&self.shared);
        self.nodes.borrow()[at].disk.power_cut();
        self.lacking.set(true);
    }

    /// A bit turns over in the newest segment of some partition of a broker that is down, if the others have all of
    /// it. A start after a crash reads that segment; older ones are trusted, as by Kafka.
    fn rot(&self, at: usize) {
        if !self.may_lack() {
            return;
        }
        self.kill_broker(at);
        self.lacking.set(true);
        let disk = self.nodes.borrow()[at].disk.clone();
        // In order of their names the newest comes last.
        let newest = disk.files().into_iter().filter(|file| file.extension().is_some_and(|e| e == "log"));
        let newest: BTreeMap<_, _> = newest.map(|file| (file.parent().map(Path::to_owned), file)).collect();
        let Some(file) = newest.values().nth(self.below(newest.len() as u64) as usize) else { return };
        let chance = self.rng.borrow_mut().next_u64();
        self.note(format!("a bit of {} of broker {} turns over", file.display(), at + 1));
        let flip = |bytes: &mut Vec<u8>| {
            let at = (chance % (bytes.len() as u64).max(1)) as usize;
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << (chance >> 60 & 7);
            }
        };
        disk.tamper(file, |bytes| {
            flip(bytes);
            let mut raw = Bytes::from(bytes.clone());
            while let Ok(_whole) = Batch::split(&mut raw) {}
            if raw.is_empty() {
                // Base offset and leader epoch lie outside the CRC, which is all that guards records.
                flip(bytes);
            }
        });
    }

    /// Whether a broker may lose records: the others have them, and the controller lives on and knows the broker's life
    /// from others. In one process no broker outlives a controller: this one has had a session to hear of all of them.
    fn may_lack(&self) -> bool {
        let seat = self.controller.borrow();
        let session = self.shared.config.number("broker.session.timeout.ms").unsigned_abs();
        let heard =
            self.shared.clock.now().mono.saturating_sub(seat.since) > 2 * Duration::from_millis(session);
        self.all_in_sync() && seat.lives() && heard && !seat.disk.is_stopping()
    }

    /// Whether all brokers live and have the same, all of it is committed, and all replicas are known to be in sync.
    pub fn all_in_sync(&self) -> bool {
        let nodes = self.nodes.borrow();
        if nodes.iter().any(|node| !node.lives() || node.gate.is_shut() || node.disk.has_stopped()) {
            return false;
        }
        let Some(brokers) = nodes.iter().map(|node| node.broker()).collect::<Option<Vec<_>>>() else {
            return false;
        };
        let all: Vec<_> = brokers.iter().map(|broker| broker.ends()).collect();
        let in_sync = |broker: &Broker| {
            broker.with_image(|image| {
                let mut partitions = image.topics.values().flat_map(|topic| &topic.partitions);
                partitions.all(|partition| partition.isr.len() == partition.replicas.len())
            })
        };
        let committed = all.iter().flatten().all(|(_, (end, high_watermark, _))| end == high_watermark);
        committed
            && all.windows(2).all(|pair| pair[0] == pair[1])
            && brokers.iter().all(|broker| in_sync(broker))
    }

    /// What each broker has and believes, for the reader of a failure.
    pub fn describe(&self) -> String {
        let mut lines = Vec::new();
        for node in self.nodes.borrow().iter() {
            lines.push(format!(
                "broker {} lives: {}, serves: {}",
                node.id,
                node.lives(),
                node.broker().is_some()
            ));
            let Some(broker) = node.broker() else { continue };
            for (id, (end, high_watermark, stable)) in broker.ends() {
                broker.with_image(|image| {
                    let name = image.topic_names.get(&id.topic);
                    let part = image.partition(id.topic, id.index);
                    let part = part.map(|p| (p.leader, p.leader_epoch, p.isr.clone(), p.partition_epoch));
                    lines.push(format!(
                        "  {name:?}-{} ends {end} committed {high_watermark} stable {stable} {part:?}",
                        id.index
                    ));
                });
            }
        }
        lines.join("\n")
    }

    /// Replicas of a topic that is not compacted are the same to the byte.
    pub fn compare_replicas(&self) {
        replicas::compare(&self.nodes.borrow());
    }
}
