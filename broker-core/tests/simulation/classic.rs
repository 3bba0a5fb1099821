//! A member of the protocol in which the leader assigns.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use broker_core::group::{Answer, CommittedOffset, Event, JoinRequest, Joined, OffsetKey};
use broker_core::protocol::ErrorCode;
use bytes::Bytes;

use super::history::{Commit, History};
use super::host::{Reply, SESSION_MS, TOPIC};
use super::world::{Player, Scene};

const HEARTBEAT: Duration = Duration::from_millis(1_000);

#[derive(Debug)]
enum Phase {
    Join,
    Sync(Vec<(String, Bytes)>),
    /// It knows its partitions, and asks where to go on.
    Fetch(BTreeSet<i32>),
    Stable,
}

#[derive(Debug)]
enum Asked {
    Join,
    Sync,
    Beat,
    Commit(Commit),
    Leave,
}

#[derive(Debug)]
pub struct Classic {
    name: String,
    /// Given by the group; empty while it is unknown there.
    id: String,
    ids: u32,
    generation: i32,
    /// The generation of what it reads.
    stands_in: i32,
    phase: Phase,
    asked: Asked,
    reads: BTreeMap<i32, i64>,
    next_beat: Duration,
    /// The partitions there were when it assigned; a leader rejoins when there are more.
    assigned_of: Option<i32>,
}

/// Offsets as a commit has them.
pub fn commit_event(generation: i32, member: &str, commit: &Commit, knows_epochs: bool) -> Event {
    let offsets = commit.offsets.iter().map(|(partition, offset)| {
        let key = OffsetKey { topic: TOPIC.to_owned(), partition: *partition };
        (key, CommittedOffset { offset: *offset, leader_epoch: -1, ..Default::default() })
    });
    Event::Commit {
        generation,
        member_id: member.to_owned(),
        instance_id: None,
        offsets: offsets.collect(),
        transaction: None,
        knows_epochs,
    }
}

impl Classic {
    fn drop_all(&mut self, history: &mut History) {
        for partition in std::mem::take(&mut self.reads).into_keys() {
            history.drops(&self.id, partition);
        }
    }

    /// Out of the generation, and perhaps of the group.
    fn rejoin(&mut self, code: ErrorCode, history: &mut History) {
        self.drop_all(history);
        self.phase = Phase::Join;
        if code == ErrorCode::UnknownMemberId {
            self.id = String::new();
        }
    }

    fn join(&mut self) -> Event {
        self.asked = Asked::Join;
        self.ids += 1;
        Event::Join(JoinRequest {
            member_id: self.id.clone(),
            session_timeout_ms: SESSION_MS,
            rebalance_timeout_ms: 10_000,
            protocol_type: "consumer".to_owned(),
            protocols: vec![("range".to_owned(), Bytes::from_static(b"orders"))],
            needs_known_id: true,
            fresh_id: format!("{}-{}", self.name, self.ids),
            ..Default::default()
        })
    }

    /// The leader deals the partitions out, and says for which generation.
    fn joined(&mut self, joined: Joined, scene: &Scene<'_>) {
        self.generation = joined.generation;
        self.id.clone_from(&joined.member_id);
        let among = joined.members.len() as i32;
        self.assigned_of = (among > 0).then_some(scene.host.topic.partitions);
        let share = |at: i32| {
            let mine = (at..scene.host.topic.partitions).step_by(among as usize);
            let mine: Vec<String> = mine.map(|partition| partition.to_string()).collect();
            Bytes::from(format!("{};{}", joined.generation, mine.join(",")))
        };
        let members = joined.members.iter().zip(0..).map(|((id, ..), at)| (id.clone(), share(at)));
        self.phase = Phase::Sync(members.collect());
    }

    fn synced(&mut self, assignment: &Bytes, scene: &mut Scene<'_>) {
        let text = std::str::from_utf8(assignment).unwrap();
        let Some((generation, mine)) = text.split_once(';') else {
            // The leader did not know of this member: it came between.
            return self.rejoin(ErrorCode::None, scene.history);
        };
        assert_eq!(
            generation.parse::<i32>().unwrap(),
            self.generation,
            "an assignment of its own generation"
        );
        let mine = mine.split(',').filter_map(|number| number.parse().ok());
        self.phase = Phase::Fetch(mine.collect());
        self.next_beat = scene.now + HEARTBEAT;
    }

    fn fetch(&mut self, scene: &mut Scene<'_>) {
        let Phase::Fetch(mine) = &self.phase else { return };
        let Some(offsets) = scene.host.offsets() else { return };
        for partition in mine {
            scene.history.takes(&self.id, *partition, self.generation, scene.host);
            let offset = offsets.get(partition).copied().unwrap_or(0);
            scene.history.reads(&self.id, *partition, offset);
            self.reads.insert(*partition, offset);
        }
        (self.stands_in, self.phase) = (self.generation, Phase::Stable);
    }

    fn stable(&mut self, scene: &mut Scene<'_>) -> Option<Event> {
        if self.assigned_of.is_some_and(|known| known != scene.host.topic.partitions) {
            self.drop_all(scene.history);
            self.phase = Phase::Join;
            return Some(self.join());
        }
        if scene.stormy && scene.rng.below(800) == 0 {
            self.drop_all(scene.history);
            self.asked = Asked::Leave;
            return Some(Event::Leave(vec![(self.id.clone(), None)]));
        }
        if scene.now >= self.next_beat {
            self.next_beat = scene.now + HEARTBEAT;
            self.asked = Asked::Beat;
            let (generation, member_id) = (self.generation, self.id.clone());
            return Some(Event::Heartbeat { generation, member_id, instance_id: None });
        }
        if self.reads.is_empty() || scene.rng.below(5) > 0 {
            return None;
        }
        for offset in self.reads.values_mut() {
            *offset += scene.rng.below(4) as i64;
        }
        let offsets = self.reads.iter().map(|(partition, offset)| (*partition, *offset)).collect();
        let commit = scene.history.commits(self.generation, offsets);
        let event = commit_event(self.generation, &self.id, &commit, false);
        self.asked = Asked::Commit(commit);
        Some(event)
    }

    fn told(&mut self, code: ErrorCode, scene: &mut Scene<'_>) {
        match (code, &self.asked) {
            (ErrorCode::None, Asked::Commit(commit)) => scene.history.acked(&self.id, commit),
            (ErrorCode::None, Asked::Beat) => {}
            (ErrorCode::None, Asked::Join | Asked::Sync | Asked::Leave) => panic!("no such answer"),
            _ => self.rejoin(code, scene.history),
        }
    }
}

impl Player for Classic {
    fn new(name: String) -> Self {
        Self {
            name,
            id: String::new(),
            ids: 0,
            generation: -1,
            stands_in: -1,
            phase: Phase::Join,
            asked: Asked::Join,
            reads: BTreeMap::new(),
            next_beat: Duration::ZERO,
            assigned_of: None,
        }
    }

    fn act(&mut self, scene: &mut Scene<'_>) -> Option<Event> {
        match &self.phase {
            Phase::Join => Some(self.join()),
            Phase::Sync(assignments) => {
                let (member_id, assignments) = (self.id.clone(), assignments.clone());
                self.asked = Asked::Sync;
                let (generation, protocol) = (self.generation, (None, None));
                Some(Event::Sync { generation, member_id, instance_id: None, protocol, assignments })
            }
            Phase::Fetch(_) => {
                self.fetch(scene);
                None
            }
            Phase::Stable => self.stable(scene),
        }
    }

    fn hear(&mut self, reply: Reply, scene: &mut Scene<'_>) {
        match reply {
            Reply::Lost if matches!(self.asked, Asked::Beat | Asked::Commit(_)) => {}
            Reply::Lost if matches!(self.asked, Asked::Leave) => {
                self.rejoin(ErrorCode::UnknownMemberId, scene.history);
            }
            Reply::Lost => self.rejoin(ErrorCode::None, scene.history),
            Reply::Answer(Answer::Joined(joined)) => self.joined(joined, scene),
            Reply::Answer(Answer::JoinRefused(ErrorCode::MemberIdRequired, id)) => self.id = id,
            Reply::Answer(Answer::JoinRefused(code, _)) => self.rejoin(code, scene.history),
            Reply::Answer(Answer::Synced(_, _, assignment)) => self.synced(&assignment, scene),
            Reply::Answer(Answer::Code(code)) => self.told(code, scene),
            Reply::Answer(Answer::Codes(_)) => self.rejoin(ErrorCode::UnknownMemberId, scene.history),
            Reply::Answer(Answer::Beaten(_)) => panic!("an answer of the other protocol"),
        }
    }

    fn die(&mut self, history: &mut History) {
        history.dies(&self.id);
    }

    fn has(&self) -> (i32, Vec<i32>) {
        (self.stands_in, self.reads.keys().copied().collect())
    }
}
