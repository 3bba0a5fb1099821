//! Peers that do not speak Kafka, or lie: the connection closes, the log names the peer and the cause, memory never
//! goes far above where it was, others go on.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fall where it stands")]

mod bombs;
mod connections;
mod victim;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use broker_core::protocol::batch::{BatchBuilder, Codec, NewRecord};
use broker_core::protocol::{ApiKey, ErrorCode};
use suites::wire::{frame, now_ms};
use suites::{kafka, wait_for, wire};
use victim::Victim;

/// The highest that resident memory may ever go above where it began, under any of these peers (KiB).
const PEAK_MAX_KB: u64 = 16 << 10;
/// The same for a peer that really sends a frame of 100 MiB: it is held while it grows, and nothing made from it.
const PEAK_MAX_OF_A_FRAME_KB: u64 = 128 << 10;
/// The same for a record of 10 MiB that is refused.
const PEAK_MAX_OF_A_RECORD_KB: u64 = 24 << 10;
/// What may be left of it once the frame is refused.
const LEFT_MAX_KB: u64 = 48 << 10;
#[test]
fn impossible_lengths_close_the_connection() {
    let victim = Victim::new();
    for length in [-1_i32, 0, 7, 100 * 1024 * 1024 + 1, i32::MAX, i32::MIN] {
        let reason = format!("frame length {length} is not between 8 and 104857600");
        victim.refuses(&length.to_be_bytes(), &reason);
    }
    victim.stays_well(PEAK_MAX_KB);
}

#[test]
fn a_claimed_length_reserves_nothing() {
    let victim = Victim::new();
    let open: Vec<TcpStream> = (0..50)
        .map(|_| {
            let mut stream = victim.connect();
            stream.write_all(&(100 * 1024 * 1024_i32).to_be_bytes()).unwrap();
            stream.write_all(&[0; 64]).unwrap();
            stream
        })
        .collect();
    std::thread::sleep(Duration::from_millis(300));
    drop(open);
    victim.stays_well(PEAK_MAX_KB);
}

#[test]
fn a_hundred_mebibytes_of_tiny_elements_take_no_more_than_their_budget() {
    let victim = Victim::new();
    // Metadata v1 with fifty million empty names: each takes two bytes here and twenty-four decoded.
    let count = 50_000_000_i32;
    let mut body = count.to_be_bytes().to_vec();
    body.resize(4 + 2 * count as usize, 0);
    let budget = "topics would take the decoded message past its budget of 216777248 bytes";
    let reason = format!("Metadata v1 is malformed: {budget}");
    victim.refuses(&frame(ApiKey::Metadata.code(), 1, &body), &reason);
    // The frame itself was in memory for a moment; the allocator gives it back.
    wait_for("the frame's memory to be given back", Duration::from_secs(10), || {
        (victim.grown_kb("VmRSS:") < LEFT_MAX_KB).then_some(())
    });
    victim.stays_well(PEAK_MAX_OF_A_FRAME_KB);
}

#[test]
fn unknown_apis_and_versions_close_and_api_versions_answers_in_version_0() {
    let victim = Victim::new();
    victim.refuses(&frame(999, 0, b""), "API key 999 version 0 is not served");
    victim.refuses(&frame(ApiKey::Metadata.code(), 99, b""), "API key 3 version 99 is not served");
    let mut stream = victim.connect();
    stream.write_all(&frame(ApiKey::ApiVersions.code(), 99, b"")).unwrap();
    let mut head = [0; 16];
    stream.read_exact(&mut head).unwrap();
    let (correlation, error) = (&head[4..8], &head[8..10]);
    assert_eq!(
        (correlation, error),
        (&[0, 0, 0, 7][..], &[0, 35][..]),
        "UNSUPPORTED_VERSION in a version 0 body"
    );
    assert_eq!(head[10..], [0, 0, 0, 1, 0, 18], "and what it takes to ask again");
    victim.stays_well(PEAK_MAX_KB);
}

#[test]
fn what_is_no_batch_of_a_client_gets_kafkas_code() {
    const MAGIC: usize = 16;
    let victim = Victim::new();
    let mut stream = victim.connect();
    wire::create_topic(&mut stream, "batches");
    let whole = wire::zeros(Codec::None, 10).to_vec();
    let changed = |at: usize, to: u8| {
        let mut batch = whole.clone();
        batch[at] = to;
        batch
    };
    for (what, batch, code) in [
        ("a base offset of 99", changed(7, 99), 87),
        ("an older format", changed(MAGIC, 1), 87),
        ("a format that is none", changed(MAGIC, 9), 2),
        ("nothing", Vec::new(), 87),
        ("a part of a batch", whole[..40].to_vec(), 87),
        ("a batch", whole.clone(), 0),
    ] {
        stream.write_all(&wire::produce("batches", batch.into())).unwrap();
        assert_eq!(wire::produced(&mut stream).error_code, code, "{what}");
    }
    victim.stays_well(PEAK_MAX_KB);
}

#[test]
fn tls_and_http_are_recognised() {
    let victim = Victim::new();
    let hello = [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03];
    victim.refuses(&hello, "the client speaks TLS but this port is PLAINTEXT");
    for method in ["GET", "POST", "HEAD", "PUT"] {
        let request = format!("{method} / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        victim.refuses(request.as_bytes(), "the client speaks HTTP but this port is Kafka's");
    }
    victim.stays_well(PEAK_MAX_KB);
}

#[test]
fn every_api_survives_a_cut_body() {
    let victim = Victim::new();
    for api in ApiKey::ALL {
        let (min, max) = api.versions();
        for version in min..=max {
            for body in
                [&b"\xff"[..], &b"\xff\xff\xff\xff\x0f"[..], &b"\x7f\xff\xff\xff"[..], &[0xff; 40][..]]
            {
                let mut stream = victim.connect();
                stream.write_all(&frame(api.code(), version, body)).unwrap();
                drop(stream);
            }
        }
    }
    victim.stays_well(PEAK_MAX_KB);
}

#[test]
fn a_record_of_ten_megabytes_is_refused_and_leaves_nothing_behind() {
    if !kafka::has_kcat() {
        return;
    }
    let victim = Victim::new();
    let bootstrap = victim.cluster.bootstrap();
    let big = "x".repeat(10 << 20);
    let args = ["-P", "-t", "big", "-X", "message.max.bytes=20000000", "-X", "retries=0"];
    let refused = kafka::kcat_aloud(&bootstrap, &args, &big);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stderr.contains("Broker: Message size too large"), "{refused:?}");
    kafka::kcat(&bootstrap, &["-P", "-t", "big"], "small\n").ok();
    let read = kafka::kcat(&bootstrap, &["-C", "-t", "big", "-e"], "").ok();
    assert_eq!(read.lines(), ["small"], "the refused record left nothing behind");
    victim.stays_well(PEAK_MAX_OF_A_RECORD_KB);
}

#[test]
fn a_batch_with_a_wrong_crc_is_answered_with_kafkas_code() {
    let victim = Victim::new();
    if !kafka::has_kcat() {
        return;
    }
    kafka::kcat(&victim.cluster.bootstrap(), &["-P", "-t", "t"], "good\n").ok();
    let mut builder = BatchBuilder::new(Codec::None);
    builder.push(&NewRecord { timestamp: now_ms(), value: Some("evil".into()), ..Default::default() });
    let mut batch = builder.build().unwrap().to_bytes().to_vec();
    *batch.last_mut().unwrap() ^= 1;
    let code = victim.produce("t", batch.into()).error_code;
    assert_eq!(code, ErrorCode::CorruptMessage.code());
    let read = kafka::kcat(&victim.cluster.bootstrap(), &["-C", "-t", "t", "-e"], "").ok();
    assert_eq!(read.lines(), ["good"]);
    victim.stays_well(PEAK_MAX_KB);
}

#[test]
fn names_with_markup_are_refused_as_names() {
    if !kafka::has_kcat() {
        return;
    }
    let victim = Victim::new();
    let args = ["-P", "-t", "<script>alert(1)</script>"];
    let refused = kafka::kcat_aloud(&victim.cluster.bootstrap(), &args, "x\n");
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stderr.contains("Broker: Invalid topic"), "{refused:?}");
    victim.stays_well(PEAK_MAX_KB);
}
