//! Topic configs of how records are taken and stored.

use broker_core::protocol::Uuid;
use broker_core::protocol::batch::{Batch, Codec};
use rdkafka::error::RDKafkaErrorCode;
use suites::peer::{Peer, batches, fetch, fetched};
use suites::wire::now_ms;

use crate::client::{read, send, send_together, try_send_to};
use crate::{FOREVER, HOUR_MS, LONG_AGO};

/// The batches as they lie on disk.
fn stored(peer: &Peer, id: Uuid) -> Vec<Batch> {
    let found = fetched(&mut peer.leader(), fetch(id, &[(0, 0)]));
    batches(&found[0].records)
}

fn codecs(peer: &Peer, id: Uuid) -> Vec<Codec> {
    stored(peer, id).iter().map(|batch| batch.header.codec().unwrap()).collect()
}

fn text(lines: usize) -> Vec<String> {
    (0..lines)
        .map(|n| format!("line {n} of a text that {} can be compressed to some degree", n * n))
        .collect()
}

pub fn compression_type(peer: &Peer) {
    let cases = [
        ("uncompressed", "gzip", Codec::None),
        ("gzip", "none", Codec::Gzip),
        ("snappy", "none", Codec::Snappy),
        ("lz4", "zstd", Codec::Lz4),
        ("zstd", "none", Codec::Zstd),
        ("producer", "lz4", Codec::Lz4),
        ("producer", "none", Codec::None),
    ];
    for (config, producer, wanted) in cases {
        let name = format!("stored.{config}.{producer}");
        let id = peer.create_with(&name, 1, &[("compression.type", config)]);
        send_together(peer, &name, producer, &text(100));
        let found = codecs(peer, id);
        assert!(!found.is_empty() && found.iter().all(|codec| *codec == wanted), "{name}: {found:?}");
        let values: Vec<String> = read(peer, &name).into_iter().filter_map(|record| record.value).collect();
        assert_eq!(values, text(100), "{name}");
    }
}

/// lz4's is not looked at: SKIPPED.md says that it has no effect.
pub fn compression_level(peer: &Peer) {
    for (codec, fast, small) in [("gzip", "1", "9"), ("zstd", "-100", "19")] {
        let size = |level: &str| {
            let name = format!("stored.{codec}.{level}");
            let configs = [("compression.type", codec), (&format!("compression.{codec}.level"), level)];
            let id = peer.create_with(&name, 1, &configs);
            send_together(peer, &name, "none", &text(2000));
            stored(peer, id).iter().map(|batch| batch.records.len()).sum::<usize>()
        };
        let (fast, small) = (size(fast), size(small));
        assert!(
            small * 100 < fast * 95,
            "{codec}: {small} bytes at the level that takes its time, {fast} at the other"
        );
    }
}

pub fn message_timestamp_type(peer: &Peer) {
    peer.create_with("stamped.sent", 1, &[FOREVER]);
    peer.create_with("stamped.appended", 1, &[("message.timestamp.type", "LogAppendTime")]);
    for topic in ["stamped.sent", "stamped.appended"] {
        send(peer, topic, &[("", Some("value"), LONG_AGO)]);
    }
    let stamp = |topic| read(peer, topic)[0].timestamp;
    assert_eq!(stamp("stamped.sent"), LONG_AGO);
    assert!((now_ms() - HOUR_MS..=now_ms()).contains(&stamp("stamped.appended")));
}

pub fn message_timestamp_before_and_after_max_ms(peer: &Peer) {
    let hour =
        [("message.timestamp.before.max.ms", "3600000"), ("message.timestamp.after.max.ms", "3600000")];
    peer.create_with("stamped.within", 1, &hour);
    let at = |time| try_send_to(peer, "stamped.within", 0, &[("", Some("value"), time)]);
    let now = now_ms();
    for (time, refused) in [
        (now, &[][..]),
        (now - HOUR_MS / 2, &[]),
        (now + HOUR_MS / 2, &[]),
        (now - 2 * HOUR_MS, &[RDKafkaErrorCode::InvalidTimestamp]),
        (now + 2 * HOUR_MS, &[RDKafkaErrorCode::InvalidTimestamp]),
    ] {
        assert_eq!(at(time), refused, "{} ms from now", time - now);
    }
    peer.create_with(
        "stamped.anyhow",
        1,
        &[FOREVER, ("message.timestamp.after.max.ms", "9223372036854775807")],
    );
    send(peer, "stamped.anyhow", &[("", Some("value"), LONG_AGO), ("", Some("value"), now + 2 * HOUR_MS)]);
}

pub fn max_message_bytes(peer: &Peer) {
    peer.create_with("sized", 1, &[("max.message.bytes", "1000")]);
    let value = "x".repeat(2000);
    let refused =
        try_send_to(peer, "sized", 0, &[("", Some(&value), now_ms()), ("", Some("small"), now_ms())]);
    assert_eq!(refused, [RDKafkaErrorCode::MessageSizeTooLarge]);
    assert_eq!(read(peer, "sized")[0].value.as_deref(), Some("small"));
}
