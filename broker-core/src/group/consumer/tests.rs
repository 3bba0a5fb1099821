//! Consumer groups by hand: no runtime, no log, topics that change when told.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use regex::Regex;

use super::*;
use crate::config::BrokerConfig;
use crate::group::{Answer, Effects, Event, GroupConfig, GroupRecord, Shard, View, assignors_of};
use crate::protocol::ErrorCode;
use crate::seams::Now;

mod assignors;
mod mixed;

const GROUP: &str = "fulfilment";

#[derive(Default)]
struct Topics {
    version: i64,
    assignors: Vec<&'static str>,
    topics: BTreeMap<String, (Uuid, i32)>,
}

impl Topics {
    fn set(&mut self, name: &str, partitions: i32) {
        self.version += 1;
        let mut id = [0; 16];
        id[..name.len().min(16)].copy_from_slice(&name.as_bytes()[..name.len().min(16)]);
        self.topics.insert(name.into(), (Uuid(id), partitions));
    }
}

impl View for Topics {
    fn version(&self) -> i64 {
        self.version
    }
    fn topic(&self, name: &str) -> Option<(Uuid, i32)> {
        self.topics.get(name).copied()
    }
    fn topic_name(&self, id: Uuid) -> Option<String> {
        self.topics.iter().find(|(_, (known, _))| *known == id).map(|(name, _)| name.clone())
    }
    fn matching(&self, pattern: &Regex) -> Vec<String> {
        self.topics.keys().filter(|name| pattern.is_match(name)).cloned().collect()
    }
    fn group_number(&self, _: &str, _: &str) -> i64 {
        45_000
    }
    fn assignors(&self) -> Vec<&'static str> {
        self.assignors.clone()
    }
}

struct Play {
    shard: Shard,
    topics: Topics,
    now: Now,
    log: Vec<GroupRecord>,
}

/// A member as a client plays it: it owns what it was given and says so.
#[derive(Debug, Clone, Default)]
struct Client {
    id: String,
    epoch: i32,
    owned: Partitions,
}

impl Play {
    fn new(topics: &[(&str, i32)]) -> Self {
        Self::configured(topics, &[])
    }

    fn configured(topics: &[(&str, i32)], overrides: &[(&str, &str)]) -> Self {
        let overrides: Vec<_> =
            overrides.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let config = BrokerConfig::new(3, &overrides).unwrap();
        let mut view = Topics { assignors: assignors_of(&config), ..Topics::default() };
        topics.iter().for_each(|(name, partitions)| view.set(name, *partitions));
        let shard = Shard::new(GroupConfig::of(&config));
        Self { shard, topics: view, now: Now { mono: Duration::from_secs(100), wall_ms: 1 }, log: Vec::new() }
    }

    fn take(&mut self, effects: Effects) -> Option<Answer> {
        for record in effects.records {
            self.log.push(record.clone());
            self.shard.apply(self.now, record, false);
        }
        effects.now.into_iter().chain(effects.held).next().map(|(_, answer)| answer)
    }

    fn event(&mut self, event: Event) -> Answer {
        let effects = self.shard.handle(self.now, &self.topics, GROUP, 1, event);
        self.take(effects).expect("an answer")
    }

    fn beat(&mut self, beat: Beat) -> Result<Beaten, Refusal> {
        match self.event(Event::Beat(Box::new(beat))) {
            Answer::Beaten(beaten) => beaten,
            Answer::Joined(_)
            | Answer::JoinRefused(..)
            | Answer::Synced(..)
            | Answer::Code(_)
            | Answer::Codes(_) => panic!("not an answer to a heartbeat"),
        }
    }

    fn join(&mut self, id: &str, change: impl FnOnce(&mut Beat)) -> Client {
        let mut beat = Beat {
            member_id: id.into(),
            rebalance_timeout_ms: Some(30_000),
            topics: Some(vec!["orders".into()]),
            owned: Some(Partitions::new()),
            ..Beat::default()
        };
        change(&mut beat);
        let beaten = self.beat(beat).unwrap();
        Client { id: beaten.member_id, epoch: beaten.epoch, owned: beaten.assignment.unwrap() }
    }

    /// A heartbeat in which the client says what it owns, having given up what it should.
    fn report(&mut self, client: &mut Client) {
        let beat = Beat {
            member_id: client.id.clone(),
            epoch: client.epoch,
            owned: Some(client.owned.clone()),
            ..Beat::default()
        };
        let beaten = self.beat(beat).unwrap();
        client.epoch = beaten.epoch;
        if let Some(assignment) = beaten.assignment {
            client.owned = assignment;
        }
    }

    /// Everybody reports until nothing moves, and no partition ever has two owners.
    fn settle(&mut self, clients: &mut [Client]) {
        for _ in 0..10 {
            for at in 0..clients.len() {
                self.report(&mut clients[at]);
                let mut seen = BTreeSet::new();
                for client in clients.iter() {
                    for (topic, numbers) in &client.owned {
                        for number in numbers {
                            assert!(seen.insert((*topic, *number)), "{number} of {topic} has two owners");
                        }
                    }
                }
            }
        }
        assert_eq!(self.describe().state, "Stable");
    }

    fn describe(&self) -> DescribedConsumer {
        self.shard.describe_consumer(GROUP, &self.topics).unwrap()
    }

    fn after(&mut self, ms: u64) {
        for _ in 0..ms.div_ceil(500) {
            self.now.mono += Duration::from_millis(500);
            let effects = self.shard.tick(self.now, &self.topics);
            self.take(effects);
        }
    }

    /// A shard made of the records alone, as another broker would have it.
    fn replayed(&self) -> Shard {
        let mut shard = Shard::new(GroupConfig::of(&BrokerConfig::new(3, &[]).unwrap()));
        for record in &self.log {
            let written = record.encode(1).unwrap();
            let read = GroupRecord::decode(written.key.unwrap(), written.value).unwrap().unwrap();
            assert_eq!(read.encode(1).unwrap(), record.encode(1).unwrap());
            shard.apply(self.now, read, true);
        }
        shard.loaded(self.now);
        shard
    }
}

fn count(client: &Client) -> usize {
    client.owned.values().map(BTreeSet::len).sum()
}

#[test]
fn partitions_are_given_up_before_others_get_them() {
    let mut play = Play::new(&[("orders", 6)]);
    let mut clients = vec![play.join("a", |_| ())];
    assert_eq!((clients[0].epoch, count(&clients[0])), (1, 6));
    clients.push(play.join("b", |_| ()));
    assert_eq!(count(&clients[1]), 0, "a still has all six");
    assert_eq!(play.describe().state, "Reconciling");
    play.settle(&mut clients);
    clients.push(play.join("c", |_| ()));
    play.settle(&mut clients);
    assert_eq!(clients.iter().map(count).collect::<Vec<_>>(), [2, 2, 2]);
    let leave = Beat { member_id: "b".into(), epoch: -1, ..Beat::default() };
    assert_eq!(play.beat(leave).unwrap().epoch, -1);
    clients.remove(1);
    play.settle(&mut clients);
    assert_eq!(clients.iter().map(count).collect::<Vec<_>>(), [3, 3]);
}

#[test]
fn what_is_written_down_is_the_whole_group() {
    let mut play = Play::new(&[("orders", 6)]);
    let mut clients =
        vec![play.join("a", |_| ()), play.join("b", |beat| beat.instance_id = Some("i".into()))];
    play.report(&mut clients[0]);
    assert_eq!(play.replayed().describe_consumer(GROUP, &play.topics), Some(play.describe()));
    play.settle(&mut clients);
    assert_eq!(play.replayed().describe_consumer(GROUP, &play.topics), Some(play.describe()));
    // A coordinator that has just read the records goes on where the last one stopped.
    play.shard = play.replayed();
    let epoch = play.describe().epoch;
    play.settle(&mut clients);
    assert_eq!(play.describe().epoch, epoch);
}

#[test]
fn whoever_is_refused_founds_no_group() {
    let mut play = Play::new(&[("orders", 2)]);
    let bad = Beat { member_id: "a".into(), regex: Some("(".into()), ..Beat::default() };
    assert_eq!(play.beat(bad).unwrap_err().code, ErrorCode::InvalidRegularExpression);
    assert!(!play.shard.has(GROUP));
}

#[test]
fn new_partitions_and_new_topics_of_a_pattern_are_found() {
    let mut play = Play::new(&[("orders", 2), ("customers", 1)]);
    let mut clients = vec![play.join("a", |beat| {
        beat.topics = None;
        beat.regex = Some("ord.*".into());
    })];
    assert_eq!(count(&clients[0]), 2);
    play.topics.set("orders", 4);
    play.settle(&mut clients);
    assert_eq!(count(&clients[0]), 4);
    play.topics.set("orders-retry", 3);
    play.topics.set("reorders", 3);
    play.settle(&mut clients);
    assert_eq!(count(&clients[0]), 7, "whole names match, and customers and reorders do not");
    let bad =
        Beat { member_id: "a".into(), epoch: clients[0].epoch, regex: Some("(".into()), ..Beat::default() };
    assert_eq!(play.beat(bad).unwrap_err().code, ErrorCode::InvalidRegularExpression);
}

#[test]
fn a_member_may_subscribe_to_nothing_at_first() {
    let mut play = Play::new(&[("orders", 2)]);
    let client = play.join("a", |beat| beat.topics = Some(Vec::new()));
    assert_eq!((client.epoch, count(&client)), (1, 0));
    let beat =
        Beat { member_id: "a".into(), epoch: 1, topics: Some(vec!["orders".into()]), ..Beat::default() };
    let beaten = play.beat(beat).unwrap();
    assert_eq!((beaten.epoch, beaten.assignment.unwrap().len()), (2, 1));
}

#[test]
fn epochs_fence_zombies_and_forgive_lost_answers() {
    let mut play = Play::new(&[("orders", 2)]);
    play.join("a", |_| ());
    let beat =
        |epoch, owned: Option<Partitions>| Beat { member_id: "a".into(), epoch, owned, ..Beat::default() };
    let code = |answer: Result<Beaten, Refusal>| answer.unwrap_err().code;
    // The answer to its join was lost: it joins again.
    assert_eq!(play.beat(beat(0, Some(Partitions::new()))).unwrap().epoch, 1);
    assert_eq!(code(play.beat(beat(2, None))), ErrorCode::FencedMemberEpoch);
    let stranger = Beat { member_id: "x".into(), epoch: 1, ..Beat::default() };
    assert_eq!(code(play.beat(stranger)), ErrorCode::UnknownMemberId);
    play.after(46_000);
    assert_eq!(play.describe().state, "Empty");
    assert_eq!(code(play.beat(beat(1, None))), ErrorCode::UnknownMemberId);
}

#[test]
fn a_member_that_does_not_give_up_in_time_is_fenced() {
    let mut play = Play::new(&[("orders", 2)]);
    let stubborn = play.join("a", |_| ());
    let mut other = play.join("b", |_| ());
    for _ in 0..31 {
        // It lives, but never says that it has given anything up.
        let beat = Beat { member_id: "a".into(), epoch: stubborn.epoch, ..Beat::default() };
        let _ = play.beat(beat);
        play.after(1000);
        play.report(&mut other);
    }
    play.report(&mut other);
    assert_eq!(count(&other), 2);
    assert_eq!(play.describe().members.len(), 1);
}

#[test]
fn a_static_member_comes_back_to_its_partitions() {
    let mut play = Play::new(&[("orders", 4)]);
    let fixed = |beat: &mut Beat| beat.instance_id = Some("i".into());
    let mut clients = vec![play.join("a", fixed), play.join("b", |_| ())];
    play.settle(&mut clients);
    let (epoch, before) = (play.describe().epoch, clients[0].owned.clone());
    let beat = |id: &str, epoch| Beat {
        member_id: id.into(),
        epoch,
        instance_id: Some("i".into()),
        rebalance_timeout_ms: Some(1000),
        topics: Some(vec!["orders".into()]),
        owned: Some(Partitions::new()),
        ..Beat::default()
    };
    assert_eq!(play.beat(beat("a2", 0)).unwrap_err().code, ErrorCode::UnreleasedInstanceId);
    assert_eq!(play.beat(beat("a", -2)).unwrap().epoch, -2);
    play.report(&mut clients[1]);
    let back = play.beat(beat("a2", 0)).unwrap();
    assert_eq!((back.epoch, back.assignment), (epoch, Some(before)));
    assert_eq!(play.describe().epoch, epoch, "nobody else notices");
    assert_eq!(play.beat(beat("a", epoch)).unwrap_err().code, ErrorCode::FencedInstanceId);
    assert_eq!(play.replayed().describe_consumer(GROUP, &play.topics), Some(play.describe()));
}

#[test]
fn commits_need_the_present_epoch() {
    let mut play = Play::new(&[("orders", 1)]);
    let client = play.join("a", |_| ());
    let commit = |member_id: &str, generation, knows_epochs| Event::Commit {
        generation,
        member_id: member_id.into(),
        instance_id: None,
        offsets: vec![(
            crate::group::OffsetKey { topic: "orders".into(), partition: 0 },
            crate::group::CommittedOffset { offset: 7, ..Default::default() },
        )],
        transaction: None,
        knows_epochs,
    };
    for (event, code) in [
        (commit("a", client.epoch, true), ErrorCode::None),
        (commit("a", client.epoch + 1, true), ErrorCode::StaleMemberEpoch),
        (commit("a", client.epoch, false), ErrorCode::UnsupportedVersion),
        (commit("b", client.epoch, true), ErrorCode::UnknownMemberId),
        (commit("", -1, true), ErrorCode::UnknownMemberId),
    ] {
        assert_eq!(play.event(event).code(), code);
    }
    assert_eq!(play.shard.offsets(GROUP).unwrap().len(), 1);
    assert_eq!(play.event(Event::Delete).code(), ErrorCode::NonEmptyGroup);
    let _ = play.beat(Beat { member_id: "a".into(), epoch: -1, ..Beat::default() });
    assert_eq!(play.event(commit("", -1, true)).code(), ErrorCode::None);
    assert_eq!(play.replayed().offsets(GROUP).unwrap().len(), 1);
    assert_eq!(play.event(Event::Delete).code(), ErrorCode::None);
    assert!(!play.shard.has(GROUP) && !play.replayed().has(GROUP));
}

#[test]
fn the_first_of_the_assignors_is_used_unless_members_ask_for_another() {
    for (assignors, unasked) in [("uniform,range", "uniform"), ("range,uniform", "range"), ("range", "range")]
    {
        let mut play = Play::configured(&[("orders", 6)], &[("group.consumer.assignors", assignors)]);
        play.join("a", |_| ());
        assert_eq!(play.describe().assignor, unasked, "{assignors}");
        play.join("b", |beat| beat.assignor = Some("uniform".into()));
        let asked = if assignors.contains("uniform") { "uniform" } else { "range" };
        assert_eq!(play.describe().assignor, asked, "{assignors}");
    }
}
