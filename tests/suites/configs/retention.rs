//! Topic configs of what is kept how long.

use suites::peer::Peer;
use suites::wait_for;
use suites::wire::now_ms;

use crate::client::{A_WHILE, SOON, files, range, segments, send};
use crate::{HOUR_MS, LONG_AGO, large};

pub fn retention_ms(peer: &Peer) {
    peer.create_with("kept.hour", 1, &[("retention.ms", "3600000"), ("segment.ms", "1")]);
    peer.create_with("kept.ever", 1, &[("retention.ms", "-1"), ("segment.ms", "1")]);
    let now = now_ms();
    for topic in ["kept.ever", "kept.hour"] {
        let records = [
            ("", Some("1"), LONG_AGO),
            ("", Some("2"), now - 2 * HOUR_MS),
            ("", Some("3"), now - HOUR_MS / 2),
        ];
        send(peer, topic, &records);
    }
    wait_for("retention", SOON, || (range(peer, "kept.hour") == (2, 3)).then_some(()));
    std::thread::sleep(A_WHILE);
    assert_eq!((range(peer, "kept.hour"), range(peer, "kept.ever")), ((2, 3), (0, 3)));
}

pub fn retention_bytes(peer: &Peer) {
    peer.create_with("kept.mebibyte", 1, &[("retention.bytes", "1048576"), ("segment.bytes", "1048576")]);
    let (value, now) = (large(), now_ms());
    send(peer, "kept.mebibyte", &[("", Some(value.as_str()), now); 4]);
    wait_for("retention", SOON, || (range(peer, "kept.mebibyte") == (2, 4)).then_some(()));
    std::thread::sleep(A_WHILE);
    assert_eq!(range(peer, "kept.mebibyte"), (2, 4), "a mebibyte stays at least");
}

pub fn file_delete_delay_ms(peer: &Peer) {
    let old = [("retention.ms", "3600000"), ("segment.ms", "1")];
    peer.create_with("removed.late", 1, &[&old[..], &[("file.delete.delay.ms", "3600000")]].concat());
    peer.create_with("removed.now", 1, &[&old[..], &[("file.delete.delay.ms", "0")]].concat());
    for topic in ["removed.late", "removed.now"] {
        send(
            peer,
            topic,
            &[("", Some("1"), LONG_AGO), ("", Some("2"), LONG_AGO + 10), ("", Some("3"), now_ms())],
        );
        wait_for("retention", SOON, || (segments(peer, topic, 0) == [2]).then_some(()));
    }
    let set_aside = |topic| files(peer, topic, 0, ".log.deleted").len();
    wait_for("the files to go", SOON, || (set_aside("removed.now") == 0).then_some(()));
    std::thread::sleep(A_WHILE);
    assert_eq!(set_aside("removed.late"), 2);
}
