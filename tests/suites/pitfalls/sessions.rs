//! Pitfall 14: fetch sessions (KIP-227), whose partitions are known by the topic's id.

use broker_core::protocol::messages::fetch::{FetchRequest, FetchResponse, FetchTopic};
use suites::wait_for;
use suites::wire::ask;

use suites::peer::{FETCH, Peer, batch, fetch, produce, produced};

const UNKNOWN_TOPIC_OR_PARTITION: i16 = 3;
const FETCH_SESSION_ID_NOT_FOUND: i16 = 70;
const INVALID_FETCH_SESSION_EPOCH: i16 = 71;
const INCONSISTENT_TOPIC_ID: i16 = 103;

/// The next fetch of a session, which names no partition anew.
fn next(session_id: i32, session_epoch: i32) -> FetchRequest {
    FetchRequest { session_id, session_epoch, max_bytes: 8 << 20, ..Default::default() }
}

/// Each row of an answer: topic's id, partition, code, bytes.
fn rows(answer: &FetchResponse) -> Vec<(i32, i16, bool)> {
    assert_eq!(answer.error_code, 0);
    let rows = answer.responses.iter().flat_map(|topic| &topic.partitions);
    rows.map(|row| (row.partition_index, row.error_code, row.records.is_empty())).collect()
}

fn begin(peer: &Peer, request: FetchRequest) -> (std::net::TcpStream, FetchResponse) {
    let mut stream = peer.leader();
    let answer = ask(&mut stream, FETCH, FetchRequest { session_epoch: 0, ..request });
    assert_eq!(answer.error_code, 0);
    assert_ne!(answer.session_id, 0, "a session is given");
    (stream, answer)
}

pub fn what_did_not_change_is_left_out(peer: &Peer) {
    let id = peer.create("session", 3);
    let (mut stream, first) = begin(peer, fetch(id, &[(0, 0), (1, 0), (2, 0)]));
    assert_eq!(rows(&first), [(0, 0, true), (1, 0, true), (2, 0, true)], "at first all are told");
    let second = ask(&mut stream, FETCH, next(first.session_id, 1));
    assert_eq!(rows(&second), [], "nothing changed");
    let mut other = peer.leader();
    let mut request = produce("session", &batch(1));
    request.topic_data[0].partition_data[0].index = 1;
    assert_eq!(produced(&mut other, request).error_code, 0);
    let third = ask(&mut stream, FETCH, next(first.session_id, 2));
    assert_eq!(rows(&third), [(1, 0, false)], "what was written to is told");
    // It has read it now, and adds a position beyond the end: an error is told as often as it is asked for.
    let moved = FetchRequest { topics: fetch(id, &[(1, 1), (2, 99)]).topics, ..next(first.session_id, 3) };
    let fourth = ask(&mut stream, FETCH, moved);
    assert!(rows(&fourth).contains(&(2, 1, true)), "{:?}", rows(&fourth));
    let fifth = ask(&mut stream, FETCH, next(first.session_id, 4));
    assert_eq!(rows(&fifth), [(2, 1, true)]);
    let forgets = broker_core::protocol::messages::fetch::ForgottenTopic {
        topic_id: id,
        partitions: vec![2],
        ..Default::default()
    };
    let request = FetchRequest { forgotten_topics_data: vec![forgets], ..next(first.session_id, 5) };
    assert_eq!(rows(&ask(&mut stream, FETCH, request)), []);
}

pub fn an_error_is_told_in_a_session(peer: &Peer) {
    let id = peer.create("whole", 1);
    let (mut stream, first) = begin(peer, fetch(id, &[(0, 0), (9, 0)]));
    assert_eq!(rows(&first), [(0, 0, true), (9, UNKNOWN_TOPIC_OR_PARTITION, true)]);
    for epoch in 1..3 {
        let answer = ask(&mut stream, FETCH, next(first.session_id, epoch));
        assert_eq!(rows(&answer), [(9, UNKNOWN_TOPIC_OR_PARTITION, true)]);
    }
}

pub fn a_topic_made_again_is_another_one(peer: &Peer) {
    let id = peer.create("again", 1);
    let (mut stream, first) = begin(peer, fetch(id, &[(0, 0)]));
    peer.delete("again");
    let new = peer.create("again", 1);
    assert_ne!(new, id);
    let mut epoch = 0;
    // A broker may hear of the deletion a moment later.
    let code = wait_for("an error", std::time::Duration::from_secs(60), || {
        epoch += 1;
        let answer = ask(&mut stream, FETCH, next(first.session_id, epoch));
        rows(&answer).first().map(|row| row.1).filter(|code| *code != UNKNOWN_TOPIC_OR_PARTITION)
    });
    assert_eq!(code, INCONSISTENT_TOPIC_ID);
    // The new one joins the session, the old one leaves it.
    let forgets = broker_core::protocol::messages::fetch::ForgottenTopic {
        topic_id: id,
        partitions: vec![0],
        ..Default::default()
    };
    let topics: Vec<FetchTopic> = fetch(new, &[(0, 0)]).topics;
    let request =
        FetchRequest { topics, forgotten_topics_data: vec![forgets], ..next(first.session_id, epoch + 1) };
    let answer = ask(&mut stream, FETCH, request);
    assert_eq!(rows(&answer), [(0, 0, true)]);
    assert_eq!(answer.responses[0].topic_id, new);
}

pub fn sessions_and_epochs_that_are_not_known(peer: &Peer) {
    let id = peer.create("epochs", 1);
    let (mut stream, first) = begin(peer, fetch(id, &[(0, 0)]));
    let unknown = ask(&mut stream, FETCH, next(first.session_id ^ 1, 1));
    assert_eq!(unknown.error_code, FETCH_SESSION_ID_NOT_FOUND);
    let early = ask(&mut stream, FETCH, next(first.session_id, 5));
    assert_eq!(early.error_code, INVALID_FETCH_SESSION_EPOCH);
    // −1 ends the session.
    let last = FetchRequest { topics: fetch(id, &[(0, 0)]).topics, ..next(first.session_id, -1) };
    assert_eq!(ask(&mut stream, FETCH, last).session_id, 0);
    let gone = ask(&mut stream, FETCH, next(first.session_id, 1));
    assert_eq!(gone.error_code, FETCH_SESSION_ID_NOT_FOUND);
}
