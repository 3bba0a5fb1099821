//! Compaction against a plain model: the last value of every key stays at its offset, whatever is interrupted.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::*;
use crate::log::tests::{index_files, seal};
use crate::log::{LastLife, ProducerCheck, ReadLimits};
use crate::protocol::Uuid;
use crate::protocol::batch::{Batch, BatchBuilder, Codec, EndMarker, NewRecord, RecordIter};
use crate::seams::{MemoryDisk, Rng};

const DIR: &str = "/d/customers-0";
const RETENTION: i64 = 1000;

fn config() -> LogConfig {
    LogConfig {
        segment_bytes: 900,
        index_interval_bytes: 100,
        compact: true,
        delete: false,
        delete_retention_ms: RETENTION,
        ..LogConfig::default()
    }
}

fn install_all(log: &mut Log, mut cleaned: Cleaned) -> Result<Installed, LogError> {
    loop {
        match log.install(&mut cleaned)? {
            Installed::One => {}
            last @ (Installed::All | Installed::Spoilt) => return Ok(last),
        }
    }
}

fn open(disk: &MemoryDisk, last: LastLife) -> Log {
    Log::open(PathBuf::from(DIR), Arc::new(disk.clone()), config(), Uuid::ZERO, last).unwrap()
}

type Row = (Option<String>, Option<String>);

fn keyed(key: u64, value: Option<String>) -> NewRecord {
    NewRecord {
        timestamp: 50,
        key: Some(Bytes::from(format!("key {key}"))),
        value: value.map(Bytes::from),
        headers: vec![("h".to_owned(), Some(Bytes::from_static(b"x")))],
    }
}

fn append(log: &mut Log, mut batch: Batch) {
    batch.header.base_offset = log.end_offset();
    batch.header.leader_epoch = 0;
    log.append(&batch, 100).unwrap();
}

/// Everything in the log: offset, key, value; markers left out.
fn rows(log: &Log) -> BTreeMap<i64, Row> {
    let mut rows = BTreeMap::new();
    let mut next = log.start_offset();
    let limits = ReadLimits { bytes_max: 300, before: i64::MAX, at_least_one: true };
    while let Some(chunk) = log.read(next, limits).unwrap().chunk {
        let mut bytes = chunk.load().unwrap();
        while !bytes.is_empty() {
            let batch = Batch::split(&mut bytes).unwrap();
            next = batch.header.next_offset();
            if batch.header.is_control() {
                continue;
            }
            let data = batch.decompressed().unwrap();
            for record in RecordIter::new(&data, batch.header.records_count) {
                let record = record.unwrap();
                let text = |raw: Option<&[u8]>| raw.map(|raw| String::from_utf8(raw.to_vec()).unwrap());
                let offset = batch.header.base_offset + i64::from(record.offset_delta);
                assert_eq!(batch.header.base_timestamp + record.timestamp_delta, 50);
                assert_eq!(record.headers_count, 1);
                rows.insert(offset, (text(record.key), text(record.value)));
            }
        }
    }
    rows
}

/// Random keys, values and tombstones in batches of every codec. Returns all rows ever written.
fn fill(log: &mut Log, rng: &mut Rng, batches: u64) -> BTreeMap<i64, Row> {
    let codecs = [Codec::None, Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd];
    let mut all = BTreeMap::new();
    for n in 0..batches {
        let mut builder = BatchBuilder::new(codecs[(n % 5) as usize]);
        for at in 0..=rng.below(4) {
            let key = rng.below(12);
            let value = (rng.below(5) > 0).then(|| format!("value {n} {at}"));
            all.insert(log.end_offset() + at as i64, (Some(format!("key {key}")), value.clone()));
            builder.push(&keyed(key, value));
        }
        append(log, builder.build().unwrap());
    }
    all
}

fn compact(log: &mut Log, now_ms: i64) {
    let plan = log.clean_plan(now_ms, log.end_offset());
    let cleaned = plan.run().unwrap();
    assert_eq!(install_all(log, cleaned).unwrap(), Installed::All);
    let disk = Arc::clone(&log.disk);
    seal(log, &*disk);
}

/// The newest row of each key, tombstones included.
fn newest(rows: &BTreeMap<i64, Row>) -> BTreeMap<Option<String>, (i64, Option<String>)> {
    rows.iter().map(|(offset, (key, value))| (key.clone(), (*offset, value.clone()))).collect()
}

#[test]
fn the_newest_record_of_every_key_stays_at_its_offset() {
    for seed in 0..20 {
        let disk = MemoryDisk::new();
        let mut log = open(&disk, LastLife::default());
        let mut rng = Rng::seeded(seed);
        let mut all = fill(&mut log, &mut rng, 60);
        for _ in 0..3 {
            let end = log.end_offset();
            compact(&mut log, 100);
            let left = rows(&log);
            assert_eq!(newest(&left), newest(&all), "seed {seed}");
            assert!(
                left.iter().all(|(offset, row)| all.get(offset) == Some(row)),
                "offsets keep their record"
            );
            assert!(left.len() < all.len());
            assert_eq!(log.end_offset(), end);
            all.extend(fill(&mut log, &mut rng, 20));
        }
        let left = rows(&log);
        for clean in [false, true] {
            if clean {
                log.close().unwrap();
            }
            log = open(&disk, LastLife { clean, ..LastLife::default() });
            assert_eq!(rows(&log), left, "seed {seed}, clean {clean}");
        }
    }
}

#[test]
fn a_segment_whose_keys_did_not_all_fit_stays_due_until_they_are_done() {
    let disk = MemoryDisk::new();
    let mut log = open(&disk, LastLife::default());
    log.set_config(LogConfig { min_cleanable_dirty_ratio: 0.0, ..config() });
    for n in 0..60 {
        let mut builder = BatchBuilder::new(Codec::None);
        builder.push(&keyed(n % 20, Some(format!("value {n}"))));
        append(&mut log, builder.build().unwrap());
    }
    let all = rows(&log);
    let mut rounds = 0;
    while log.dirty_ratio(100, log.end_offset()).is_some() {
        let mut plan = log.clean_plan(100, log.end_offset());
        plan.keys_max = 7;
        let cleaned = plan.run().unwrap();
        assert_eq!(install_all(&mut log, cleaned).unwrap(), Installed::All);
        rounds += 1;
        assert!(rounds < 40, "compaction never ends");
    }
    let active = log.segments.last().unwrap().base_offset();
    assert_eq!(log.clean_to(), active);
    let below =
        |rows: &BTreeMap<i64, Row>| rows.range(..active).map(|(at, row)| (*at, row.clone())).collect();
    let closed: BTreeMap<i64, Row> = below(&rows(&log));
    let newest_below = newest(&below(&all));
    assert!(
        newest_below.iter().all(|(key, (at, value))| closed.get(at) == Some(&(key.clone(), value.clone())))
    );
}

#[test]
fn tombstones_go_once_their_horizon_has_passed() {
    let disk = MemoryDisk::new();
    let mut log = open(&disk, LastLife::default());
    for key in 0..40 {
        let mut builder = BatchBuilder::new(Codec::Lz4);
        builder.push(&keyed(key, Some("v".to_owned())));
        builder.push(&keyed(key, None));
        append(&mut log, builder.build().unwrap());
    }
    let closed = |log: &Log| log.segments.last().unwrap().base_offset();
    let tombstones =
        |log: &Log| rows(log).range(..closed(log)).filter(|(_, (_, v))| v.is_none()).count() as i64;
    compact(&mut log, 100);
    let first_active = closed(&log);
    assert_eq!(tombstones(&log), first_active / 2, "the first pass sets the horizon");
    compact(&mut log, 100 + RETENTION - 1);
    assert_eq!(tombstones(&log), first_active / 2);
    compact(&mut log, 100 + RETENTION);
    assert_eq!(tombstones(&log), 0);
}

#[test]
fn aborted_records_go_and_markers_outlive_them() {
    let disk = MemoryDisk::new();
    let mut log = open(&disk, LastLife::default());
    let markers = |log: &Log| -> usize {
        let steps = log.segments.iter().flat_map(|segment| segment.steps(0).map(Result::unwrap));
        steps.filter(|step| step.header.is_control()).count()
    };
    for n in 0..12 {
        let (id, committed) = (100 + n, n % 3 > 0);
        let mut builder = BatchBuilder::new(Codec::None).producer(id, 0, 0).transactional();
        builder.push(&keyed(n as u64 % 2, Some(format!("{committed} {n}"))));
        append(&mut log, builder.build().unwrap());
        let end = EndMarker { producer_id: id, producer_epoch: 0, committed, coordinator_epoch: 0 };
        append(&mut log, end.to_batch(50));
    }
    let mut rng = Rng::seeded(1);
    fill(&mut log, &mut rng, 30);
    let aborted = log.aborted(0, log.end_offset()).len();
    assert_eq!(aborted, 4);
    compact(&mut log, 100);
    let left = rows(&log);
    assert!(!left.values().any(|(_, value)| value.as_deref().is_some_and(|v| v.starts_with("false"))));
    assert_eq!(markers(&log), 12, "a marker is never taken for a newer record of its key");
    compact(&mut log, 100);
    compact(&mut log, 101 + RETENTION);
    // The last of each producer stays, so that its state can be rebuilt; it may be empty.
    assert_eq!(markers(&log) + log.producers().len(), 24);
    let log = open(&disk, LastLife::default());
    assert_eq!(log.producers().first_unstable(log.end_offset()), None);
}

#[test]
fn a_retry_of_the_last_batch_is_known_after_its_records_are_gone() {
    let disk = MemoryDisk::new();
    let mut log = open(&disk, LastLife::default());
    let mut builder = BatchBuilder::new(Codec::None).producer(7, 0, 0);
    builder.push(&keyed(1, Some("old".to_owned())));
    let idempotent = builder.build().unwrap();
    append(&mut log, idempotent.clone());
    let mut rng = Rng::seeded(2);
    fill(&mut log, &mut rng, 40);
    compact(&mut log, 100);
    assert!(!rows(&log).contains_key(&0), "a newer record has this key");
    log.close().unwrap();
    disk.list(Path::new(DIR)).unwrap().iter().filter(|name| name.ends_with("snapshot")).for_each(|name| {
        disk.remove(&Path::new(DIR).join(name)).unwrap();
    });
    let log = open(&disk, LastLife::default());
    let check = log.producers().check(&idempotent.header);
    assert!(matches!(check, Ok(ProducerCheck::Duplicate { base_offset: 0, .. })), "{check:?}");
}

#[test]
fn a_kill_at_any_change_of_a_file_loses_no_key() {
    let mut changes = 0;
    loop {
        let disk = MemoryDisk::new();
        let mut log = open(&disk, LastLife::default());
        let mut rng = Rng::seeded(3);
        let all = fill(&mut log, &mut rng, 40);
        for seal in log.take_seals() {
            seal.run(&*log.disk).unwrap();
        }
        disk.stop_after(changes);
        let done =
            log.clean_plan(100, log.end_offset()).run().and_then(|cleaned| install_all(&mut log, cleaned));
        let done = done.and_then(|_| log.take_seals().into_iter().try_for_each(|seal| seal.run(&*log.disk)));
        let killed = disk.revive();
        assert!(killed || done.is_ok());
        let mut log = open(&disk, LastLife::default());
        assert_eq!(newest(&rows(&log)), newest(&all), "killed after {changes} changes");
        assert_eq!(log.end_offset(), *all.keys().next_back().unwrap() + 1);
        let names = disk.list(Path::new(DIR)).unwrap();
        assert!(
            !names.iter().any(|n| n.ends_with(CLEANED) || n.ends_with(SWAP) || n.ends_with(DELETED)),
            "{names:?}"
        );
        fill(&mut log, &mut rng, 3);
        compact(&mut log, 100);
        if !killed {
            break;
        }
        changes += 1;
    }
    assert!(changes > 20, "every step of the replacement was tried");
}

#[test]
fn a_log_that_was_cut_meanwhile_is_left_alone() {
    let disk = MemoryDisk::new();
    let mut log = open(&disk, LastLife::default());
    let mut rng = Rng::seeded(4);
    fill(&mut log, &mut rng, 40);
    let cleaned = log.clean_plan(100, log.end_offset()).run().unwrap();
    log.truncate_to(5).unwrap();
    let left = rows(&log);
    assert_eq!(install_all(&mut log, cleaned).unwrap(), Installed::Spoilt);
    assert_eq!(rows(&log), left);
    assert!(!disk.list(Path::new(DIR)).unwrap().iter().any(|name| name.ends_with(CLEANED)));
}

#[test]
fn compaction_is_due_by_share_and_by_age() {
    let disk = MemoryDisk::new();
    let mut log = open(&disk, LastLife::default());
    let mut rng = Rng::seeded(5);
    fill(&mut log, &mut rng, 40);
    let end = log.end_offset();
    assert_eq!(log.dirty_ratio(100, end), Some(1.0));
    assert_eq!(log.dirty_ratio(100, 0), None, "nothing is stable");
    compact(&mut log, 100);
    assert_eq!(log.dirty_ratio(100, end), None);
    fill(&mut log, &mut rng, 8);
    let end = log.end_offset();
    log.set_config(LogConfig { min_cleanable_dirty_ratio: 1.0, ..config() });
    assert_eq!(log.dirty_ratio(100, end), None, "the share is not above 1");
    log.set_config(LogConfig { min_cleanable_dirty_ratio: 1.0, max_compaction_lag_ms: 10, ..config() });
    assert!(log.dirty_ratio(100, end).is_some(), "the oldest record is 50 ms old");
    log.set_config(LogConfig { min_compaction_lag_ms: 60, ..config() });
    assert_eq!(log.dirty_ratio(100, end), None, "all records are too young");
}

/// A compacted log, and what is in it after its first or all index files were removed and it was opened again.
fn without_indexes(all: bool, clean: bool, knows_how_far: bool) -> (MemoryDisk, [BTreeMap<i64, Row>; 2]) {
    let disk = MemoryDisk::new();
    let mut log = open(&disk, LastLife::default());
    fill(&mut log, &mut Rng::seeded(7), 60);
    seal(&mut log, &disk);
    compact(&mut log, 0);
    let (before, clean_to) = (rows(&log), if knows_how_far { log.clean_to() } else { 0 });
    if clean {
        log.close().unwrap();
    }
    drop(log);
    let indexes = index_files(&disk);
    assert!(indexes.len() > 1, "{indexes:?}");
    for path in indexes.iter().take(if all { usize::MAX } else { 1 }) {
        disk.remove(path).unwrap();
    }
    let log = open(&disk, LastLife { clean, clean_to, ..LastLife::default() });
    (disk, [before, rows(&log)])
}

#[test]
fn index_files_that_are_gone_take_no_records_with_them() {
    for (all, clean, knows) in
        [(false, false, false), (false, true, false), (true, true, false), (true, false, true)]
    {
        let (_, [before, after]) = without_indexes(all, clean, knows);
        assert_eq!(after, before, "all {all}, clean {clean}, knows {knows}");
    }
}

#[test]
fn what_may_lie_behind_a_hole_is_set_aside_and_not_deleted() {
    let (disk, [before, after]) = without_indexes(true, false, false);
    assert!(after.iter().all(|(offset, row)| before.get(offset) == Some(row)));
    let aside: Vec<PathBuf> =
        disk.files().into_iter().filter(|path| path.to_string_lossy().ends_with(".log.stray")).collect();
    for path in aside {
        disk.rename(&path, &path.with_extension("")).unwrap();
    }
    let log = open(&disk, LastLife { clean_to: i64::MAX, ..LastLife::default() });
    assert_eq!(rows(&log), before, "renamed back, all is there");
}
