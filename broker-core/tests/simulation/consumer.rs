//! A member of the protocol in which the broker assigns (KIP-848).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use broker_core::group::{Answer, Beat, Beaten, Event, Partitions};
use broker_core::protocol::ErrorCode;

use super::classic::commit_event;
use super::history::{Commit, History};
use super::host::{Reply, TOPIC, TOPIC_ID};
use super::world::{Player, Scene};

const HEARTBEAT: Duration = Duration::from_millis(1_000);
const LEAVING: i32 = -1;

#[derive(Debug)]
enum Asked {
    Beat,
    Commit(Commit),
    Leave,
}

#[derive(Debug)]
pub struct Consumer {
    id: String,
    /// 0 while it is not in the group.
    epoch: i32,
    asked: Asked,
    /// What it has, with where it is once it has asked.
    reads: BTreeMap<i32, Option<i64>>,
    /// Whether the group does not know yet what it has.
    report: bool,
    next_beat: Duration,
}

impl Consumer {
    fn drop_all(&mut self, history: &mut History) {
        for partition in std::mem::take(&mut self.reads).into_keys() {
            history.drops(&self.id, partition);
        }
    }

    fn out(&mut self, history: &mut History) {
        self.drop_all(history);
        self.epoch = 0;
        self.report = true;
        self.next_beat = Duration::ZERO;
    }

    fn beat(&mut self, scene: &Scene<'_>) -> Event {
        self.asked = Asked::Beat;
        self.next_beat = scene.now + HEARTBEAT;
        let full = self.report || self.epoch == 0;
        let has: BTreeSet<i32> = self.reads.keys().copied().collect();
        let owned = match has.is_empty() {
            true => Partitions::new(),
            false => Partitions::from([(TOPIC_ID, has)]),
        };
        Event::Beat(Box::new(Beat {
            member_id: self.id.clone(),
            epoch: self.epoch,
            rebalance_timeout_ms: full.then_some(10_000),
            topics: full.then(|| vec![TOPIC.to_owned()]),
            owned: full.then_some(owned),
            ..Beat::default()
        }))
    }

    fn beaten(&mut self, beaten: Beaten, scene: &mut Scene<'_>) {
        self.epoch = beaten.epoch;
        self.report = false;
        let Some(assignment) = beaten.assignment else { return };
        let mine = assignment.get(&TOPIC_ID).cloned().unwrap_or_default();
        let gone: Vec<i32> =
            self.reads.keys().copied().filter(|partition| !mine.contains(partition)).collect();
        for partition in gone {
            self.reads.remove(&partition);
            scene.history.drops(&self.id, partition);
        }
        for partition in mine {
            if let std::collections::btree_map::Entry::Vacant(free) = self.reads.entry(partition) {
                scene.history.takes(&self.id, partition, self.epoch, scene.host);
                free.insert(None);
            }
        }
        // What was given up is said at once, so that others may have it.
        self.report = true;
        self.next_beat = scene.now;
    }

    fn fetch(&mut self, scene: &mut Scene<'_>) {
        let Some(offsets) = scene.host.offsets() else { return };
        for (partition, place) in self.reads.iter_mut().filter(|(_, place)| place.is_none()) {
            let offset = offsets.get(partition).copied().unwrap_or(0);
            scene.history.reads(&self.id, *partition, offset);
            *place = Some(offset);
        }
    }

    fn commit(&mut self, scene: &mut Scene<'_>) -> Option<Event> {
        let places =
            self.reads.iter_mut().filter_map(|(partition, place)| Some((*partition, place.as_mut()?)));
        let moved = places.map(|(partition, place)| {
            *place += scene.rng.below(4) as i64;
            (partition, *place)
        });
        let offsets: Vec<(i32, i64)> = moved.collect();
        if offsets.is_empty() {
            return None;
        }
        let commit = scene.history.commits(self.epoch, offsets);
        let event = commit_event(self.epoch, &self.id, &commit, true);
        self.asked = Asked::Commit(commit);
        Some(event)
    }
}

impl Player for Consumer {
    fn new(name: String) -> Self {
        Self {
            id: name,
            epoch: 0,
            asked: Asked::Beat,
            reads: BTreeMap::new(),
            report: true,
            next_beat: Duration::ZERO,
        }
    }

    fn act(&mut self, scene: &mut Scene<'_>) -> Option<Event> {
        if scene.stormy && self.epoch > 0 && scene.rng.below(800) == 0 {
            self.drop_all(scene.history);
            self.asked = Asked::Leave;
            let beat = Beat { member_id: self.id.clone(), epoch: LEAVING, ..Beat::default() };
            return Some(Event::Beat(Box::new(beat)));
        }
        if scene.now >= self.next_beat {
            return Some(self.beat(scene));
        }
        self.fetch(scene);
        if self.epoch > 0 && scene.rng.below(5) == 0 { self.commit(scene) } else { None }
    }

    fn hear(&mut self, reply: Reply, scene: &mut Scene<'_>) {
        match (reply, &self.asked) {
            (Reply::Lost, Asked::Leave) => self.out(scene.history),
            (Reply::Lost, Asked::Beat | Asked::Commit(_)) => self.report = true,
            (Reply::Answer(Answer::Beaten(_)), Asked::Leave) => self.out(scene.history),
            (Reply::Answer(Answer::Beaten(Ok(beaten))), _) => self.beaten(beaten, scene),
            (Reply::Answer(Answer::Beaten(Err(_))), _) => self.out(scene.history),
            (Reply::Answer(Answer::Code(ErrorCode::None)), Asked::Commit(commit)) => {
                scene.history.acked(&self.id, commit);
            }
            // The next heartbeat brings the epoch, or says that it is out.
            (Reply::Answer(Answer::Code(_)), Asked::Commit(_)) => self.next_beat = scene.now,
            (reply, asked) => panic!("{reply:?} is no answer to {asked:?}"),
        }
    }

    fn die(&mut self, history: &mut History) {
        history.dies(&self.id);
    }

    fn has(&self) -> (i32, Vec<i32>) {
        (self.epoch, self.reads.keys().copied().collect())
    }
}
