//! What members saw, and what must never be seen: a commit that was acknowledged and is gone, one that comes from a
//! member whose partition has gone to another, a partition that two members of the group have at once.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::host::Host;

/// Lines of the trail that are kept.
const TRAIL: usize = 120;

/// The members' view of the group, and the rules.
#[derive(Debug, Default)]
pub struct History {
    /// The highest acknowledged commit of each partition.
    acked: BTreeMap<i32, i64>,
    /// The highest that was ever sent.
    sent: BTreeMap<i32, i64>,
    /// Who has a partition: member ids.
    holders: BTreeMap<i32, BTreeSet<String>>,
    /// The newest generation, or epoch, in which somebody took a partition.
    newest: BTreeMap<i32, i32>,
    trail: VecDeque<String>,
}

/// A commit on its way.
#[derive(Debug, Clone)]
pub struct Commit {
    pub offsets: Vec<(i32, i64)>,
    /// Partitions that somebody had taken in a later generation when it was sent.
    stale: Vec<i32>,
    /// What was acknowledged when it was sent.
    floor: Vec<i64>,
}

impl History {
    /// Notes what happened, for the reader of a failure.
    pub fn note(&mut self, text: impl Into<String>) {
        self.trail.push_back(text.into());
        if self.trail.len() > TRAIL {
            self.trail.pop_front();
        }
    }

    pub fn trail(&self) -> Vec<String> {
        self.trail.iter().cloned().collect()
    }

    /// A member begins to read a partition that it was given.
    pub fn takes(&mut self, member: &str, partition: i32, generation: i32, host: &Host) {
        let (holders, members) = (self.holders.entry(partition).or_default(), host.members());
        holders.insert(member.to_owned());
        let newest = self.newest.entry(partition).or_default();
        *newest = generation.max(*newest);
        if !members.contains(member) {
            // It stood still, and hears what was said before the group gave it up.
            return;
        }
        let other = holders.iter().find(|other| *other != member && members.contains(*other));
        assert!(other.is_none(), "{member} was given {partition}, which {other:?} of the same group has");
    }

    /// A member reads a partition no longer.
    pub fn drops(&mut self, member: &str, partition: i32) {
        if let Some(holders) = self.holders.get_mut(&partition) {
            holders.remove(member);
        }
    }

    /// A new owner asks where to go on.
    pub fn reads(&mut self, member: &str, partition: i32, offset: i64) {
        let (acked, sent) = (self.of(&self.acked, partition), self.of(&self.sent, partition));
        assert!(offset >= acked, "{member} goes on at {offset} of {partition}, and {acked} was acknowledged");
        assert!(offset <= sent, "{member} goes on at {offset} of {partition}, which nobody ever sent");
    }

    fn of(&self, all: &BTreeMap<i32, i64>, partition: i32) -> i64 {
        all.get(&partition).copied().unwrap_or(0)
    }

    /// A member sends a commit.
    pub fn commits(&mut self, generation: i32, offsets: Vec<(i32, i64)>) -> Commit {
        for (partition, offset) in &offsets {
            let sent = self.sent.entry(*partition).or_default();
            *sent = (*sent).max(*offset);
        }
        let taken = |partition: &i32| self.newest.get(partition).is_some_and(|newest| *newest > generation);
        let stale = offsets.iter().map(|(partition, _)| *partition).filter(taken).collect();
        let floor = offsets.iter().map(|(partition, _)| self.of(&self.acked, *partition)).collect();
        Commit { offsets, stale, floor }
    }

    /// The group has acknowledged it.
    pub fn acked(&mut self, member: &str, commit: &Commit) {
        assert!(commit.stale.is_empty(), "{member} commits {commit:?}, and those were taken later");
        for ((partition, offset), floor) in commit.offsets.iter().zip(&commit.floor) {
            assert!(offset >= floor, "{member} commits {offset} of {partition} after {floor}");
            let acked = self.acked.entry(*partition).or_default();
            *acked = (*acked).max(*offset);
        }
    }

    /// A member's process is gone.
    pub fn dies(&mut self, member: &str) {
        self.holders.values_mut().for_each(|holders| {
            holders.remove(member);
        });
    }
}
