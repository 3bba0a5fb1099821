//! The coordinator's broker: the machine, its log, and what is written but not committed yet. A crash leaves any part
//! of that in the log, gives no answer, and what is committed is read back.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use broker_core::config::BrokerConfig;
use broker_core::group::{Answer, Effects, Event, GroupConfig, GroupRecord, Shard, Token, View};
use broker_core::protocol::Uuid;
use broker_core::seams::{Now, Rng};
use regex::Regex;

pub const GROUP: &str = "readers";
pub const TOPIC: &str = "orders";
pub const TOPIC_ID: Uuid = Uuid([7; 16]);
/// How long members may be silent (milliseconds).
pub const SESSION_MS: i32 = 6_000;

/// The one topic, which may grow.
#[derive(Debug)]
pub struct Topic {
    pub partitions: i32,
}

impl View for Topic {
    fn version(&self) -> i64 {
        self.partitions.into()
    }
    fn topic(&self, name: &str) -> Option<(Uuid, i32)> {
        (name == TOPIC).then_some((TOPIC_ID, self.partitions))
    }
    fn topic_name(&self, id: Uuid) -> Option<String> {
        (id == TOPIC_ID).then(|| TOPIC.to_owned())
    }
    fn matching(&self, pattern: &Regex) -> Vec<String> {
        [TOPIC].into_iter().filter(|name| pattern.is_match(name)).map(str::to_owned).collect()
    }
    fn group_number(&self, _: &str, config: &str) -> i64 {
        if config == "consumer.session.timeout.ms" { SESSION_MS.into() } else { 0 }
    }
    fn assignors(&self) -> Vec<&'static str> {
        Vec::new()
    }
}

/// What comes back to a member.
#[derive(Debug, Clone)]
pub enum Reply {
    Answer(Answer),
    /// The connection is lost, or the coordinator is elsewhere: nobody knows what became of the request.
    Lost,
}

#[derive(Debug)]
struct Pending {
    due: Duration,
    records: Vec<GroupRecord>,
    held: Vec<(Token, Answer)>,
}

/// The broker that leads the group's partition.
#[derive(Debug)]
pub struct Host {
    pub topic: Topic,
    shard: Option<Shard>,
    /// When it is read back, after a crash.
    loaded_at: Duration,
    log: Vec<GroupRecord>,
    pending: VecDeque<Pending>,
    ready: Vec<(Token, Reply)>,
    open: BTreeSet<Token>,
}

fn empty() -> Shard {
    Shard::new(GroupConfig::of(&BrokerConfig::new(3, &[]).unwrap()))
}

impl Host {
    pub fn new(partitions: i32) -> Self {
        Self {
            topic: Topic { partitions },
            shard: Some(empty()),
            loaded_at: Duration::ZERO,
            log: Vec::new(),
            pending: VecDeque::new(),
            ready: Vec::new(),
            open: BTreeSet::new(),
        }
    }

    /// A request has come.
    pub fn ask(&mut self, now: Now, rng: &mut Rng, token: Token, event: Event) {
        let Some(shard) = &mut self.shard else {
            self.ready.push((token, Reply::Lost));
            return;
        };
        self.open.insert(token);
        let effects = shard.handle(now, &self.topic, GROUP, token, event);
        self.perform(now, rng, effects);
    }

    fn perform(&mut self, now: Now, rng: &mut Rng, effects: Effects) {
        for (token, answer) in effects.now {
            self.give(token, answer);
        }
        if effects.records.is_empty() {
            // Answers that write nothing rest on all that was written before them.
            match self.pending.back_mut() {
                Some(last) => last.held.extend(effects.held),
                None => effects.held.into_iter().for_each(|(token, answer)| self.give(token, answer)),
            }
            return;
        }
        let after = self.pending.back().map_or(now.mono, |last| last.due);
        let slowest = if rng.below(8) == 0 { 1_500 } else { 200 };
        let due = after.max(now.mono) + Duration::from_millis(rng.below(slowest));
        self.pending.push_back(Pending { due, records: effects.records, held: effects.held });
    }

    fn give(&mut self, token: Token, answer: Answer) {
        if self.open.remove(&token) {
            self.ready.push((token, Reply::Answer(answer)));
        }
    }

    /// Time has passed; returns the answers to send.
    pub fn pass(&mut self, now: Now, rng: &mut Rng) -> Vec<(Token, Reply)> {
        if self.shard.is_none() && now.mono >= self.loaded_at {
            self.shard = Some(self.replayed(now));
        }
        while self.pending.front().is_some_and(|pending| pending.due <= now.mono) {
            let pending = self.pending.pop_front().unwrap();
            for record in pending.records {
                self.write(now, record);
            }
            pending.held.into_iter().for_each(|(token, answer)| self.give(token, answer));
        }
        if let Some(shard) = &mut self.shard {
            let effects = shard.tick(now, &self.topic);
            self.perform(now, rng, effects);
        }
        std::mem::take(&mut self.ready)
    }

    fn write(&mut self, now: Now, record: GroupRecord) {
        self.log.push(record.clone());
        if let Some(shard) = &mut self.shard {
            shard.apply(now, record, false);
        }
    }

    /// As from the disk: every record goes through its encoding.
    fn replayed(&self, now: Now) -> Shard {
        let mut shard = empty();
        for record in &self.log {
            let written = record.encode(now.wall_ms).unwrap();
            let read = GroupRecord::decode(written.key.unwrap(), written.value.clone()).unwrap().unwrap();
            assert_eq!(read.encode(now.wall_ms).unwrap().value, written.value);
            shard.apply(now, read, true);
        }
        shard.loaded(now);
        shard
    }

    /// The broker dies. Of what was on its way to the other replicas, a part is in the log.
    pub fn crash(&mut self, now: Now, rng: &mut Rng) {
        let kept = rng.below(self.pending.len() as u64 + 1) as usize;
        for pending in self.pending.drain(..).take(kept) {
            self.log.extend(pending.records);
        }
        self.shard = None;
        self.loaded_at = now.mono + Duration::from_millis(rng.below(3_000));
        self.ready.extend(std::mem::take(&mut self.open).into_iter().map(|token| (token, Reply::Lost)));
    }

    /// The committed offsets by partition; `None` while nobody can be asked.
    pub fn offsets(&self) -> Option<BTreeMap<i32, i64>> {
        let offsets = self.shard.as_ref()?.offsets(GROUP);
        Some(offsets.into_iter().flatten().map(|(key, value)| (key.partition, value.offset)).collect())
    }

    /// The ids of the group's members, from the log while the machine is not there.
    pub fn members(&self) -> BTreeSet<String> {
        let now = Now { mono: Duration::ZERO, wall_ms: 0 };
        let shard = self.shard.clone().unwrap_or_else(|| self.replayed(now));
        let classic = shard.describe(GROUP).into_iter().flat_map(|group| group.members);
        let consumer =
            shard.describe_consumer(GROUP, &self.topic).into_iter().flat_map(|group| group.members);
        classic.map(|member| member.member_id).chain(consumer.map(|member| member.member_id)).collect()
    }

    /// The group's state in Kafka's words.
    pub fn state(&self) -> &'static str {
        let Some(shard) = &self.shard else { return "loading" };
        let classic = shard.describe(GROUP).map(|group| group.state);
        classic
            .or_else(|| shard.describe_consumer(GROUP, &self.topic).map(|group| group.state))
            .unwrap_or("none")
    }
}
