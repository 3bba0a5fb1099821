//! The log against a plain model: what was appended is what is read, across rolls, crashes and truncations.

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;

use super::*;
use crate::protocol::batch::{BatchBuilder, Codec, NewRecord, RecordIter};
use crate::seams::{Fault, MemoryDisk};

const DIR: &str = "/d/orders-0";

fn small() -> LogConfig {
    LogConfig { segment_bytes: 600, index_interval_bytes: 100, ..LogConfig::default() }
}

fn open(disk: &MemoryDisk, clean: bool) -> Log {
    Log::open(
        PathBuf::from(DIR),
        Arc::new(disk.clone()),
        small(),
        "id".into(),
        LastLife { clean, ..LastLife::default() },
    )
    .unwrap()
}

fn batch(base_offset: i64, count: i64, epoch: i32) -> Batch {
    let mut builder = BatchBuilder::new(Codec::None);
    for n in 0..count {
        let value = Bytes::from(format!("value {}", base_offset + n));
        builder.push(&NewRecord {
            timestamp: 1000 + (base_offset + n) * 10,
            value: Some(value),
            ..Default::default()
        });
    }
    let mut batch = builder.build().unwrap();
    batch.header.base_offset = base_offset;
    batch.header.leader_epoch = epoch;
    batch
}

fn fill(log: &mut Log, batches: i64) {
    for n in 0..batches {
        log.append(&batch(n * 3, 3, 0), 0).unwrap();
    }
}

/// Values from `from` to the end, read slice by slice as a consumer does.
fn values(log: &Log, from: i64) -> Vec<String> {
    let mut out = Vec::new();
    let mut next = from;
    while next < log.end_offset() {
        let limits = ReadLimits { bytes_max: 200, before: i64::MAX, at_least_one: true };
        let slice = log.read(next, limits).unwrap();
        let mut bytes = slice.chunk.expect("something before the end").load().unwrap();
        while !bytes.is_empty() {
            let batch = Batch::split(&mut bytes).unwrap();
            for record in RecordIter::new(&batch.records, batch.header.records_count) {
                let record = record.unwrap();
                if batch.header.base_offset + i64::from(record.offset_delta) >= from {
                    out.push(String::from_utf8(record.value.unwrap().to_vec()).unwrap());
                }
            }
            next = batch.header.next_offset();
        }
    }
    out
}

fn expected(range: std::ops::Range<i64>) -> Vec<String> {
    range.map(|n| format!("value {n}")).collect()
}

#[test]
fn every_offset_is_read_from_the_batch_that_holds_it() {
    let disk = MemoryDisk::new();
    let mut log = open(&disk, false);
    fill(&mut log, 20);
    assert!(log.segments.len() > 3, "the log rolled");
    for from in 0..60 {
        assert_eq!(values(&log, from), expected(from..60), "from {from}");
    }
    assert!(matches!(
        log.read(61, ReadLimits { bytes_max: 1, before: 99, at_least_one: true }),
        Err(LogError::OutOfRange { .. })
    ));
}

#[test]
fn reads_stop_before_the_high_watermark() {
    let disk = MemoryDisk::new();
    let mut log = open(&disk, false);
    fill(&mut log, 20);
    for before in 0..=60 {
        let slice = log.read(0, ReadLimits { bytes_max: 1 << 20, before, at_least_one: true }).unwrap();
        let mut bytes = slice.chunk.map(|chunk| chunk.load().unwrap()).unwrap_or_default();
        while !bytes.is_empty() {
            assert!(Batch::split(&mut bytes).unwrap().header.last_offset() < before);
        }
    }
}

#[test]
fn a_clean_end_and_a_crash_both_give_back_everything() {
    for clean in [true, false] {
        let disk = MemoryDisk::new();
        let mut log = open(&disk, false);
        fill(&mut log, 20);
        if clean {
            log.close().unwrap();
        }
        let log = open(&disk, clean);
        assert_eq!(values(&log, 0), expected(0..60));
        assert_eq!(log.epochs().latest(), Some(0));
    }
}

#[test]
fn a_tail_torn_at_any_byte_is_cut_to_the_last_whole_batch() {
    let disk = MemoryDisk::new();
    let mut log = open(&disk, false);
    fill(&mut log, 2);
    let path = PathBuf::from(DIR).join("00000000000000000000.log");
    let whole = disk.read(&path).unwrap();
    let first = whole.len() / 2;
    for cut in first..whole.len() {
        disk.tamper(&path, |bytes| *bytes = whole[..cut].to_vec());
        let mut log = open(&disk, false);
        assert_eq!(values(&log, 0), expected(0..3), "cut at {cut}");
        log.append(&batch(3, 3, 1), 0).unwrap();
        assert_eq!(values(&log, 0), expected(0..6));
    }
    disk.tamper(&path, |bytes| *bytes = [&whole[..], b"garbage after the last batch"].concat());
    assert_eq!(values(&open(&disk, false), 0), expected(0..6));
}

#[test]
fn a_flipped_bit_is_never_served() {
    let disk = MemoryDisk::new();
    fill(&mut open(&disk, false), 2);
    let path = PathBuf::from(DIR).join("00000000000000000000.log");
    let whole = disk.read(&path).unwrap();
    // Base offset and leader epoch lie outside the CRC; everything else must be noticed.
    for at in (16..whole.len() / 2).chain(whole.len() / 2 + 16..whole.len()) {
        disk.tamper(&path, |bytes| {
            *bytes = whole.clone();
            bytes[at] ^= 0x10;
        });
        let read = values(&open(&disk, false), 0);
        assert!(expected(0..6).starts_with(&read) && read.len() < 6, "bit flipped at {at}: {read:?}");
    }
}

#[test]
fn a_write_that_fails_half_way_leaves_no_trace() {
    let disk = MemoryDisk::new();
    let mut log = open(&disk, false);
    fill(&mut log, 2);
    disk.fail_next(Fault::WriteAfter(70));
    assert!(matches!(log.append(&batch(6, 3, 0), 0), Err(LogError::Io { .. })));
    assert_eq!(log.end_offset(), 6);
    log.append(&batch(6, 3, 0), 0).unwrap();
    assert_eq!(values(&log, 0), expected(0..9));
    assert_eq!(values(&open(&disk, false), 0), expected(0..9));
}

#[test]
fn truncation_forgets_records_and_epochs() {
    let disk = MemoryDisk::new();
    let mut log = open(&disk, false);
    fill(&mut log, 20);
    log.append(&batch(60, 3, 4), 0).unwrap();
    for offset in [62, 60, 31, 3, 0] {
        log.truncate_to(offset).unwrap();
        let end = offset / 3 * 3;
        assert_eq!(log.end_offset(), end);
        assert_eq!(values(&log, 0), expected(0..end));
        assert_eq!(log.epochs().latest() == Some(4), end > 60);
    }
    log.append(&batch(0, 3, 5), 0).unwrap();
    assert_eq!(values(&open(&disk, false), 0), expected(0..3));
}

#[test]
fn offsets_are_found_by_time() {
    let disk = MemoryDisk::new();
    let mut log = open(&disk, false);
    assert_eq!(log.max_timestamp().unwrap(), None);
    fill(&mut log, 20);
    for offset in 0..60 {
        let time = 1000 + offset * 10;
        assert_eq!(log.offset_for_time(time, i64::MAX).unwrap(), Some((offset, time)));
        assert_eq!(log.offset_for_time(time - 9, i64::MAX).unwrap(), Some((offset, time)));
    }
    assert_eq!(log.offset_for_time(1591, i64::MAX).unwrap(), None);
    assert_eq!(log.max_timestamp().unwrap(), Some((59, 1590)));
}

#[test]
fn with_flush_messages_1_a_power_cut_loses_nothing_and_a_failed_sync_stops_the_log() {
    let disk = MemoryDisk::new();
    let config = LogConfig { flush_messages: 1, ..small() };
    let mut log =
        Log::open(PathBuf::from(DIR), Arc::new(disk.clone()), config, "id".into(), LastLife::default())
            .unwrap();
    fill(&mut log, 2);
    disk.power_cut();
    assert_eq!(values(&open(&disk, false), 0), expected(0..6));
    disk.fail_next(Fault::Sync);
    assert!(matches!(log.append(&batch(6, 3, 0), 0), Err(LogError::Io { .. })));
    assert!(matches!(log.append(&batch(6, 3, 0), 0), Err(LogError::Offline { .. })), "never tried again");

    let lazy = MemoryDisk::new();
    fill(&mut open(&lazy, false), 2);
    lazy.power_cut();
    assert_eq!(open(&lazy, false).end_offset(), 0, "without it, what was never synced is gone");
}

fn retained(config: LogConfig) -> (MemoryDisk, Log) {
    let disk = MemoryDisk::new();
    let config = LogConfig { segment_bytes: 600, index_interval_bytes: 100, ..config };
    let mut log =
        Log::open(PathBuf::from(DIR), Arc::new(disk.clone()), config, "id".into(), LastLife::default())
            .unwrap();
    fill(&mut log, 20);
    (disk, log)
}

#[test]
fn retention_by_age_counts_from_the_newest_record_of_a_segment() {
    let (disk, mut log) = retained(LogConfig { retention_ms: 100, ..LogConfig::default() });
    // Record n is stamped 1000 + 10 n.
    assert_eq!(log.retain(1100, 60).unwrap(), 0);
    assert!(log.retain(1400, 60).unwrap() > 0);
    let start = log.start_offset();
    assert!((1..31).contains(&start), "segments whose newest record is younger than 100 ms stay: {start}");
    assert_eq!(values(&log, start), expected(start..60));
    assert!(matches!(
        log.read(start - 1, ReadLimits { bytes_max: 1, before: 99, at_least_one: true }),
        Err(LogError::OutOfRange { .. })
    ));
    assert!(log.retain(10_000, 60).unwrap() > 0, "the active segment goes too");
    assert_eq!((log.start_offset(), log.end_offset(), log.size_bytes()), (60, 60, 0));
    log.append(&batch(60, 3, 0), 0).unwrap();
    let again = open(&disk, false);
    assert_eq!((again.start_offset(), values(&again, 60)), (60, expected(60..63)));
}

#[test]
fn retention_by_size_keeps_at_least_that_much() {
    let (_, mut log) =
        retained(LogConfig { retention_bytes: 1300, retention_ms: -1, ..LogConfig::default() });
    log.retain(0, 60).unwrap();
    assert!(log.size_bytes() >= 1300 && log.size_bytes() < 1300 + 600);
}

#[test]
fn nothing_that_is_not_committed_is_removed() {
    let (_, mut log) = retained(LogConfig { retention_ms: 0, ..LogConfig::default() });
    assert_eq!(log.retain(1 << 40, 0).unwrap(), 0);
    log.retain(1 << 40, 30).unwrap();
    assert!(log.start_offset() <= 30 && log.start_offset() > 0);
}

#[test]
fn records_deleted_before_an_offset_stay_so_and_their_segments_go() {
    let (disk, mut log) = retained(LogConfig { delete: false, compact: true, ..LogConfig::default() });
    log.raise_start(25).unwrap();
    log.raise_start(10).unwrap();
    assert_eq!(log.start_offset(), 25);
    assert!(log.retain(0, 60).unwrap() > 0, "whatever the policy says");
    assert_eq!(log.start_offset(), 25);
    assert_eq!(values(&log, 25), expected(25..60));
    assert!(
        log.take_set_aside().iter().all(|file| disk.read(file).is_ok()),
        "readers may still have them open"
    );
    let again = Log::open(
        PathBuf::from(DIR),
        Arc::new(disk.clone()),
        small(),
        "id".into(),
        LastLife { clean: false, start_offset: 25, clean_to: 0 },
    );
    assert_eq!(again.unwrap().start_offset(), 25);
}
