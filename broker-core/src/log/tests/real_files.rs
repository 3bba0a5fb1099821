//! The log on real files, with a reader that keeps one open all the while: what a system forbids of open files shows
//! here. `cargo xtask wine` plays it as on Windows.

use std::path::Path;

use super::*;
use crate::seams::{Disk, RealDisk};

fn real(dir: &Path, config: LogConfig, clean: bool) -> Log {
    let config = LogConfig { segment_bytes: 600, index_interval_bytes: 100, ..config };
    let last = LastLife { clean, ..LastLife::default() };
    Log::open(dir.join("orders-0"), Arc::new(RealDisk), config, Uuid::ZERO, last).unwrap()
}

/// What a consumer holds between reading and sending.
fn held(log: &Log) -> crate::protocol::wire::Chunk {
    let limits = ReadLimits { bytes_max: 100_000, before: i64::MAX, at_least_one: true };
    log.read(log.start_offset(), limits).unwrap().chunk.unwrap()
}

#[test]
fn files_that_are_read_can_be_cut_and_begun_again() {
    let dir = tempfile::tempdir().unwrap();
    let mut log = real(dir.path(), LogConfig::default(), false);
    fill(&mut log, 20);
    seal(&mut log, &RealDisk);
    let reader = held(&log);
    for offset in [59, 31, 4] {
        log.truncate_to(offset).unwrap();
        assert_eq!(values(&log, 0), expected(0..offset / 3 * 3));
    }
    log.append(&batch(3, 3, 1), 0).unwrap();
    log.close().unwrap();
    drop(log);
    let mut log = real(dir.path(), LogConfig::default(), true);
    assert_eq!(values(&log, 0), expected(0..6));
    log.restart_at(90).unwrap();
    log.append(&batch(90, 3, 2), 0).unwrap();
    assert_eq!(values(&real(dir.path(), LogConfig::default(), false), 90), expected(90..93));
    drop(reader);
}

#[test]
fn files_that_are_read_can_be_retained_and_removed() {
    let dir = tempfile::tempdir().unwrap();
    let config = LogConfig { retention_bytes: 1300, retention_ms: -1, ..LogConfig::default() };
    let mut log = real(dir.path(), config, false);
    fill(&mut log, 20);
    seal(&mut log, &RealDisk);
    let reader = held(&log);
    let whole = reader.load().unwrap();
    assert!(log.retain(0, 60).unwrap() > 0);
    assert_eq!(reader.load().unwrap(), whole, "what was found is read though its file is set aside");
    for file in log.take_set_aside() {
        RealDisk.remove(&file).unwrap();
    }
    let start = log.start_offset();
    assert_eq!(values(&log, start), expected(start..60));
    let mut readers = vec![reader, held(&log)];
    if cfg!(windows) {
        // Before Windows 10, as in Wine, a removed file stays in its directory until its last reader closes it.
        readers.clear();
    }
    log.remove().unwrap();
    assert!(!dir.path().join("orders-0").exists());
}

fn keyed(n: i64) -> Batch {
    let mut builder = BatchBuilder::new(Codec::None);
    let (key, value) = (Some(Bytes::from(format!("key {}", n % 2))), Some(Bytes::from(format!("value {n}"))));
    builder.push(&NewRecord { timestamp: 50, key, value, ..Default::default() });
    let mut batch = builder.build().unwrap();
    batch.header.base_offset = n;
    batch
}

#[test]
fn files_that_are_read_can_be_compacted() {
    let dir = tempfile::tempdir().unwrap();
    let config = LogConfig { compact: true, delete: false, ..LogConfig::default() };
    let mut log = real(dir.path(), config.clone(), false);
    let mut readers = Vec::new();
    // Twice: what the second sets aside has the names of what the first did, which is read still.
    for end in [40, 80] {
        for n in end - 40..end {
            log.append(&keyed(n), 100).unwrap();
        }
        seal(&mut log, &RealDisk);
        let before = log.size_bytes();
        readers.push(held(&log));
        let mut cleaned = log.clean_plan(200, end).run().unwrap();
        while log.install(&mut cleaned).unwrap() == Installed::One {}
        assert!(log.size_bytes() < before);
    }
    let newest = values(&log, 78);
    assert_eq!(newest, ["value 78", "value 79"]);
    drop(log);
    assert_eq!(values(&real(dir.path(), config, false), 78), newest);
    drop(readers);
}
