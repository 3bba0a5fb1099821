//! Batches that are small on the wire and large once decompressed.

use std::io::Write;
use std::net::TcpStream;

use broker_core::protocol::batch::{BatchBuilder, Codec, DECOMPRESSED_MAX, NewRecord};
use broker_core::protocol::messages::list_offsets::{
    ListOffsetsPartition, ListOffsetsRequest, ListOffsetsResponse, ListOffsetsTopic,
};
use broker_core::protocol::{ApiKey, ErrorCode, Writer};
use bytes::Bytes;
use suites::kafka;
use suites::wire::{answer, create_topic, frame, now_ms, produce, produced, zeros};

use super::victim::Victim;

/// The highest that memory may ever go above where it began, under bombs (KiB).
const PEAK_MAX_OF_BOMBS_KB: u64 = 256 << 10;
/// Just below what a batch may decompress to.
const LARGE: usize = DECOMPRESSED_MAX - (1 << 20);
const COMPRESSED: [Codec; 4] = [Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd];

/// A batch of this codec around these compressed bytes.
fn around(codec: Codec, records: Bytes) -> Bytes {
    let mut builder = BatchBuilder::new(codec);
    builder.push(&NewRecord { timestamp: now_ms(), ..Default::default() });
    let mut batch = builder.build().unwrap();
    batch.records = records;
    batch.header.set_records_len(batch.records.len());
    batch.header.crc = batch.header.compute_crc(&batch.records);
    batch.to_bytes()
}

fn is_silent(stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let silent = stream.peek(&mut [0]).is_err_and(|err| err.kind() == std::io::ErrorKind::WouldBlock);
    stream.set_nonblocking(false).unwrap();
    silent
}

#[test]
fn a_bomb_of_each_codec_is_refused_with_kafkas_code() {
    let victim = Victim::with(&["message.max.bytes=100000000"]);
    create_topic(&mut victim.connect(), "t");
    for codec in COMPRESSED {
        let row = victim.produce("t", zeros(codec, DECOMPRESSED_MAX + 1));
        assert_eq!(row.error_code, ErrorCode::MessageTooLarge.code(), "{codec}: {row:?}");
        let message = format!("records decompress to more than {DECOMPRESSED_MAX} bytes");
        assert_eq!(row.error_message, Some(message), "{codec}");
    }
    // Four gibibytes, says a raw snappy block of six bytes.
    let row = victim.produce("t", around(Codec::Snappy, Bytes::from_static(b"\xff\xff\xff\xff\x0f\x00")));
    assert_eq!(row.error_code, ErrorCode::MessageTooLarge.code(), "{row:?}");
    victim.stays_well(PEAK_MAX_OF_BOMBS_KB);
}

#[test]
fn many_bombs_at_once_take_the_memory_of_one() {
    let victim = Victim::new();
    create_topic(&mut victim.connect(), "t");
    let bomb = produce("t", zeros(Codec::Zstd, LARGE));
    let mut streams: Vec<TcpStream> = (0..12).map(|_| victim.connect()).collect();
    for stream in &mut streams {
        stream.set_read_timeout(None).unwrap();
        stream.write_all(&bomb).unwrap();
    }
    for stream in &mut streams {
        assert_eq!(produced(stream).error_code, 0, "large, but no larger than is allowed");
    }
    victim.stays_well(PEAK_MAX_OF_BOMBS_KB);
}

#[test]
fn others_are_answered_while_a_bomb_is_looked_into() {
    let victim = Victim::new();
    create_topic(&mut victim.connect(), "t");
    for bomb in [zeros(Codec::Gzip, LARGE), zeros(Codec::Zstd, LARGE)] {
        let mut slow = victim.connect();
        slow.set_read_timeout(None).unwrap();
        slow.write_all(&produce("t", bomb)).unwrap();
        let small = victim.produce("t", zeros(Codec::Zstd, 10));
        assert_eq!(small.error_code, 0);
        assert!(is_silent(&slow), "the bomb came later and was answered first");
        // What this connection sends now is appended behind it.
        slow.write_all(&produce("t", zeros(Codec::None, 10))).unwrap();
        let (first, second) = (produced(&mut slow), produced(&mut slow));
        assert_eq!((first.error_code, second.error_code), (0, 0));
        assert!(small.base_offset < first.base_offset && first.base_offset < second.base_offset);
    }
    victim.stays_well(PEAK_MAX_OF_BOMBS_KB);
}

#[test]
fn a_record_in_a_large_batch_is_found_by_its_time() {
    let victim = Victim::new();
    create_topic(&mut victim.connect(), "t");
    let begin = now_ms() - 100_000;
    let mut builder = BatchBuilder::new(Codec::Zstd);
    for n in 0..3_000 {
        let value = Some(Bytes::from(vec![0; 10_000]));
        builder.push(&NewRecord { timestamp: begin + n, value, ..Default::default() });
    }
    assert_eq!(victim.produce("t", builder.build().unwrap().to_bytes()).error_code, 0);
    victim.produce("t", zeros(Codec::None, 1));
    for (time, offset) in [(begin, 0), (begin + 2_999, 2_999), (begin + 3_000, 3_000)] {
        let partition = ListOffsetsPartition { timestamp: time, ..Default::default() };
        let topic = ListOffsetsTopic { name: "t".into(), partitions: vec![partition] };
        let mut request = ListOffsetsRequest { topics: vec![topic], ..Default::default() };
        let body = Writer::write(&mut request, 4, false).unwrap();
        let mut stream = victim.connect();
        stream.write_all(&frame(ApiKey::ListOffsets.code(), 4, &body)).unwrap();
        let response: ListOffsetsResponse = answer(&mut stream, 4);
        let found = &response.topics[0].partitions[0];
        assert_eq!((found.error_code, found.offset), (0, offset));
    }
    victim.stays_well(PEAK_MAX_OF_BOMBS_KB);
}

#[test]
fn of_millions_of_records_without_a_key_a_thousand_are_named() {
    let victim = Victim::with(&["log.cleanup.policy=compact", "message.max.bytes=100000000"]);
    create_topic(&mut victim.connect(), "t");
    let mut builder = BatchBuilder::new(Codec::Zstd);
    let record = NewRecord { timestamp: now_ms(), ..Default::default() };
    (0..2_000_000).for_each(|_| builder.push(&record));
    let row = victim.produce("t", builder.build().unwrap().to_bytes());
    assert_eq!((row.error_code, row.record_errors.len()), (ErrorCode::InvalidRecord.code(), 1000));
    victim.stays_well(PEAK_MAX_OF_BOMBS_KB);
}

#[test]
fn what_grows_beyond_the_limit_when_recompressed_is_refused() {
    let victim = Victim::with(&["compression.type=uncompressed"]);
    create_topic(&mut victim.connect(), "t");
    let row = victim.produce("t", zeros(Codec::Zstd, 5 << 20));
    assert_eq!(row.error_code, ErrorCode::MessageTooLarge.code(), "{row:?}");
    assert_eq!(victim.produce("t", zeros(Codec::Zstd, 100_000)).error_code, 0);
    let read = kafka::kcat(&victim.cluster.bootstrap(), &["-C", "-t", "t", "-e", "-f", "%S\n"], "").ok();
    assert_eq!(read.lines(), ["100000"]);
    victim.stays_well(PEAK_MAX_OF_BOMBS_KB);
}

#[test]
fn clients_do_not_write_to_internal_topics() {
    let victim = Victim::new();
    create_topic(&mut victim.connect(), "t");
    let read = ["-G", "a-group", "t", "-e", "-c", "1"];
    kafka::kcat(&victim.cluster.bootstrap(), &["-P", "-t", "t"], "one\n").ok();
    kafka::kcat(&victim.cluster.bootstrap(), &read, "").ok();
    let row = victim.produce("__consumer_offsets", zeros(Codec::None, 10));
    assert_eq!(row.error_code, ErrorCode::InvalidTopicException.code(), "{row:?}");
    victim.stays_well(PEAK_MAX_OF_BOMBS_KB);
}
