//! Topic configs of compaction. Two records of one key in segments of their own are what it works on; the active
//! segment is never touched.

use suites::peer::Peer;
use suites::wire::now_ms;

use crate::client::{A_WHILE, SOON, comes_to, offsets, range, read, send};
use crate::{HOUR_MS, LONG_AGO};

/// Every batch begins a segment, and compaction begins as soon as there is something.
const EAGER: [(&str, &str); 3] =
    [("cleanup.policy", "compact"), ("segment.ms", "1"), ("min.cleanable.dirty.ratio", "0.01")];

fn compacted(peer: &Peer, name: &str, more: &[(&str, &str)]) {
    peer.create_with(name, 1, &[&EAGER[..], more].concat());
}

/// Key `a` twice and what closes its segment.
fn twice(begin: i64) -> [(&'static str, Option<&'static str>, i64); 3] {
    [("a", Some("old"), begin), ("a", Some("new"), begin + 10), ("end", Some("."), begin + 20)]
}

pub fn cleanup_policy(peer: &Peer) {
    let old = [("retention.ms", "3600000"), ("segment.ms", "1")];
    peer.create_with("policy.delete", 1, &[&old[..], &[("cleanup.policy", "delete")]].concat());
    peer.create_with("policy.none", 1, &[&old[..], &[("cleanup.policy", "")]].concat());
    compacted(peer, "policy.compact", &[("retention.ms", "3600000")]);
    compacted(peer, "policy.both", &[("retention.ms", "3600000"), ("cleanup.policy", "compact,delete")]);
    let now = now_ms();
    for topic in ["policy.delete", "policy.none", "policy.compact", "policy.both"] {
        send(peer, topic, &[("z", Some("long ago"), LONG_AGO), ("y", Some("."), now)]);
    }
    // Before there is something to compact it with, in whose segment it would stay as long as that does.
    comes_to(peer, "policy.both", &[1]);
    for topic in ["policy.delete", "policy.none", "policy.compact", "policy.both"] {
        send(peer, topic, &twice(now + 10));
    }
    comes_to(peer, "policy.both", &[1, 3, 4]);
    comes_to(peer, "policy.delete", &[1, 2, 3, 4]);
    comes_to(peer, "policy.compact", &[0, 1, 3, 4]);
    assert_eq!(offsets(peer, "policy.none"), [0, 1, 2, 3, 4], "neither");
}

pub fn delete_retention_ms(peer: &Peer) {
    compacted(peer, "tombstones.gone", &[("delete.retention.ms", "0")]);
    compacted(peer, "tombstones.kept", &[("delete.retention.ms", "3600000")]);
    let now = now_ms();
    let gone = [("a", Some("old"), now), ("a", None, now + 10), ("end", Some("."), now + 20)];
    send(peer, "tombstones.gone", &gone);
    send(peer, "tombstones.kept", &gone);
    let has_tombstone = |topic| read(peer, topic).iter().any(|record| record.value.is_none());
    let mut time = now + 20;
    // A tombstone goes with a later round than the one that gave it its horizon: new records bring it about.
    suites::wait_for("the tombstone to go", SOON, || {
        time += 10;
        send(peer, "tombstones.gone", &[("end", Some("."), time)]);
        send(peer, "tombstones.kept", &[("end", Some("."), time)]);
        (!has_tombstone("tombstones.gone")).then_some(())
    });
    assert!(has_tombstone("tombstones.kept"));
}

pub fn min_cleanable_dirty_ratio(peer: &Peer) {
    compacted(peer, "ratio.low", &[]);
    compacted(peer, "ratio.high", &[("min.cleanable.dirty.ratio", "1.0")]);
    let now = now_ms();
    send(peer, "ratio.high", &twice(now));
    send(peer, "ratio.low", &twice(now));
    comes_to(peer, "ratio.low", &[1, 2]);
    std::thread::sleep(A_WHILE);
    assert_eq!(offsets(peer, "ratio.high"), [0, 1, 2], "all of it is dirty, and more cannot be");
}

pub fn min_compaction_lag_ms(peer: &Peer) {
    compacted(peer, "lag.min", &[("min.compaction.lag.ms", "3600000")]);
    // What is older is compacted, what is younger is not.
    send(peer, "lag.min", &twice(now_ms() - 2 * HOUR_MS));
    send(peer, "lag.min", &twice(now_ms()));
    comes_to(peer, "lag.min", &[1, 2, 3, 4, 5]);
    std::thread::sleep(A_WHILE);
    assert_eq!(offsets(peer, "lag.min"), [1, 2, 3, 4, 5]);
}

pub fn max_compaction_lag_ms(peer: &Peer) {
    // Nothing else asks for compaction, and no other config closes a segment.
    let lazy = [
        ("cleanup.policy", "compact"),
        ("min.cleanable.dirty.ratio", "1.0"),
        ("max.compaction.lag.ms", "1000"),
    ];
    peer.create_with("lag.max", 1, &lazy);
    let begin = now_ms() - 60_000;
    let records =
        [("a", Some("old"), begin), ("a", Some("new"), begin + 2000), ("end", Some("."), begin + 4000)];
    send(peer, "lag.max", &records);
    comes_to(peer, "lag.max", &[1, 2]);
    assert_eq!(range(peer, "lag.max"), (0, 3), "compaction moves neither end");
}
