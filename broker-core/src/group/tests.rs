//! The group machine by hand: no runtime, no log, time that moves when told.

use std::time::Duration;

use bytes::Bytes;

use super::*;
use crate::config::BrokerConfig;
use crate::protocol::ErrorCode;
use crate::seams::Now;

const GROUP: &str = "fulfilment";

/// Classic groups look at no topic.
struct NoTopics;

impl View for NoTopics {
    fn version(&self) -> i64 {
        0
    }
    fn topic(&self, _: &str) -> Option<(crate::protocol::Uuid, i32)> {
        None
    }
    fn topic_name(&self, _: crate::protocol::Uuid) -> Option<String> {
        None
    }
    fn matching(&self, _: &regex::Regex) -> Vec<String> {
        Vec::new()
    }
    fn group_number(&self, _: &str, _: &str) -> i64 {
        0
    }
    fn assignors(&self) -> Vec<&'static str> {
        Vec::new()
    }
}

struct Play {
    shard: Shard,
    now: Now,
    token: Token,
    log: Vec<GroupRecord>,
}

impl Play {
    fn new() -> Self {
        let shard = Shard::new(GroupConfig::of(&BrokerConfig::new(3, &[]).unwrap()));
        Self { shard, now: Now { mono: Duration::from_secs(100), wall_ms: 1 }, token: 0, log: Vec::new() }
    }

    /// Handles an event, commits its records at once, and returns every answer with its token.
    fn event(&mut self, event: Event) -> Vec<(Token, Answer)> {
        self.token += 1;
        let effects = self.shard.handle(self.now, &NoTopics, GROUP, self.token, event);
        self.take(effects)
    }

    fn after(&mut self, ms: u64) -> Vec<(Token, Answer)> {
        let mut answers = Vec::new();
        for _ in 0..ms.div_ceil(500) {
            self.now.mono += Duration::from_millis(500.min(ms));
            let effects = self.shard.tick(self.now, &NoTopics);
            answers.extend(self.take(effects));
        }
        answers
    }

    fn take(&mut self, effects: Effects) -> Vec<(Token, Answer)> {
        for record in effects.records {
            self.log.push(record.clone());
            self.shard.apply(self.now, record, false);
        }
        effects.now.into_iter().chain(effects.held).collect()
    }

    fn join(&mut self, member: &str, fresh: &str, instance: Option<&str>) -> Vec<(Token, Answer)> {
        self.event(Event::Join(JoinRequest {
            member_id: member.into(),
            instance_id: instance.map(str::to_owned),
            session_timeout_ms: 10_000,
            rebalance_timeout_ms: 30_000,
            protocol_type: "consumer".into(),
            protocols: vec![("range".into(), Bytes::from("orders"))],
            fresh_id: fresh.into(),
            ..Default::default()
        }))
    }

    fn sync(
        &mut self,
        member: &str,
        generation: i32,
        parts: &[(&str, &'static str)],
    ) -> Vec<(Token, Answer)> {
        let assignments = parts.iter().map(|(id, part)| ((*id).to_owned(), Bytes::from(*part))).collect();
        let member_id = member.to_owned();
        self.event(Event::Sync {
            generation,
            member_id,
            instance_id: None,
            protocol: (None, None),
            assignments,
        })
    }

    fn beat(&mut self, member: &str, generation: i32) -> ErrorCode {
        let member_id = member.to_owned();
        match self.event(Event::Heartbeat { generation, member_id, instance_id: None }).pop() {
            Some((_, Answer::Code(code))) => code,
            other => panic!("a heartbeat is answered with a code, not {other:?}"),
        }
    }

    fn state(&self) -> &'static str {
        self.shard.describe(GROUP).unwrap().state
    }

    /// One member, in generation 1, assigned.
    fn stable() -> Self {
        let mut play = Self::new();
        play.join("", "a", None);
        play.sync("a", 1, &[("a", "all")]);
        assert_eq!(play.state(), "Stable");
        play
    }
}

fn joined(answers: &[(Token, Answer)]) -> Vec<(&str, i32, usize)> {
    let found = answers.iter().filter_map(|(_, answer)| match answer {
        Answer::Joined(joined) => Some((joined.member_id.as_str(), joined.generation, joined.members.len())),
        Answer::JoinRefused(..)
        | Answer::Synced(..)
        | Answer::Beaten(_)
        | Answer::Code(_)
        | Answer::Codes(_) => None,
    });
    found.collect()
}

#[test]
fn a_second_member_makes_the_first_rejoin_and_the_leader_assigns() {
    let mut play = Play::stable();
    assert!(play.join("", "b", None).is_empty(), "b waits for a");
    assert_eq!(play.beat("a", 1), ErrorCode::RebalanceInProgress);
    let answers = play.join("a", "", None);
    assert_eq!(joined(&answers), [("a", 2, 2), ("b", 2, 0)], "the leader learns the members");
    assert!(play.sync("b", 2, &[]).is_empty(), "b waits for the leader");
    let answers = play.sync("a", 2, &[("a", "0-2"), ("b", "3-5")]);
    let parts = answers.iter().filter_map(|(_, a)| match a {
        Answer::Synced(_, _, part) => Some(part.clone()),
        Answer::Joined(_)
        | Answer::Beaten(_)
        | Answer::JoinRefused(..)
        | Answer::Code(_)
        | Answer::Codes(_) => None,
    });
    assert_eq!(parts.collect::<Vec<_>>(), ["0-2", "3-5"]);
    assert_eq!(play.beat("b", 2), ErrorCode::None);
    assert_eq!(play.beat("b", 1), ErrorCode::IllegalGeneration);
}

/// A crash before the record is committed takes the generation back; nobody may have heard of it.
#[test]
fn an_assignment_is_told_once_its_generation_is_committed() {
    let mut play = Play::stable();
    play.join("", "b", None);
    play.join("a", "", None);
    let sync = |member: &str, assignments| Event::Sync {
        generation: 2,
        member_id: member.into(),
        instance_id: None,
        protocol: (None, None),
        assignments,
    };
    let assigned = vec![("a".to_owned(), Bytes::from("0")), ("b".to_owned(), Bytes::from("1"))];
    let led = play.shard.handle(play.now, &NoTopics, GROUP, 7, sync("a", assigned));
    assert_eq!((led.records.len(), led.now.len(), led.held.len()), (1, 0, 1));
    let followed = play.shard.handle(play.now, &NoTopics, GROUP, 8, sync("b", Vec::new()));
    assert_eq!((followed.now.len(), followed.held.len()), (0, 1), "it waits for the leader's record");
}

#[test]
fn a_static_member_that_returned_is_still_known_after_a_crash() {
    let mut play = Play::new();
    play.join("", "s-1", Some("host-1"));
    play.sync("s-1", 1, &[("s-1", "all")]);
    play.join("", "s-2", Some("host-1"));
    let mut again = Shard::new(GroupConfig::of(&BrokerConfig::new(3, &[]).unwrap()));
    play.log.iter().for_each(|record| again.apply(play.now, record.clone(), true));
    assert_eq!(again.describe(GROUP), play.shard.describe(GROUP));
}

#[test]
fn a_silent_member_goes_after_its_session_and_an_emptied_group_writes_it_down() {
    let mut play = Play::stable();
    play.after(9_500);
    assert_eq!(play.state(), "Stable");
    play.after(1_000);
    assert_eq!(play.state(), "Empty");
    let Some(GroupRecord::Group { value: Some(value), .. }) = play.log.last() else {
        panic!("a group record")
    };
    assert_eq!((value.members.len(), value.generation), (0, 2));
}

#[test]
fn a_member_that_never_joins_the_rebalance_is_left_behind_when_time_is_up() {
    let mut play = Play::stable();
    play.join("", "b", None);
    let mut answers = Vec::new();
    for _ in 0..70 {
        play.beat("a", 1);
        answers.extend(play.after(500));
    }
    assert_eq!(joined(&answers), [("b", 2, 1)]);
}

#[test]
fn known_ids_are_asked_for_and_promises_expire() {
    let mut play = Play::new();
    let request = JoinRequest {
        needs_known_id: true,
        session_timeout_ms: 10_000,
        rebalance_timeout_ms: 30_000,
        protocol_type: "consumer".into(),
        protocols: vec![("range".into(), Bytes::new())],
        fresh_id: "c-1".into(),
        ..Default::default()
    };
    let answers = play.event(Event::Join(request.clone()));
    assert_eq!(answers[0].1, Answer::JoinRefused(ErrorCode::MemberIdRequired, "c-1".into()));
    let again = JoinRequest { member_id: "c-1".into(), ..request.clone() };
    assert_eq!(joined(&play.event(Event::Join(again.clone()))), [("c-1", 1, 1)]);
    play.event(Event::Join(JoinRequest { fresh_id: "c-2".into(), ..request }));
    play.after(10_500);
    let late = JoinRequest { member_id: "c-2".into(), ..again };
    assert_eq!(
        play.event(Event::Join(late))[0].1,
        Answer::JoinRefused(ErrorCode::UnknownMemberId, "c-2".into())
    );
}

#[test]
fn a_static_member_returns_without_a_rebalance_and_fences_its_old_self() {
    let mut play = Play::new();
    play.join("", "s-1", Some("host-1"));
    play.sync("s-1", 1, &[("s-1", "all")]);
    let answers = play.join("", "s-2", Some("host-1"));
    assert_eq!(joined(&answers), [("s-2", 1, 1)], "same generation");
    let old = Event::Heartbeat { generation: 1, member_id: "s-1".into(), instance_id: Some("host-1".into()) };
    assert_eq!(play.event(old)[0].1, Answer::Code(ErrorCode::FencedInstanceId));
    let answers = play.sync("s-2", 1, &[]);
    assert!(matches!(&answers[0].1, Answer::Synced(_, _, part) if part == "all"), "it keeps its assignment");
}

#[test]
fn offsets_count_only_from_members_of_this_generation_or_from_outside_an_empty_group() {
    let commit = |generation, member: &str| Event::Commit {
        generation,
        member_id: member.into(),
        instance_id: None,
        offsets: vec![(
            OffsetKey { topic: "orders".into(), partition: 0 },
            CommittedOffset { offset: 7, leader_epoch: -1, metadata: "m".into(), committed_at_ms: 1 },
        )],
        transaction: None,
        knows_epochs: false,
    };
    let code = |answers: Vec<(Token, Answer)>| match answers.into_iter().next() {
        Some((_, Answer::Code(code))) => code,
        other => panic!("a commit is answered with a code, not {other:?}"),
    };
    let mut play = Play::stable();
    assert_eq!(code(play.event(commit(1, "a"))), ErrorCode::None);
    assert_eq!(code(play.event(commit(0, "a"))), ErrorCode::IllegalGeneration);
    assert_eq!(code(play.event(commit(1, "x"))), ErrorCode::UnknownMemberId);
    assert_eq!(code(play.event(commit(-1, ""))), ErrorCode::UnknownMemberId, "somebody is in the group");
    let mut outside = Play::new();
    assert_eq!(code(outside.event(commit(-1, ""))), ErrorCode::None);
    assert_eq!(outside.shard.offsets(GROUP).unwrap().len(), 1);
}

#[test]
fn replaying_the_records_gives_the_same_group() {
    let mut play = Play::stable();
    let offsets = vec![(
        OffsetKey { topic: "orders".into(), partition: 3 },
        CommittedOffset { offset: 42, ..Default::default() },
    )];
    play.event(Event::Commit {
        generation: 1,
        member_id: "a".into(),
        instance_id: None,
        offsets,
        transaction: None,
        knows_epochs: false,
    });
    let mut again = Shard::new(GroupConfig::of(&BrokerConfig::new(3, &[]).unwrap()));
    for record in &play.log {
        let written = record.encode(1).unwrap();
        let read = GroupRecord::decode(written.key.unwrap(), written.value).unwrap().unwrap();
        assert_eq!(&read, record);
        again.apply(play.now, read, true);
    }
    assert_eq!(again.describe(GROUP), play.shard.describe(GROUP));
    assert_eq!(again.offsets(GROUP), play.shard.offsets(GROUP));
}

#[test]
fn groups_live_where_kafka_puts_them() {
    // Values of Java's "…".hashCode() modulo 50.
    assert_eq!(partition_of("", 50), 0);
    assert_eq!(partition_of("a", 50), 97 % 50);
    assert_eq!(partition_of("polygenelubricants", 50), 0, "its hash is Integer.MIN_VALUE");
}
