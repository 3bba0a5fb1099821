//! Which leader epoch wrote from which offset on: how a returning replica finds where its log diverged.
//! File `leader-epoch-checkpoint`: `0`, the number of entries, then `epoch start-offset` a line.
//! Source: Kafka `LeaderEpochFileCache.java`; KIP-101, KIP-279.

use std::path::Path;

use super::LogError;
use crate::seams::Disk;

const FILE: &str = "leader-epoch-checkpoint";

/// Epochs and the offset at which each began, both rising.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct LeaderEpochs(Vec<(i32, i64)>);

impl LeaderEpochs {
    pub(super) fn load(disk: &dyn Disk, dir: &Path) -> Result<Self, LogError> {
        let path = dir.join(FILE);
        match disk.read(&path) {
            Err(err) if err.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(err) => Err(LogError::io("reading", &path, err)),
            Ok(raw) => Ok(Self::parse(&String::from_utf8_lossy(&raw))),
        }
    }

    /// A damaged file gives the entries before the damage; recovery adds what the log itself says.
    fn parse(text: &str) -> Self {
        let mut epochs = Self::default();
        for line in text.lines().skip(2) {
            let mut words = line.split_whitespace().map(str::parse::<i64>);
            let (Some(Ok(epoch)), Some(Ok(start))) = (words.next(), words.next()) else { break };
            epochs.assign(epoch as i32, start);
        }
        epochs
    }

    pub(super) fn store(&self, disk: &dyn Disk, dir: &Path) -> Result<(), LogError> {
        let mut text = format!("0\n{}\n", self.0.len());
        for (epoch, start) in &self.0 {
            text.push_str(&format!("{epoch} {start}\n"));
        }
        let path = dir.join(FILE);
        disk.replace(&path, text.as_bytes()).map_err(|err| LogError::io("writing", &path, err))
    }

    /// Notes that `epoch` writes at `start`; true if that is news.
    pub(super) fn assign(&mut self, epoch: i32, start: i64) -> bool {
        if epoch < 0 || self.0.last().is_some_and(|&(last, _)| last >= epoch) {
            return false;
        }
        self.0.retain(|&(_, begun)| begun < start);
        self.0.push((epoch, start));
        true
    }

    /// Forgets epochs that began at `offset` or later; true if there were any.
    pub(super) fn truncate_from(&mut self, offset: i64) -> bool {
        let before = self.0.len();
        self.0.retain(|&(_, start)| start < offset);
        self.0.len() != before
    }

    /// Forgets epochs that ended before `offset`, where the log now begins; true if there were any.
    pub(super) fn forget_before(&mut self, offset: i64) -> bool {
        let gone = self.0.partition_point(|&(_, start)| start <= offset).saturating_sub(1);
        self.0.drain(..gone);
        match self.0.first_mut() {
            Some(first) if first.1 < offset => {
                first.1 = offset;
                true
            }
            _ => gone > 0,
        }
    }

    /// The epoch of the last record.
    pub fn latest(&self) -> Option<i32> {
        self.0.last().map(|&(epoch, _)| epoch)
    }

    /// The epoch that wrote `offset`.
    pub fn at(&self, offset: i64) -> Option<i32> {
        self.0.iter().rev().find(|&&(_, start)| start <= offset).map(|&(epoch, _)| epoch)
    }

    /// The largest known epoch at or below `epoch`, and where it ended in a log that ends at `log_end`.
    /// `None` if all known epochs are later: nothing is shared.
    pub fn end_of(&self, epoch: i32, log_end: i64) -> Option<(i32, i64)> {
        let next = self.0.partition_point(|&(known, _)| known <= epoch);
        let (found, _) = *self.0.get(next.checked_sub(1)?)?;
        let end = self.0.get(next).map_or(log_end, |&(_, start)| start);
        Some((found, end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_ends_where_the_next_begins() {
        let epochs = LeaderEpochs(vec![(0, 0), (2, 10), (5, 30)]);
        assert_eq!(epochs.end_of(0, 40), Some((0, 10)));
        assert_eq!(
            epochs.end_of(1, 40),
            Some((0, 10)),
            "an epoch that wrote nothing ends with the one before"
        );
        assert_eq!(epochs.end_of(5, 40), Some((5, 40)));
        assert_eq!(epochs.end_of(9, 40), Some((5, 40)));
        assert_eq!(epochs.at(29), Some(2));
    }
}
