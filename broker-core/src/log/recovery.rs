//! Opening a log: which segments are trusted, what is scanned, where a torn tail is cut.
//!
//! A sealed segment has its `.index` beside it, written after the batches were synced, and is trusted. The last
//! segment is trusted only after a clean end; otherwise every batch of it is read, its CRC checked, and the file
//! is cut at the first one that is not whole.

use std::path::Path;

use super::producers::Producers;
use super::segment::{Segment, file_name};
use super::{LastLife, Log, LogError, clean, txn_index};
use crate::protocol::batch::{Batch, BatchError, BatchHeader, EndMarker};
use crate::seams::Disk;

/// Where in a batch the number of its format stands.
const MAGIC_AT: usize = 16;
/// How far back from the end earlier batches of producers are looked for after a clean start.
const REMEMBER_BYTES: u64 = 1 << 20;

pub(super) fn load(log: &mut Log, last_life: LastLife) -> Result<(), LogError> {
    let disk = log.disk.clone();
    let swapped = clean::finish_swaps(&*disk, &log.dir)?;
    let segments = bases(&*disk, &log.dir, "log")?;
    let last = segments.last().copied();
    let sealed = bases(&*disk, &log.dir, "index")?.last().copied();
    // From here on aborted transactions are found again by reading the markers.
    let mut scanned_from = i64::MAX;
    let snapshots = bases(&*disk, &log.dir, "snapshot")?;
    let mut rest = segments.into_iter().peekable();
    while let Some(base) = rest.next() {
        let mut segment = Segment::create(&*disk, &log.dir, base)?;
        let trusted = (last_life.clean || Some(base) != last) && segment.load_indexes(&*disk);
        let mut torn = false;
        let mut ends_early = false;
        if !trusted {
            // Segments are sealed in order: what lies before a sealed one was synced, and no crash has changed it.
            let was_synced = last_life.clean || sealed > Some(base);
            let scanned = scan(&mut segment, log, last_life, was_synced)?;
            scanned_from = scanned_from.min(base);
            let follows = rest.peek().copied().unwrap_or(base);
            // When the next one was begun, a snapshot was written where this one ended; a compaction has its own ends.
            let ended_later = |end: &i64| scanned.next < *end && *end <= follows && !swapped.contains(&base);
            let is_compacted = base < last_life.clean_to || scanned.gaps;
            torn = scanned.torn;
            ends_early = !was_synced && !is_compacted && snapshots.iter().any(ended_later);
        }
        log.segments.push(segment);
        if torn || ends_early {
            let behind: Vec<i64> = rest.by_ref().collect();
            // Whether a compaction emptied the one before cannot be told without its checkpoint: a person may look.
            give_up(&*disk, &log.dir, &behind, !torn && log.config.compact)?;
        }
    }
    // Retention leaves an empty segment at least: without one nothing was ever written here.
    let Some(active) = log.segments.last() else {
        return if log.epochs.truncate_from(0) { log.epochs.store(&*disk, &log.dir) } else { Ok(()) };
    };
    log.end_offset = end_of(active)?;
    let first = log.segments.first().map_or(0, Segment::base_offset);
    log.start_offset = last_life.start_offset.clamp(first, log.end_offset.max(first));
    if log.epochs.truncate_from(log.end_offset.max(1)) {
        log.epochs.store(&*disk, &log.dir)?;
    }
    log.clean_to = log.clean_to.clamp(log.start_offset, log.end_offset);
    rebuild_producers(log, scanned_from)
}

/// Takes segments behind one that ends too early out of the log: a log has no holes.
fn give_up(disk: &dyn Disk, dir: &Path, behind: &[i64], keep_files: bool) -> Result<(), LogError> {
    for &base in behind {
        let segment = Segment::create(disk, dir, base)?;
        if !keep_files {
            tracing::warn!(dir = %dir.display(), base, "segment behind a torn one removed");
            segment.delete(disk)?;
            continue;
        }
        let aside = segment.path().with_extension("log.stray");
        tracing::warn!(
            aside = %aside.display(),
            "segment set aside, for the one before it ended later once. If only index files were removed, rename it back"
        );
        disk.rename(segment.path(), &aside).map_err(|err| LogError::io("renaming", segment.path(), err))?;
        Segment::clear_indexes(disk, dir, base)?;
    }
    Ok(())
}

/// Removes what may not be on the medium after a sync has failed, whatever reading it says: the first segment that was
/// never sealed, and all behind it, as a log has no holes.
pub(super) fn forget_unsealed(disk: &dyn Disk, dir: &Path) -> Result<(), LogError> {
    let sealed = bases(disk, dir, "index")?;
    let is_sealed = |base: &i64| sealed.binary_search(base).is_ok();
    let unsealed: Vec<i64> = bases(disk, dir, "log")?.into_iter().skip_while(is_sealed).collect();
    // The last one first: what a kill leaves is whole.
    for &base in unsealed.iter().rev() {
        for snapshot in bases(disk, dir, "snapshot")?.into_iter().filter(|&snapshot| snapshot > base) {
            let path = dir.join(file_name(snapshot, "snapshot"));
            disk.remove(&path).map_err(|err| LogError::io("removing", &path, err))?;
        }
        tracing::warn!(dir = %dir.display(), base, "segment removed that may not be on the disk");
        Segment::create(disk, dir, base)?.delete(disk)?;
    }
    Ok(())
}

/// Base offsets of the files with `suffix`, rising.
fn bases(disk: &dyn Disk, dir: &Path, suffix: &str) -> Result<Vec<i64>, LogError> {
    let names = disk.list(dir).map_err(|err| LogError::io("listing", dir, err))?;
    let mut bases: Vec<i64> =
        names.iter().filter_map(|name| name.strip_suffix(suffix)?.strip_suffix('.')?.parse().ok()).collect();
    bases.sort_unstable();
    Ok(bases)
}

/// What a scan has found.
struct Scanned {
    /// The offset after the last good batch.
    next: i64,
    /// Whether something bad followed it.
    torn: bool,
    /// Whether offsets are missing between good ones, as after a compaction.
    gaps: bool,
}

/// Reads every batch of a segment, rebuilds its indexes, cuts it at the first bad batch. Of one that was synced no crash
/// tears anything: it is damaged then.
fn scan(
    segment: &mut Segment,
    log: &mut Log,
    last_life: LastLife,
    was_synced: bool,
) -> Result<Scanned, LogError> {
    let mut good = Vec::new();
    let mut keep = 0;
    let mut next = segment.base_offset();
    let mut epoch = 0;
    let mut damage = None;
    let mut gaps = false;
    for step in segment.steps(0) {
        let checked = step.and_then(|step| {
            segment.read_checked(&step)?;
            follows(&step.header, next, epoch, last_life.synced)
                .map_err(|err| segment.corrupt(step.position, err))?;
            Ok(step)
        });
        match checked {
            Ok(step) => {
                keep = step.end();
                gaps |= step.header.base_offset > next;
                (next, epoch) = (step.header.next_offset(), step.header.leader_epoch);
                good.push(step.header);
            }
            Err(err @ LogError::Corrupt { .. }) => {
                damage = Some(err);
                break;
            }
            Err(err) => return Err(err),
        }
    }
    let torn = damage.is_some();
    if let Some(err) = damage {
        let no_crash = was_synced && !last_life.clean
            || next < last_life.ended
            || last_life.synced && whole_batch_from(segment, keep)?;
        if no_crash {
            return Err(err);
        }
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
    if epochs_changed {
        log.epochs.store(&*log.disk, &log.dir)?;
    }
    Ok(Scanned { next, torn, gaps })
}

/// Base offset and leader epoch lie outside the CRC. A log that was synced at every append was never compacted
/// either: it has no gaps, and its epochs rise.
fn follows(header: &BatchHeader, next: i64, epoch: i32, synced: bool) -> Result<(), BatchError> {
    let wrong = |field, value| Err(BatchError::Field { field, value });
    if header.base_offset < next || synced && header.base_offset > next {
        return wrong("base offset", header.base_offset);
    }
    if synced && header.leader_epoch < epoch {
        return wrong("leader epoch", header.leader_epoch.into());
    }
    Ok(())
}

/// Whether a whole batch begins at `position` or anywhere behind it: at `position` itself it is whole and yet does not
/// belong there.
fn whole_batch_from(segment: &Segment, position: u64) -> Result<bool, LogError> {
    let raw = segment.read_rest(position)?;
    let begins =
        |at: &usize| raw.get(at + MAGIC_AT) == Some(&2) && Batch::split(&mut raw.slice(*at..)).is_ok();
    Ok((0..raw.len()).any(|at| begins(&at)))
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
            // All of the segment's: one that was trusted has them from its file.
            segment.set_aborted(aborted);
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
