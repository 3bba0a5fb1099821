//! Who may take how many rows: leaders answer one after the other, and the first one must not fill the limit
//! with one partition alone. For a short time each partition has its share; then whoever has records goes on,
//! so that a partition without a leader holds nobody up.

use std::collections::BTreeMap;

/// How long partitions wait for each other.
const FAIR_MS: i64 = 2_000;

#[derive(Debug)]
pub(super) struct Shares {
    each: usize,
    taken: BTreeMap<i32, usize>,
    until: i64,
}

impl Shares {
    /// `rows` are divided among so many partitions, from `now` (milliseconds) on.
    pub fn new(rows: usize, partitions: usize, now: i64) -> Shares {
        Shares { each: rows.div_ceil(partitions.max(1)), taken: BTreeMap::new(), until: now + FAIR_MS }
    }

    /// Divides once more.
    pub fn renew(&mut self, now: i64) {
        self.taken.clear();
        self.until = now + FAIR_MS;
    }

    /// Returns how many rows the partition may take while those in `unread` have more to read too.
    pub fn left(&self, partition: i32, unread: impl IntoIterator<Item = i32>, now: i64) -> usize {
        let waits = |other: i32| other != partition && self.taken(other) < self.each;
        if now < self.until && unread.into_iter().any(waits) {
            return self.each.saturating_sub(self.taken(partition));
        }
        usize::MAX
    }

    pub fn take(&mut self, partition: i32, rows: usize) {
        *self.taken.entry(partition).or_default() += rows;
    }

    fn taken(&self, partition: i32) -> usize {
        self.taken.get(&partition).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_partition_waits_for_the_others_but_not_for_ever() {
        let mut shares = Shares::new(10, 3, 0);
        assert_eq!(shares.left(0, [0, 1, 2], 5), 4);
        shares.take(0, 4);
        assert_eq!(shares.left(0, [0, 1, 2], 5), 0);
        assert_eq!(shares.left(0, [0, 1, 2], FAIR_MS), usize::MAX);
        assert_eq!(shares.left(0, [0], 5), usize::MAX, "the others are read to their ends");
        shares.take(1, 4);
        assert_eq!(shares.left(0, [0, 1], 5), usize::MAX, "all had their share");
        shares.renew(10_000);
        assert_eq!(shares.left(0, [0, 1], 10_001), 4);
    }
}
