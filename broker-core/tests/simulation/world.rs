//! Members, the network between them and their coordinator, and the faults.

use std::collections::BTreeMap;
use std::time::Duration;

use broker_core::group::{Event, Token};
use broker_core::seams::{Now, Rng};

use super::history::History;
use super::host::{Host, Reply};

const STEP: Duration = Duration::from_millis(50);
/// How long faults are played, and how long the group then has to come to rest.
const STORM: Duration = Duration::from_secs(60);
const CALM: Duration = Duration::from_secs(60);
/// A member takes a request for lost after this long; a join waits for others.
const PATIENCE: Duration = Duration::from_secs(3);
const PATIENCE_TO_JOIN: Duration = Duration::from_secs(25);

/// What a member may look at when it acts.
pub struct Scene<'a> {
    pub now: Duration,
    /// Whether members may leave of their own accord.
    pub stormy: bool,
    pub rng: &'a mut Rng,
    pub host: &'a Host,
    pub history: &'a mut History,
}

/// A member of a group, as its client plays it. It has one request under way at a time.
pub trait Player {
    fn new(name: String) -> Self;
    /// What it asks now, if anything.
    fn act(&mut self, scene: &mut Scene<'_>) -> Option<Event>;
    /// What has become of its request.
    fn hear(&mut self, reply: Reply, scene: &mut Scene<'_>);
    /// Its process is gone.
    fn die(&mut self, history: &mut History);
    /// The partitions it reads, and the generation or epoch it stands in.
    fn has(&self) -> (i32, Vec<i32>);
}

struct Seat<P> {
    player: Option<P>,
    waiting: Option<(Token, Duration)>,
    paused_until: Duration,
    lives: u32,
}

enum Parcel {
    /// With the seat that asks, and the generation it asks in.
    Request(Token, Event, usize, i32),
    Answer(Token, Reply),
}

/// Everything that is played.
pub struct World<P> {
    history: History,
    rng: Rng,
    now: Now,
    host: Host,
    seats: Vec<Seat<P>>,
    parcels: BTreeMap<(Duration, u64), Parcel>,
    next: u64,
}

/// A run that falls tells what happened.
impl<P> Drop for World<P> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", self.history.trail().join("\n"));
        }
    }
}

impl<P: Player> World<P> {
    pub fn new(seed: u64) -> Self {
        let mut rng = Rng::seeded(seed);
        let partitions = 1 + rng.below(8) as i32;
        let seat = || Seat { player: None, waiting: None, paused_until: Duration::ZERO, lives: 0 };
        let seats = (0..2 + rng.below(4)).map(|_| seat()).collect();
        Self {
            history: History::default(),
            host: Host::new(partitions),
            now: Now { mono: Duration::from_secs(100), wall_ms: 1_000_000 },
            seats,
            parcels: BTreeMap::new(),
            next: 0,
            rng,
        }
    }

    pub fn run(&mut self) {
        let begun = self.now.mono;
        while self.now.mono < begun + STORM {
            self.faults();
            self.step(false);
        }
        for at in 0..self.seats.len() {
            self.seats[at].paused_until = Duration::ZERO;
        }
        while self.now.mono < begun + STORM + CALM {
            self.step(true);
        }
        self.at_rest();
    }

    fn chance(&mut self, one_in: u64) -> bool {
        self.rng.below(one_in) == 0
    }

    fn faults(&mut self) {
        if self.chance(200) {
            self.history.note(format!("{:?} the coordinator crashes", self.now.mono));
            self.host.crash(self.now, &mut self.rng);
        }
        if self.chance(400) {
            self.host.topic.partitions += 1;
            self.history.note(format!("{:?} {} partitions", self.now.mono, self.host.topic.partitions));
        }
        let at = self.rng.below(self.seats.len() as u64) as usize;
        if self.chance(150) {
            self.history.note(format!("{:?} seat {at} stands still", self.now.mono));
            self.seats[at].paused_until = self.now.mono + Duration::from_millis(self.rng.below(15_000));
        }
        if self.chance(150)
            && let Some(mut player) = self.seats[at].player.take()
        {
            self.history.note(format!("{:?} seat {at} dies", self.now.mono));
            player.die(&mut self.history);
            self.seats[at].waiting = None;
        }
    }

    fn step(&mut self, calm: bool) {
        self.now.mono += STEP;
        self.now.wall_ms += STEP.as_millis() as i64;
        while let Some(entry) = self.parcels.first_entry().filter(|entry| entry.key().0 <= self.now.mono) {
            match entry.remove() {
                Parcel::Request(token, event, at, generation) => self.arrive(token, event, at, generation),
                Parcel::Answer(token, reply) => self.deliver(token, reply),
            }
        }
        for (token, reply) in self.host.pass(self.now, &mut self.rng) {
            self.send(calm, Parcel::Answer(token, reply));
        }
        for at in 0..self.seats.len() {
            self.play(at, calm);
        }
    }

    /// A request for whose answer nobody waits any more went down with its connection. A commit may have slipped
    /// through, which the group must know by its generation.
    fn arrive(&mut self, token: Token, event: Event, at: usize, generation: i32) {
        let seat = &self.seats[at];
        let awaited = seat.waiting.is_some_and(|(awaited, _)| awaited == token);
        let moved = seat.player.as_ref().is_some_and(|player| player.has().0 > generation);
        if awaited || (moved && matches!(event, Event::Commit { .. })) {
            self.host.ask(self.now, &mut self.rng, token, event);
        }
    }

    /// The network is slow; in a storm it loses one parcel of thirty, and some come when nobody waits for them.
    fn send(&mut self, calm: bool, parcel: Parcel) {
        if !calm && self.chance(30) {
            return;
        }
        let slowest = if calm {
            20
        } else if self.chance(25) {
            12_000
        } else {
            300
        };
        let delay = Duration::from_millis(self.rng.below(slowest));
        self.next += 1;
        self.parcels.insert((self.now.mono + delay, self.next), parcel);
    }

    fn deliver(&mut self, token: Token, reply: Reply) {
        let waits = |seat: &Seat<P>| seat.waiting.is_some_and(|(awaited, _)| awaited == token);
        let Some(at) = self.seats.iter().position(waits) else { return };
        if self.seats[at].paused_until > self.now.mono {
            // It lies in the socket until the member moves again.
            self.next += 1;
            self.parcels.insert((self.seats[at].paused_until, self.next), Parcel::Answer(token, reply));
            return;
        }
        self.hear(at, reply);
    }

    fn hear(&mut self, at: usize, reply: Reply) {
        let seat = &mut self.seats[at];
        seat.waiting = None;
        let Some(player) = &mut seat.player else { return };
        self.history.note(format!("{:?} seat {at} hears {reply:?}", self.now.mono));
        let (host, history) = (&self.host, &mut self.history);
        player
            .hear(reply, &mut Scene { now: self.now.mono, stormy: true, rng: &mut self.rng, host, history });
    }

    fn play(&mut self, at: usize, calm: bool) {
        let now = self.now.mono;
        let seat = &mut self.seats[at];
        if seat.paused_until > now {
            return;
        }
        if let Some((_, until)) = seat.waiting {
            if until <= now {
                self.hear(at, Reply::Lost);
            }
            return;
        }
        if seat.player.is_none() {
            if calm || self.rng.below(60) == 0 {
                seat.lives += 1;
                seat.player = Some(P::new(format!("seat-{at}-life-{}", seat.lives)));
            }
            return;
        }
        let Some(player) = &mut seat.player else { return };
        let (host, history) = (&self.host, &mut self.history);
        let asked = player.act(&mut Scene { now, stormy: !calm, rng: &mut self.rng, host, history });
        if let Some(event) = asked {
            self.next += 1;
            let token = self.next;
            let joins = matches!(event, Event::Join(_) | Event::Sync { .. });
            seat.waiting = Some((token, now + if joins { PATIENCE_TO_JOIN } else { PATIENCE }));
            self.history.note(format!("{now:?} seat {at} asks {event:?}"));
            let generation = player.has().0;
            self.send(calm, Parcel::Request(token, event, at, generation));
        }
    }

    /// Everybody is in one generation, and every partition has one reader.
    fn at_rest(&self) {
        let all: Vec<(i32, Vec<i32>)> =
            self.seats.iter().map(|seat| seat.player.as_ref().map(P::has).unwrap_or_default()).collect();
        assert_eq!(self.host.state(), "Stable", "{all:?}");
        assert!(all.iter().all(|(generation, _)| *generation == all[0].0), "one generation: {all:?}");
        let mut read: Vec<i32> = all.iter().flat_map(|(_, partitions)| partitions.clone()).collect();
        read.sort_unstable();
        let every: Vec<i32> = (0..self.host.topic.partitions).collect();
        assert_eq!(read, every, "each partition once: {all:?}");
    }
}
