//! Compaction: of each key the newest record stays, offsets stay what they were.
//!
//! It runs in three steps so that appends never wait for it: [`Log::clean_plan`] takes a view of the closed
//! segments, [`CleanPlan::run`] writes their successors in another thread, [`Log::install`] puts them in place.
//! A successor is written as `.cleaned`, synced, renamed to `.swap`, which decides: from then on it replaces its
//! predecessors, now or at the next start.
//! Source: Kafka `LogCleaner.java`, `Cleaner.java`, `LocalLog.replaceSegments`, `LogLoader.java`; KIP-534.

mod keys;
mod rewrite;
mod transactions;

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::segment::{DELETED, Segment, file_name};
use super::txn_index::AbortedTxn;
use super::{Log, LogConfig, LogError};
use crate::seams::Disk;
use keys::{KEYS_MAX, Keys};
use rewrite::Rewriter;

const CLEANED: &str = ".cleaned";
const SWAP: &str = ".swap";

/// What a compaction works on: the log as it was when it was planned.
#[derive(Debug)]
pub struct CleanPlan {
    disk: Arc<dyn Disk>,
    config: Arc<LogConfig>,
    generation: u64,
    segments: Vec<Segment>,
    clean_to: i64,
    /// The base of the segment behind the last of them.
    until: i64,
    keys_max: usize,
    now_ms: i64,
    aborted: Vec<AbortedTxn>,
    /// Epoch and last offset of each producer: its last batch stays, so that retries are still known.
    producers: BTreeMap<i64, (i16, Option<i64>)>,
}

/// Finished successors, not yet in place.
#[derive(Debug)]
pub struct Cleaned {
    generation: u64,
    clean_to: i64,
    groups: VecDeque<Group>,
}

/// How far successors are in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Installed {
    /// One more is; there may be others.
    One,
    /// All are.
    All,
    /// The log has changed meanwhile in a way that spoils those that are not.
    Spoilt,
}

/// One successor and the base offsets of the segments it replaces.
#[derive(Debug)]
struct Group {
    segment: Segment,
    replaces: Vec<i64>,
}

impl Log {
    /// The share of bytes that were never compacted, if it is time to compact; `stable` bounds what may be.
    pub fn dirty_ratio(&mut self, now_ms: i64, stable: i64) -> Option<f64> {
        if !self.config.compact || self.offline {
            return None;
        }
        let until = self.cleanable_until(now_ms, stable);
        let first = self.first_dirty();
        let (clean, dirty) = self.segments.split_at(first);
        let closed = |segments: &[Segment]| -> u64 {
            segments.iter().filter(|segment| segment.base_offset() < until).map(Segment::size).sum()
        };
        let (clean, dirty) = (closed(clean), closed(dirty));
        if dirty == 0 {
            return None;
        }
        let ratio = dirty as f64 / (clean + dirty) as f64;
        let max_lag = self.config.max_compaction_lag_ms;
        let oldest = self.segments.get_mut(first).and_then(Segment::first_timestamp);
        let waited = oldest.is_some_and(|oldest| now_ms.saturating_sub(oldest) > max_lag);
        (waited || ratio > self.config.min_cleanable_dirty_ratio).then_some(ratio)
    }

    /// The place of the first segment that compaction has not been through to its end.
    fn first_dirty(&self) -> usize {
        let begun = self.segments.partition_point(|segment| segment.base_offset() <= self.clean_to);
        begun.saturating_sub(1)
    }

    /// The base of the first segment that compaction leaves alone: the active one, one that holds what is not
    /// stable, or one younger than `min.compaction.lag.ms`.
    fn cleanable_until(&self, now_ms: i64, stable: i64) -> i64 {
        let min_lag = self.config.min_compaction_lag_ms;
        let young = |segment: &Segment| {
            let newest = segment.max_timestamp().map_or(i64::MIN, |(newest, _)| newest);
            min_lag > 0 && now_ms.saturating_sub(newest) < min_lag
        };
        let closed = self.segments.len().saturating_sub(1);
        for (at, segment) in self.segments.iter().enumerate() {
            let end = self.segments.get(at + 1).map_or(self.end_offset, Segment::base_offset);
            if at >= closed || end > stable || young(segment) {
                return segment.base_offset();
            }
        }
        self.end_offset
    }

    /// A plan to compact what [`Log::dirty_ratio`] called due.
    pub fn clean_plan(&self, now_ms: i64, stable: i64) -> CleanPlan {
        let until = self.cleanable_until(now_ms, stable);
        let closed = self.segments.iter().filter(|segment| segment.base_offset() < until);
        CleanPlan {
            disk: Arc::clone(&self.disk),
            config: Arc::clone(&self.config),
            generation: self.generation,
            segments: closed.map(Segment::reader).collect(),
            clean_to: self.clean_to,
            until,
            keys_max: KEYS_MAX,
            now_ms,
            aborted: self.aborted(self.start_offset, until),
            producers: self.producers.last_offsets(),
        }
    }

    /// Puts the next successor in place: one at a time, so that whoever waits for this log does not wait for all.
    pub fn install(&mut self, cleaned: &mut Cleaned) -> Result<Installed, LogError> {
        let fits = cleaned.groups.front().is_none_or(|group| self.has(&group.replaces));
        if cleaned.generation != self.generation || self.offline || !fits {
            for group in cleaned.groups.drain(..) {
                for suffix in ["log", "txnindex", "timeindex", "index"] {
                    let name = file_name(group.segment.base_offset(), &format!("{suffix}{CLEANED}"));
                    let path = self.dir.join(name);
                    self.disk.remove(&path).map_err(|err| LogError::io("removing", &path, err))?;
                }
            }
            return Ok(Installed::Spoilt);
        }
        if let Some(group) = cleaned.groups.pop_front() {
            // Half a replacement is finished when the log is read again.
            self.or_read_again(|log| log.replace(group))?;
            return Ok(Installed::One);
        }
        self.clean_to = cleaned.clean_to;
        Ok(Installed::All)
    }

    /// Whether segments of these base offsets follow each other here. A log that was read again may have others.
    fn has(&self, bases: &[i64]) -> bool {
        let from = self.segments.iter().skip_while(|segment| Some(&segment.base_offset()) != bases.first());
        from.take(bases.len()).map(Segment::base_offset).eq(bases.iter().copied())
    }

    fn replace(&mut self, group: Group) -> Result<(), LogError> {
        let Group { segment, replaces } = group;
        let base = segment.base_offset();
        let rename = |from: &Path, to: &Path| {
            self.disk.rename(from, to).map_err(|err| LogError::io("renaming", from, err))
        };
        let swap = self.dir.join(file_name(base, &format!("log{SWAP}")));
        let path = self.dir.join(file_name(base, "log"));
        rename(segment.path(), &swap)?;
        let first = self.segments.partition_point(|old| old.base_offset() < base);
        for old in self.segments.drain(first..first + replaces.len()) {
            let keep_snapshot = old.base_offset() == base;
            self.set_aside.push(old.set_aside(&*self.disk, keep_snapshot)?);
        }
        for suffix in ["txnindex", "timeindex", "index"] {
            let written = self.dir.join(file_name(base, &format!("{suffix}{CLEANED}")));
            let is_there =
                self.disk.read_len(&written).map_err(|err| LogError::io("measuring", &written, err))?;
            if is_there.is_some() {
                rename(&written, &self.dir.join(file_name(base, suffix)))?;
            }
        }
        rename(&swap, &path)?;
        self.segments.insert(first, segment.renamed(&*self.disk, path)?);
        Ok(())
    }

    /// Where compaction has not been.
    pub fn clean_to(&self) -> i64 {
        self.clean_to
    }
}

impl CleanPlan {
    /// Writes the successors. Memory is bounded by the map of keys; what does not fit is left for the next time.
    pub fn run(self) -> Result<Cleaned, LogError> {
        let keys = Keys::collect(&self)?;
        let mut rewriter = Rewriter::new(&self, &keys);
        let mut groups = VecDeque::new();
        for segments in self.groups(keys.end()) {
            groups.push_back(rewriter.rewrite(segments)?);
            // What an earlier compaction set aside under the same names: freeing it takes long, so it is done here.
            for segment in segments {
                segment.forget_aside(&*self.disk)?;
            }
        }
        Ok(Cleaned { generation: self.generation, clean_to: keys.end(), groups })
    }

    /// Neighbouring segments that fit into one.
    fn groups(&self, end: i64) -> Vec<&[Segment]> {
        let mut groups = Vec::new();
        let closed = self.segments.partition_point(|segment| segment.base_offset() < end);
        let mut rest = self.segments.get(..closed).unwrap_or_default();
        while let Some(first) = rest.first() {
            let mut bytes = 0;
            let fits = |segment: &&Segment| {
                bytes += segment.size();
                let span = segment.base_offset() - first.base_offset();
                bytes <= self.config.segment_bytes && span <= i64::from(i32::MAX / 2)
            };
            let count = rest.iter().take_while(fits).count().max(1);
            let (group, after) = rest.split_at(count);
            groups.push(group);
            rest = after;
        }
        groups
    }
}

/// Finishes what a crash has interrupted: successors that were decided replace their predecessors, others go,
/// and so do segments that were set aside. Returns the base offsets of the successors.
pub(super) fn finish_swaps(disk: &dyn Disk, dir: &Path) -> Result<Vec<i64>, LogError> {
    let mut swapped = Vec::new();
    let names = disk.list(dir).map_err(|err| LogError::io("listing", dir, err))?;
    let remove = |path: PathBuf| disk.remove(&path).map_err(|err| LogError::io("removing", &path, err));
    for name in names.iter().filter(|name| name.ends_with(CLEANED) || name.ends_with(DELETED)) {
        remove(dir.join(name))?;
    }
    let offset_of = |name: &str| name.split_once('.').and_then(|(base, _)| base.parse::<i64>().ok());
    for name in names.iter().filter(|name| name.ends_with(SWAP)) {
        let Some(base) = offset_of(name) else { continue };
        let swap = dir.join(name);
        let successor = Segment::create(disk, dir, base)?.renamed(disk, swap.clone())?.measured()?;
        let mut end = base + 1;
        for step in successor.steps(0) {
            end = step?.header.next_offset();
        }
        for old in names.iter().filter(|old| !old.ends_with(SWAP) && !old.ends_with(DELETED)) {
            let replaced = offset_of(old).is_some_and(|at| (base..end).contains(&at));
            if replaced && !old.ends_with(".snapshot") {
                remove(dir.join(old))?;
            }
        }
        let path = dir.join(file_name(base, "log"));
        disk.rename(&swap, &path).map_err(|err| LogError::io("renaming", &swap, err))?;
        swapped.push(base);
    }
    Ok(swapped)
}

#[cfg(test)]
mod tests;
