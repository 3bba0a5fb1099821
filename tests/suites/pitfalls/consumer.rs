//! Pitfall 11: groups of the consumer protocol (KIP-848).

use std::net::TcpStream;
use std::time::Duration;

use broker_core::protocol::Uuid;
use broker_core::protocol::messages::consumer_group_heartbeat::{
    ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse, TopicPartitions,
};
use broker_core::protocol::messages::create_partitions::{
    CreatePartitionsAssignment, CreatePartitionsRequest, CreatePartitionsTopic,
};
use suites::wait_for;
use suites::wire::ask;

use suites::peer::Peer;

const WAIT: Duration = Duration::from_secs(40);
const INVALID_REQUEST: i16 = 42;
const UNSUPPORTED_ASSIGNOR: i16 = 112;
const INVALID_REGULAR_EXPRESSION: i16 = 128;
const LEAVES: i32 = -1;

/// A member's first heartbeat.
fn joins(group: &str, member: &str, topic: &str) -> ConsumerGroupHeartbeatRequest {
    ConsumerGroupHeartbeatRequest {
        group_id: group.into(),
        member_id: member.into(),
        rebalance_timeout_ms: 20_000,
        subscribed_topic_names: Some(vec![topic.into()]),
        topic_partitions: Some(Vec::new()),
        ..Default::default()
    }
}

fn heartbeat(
    stream: &mut TcpStream,
    request: ConsumerGroupHeartbeatRequest,
) -> ConsumerGroupHeartbeatResponse {
    wait_for("the coordinator", WAIT, || {
        let answer = ask(stream, 1, request.clone());
        (![14, 15, 16].contains(&answer.error_code)).then_some(answer)
    })
}

struct Member {
    stream: TcpStream,
    group: String,
    id: String,
    topic: Uuid,
    epoch: i32,
    /// What it was told to have.
    target: Vec<i32>,
    /// What it says that it has.
    owned: Vec<i32>,
}

impl Member {
    fn join(peer: &Peer, group: &str, id: &str, (name, topic): (&str, Uuid)) -> Self {
        let mut stream = peer.coordinator(group, 0);
        let answer = heartbeat(&mut stream, joins(group, id, name));
        assert_eq!(answer.error_code, 0, "{answer:?}");
        let mut member = Self {
            stream,
            group: group.into(),
            id: id.into(),
            topic,
            epoch: 0,
            target: Vec::new(),
            owned: Vec::new(),
        };
        member.hears(&answer);
        member
    }

    fn hears(&mut self, answer: &ConsumerGroupHeartbeatResponse) {
        assert_eq!(answer.error_code, 0, "{answer:?}");
        self.epoch = answer.member_epoch;
        if let Some(assignment) = &answer.assignment {
            let parts = assignment.topic_partitions.iter().filter(|part| part.topic_id == self.topic);
            self.target = parts.flat_map(|part| part.partitions.clone()).collect();
            self.target.sort_unstable();
        }
    }

    /// Says that it lives, and what it owns.
    fn beat(&mut self) {
        let owned = TopicPartitions { topic_id: self.topic, partitions: self.owned.clone() };
        let owned = if self.owned.is_empty() { vec![] } else { vec![owned] };
        let request = ConsumerGroupHeartbeatRequest {
            group_id: self.group.clone(),
            member_id: self.id.clone(),
            member_epoch: self.epoch,
            topic_partitions: Some(owned),
            ..Default::default()
        };
        let answer = heartbeat(&mut self.stream, request);
        self.hears(&answer);
    }
}

pub fn malformed_heartbeats_are_refused(peer: &Peer) {
    let id = peer.create("beats", 1);
    let mut stream = peer.coordinator("malformed", 0);
    let fine = joins("malformed", "a-member", "beats");
    let owned = vec![TopicPartitions { topic_id: id, partitions: vec![0] }];
    for (what, request, code) in [
        (
            "no group",
            ConsumerGroupHeartbeatRequest { group_id: String::new(), ..fine.clone() },
            INVALID_REQUEST,
        ),
        (
            "no member id",
            ConsumerGroupHeartbeatRequest { member_id: String::new(), ..fine.clone() },
            INVALID_REQUEST,
        ),
        (
            "partitions before it joined",
            ConsumerGroupHeartbeatRequest { topic_partitions: Some(owned), ..fine.clone() },
            INVALID_REQUEST,
        ),
        (
            "null partitions when it joins",
            ConsumerGroupHeartbeatRequest { topic_partitions: None, ..fine.clone() },
            INVALID_REQUEST,
        ),
        (
            "no rebalance timeout when it joins",
            ConsumerGroupHeartbeatRequest { rebalance_timeout_ms: -1, ..fine.clone() },
            INVALID_REQUEST,
        ),
        (
            "no subscription when it joins",
            ConsumerGroupHeartbeatRequest { subscribed_topic_names: None, ..fine.clone() },
            INVALID_REQUEST,
        ),
        (
            "an empty instance id",
            ConsumerGroupHeartbeatRequest { instance_id: Some(String::new()), ..fine.clone() },
            INVALID_REQUEST,
        ),
        (
            "a static member that is away for a while, without its name",
            ConsumerGroupHeartbeatRequest { member_epoch: -2, ..fine.clone() },
            INVALID_REQUEST,
        ),
        (
            "an assignor that is none",
            ConsumerGroupHeartbeatRequest { server_assignor: Some("luck".into()), ..fine.clone() },
            UNSUPPORTED_ASSIGNOR,
        ),
        ("nothing wrong", fine.clone(), 0),
    ] {
        assert_eq!(heartbeat(&mut stream, request).error_code, code, "{what}");
    }
    let leave = ConsumerGroupHeartbeatRequest { member_epoch: LEAVES, ..fine };
    assert_eq!(heartbeat(&mut stream, leave).error_code, 0);
}

pub fn a_partition_is_given_up_before_it_is_given(peer: &Peer) {
    let topic = ("shared", peer.create("shared", 2));
    let mut first = Member::join(peer, "sharing", "first-member", topic);
    wait_for("everything for the first", WAIT, || {
        first.beat();
        (first.target == [0, 1]).then_some(())
    });
    first.owned = vec![0, 1];
    first.beat();
    let mut second = Member::join(peer, "sharing", "second-member", topic);
    // The first is told to give one up, and keeps it for a while.
    wait_for("the first to be told", WAIT, || {
        first.beat();
        second.beat();
        assert_eq!(second.target, Vec::<i32>::new(), "the first has not given it up");
        (first.target.len() == 1).then_some(())
    });
    for _ in 0..5 {
        first.beat();
        second.beat();
        assert_eq!(second.target, Vec::<i32>::new(), "the first has not given it up");
    }
    first.owned = first.target.clone();
    wait_for("the second to be given it", WAIT, || {
        first.beat();
        second.beat();
        (second.target.len() == 1).then_some(())
    });
    assert_ne!(first.target, second.target);
    assert_eq!(first.epoch, second.epoch);
}

pub fn a_new_partition_raises_the_epoch(peer: &Peer) {
    let topic = ("grows", peer.create("grows", 1));
    let mut member = Member::join(peer, "growing", "the-member", topic);
    wait_for("its partition", WAIT, || {
        member.beat();
        (member.target == [0]).then_some(())
    });
    member.owned = vec![0];
    member.beat();
    let before = member.epoch;
    let assignments = Some(vec![CreatePartitionsAssignment { broker_ids: vec![1] }]);
    let grown = CreatePartitionsTopic { name: "grows".into(), count: 2, assignments };
    let request = CreatePartitionsRequest { topics: vec![grown], timeout_ms: 10_000, ..Default::default() };
    let answer = ask(&mut peer.leader(), 3, request);
    assert_eq!((answer.results[0].name.as_str(), answer.results[0].error_code), ("grows", 0));
    wait_for("the new partition", WAIT, || {
        member.beat();
        (member.target == [0, 1]).then_some(())
    });
    assert!(member.epoch > before, "{} is not above {before}", member.epoch);
}

/// What Java knows and RE2 does not takes no linear time.
pub fn regular_expressions_are_re2s(peer: &Peer) {
    let mut stream = peer.coordinator("regex", 0);
    for (pattern, code) in [
        ("ord(?=ers)", INVALID_REGULAR_EXPRESSION),
        (r"(a)\1", INVALID_REGULAR_EXPRESSION),
        ("(unclosed", INVALID_REGULAR_EXPRESSION),
        (r"ord\w+|pay.*", 0),
        (r"[[:alpha:]]+\pL", 0),
    ] {
        let request = ConsumerGroupHeartbeatRequest {
            subscribed_topic_names: None,
            subscribed_topic_regex: Some(pattern.into()),
            ..joins("regex", "pattern-member", "")
        };
        assert_eq!(heartbeat(&mut stream, request).error_code, code, "{pattern}");
    }
}
