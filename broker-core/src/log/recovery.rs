//! Opening a log: which segments are trusted, what is scanned, where a torn tail is cut.
//!
//! A sealed segment has its `.index` beside it, written after the batches were synced, and is trusted. The last
//! segment is trusted only after a clean end; otherwise every batch of it is read, its CRC checked, and the file
//! is cut at the first one that is not whole.

use std::path::Path;

use super::producers::Producers;
use super::segment::{Segment, file_name};
use super::{LastLife, Log, LogError, clean, txn_index};
use crate::protocol::batch::{BatchError, EndMarker};
use crate::seams::Disk;

/// How far back from the end earlier batches of producers are looked for after a clean start.
const REMEMBER_BYTES: u64 = 1 << 20;

pub(super) fn load(log: &mut Log, last_life: LastLife) -> Result<(), LogError> {
    let disk = log.disk.clone();
    clean::finish_swaps(&*disk, &log.dir)?;
    let bases = bases(&*disk, &log.dir, "log")?;
    let last = bases.last().copied();
    // From here on aborted transactions are found again by reading the markers.
    let mut scanned_from = i64::MAX;
    for base in bases {
        let mut segment = Segment::create(&*disk, &log.dir, base)?;
        let trusted = (last_life.clean || Some(base) != last) && segment.load_indexes(&*disk);
        if !trusted {
            scan(&mut segment, log)?;
            scanned_from = scanned_from.min(base);
        }
        log.segments.push(segment);
    }
    // Retention leaves an empty segment at least: without one nothing was ever written here.
    let Some(active) = log.segments.last() else { return Ok(()) };
    log.end_offset = end_of(active)?;
    let first = log.segments.first().map_or(0, Segment::base_offset);
    log.start_offset = last_life.start_offset.clamp(first, log.end_offset.max(first));
    if log.epochs.truncate_from(log.end_offset.max(1)) {
        log.epochs.store(&*disk, &log.dir)?;
    }
    log.clean_to = log.clean_to.clamp(log.start_offset, log.end_offset);
    rebuild_producers(log, scanned_from)
}

/// Base offsets of the files with `suffix`, rising.
fn bases(disk: &dyn Disk, dir: &Path, suffix: &str) -> Result<Vec<i64>, LogError> {
    let names = disk.list(dir).map_err(|err| LogError::io("listing", dir, err))?;
    let mut bases: Vec<i64> =
        names.iter().filter_map(|name| name.strip_suffix(suffix)?.strip_suffix('.')?.parse().ok()).collect();
    bases.sort_unstable();
    Ok(bases)
}

/// Reads every batch of a segment, rebuilds its indexes, cuts it at the first bad batch.
fn scan(segment: &mut Segment, log: &mut Log) -> Result<(), LogError> {
    let mut good = Vec::new();
    let mut keep = 0;
    let mut next = segment.base_offset();
    let mut damage = None;
    for step in segment.steps(0) {
        let checked = step.and_then(|step| {
            segment.read_checked(&step)?;
            if step.header.base_offset < next {
                let value = step.header.base_offset;
                return Err(segment.corrupt(step.position, BatchError::Field { field: "base offset", value }));
            }
            Ok(step)
        });
        match checked {
            Ok(step) => {
                keep = step.end();
                next = step.header.next_offset();
                good.push(step.header);
            }
            Err(err @ LogError::Corrupt { .. }) => {
                damage = Some(err);
                break;
            }
            Err(err) => return Err(err),
        }
    }
    if let Some(err) = damage {
        let cut = segment.size() - keep;
        tracing::warn!(path = %segment.path().display(), keep, cut, %err, "tail truncated");
        segment.cut(&*log.disk, keep)?;
    }
    segment.forget();
    let mut epochs_changed = false;
    for header in &good {
        segment.note(header, log.config.index_interval_bytes);
        epochs_changed |= log.epochs.assign(header.leader_epoch, header.base_offset);
    }
    if epochs_changed { log.epochs.store(&*log.disk, &log.dir) } else { Ok(()) }
}

/// The offset after the last batch of a segment.
fn end_of(segment: &Segment) -> Result<i64, LogError> {
    let mut end = segment.base_offset();
    for step in segment.steps(segment.position_before(i64::MAX)) {
        end = step?.header.next_offset();
    }
    Ok(end)
}

/// Producer state from the newest usable snapshot that ends at or before `scanned_from`, and the batches after
/// it. Segments from `scanned_from` on get their aborted transactions from the markers met on the way.
pub(super) fn rebuild_producers(log: &mut Log, scanned_from: i64) -> Result<(), LogError> {
    let disk = log.disk.clone();
    let mut from = 0;
    log.producers = Producers::default();
    for end in bases(&*disk, &log.dir, "snapshot")?.into_iter().rev() {
        let path = log.dir.join(file_name(end, "snapshot"));
        let usable = end <= log.end_offset;
        if usable && end > scanned_from {
            continue;
        }
        let snapshot = disk.read(&path).ok().filter(|_| usable).and_then(|raw| Producers::decode(&raw));
        if let Some(producers) = snapshot {
            log.producers = producers;
            from = end;
            break;
        }
        disk.remove(&path).map_err(|err| LogError::io("removing", &path, err))?;
    }
    for at in 0..log.segments.len() {
        let aborted = replay(log, at, from)?;
        if let Some(segment) =
            log.segments.get_mut(at).filter(|segment| segment.base_offset() >= scanned_from)
        {
            aborted.into_iter().for_each(|entry| segment.note_aborted(entry));
        }
    }
    remember_tail(log)
}

/// Takes one segment's batches from `from` on into the producer state; returns the aborted transactions met.
fn replay(log: &mut Log, at: usize, from: i64) -> Result<Vec<txn_index::AbortedTxn>, LogError> {
    let mut aborted = Vec::new();
    let Some(segment) = log.segments.get(at) else { return Ok(aborted) };
    for step in segment.steps(segment.position_before(from)) {
        let step = step?;
        if step.header.base_offset < from {
            continue;
        }
        if !step.header.is_control() {
            log.producers.update(&step.header);
        } else if let Some(marker) = EndMarker::of(&segment.read_batch(&step)?) {
            aborted.extend(log.producers.end_transaction(&marker, &step.header));
        }
    }
    Ok(aborted)
}

/// A snapshot keeps one batch per producer; the ones before it are near the end of the log if they matter.
fn remember_tail(log: &mut Log) -> Result<(), LogError> {
    let Some(active) = log.segments.last().filter(|_| !log.producers.is_empty()) else { return Ok(()) };
    let start = active.indexed_boundary(0, active.size().saturating_sub(REMEMBER_BYTES)).unwrap_or(0);
    let tail: Result<Vec<_>, LogError> = active.steps(start).map(|step| Ok(step?.header)).collect();
    for header in tail?.iter().rev().filter(|header| header.has_producer() && !header.is_control()) {
        log.producers.remember(header);
    }
    Ok(())
}
