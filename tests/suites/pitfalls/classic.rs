//! Pitfall 10: groups of the classic protocol.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use broker_core::protocol::messages::heartbeat::HeartbeatRequest;
use broker_core::protocol::messages::join_group::{
    JoinGroupRequest, JoinGroupRequestProtocol, JoinGroupResponse,
};
use broker_core::protocol::messages::sync_group::{SyncGroupRequest, SyncGroupRequestAssignment};
use bytes::Bytes;
use suites::wait_for;
use suites::wire::{ask, receive, send};

use suites::peer::Peer;

const INCONSISTENT_GROUP_PROTOCOL: i16 = 23;
const UNKNOWN_MEMBER_ID: i16 = 25;
const REBALANCE_IN_PROGRESS: i16 = 27;
const MEMBER_ID_REQUIRED: i16 = 79;
const FENCED_INSTANCE_ID: i16 = 82;
/// The first version of JoinGroup with KIP-394.
const ID_FIRST: i16 = 4;
const JOIN: i16 = 5;
const SYNC: i16 = 3;

fn join(group: &str, member_id: &str, protocols: &[&str]) -> JoinGroupRequest {
    let protocols = protocols.iter().map(|name| JoinGroupRequestProtocol {
        name: (*name).to_owned(),
        metadata: Bytes::copy_from_slice(name.as_bytes()),
    });
    JoinGroupRequest {
        group_id: group.into(),
        session_timeout_ms: 30_000,
        rebalance_timeout_ms: 3_000,
        member_id: member_id.into(),
        protocol_type: "consumer".into(),
        protocols: protocols.collect(),
        ..Default::default()
    }
}

/// Joins under an id that the coordinator gives first.
fn named(stream: &mut TcpStream, group: &str, protocols: &[&str]) -> String {
    let answer = wait_for("the coordinator", Duration::from_secs(60), || {
        let answer = ask(stream, JOIN, join(group, "", protocols));
        (![14, 15, 16].contains(&answer.error_code)).then_some(answer)
    });
    assert_eq!(answer.error_code, MEMBER_ID_REQUIRED);
    answer.member_id
}

fn sync(group: &str, joined: &JoinGroupResponse, assignments: &[(&str, &str)]) -> SyncGroupRequest {
    let assignments = assignments.iter().map(|(member, text)| SyncGroupRequestAssignment {
        member_id: (*member).to_owned(),
        assignment: Bytes::copy_from_slice(text.as_bytes()),
    });
    SyncGroupRequest {
        group_id: group.into(),
        generation_id: joined.generation_id,
        member_id: joined.member_id.clone(),
        assignments: assignments.collect(),
        ..Default::default()
    }
}

fn beat(stream: &mut TcpStream, group: &str, joined: &JoinGroupResponse) -> i16 {
    let request = HeartbeatRequest {
        group_id: group.into(),
        generation_id: joined.generation_id,
        member_id: joined.member_id.clone(),
        ..Default::default()
    };
    ask(stream, 3, request).error_code
}

/// Two members join one generation; returns each with its connection, the leader first.
fn two(peer: &Peer, group: &str, protocols: [&[&str]; 2]) -> [(TcpStream, JoinGroupResponse); 2] {
    let mut streams = [peer.coordinator(group, 0), peer.coordinator(group, 0)];
    let ids = [0, 1].map(|at| named(&mut streams[at], group, protocols[at]));
    let mut joined: [Option<JoinGroupResponse>; 2] = [None, None];
    let ask_to_join = |streams: &mut [TcpStream; 2], at: usize| {
        send(&mut streams[at], JOIN, 1, join(group, &ids[at], protocols[at]));
    };
    for at in [0, 1] {
        streams[at].set_read_timeout(Some(Duration::from_millis(200))).unwrap();
        ask_to_join(&mut streams, at);
    }
    let [first, second] = loop {
        for at in [0, 1] {
            // Whoever came alone has a generation without the other, which waits until it joins again.
            if joined[at].take_if(|answer| answer.members.len() == 1).is_some() {
                ask_to_join(&mut streams, at);
            }
            if joined[at].is_none() && streams[at].peek(&mut [0; 1]).is_ok() {
                let answer = receive::<JoinGroupRequest>(&mut streams[at], JOIN).1;
                assert_eq!(answer.error_code, 0);
                joined[at] = Some(answer);
            }
        }
        match joined.each_ref() {
            [Some(one), Some(other)] if one.generation_id == other.generation_id => {
                break joined.map(Option::unwrap);
            }
            [Some(one), Some(other)] => {
                let behind = usize::from(one.generation_id > other.generation_id);
                joined[behind] = None;
                ask_to_join(&mut streams, behind);
            }
            _ => {}
        }
    };
    for stream in &streams {
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    }
    let [one, other] = streams;
    let mut pair = [(one, first), (other, second)];
    pair.sort_by_key(|(_, joined)| joined.members.is_empty());
    pair
}

/// segmentio/kafka-go cannot join a group that wants it to ask twice before version 4.
pub fn old_members_are_given_their_id_at_once(peer: &Peer) {
    let mut stream = peer.coordinator("old", 0);
    let answer = wait_for("the coordinator", Duration::from_secs(60), || {
        let answer = ask(&mut stream, ID_FIRST - 1, join("old", "", &["range"]));
        (![14, 15, 16].contains(&answer.error_code)).then_some(answer)
    });
    assert_eq!((answer.error_code, answer.leader.is_empty()), (0, false));
    assert_eq!(answer.member_id, answer.leader);
    named(&mut peer.coordinator("new", 0), "new", &["range"]);
}

/// A leader that only says that it lives is dropped when the rebalance has taken as long as it may.
pub fn a_leader_that_never_assigns_is_left_behind(peer: &Peer) {
    let [(mut leads, leader), (mut follows, follower)] = two(peer, "headless", [&["range"], &["range"]]);
    send(&mut follows, SYNC, 1, sync("headless", &follower, &[]));
    follows.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    let began = Instant::now();
    while follows.peek(&mut [0; 1]).is_err() {
        let code = beat(&mut leads, "headless", &leader);
        assert!([0, UNKNOWN_MEMBER_ID, REBALANCE_IN_PROGRESS].contains(&code), "{code}");
        assert!(began.elapsed() < Duration::from_secs(30), "the follower waits for ever");
    }
    let (_, answer) = receive::<SyncGroupRequest>(&mut follows, SYNC);
    assert_eq!(answer.error_code, REBALANCE_IN_PROGRESS);
    assert_eq!(beat(&mut leads, "headless", &leader), UNKNOWN_MEMBER_ID);
    follows.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let again = ask(&mut follows, JOIN, join("headless", &follower.member_id, &["range"]));
    assert_eq!((again.error_code, again.members.len()), (0, 1), "it is alone now, and leads");
}

pub fn all_members_speak_the_protocol(peer: &Peer) {
    let both = [&["sticky", "range"][..], &["range", "other"][..]];
    let [(_, leader), (_, follower)] = two(peer, "voters", both);
    assert_eq!(
        (leader.protocol_name.as_deref(), follower.protocol_name.as_deref()),
        (Some("range"), Some("range"))
    );
    let metadata: Vec<&[u8]> = leader.members.iter().map(|member| &member.metadata[..]).collect();
    assert_eq!(metadata, [b"range", b"range"], "the metadata is that of the chosen protocol");
    let mut stranger = peer.coordinator("voters", 0);
    for (what, protocols, kind) in
        [("a protocol of nobody", &["alien"][..], "consumer"), ("another type", &["range"][..], "connect")]
    {
        let request = JoinGroupRequest { protocol_type: kind.into(), ..join("voters", "", protocols) };
        assert_eq!(ask(&mut stranger, JOIN, request).error_code, INCONSISTENT_GROUP_PROTOCOL, "{what}");
    }
}

pub fn who_is_assigned_nothing_gets_no_bytes(peer: &Peer) {
    let [(mut leads, leader), (mut follows, follower)] = two(peer, "idle-member", [&["range"], &["range"]]);
    let id = leader.member_id.clone();
    let mine = ask(&mut leads, SYNC, sync("idle-member", &leader, &[(&id, "everything")]));
    assert_eq!((mine.error_code, &mine.assignment[..]), (0, &b"everything"[..]));
    let other = ask(&mut follows, SYNC, sync("idle-member", &follower, &[]));
    assert_eq!((other.error_code, other.assignment.len()), (0, 0));
}

/// Members that come and go at the same time are never told that nobody knows them.
pub fn many_join_at_once(peer: &Peer) {
    drop(peer.coordinator("crowd", 0));
    std::thread::scope(|scope| {
        for at in 0..6 {
            scope.spawn(move || {
                let mut stream = peer.coordinator("crowd", 0);
                let id = named(&mut stream, "crowd", &["range"]);
                let mut settled = 0;
                let end = Instant::now() + Duration::from_secs(40);
                while settled < 3 {
                    assert!(Instant::now() < end, "member {at} does not come to rest");
                    let joined = ask(&mut stream, JOIN, join("crowd", &id, &["range"]));
                    assert!([0, REBALANCE_IN_PROGRESS].contains(&joined.error_code), "{joined:?}");
                    if joined.error_code != 0 {
                        continue;
                    }
                    let all: Vec<(&str, &str)> =
                        joined.members.iter().map(|member| (&*member.member_id, "part")).collect();
                    let synced = ask(&mut stream, SYNC, sync("crowd", &joined, &all));
                    assert!([0, REBALANCE_IN_PROGRESS].contains(&synced.error_code), "{synced:?}");
                    settled += i32::from(synced.error_code == 0);
                    let end_of_rest = Instant::now() + Duration::from_millis(300);
                    while synced.error_code == 0 && Instant::now() < end_of_rest {
                        let code = beat(&mut stream, "crowd", &joined);
                        assert!([0, REBALANCE_IN_PROGRESS].contains(&code), "{code}");
                        std::thread::sleep(Duration::from_millis(30));
                        if code != 0 {
                            break;
                        }
                    }
                }
                // Who has seen enough leaves, so that the others need not wait for it.
                let leave = broker_core::protocol::messages::leave_group::LeaveGroupRequest {
                    group_id: "crowd".into(),
                    member_id: id,
                    ..Default::default()
                };
                assert_eq!(ask(&mut stream, 1, leave).error_code, 0);
            });
        }
    });
}

pub fn a_static_member_takes_its_place(peer: &Peer) {
    let group_instance_id = Some("seat".to_owned());
    let request = |member: &str| JoinGroupRequest {
        group_instance_id: group_instance_id.clone(),
        ..join("static", member, &["range"])
    };
    let mut stream = peer.coordinator("static", 0);
    let old = wait_for("the coordinator", Duration::from_secs(60), || {
        let answer = ask(&mut stream, JOIN, request(""));
        (answer.error_code == 0).then_some(answer)
    });
    let id = old.member_id.clone();
    let whole = SyncGroupRequest {
        group_instance_id: group_instance_id.clone(),
        ..sync("static", &old, &[(&id, "all")])
    };
    assert_eq!(ask(&mut stream, SYNC, whole).error_code, 0);
    let new = ask(&mut stream, JOIN, request(""));
    assert_eq!((new.error_code, new.generation_id), (0, old.generation_id), "nobody else need notice");
    assert_ne!(new.member_id, old.member_id);
    let mut beats = |joined: &JoinGroupResponse| {
        let request = HeartbeatRequest {
            group_id: "static".into(),
            generation_id: joined.generation_id,
            member_id: joined.member_id.clone(),
            group_instance_id: group_instance_id.clone(),
        };
        ask(&mut stream, 3, request).error_code
    };
    assert_eq!((beats(&new), beats(&old)), (0, FENCED_INSTANCE_ID));
}
