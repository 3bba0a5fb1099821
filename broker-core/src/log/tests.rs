//! The log against a plain model: what was appended is what is read, across rolls, crashes and truncations.

mod cutting;
mod indexes;
mod real_files;
mod rolling;

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
        Uuid::ZERO,
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

/// Runs what the rolls so far have left to do.
pub(super) fn seal(log: &mut Log, disk: &dyn Disk) {
    log.take_seals().into_iter().for_each(|seal| seal.run(disk).unwrap());
}

/// Every `.index` file, in order.
pub(super) fn index_files(disk: &MemoryDisk) -> Vec<PathBuf> {
    let files = disk.files().into_iter();
    files.filter(|path| path.extension().is_some_and(|end| end == "index")).collect()
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
fn a_slice_says_where_it_ends() {
    let disk = MemoryDisk::new();
    let mut log = open(&disk, false);
    fill(&mut log, 20);
    for before in [40, 60] {
        for bytes_max in [1, 200, 450, 1 << 20] {
            let mut next = 0;
            let limits = ReadLimits { bytes_max, before, at_least_one: true };
            while let Some(last) = log.read_batches(next, limits).unwrap().last() {
                let (read, ends) = (last.header.next_offset(), log.read(next, limits).unwrap().before);
                assert!(ends == read || (ends == before && read + 3 > before), "{ends} after {next}..{read}");
                next = read;
            }
            assert_eq!(next, before / 3 * 3);
        }
    }
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
fn a_log_has_no_hole_after_a_power_cut() {
    let disk = MemoryDisk::new();
    let mut log = open(&disk, false);
    fill(&mut log, 20);
    // The newest segment happened to be synced, the one before it was not.
    log.flush().unwrap();
    let segments = log.segments.len();
    log.take_seals().into_iter().take(segments - 2).for_each(|seal| seal.run(&disk).unwrap());
    let unsynced = log.segments[segments - 2].base_offset();
    disk.power_cut();
    let log = open(&disk, false);
    assert_eq!(values(&log, 0), expected(0..unsynced));
    assert_eq!(log.end_offset(), unsynced);
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
fn a_synced_log_with_a_flipped_bit_is_refused() {
    let disk = MemoryDisk::new();
    fill(&mut open(&disk, false), 3);
    let path = PathBuf::from(DIR).join("00000000000000000000.log");
    let whole = disk.read(&path).unwrap();
    let last = whole.len() / 3 * 2;
    let refuses = |at: usize, bit: u8, ended: i64| {
        disk.tamper(&path, |bytes| {
            *bytes = whole.clone();
            bytes[at] ^= bit;
        });
        let life = LastLife { synced: true, ended, ..LastLife::default() };
        let log = Log::open(PathBuf::from(DIR), Arc::new(disk.clone()), small(), Uuid::ZERO, life);
        matches!(log, Err(LogError::Corrupt { .. }))
    };
    for bit in [0x01, 0x10, 0x80] {
        for at in 0..whole.len() {
            // The epoch of the last batch lies outside the CRC and may be any later one.
            let epoch_of_last = (last + 12..last + 16).contains(&at);
            assert!(refuses(at, bit, 9) || epoch_of_last, "bit {bit} at {at} after an orderly end");
            // A crash may have torn the last batch, and a length that reaches beyond the end looks like it.
            assert!(refuses(at, bit, 0) || at >= last, "bit {bit} at {at} after a crash");
        }
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
fn an_epoch_of_which_nothing_was_written_is_not_the_last_one() {
    let disk = MemoryDisk::new();
    let mut log = open(&disk, false);
    fill(&mut log, 2);
    disk.fail_next(Fault::WriteAfter(0));
    assert!(matches!(log.append(&batch(6, 3, 1), 0), Err(LogError::Io { .. })));
    assert_eq!(log.epochs().latest(), Some(0));
    log.append(&batch(6, 3, 2), 0).unwrap();
    assert_eq!(log.epochs().latest(), Some(2));
}

/// Ten aborted transactions with other records between them.
fn fill_aborted(log: &mut Log) {
    for at in (0..60).step_by(6) {
        let mut begun = BatchBuilder::new(Codec::None).producer(9, 0, at as i32 / 6).transactional();
        begun.push(&NewRecord { value: Some(Bytes::from("0")), ..Default::default() });
        let mut begun = begun.build().unwrap();
        begun.header.base_offset = at;
        log.append(&begun, 0).unwrap();
        let marker = EndMarker { producer_id: 9, producer_epoch: 0, committed: false, coordinator_epoch: 0 };
        let mut ended = marker.to_batch(0);
        ended.header.base_offset = at + 1;
        log.append(&ended, 0).unwrap();
        log.append(&batch(at + 2, 4, 0), 0).unwrap();
    }
}

#[test]
fn a_roll_that_fails_does_not_vouch_for_a_segment_that_is_appended_to_again() {
    let disk = MemoryDisk::new();
    let mut log = open(&disk, false);
    for n in 0..20 {
        let rolled = log.seals.len();
        // If the append begins a segment this is the snapshot of producers, else the append itself.
        disk.fail_next(Fault::Refuse(0));
        log.append(&batch(n * 3, 3, 0), 0).unwrap_err();
        assert_eq!(log.seals.len(), rolled);
        log.append(&batch(n * 3, 3, 0), 0).unwrap();
    }
    assert_eq!(log.seals.len(), log.segments.len() - 1);
    assert!(log.segments.len() > 3);
}

#[test]
fn indexes_that_a_removed_segment_left_are_not_its_successors() {
    let (disk, other) = (MemoryDisk::new(), MemoryDisk::new());
    let mut log = open(&other, false);
    fill_aborted(&mut log);
    log.take_seals().into_iter().for_each(|seal| seal.run(&other).unwrap());
    // As if a process had been killed between the removal of such segments and of their indexes.
    let is_left = |file: &PathBuf| file.extension().is_some_and(|e| e == "index" || e == "timeindex");
    for file in other.files().into_iter().filter(is_left).skip(2) {
        disk.replace(&file, &other.read(&file).unwrap()).unwrap();
    }
    let mut log = open(&disk, false);
    fill_aborted(&mut log);
    // Its own first segment is sealed, the next ones are not when it is killed.
    log.take_seals().into_iter().take(1).for_each(|seal| seal.run(&disk).unwrap());
    let aborted = log.aborted(0, 60);
    assert_eq!(aborted.len(), 10);
    assert_eq!(open(&disk, false).aborted(0, 60), aborted);
}

#[test]
fn with_flush_messages_1_a_power_cut_loses_nothing_and_a_failed_sync_stops_the_log() {
    let disk = MemoryDisk::new();
    let config = LogConfig { flush_messages: 1, ..small() };
    let mut log =
        Log::open(PathBuf::from(DIR), Arc::new(disk.clone()), config, Uuid::ZERO, LastLife::default())
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
        Log::open(PathBuf::from(DIR), Arc::new(disk.clone()), config, Uuid::ZERO, LastLife::default())
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
        Uuid::ZERO,
        LastLife { start_offset: 25, ..LastLife::default() },
    );
    assert_eq!(again.unwrap().start_offset(), 25);
}
