//! Members of both protocols in one group: it goes over to the consumer protocol and back.

use bytes::{BufMut, Bytes, BytesMut};

use super::*;
use crate::group::embedded::{Named, read_assignment, write_assignment};
use crate::group::{JoinRequest, Joined};

/// A subscription to `orders` in version 1, with what the member has.
fn subscription(owned: &Named) -> Bytes {
    let mut out = BytesMut::new();
    out.put_slice(&[0, 1, 0, 0, 0, 1, 0, 6]);
    out.put_slice(b"orders");
    out.put_i32(-1);
    // What is owned is written as an assignment is, between its version and its user data.
    let owned = write_assignment(1, owned);
    out.put_slice(&owned[2..owned.len() - 4]);
    out.freeze()
}

/// A classic consumer that gives up only what it must.
struct Classic {
    id: String,
    generation: i32,
    owned: Named,
}

impl Classic {
    fn count(&self) -> usize {
        self.owned.iter().map(|(_, numbers)| numbers.len()).sum()
    }

    fn join(&mut self, play: &mut Play) -> Option<Joined> {
        let request = JoinRequest {
            member_id: self.id.clone(),
            fresh_id: self.id.clone(),
            session_timeout_ms: 10_000,
            rebalance_timeout_ms: 30_000,
            protocol_type: "consumer".into(),
            protocols: vec![("cooperative-sticky".into(), subscription(&self.owned))],
            ..JoinRequest::default()
        };
        match play.event(Event::Join(request)) {
            Answer::Joined(joined) => {
                self.generation = joined.generation;
                Some(joined)
            }
            Answer::Beaten(_)
            | Answer::JoinRefused(..)
            | Answer::Synced(..)
            | Answer::Code(_)
            | Answer::Codes(_) => None,
        }
    }

    fn sync(&mut self, play: &mut Play) -> ErrorCode {
        let event = Event::Sync {
            generation: self.generation,
            member_id: self.id.clone(),
            instance_id: None,
            protocol: (Some("consumer".into()), Some("cooperative-sticky".into())),
            assignments: vec![(
                self.id.clone(),
                write_assignment(1, &vec![("orders".into(), (0..6).collect())]),
            )],
        };
        let answer = play.event(event);
        if let Answer::Synced(_, _, assignment) = &answer {
            self.owned = read_assignment(assignment.clone());
            return ErrorCode::None;
        }
        answer.code()
    }

    /// A heartbeat, and what a client does if it is told to join again.
    fn beat(&mut self, play: &mut Play) -> ErrorCode {
        let (generation, member_id) = (self.generation, self.id.clone());
        let code = play.event(Event::Heartbeat { generation, member_id, instance_id: None }).code();
        if code == ErrorCode::RebalanceInProgress {
            self.join(play);
            self.sync(play);
        }
        code
    }
}

/// A classic group of one member that has all six partitions.
fn classic() -> (Play, Classic) {
    classic_under("bidirectional")
}

/// The same under this `group.consumer.migration.policy`.
fn classic_under(policy: &str) -> (Play, Classic) {
    let mut play = Play::configured(&[("orders", 6)], &[("group.consumer.migration.policy", policy)]);
    let mut member = Classic { id: "old".into(), generation: 0, owned: Vec::new() };
    // Its request to join waits for others, and is answered when time is up.
    let request = JoinRequest {
        fresh_id: "old".into(),
        session_timeout_ms: 10_000,
        rebalance_timeout_ms: 30_000,
        protocol_type: "consumer".into(),
        protocols: vec![("cooperative-sticky".into(), subscription(&Vec::new()))],
        ..JoinRequest::default()
    };
    let effects = play.shard.handle(play.now, &play.topics, GROUP, 1, Event::Join(request));
    assert!(matches!(play.take(effects), None | Some(Answer::Joined(_))));
    play.after(3000);
    member.generation = 1;
    assert_eq!(member.sync(&mut play), ErrorCode::None);
    assert_eq!(member.count(), 6);
    (play, member)
}

#[test]
fn a_group_in_use_goes_over_to_the_consumer_protocol_and_back() {
    let (mut play, mut old) = classic();
    let mut clients = [play.join("new", |_| ())];
    assert_eq!(count(&clients[0]), 0, "the classic member still has all six");
    assert_eq!(old.beat(&mut play), ErrorCode::RebalanceInProgress);
    for _ in 0..5 {
        play.report(&mut clients[0]);
        old.beat(&mut play);
    }
    assert_eq!((old.count(), count(&clients[0])), (3, 3));
    let described = play.describe();
    assert_eq!((described.state, described.members.iter().filter(|m| m.classic).count()), ("Stable", 1));
    assert_eq!(play.replayed().describe_consumer(GROUP, &play.topics), Some(described));
    let leave = Beat { member_id: "new".into(), epoch: -1, ..Beat::default() };
    play.beat(leave).unwrap();
    assert!(play.shard.describe_consumer(GROUP, &play.topics).is_none(), "a classic group again");
    assert!(play.replayed().describe(GROUP).is_some_and(|group| group.members.len() == 1));
    let (generation, member_id) = (old.generation, old.id.clone());
    let code = play.event(Event::Heartbeat { generation, member_id, instance_id: None }).code();
    assert_ne!(code, ErrorCode::None, "it is told to join again");
    let joined = old.join(&mut play).unwrap();
    assert_eq!((joined.leader.as_str(), joined.members.len()), ("old", 1));
    assert_eq!(old.sync(&mut play), ErrorCode::None);
    assert_eq!(old.count(), 6);
}

#[test]
fn a_classic_group_whose_members_say_nothing_readable_stays_classic() {
    let mut play = Play::new(&[("orders", 6)]);
    let request = JoinRequest {
        fresh_id: "old".into(),
        session_timeout_ms: 10_000,
        rebalance_timeout_ms: 30_000,
        protocol_type: "consumer".into(),
        protocols: vec![("range".into(), Bytes::from_static(b"not a subscription"))],
        ..JoinRequest::default()
    };
    let effects = play.shard.handle(play.now, &play.topics, GROUP, 1, Event::Join(request));
    assert!(matches!(play.take(effects), None | Some(Answer::Joined(_))));
    play.after(3000);
    let join = Beat { member_id: "new".into(), topics: Some(vec!["orders".into()]), ..Beat::default() };
    assert_eq!(play.beat(join).unwrap_err().code, ErrorCode::GroupIdNotFound);
    assert_eq!(play.shard.describe(GROUP).unwrap().members.len(), 1, "its member is still there");
}

#[test]
fn the_policy_keeps_a_group_in_use_from_going_over_or_back() {
    for (policy, over, back) in [
        ("bidirectional", true, true),
        ("Upgrade", true, false),
        ("DOWNGRADE", false, false),
        ("disabled", false, false),
    ] {
        let (mut play, mut old) = classic_under(policy);
        let beat = Beat {
            member_id: "new".into(),
            rebalance_timeout_ms: Some(30_000),
            topics: Some(vec!["orders".into()]),
            owned: Some(Partitions::new()),
            ..Beat::default()
        };
        let answer = play.beat(beat);
        assert_eq!(answer.as_ref().err().map(|err| err.code), (!over).then_some(ErrorCode::GroupIdNotFound));
        if !over {
            continue;
        }
        old.beat(&mut play);
        play.beat(Beat { member_id: "new".into(), epoch: -1, ..Beat::default() }).unwrap();
        let is_consumer = play.shard.describe_consumer(GROUP, &play.topics).is_some();
        assert_eq!(is_consumer, !back, "{policy}");
    }
}

#[test]
fn a_classic_member_that_does_not_join_again_is_fenced() {
    let (mut play, old) = classic();
    let mut new = play.join("new", |_| ());
    for _ in 0..32 {
        let (generation, member_id) = (old.generation, old.id.clone());
        play.event(Event::Heartbeat { generation, member_id, instance_id: None });
        play.after(1000);
        play.report(&mut new);
    }
    assert_eq!((play.describe().members.len(), count(&new)), (1, 6));
}

#[test]
fn a_static_classic_member_that_comes_back_under_a_new_id_is_written_down() {
    let mut play = Play::new(&[("orders", 6)]);
    play.join("new", |_| ());
    let request = |fresh_id: &str| JoinRequest {
        fresh_id: fresh_id.into(),
        instance_id: Some("fixed".into()),
        session_timeout_ms: 10_000,
        rebalance_timeout_ms: 30_000,
        protocol_type: "consumer".into(),
        protocols: vec![("cooperative-sticky".into(), subscription(&Vec::new()))],
        ..JoinRequest::default()
    };
    for id in ["first", "second"] {
        assert!(
            matches!(play.event(Event::Join(request(id))), Answer::Joined(joined) if joined.member_id == id)
        );
    }
    let described = play.describe();
    assert!(described.members.iter().any(|member| member.member_id == "second"));
    assert_eq!(play.replayed().describe_consumer(GROUP, &play.topics), Some(described));
}
