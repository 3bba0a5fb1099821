//! Topic configs of when a segment is closed and how densely it is indexed.

use suites::peer::Peer;
use suites::wait_for;
use suites::wire::now_ms;

use crate::client::{SOON, Sent, files, segments, send, try_send_to};
use crate::{FOREVER, LONG_AGO, large};

pub fn segment_bytes(peer: &Peer) {
    peer.create_with("rolled.small", 1, &[("segment.bytes", "1048576")]);
    peer.create_with("rolled.large", 1, &[("segment.bytes", "2097152")]);
    let (value, now) = (large(), now_ms());
    for topic in ["rolled.small", "rolled.large"] {
        send(peer, topic, &[("", Some(value.as_str()), now); 4]);
    }
    assert_eq!(
        (segments(peer, "rolled.small", 0), segments(peer, "rolled.large", 0)),
        (vec![0, 1, 2, 3], vec![0, 3])
    );
}

/// By the records' time, not by the clock: what is filled in from long ago shares a segment.
pub fn segment_ms(peer: &Peer) {
    peer.create_with("rolled.seldom", 1, &[FOREVER]);
    peer.create_with("rolled.often", 1, &[FOREVER, ("segment.ms", "1500")]);
    let records: Vec<Sent<'_>> = (0..6).map(|n| ("", Some("value"), LONG_AGO + n * 1000)).collect();
    for topic in ["rolled.seldom", "rolled.often"] {
        send(peer, topic, &records);
    }
    assert_eq!(
        (segments(peer, "rolled.seldom", 0), segments(peer, "rolled.often", 0)),
        (vec![0], vec![0, 2, 4])
    );
}

pub fn segment_jitter_ms(peer: &Peer) {
    const PARTITIONS: i32 = 24;
    peer.create_with(
        "rolled.apart",
        PARTITIONS,
        &[FOREVER, ("segment.ms", "1000"), ("segment.jitter.ms", "1000")],
    );
    let records = [("", Some("1"), LONG_AGO), ("", Some("2"), LONG_AGO + 500)];
    let rolled = (0..PARTITIONS).filter(|&partition| {
        assert_eq!(try_send_to(peer, "rolled.apart", partition, &records), []);
        segments(peer, "rolled.apart", partition).len() == 2
    });
    let early = rolled.count() as i32;
    assert!(
        0 < early && early < PARTITIONS,
        "some, but not all, are closed half way: {early} of {PARTITIONS}"
    );
}

pub fn segment_index_bytes(peer: &Peer) {
    let dense = ("index.interval.bytes", "0");
    peer.create_with("indexed.whole", 1, &[dense]);
    peer.create_with("indexed.full", 1, &[dense, ("segment.index.bytes", "48")]);
    let now = now_ms();
    let records: Vec<Sent<'_>> = (0..20).map(|n| ("", Some("value"), now + n)).collect();
    for topic in ["indexed.whole", "indexed.full"] {
        send(peer, topic, &records);
    }
    assert_eq!(segments(peer, "indexed.whole", 0), [0]);
    assert!(segments(peer, "indexed.full", 0).len() > 2, "an index has room for six batches at most");
}

pub fn index_interval_bytes(peer: &Peer) {
    peer.create_with("indexed.densely", 1, &[FOREVER, ("segment.ms", "1000"), ("index.interval.bytes", "0")]);
    peer.create_with("indexed.sparsely", 1, &[FOREVER, ("segment.ms", "1000")]);
    let value = "x".repeat(100);
    let mut records: Vec<Sent<'_>> = (0..40).map(|n| ("", Some(value.as_str()), LONG_AGO + n)).collect();
    records.push(("", Some("the next segment"), LONG_AGO + 2000));
    // The first segment's; the active one's index has the size that its broker gave it.
    let entries = |topic| {
        send(peer, topic, &records);
        wait_for("the index", SOON, || {
            let index = files(peer, topic, 0, "0000.index").into_iter().next()?;
            (segments(peer, topic, 0) == [0, 40] && index.1 < 4096).then_some(index.1 / 8)
        })
    };
    let (densely, sparsely) = (entries("indexed.densely"), entries("indexed.sparsely"));
    assert!((35..=40).contains(&densely), "{densely} entries for 40 batches");
    assert!((1..=2).contains(&sparsely), "{sparsely} entries for 40 batches of 170 bytes");
}
