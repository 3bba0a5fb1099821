//! What clients were told and what they saw, and what must never be seen: an acknowledged record that is gone, a record
//! twice or out of its producer's order, another record at an offset that was read before, a part of a transaction.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Lines of the trail that are kept.
const TRAIL: usize = 400;

/// A partition by its topic's name and its number.
pub type Place = (&'static str, i32);

/// A value that a producer wrote: its name and the number of its write, which rises.
pub type Value = (String, u64);

/// How a transaction ended, as far as its producer knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It is open, and its commit was not asked for.
    Open,
    /// Its commit was asked for, and nothing heard.
    Unknown,
    Committed,
    Aborted,
}

#[derive(Debug)]
struct Transaction {
    end: End,
    writes: Vec<(Place, Value)>,
    /// The offset that it commits to its group.
    offset: Option<i64>,
}

/// Everything that clients know.
#[derive(Debug, Default)]
pub struct History {
    acked: BTreeMap<(Place, Value), i64>,
    seen: BTreeMap<Place, BTreeMap<i64, Value>>,
    /// What read_committed showed.
    shown: BTreeMap<Place, BTreeSet<i64>>,
    transactions: BTreeMap<(String, u64), Transaction>,
    /// Of each group, the highest offset whose commit was acknowledged, and the highest that was sent.
    groups: BTreeMap<String, (i64, i64)>,
    trail: VecDeque<String>,
}

impl History {
    /// Notes what happened, for the reader of a failure.
    pub fn note(&mut self, text: String) {
        tracing::info!("{text}");
        self.trail.push_back(text);
        if self.trail.len() > TRAIL {
            self.trail.pop_front();
        }
    }

    pub fn trail(&self) -> Vec<String> {
        self.trail.iter().cloned().collect()
    }

    /// A record was acknowledged; a repetition may not know its offset.
    pub fn acked(&mut self, place: Place, value: &Value, offset: Option<i64>) {
        self.acked.insert((place, value.clone()), offset.unwrap_or(-1));
    }

    /// A reader was given a record.
    pub fn read(&mut self, place: Place, offset: i64, value: &Value, committed: bool) {
        let seen = self.seen.entry(place).or_default();
        let known = seen.entry(offset).or_insert_with(|| value.clone());
        assert_eq!(known, value, "{place:?} has another record at {offset} than before");
        if committed {
            self.shown.entry(place).or_default().insert(offset);
            let open = self.transactions.values().find(|txn| txn.writes.contains(&(place, value.clone())));
            if let Some(txn) = open {
                let end = txn.end;
                assert!(matches!(end, End::Unknown | End::Committed), "{value:?} is shown and {end:?}");
            }
        }
    }

    pub fn begins(&mut self, id: &str, number: u64) {
        let fresh = Transaction { end: End::Open, writes: Vec::new(), offset: None };
        self.transactions.insert((id.to_owned(), number), fresh);
    }

    pub fn writes(&mut self, id: &str, number: u64, place: Place, value: &Value) {
        let txn = self.transactions.get_mut(&(id.to_owned(), number)).unwrap();
        txn.writes.push((place, value.clone()));
    }

    pub fn sends_offset(&mut self, id: &str, number: u64, offset: i64) {
        self.transactions.get_mut(&(id.to_owned(), number)).unwrap().offset = Some(offset);
    }

    pub fn ends(&mut self, id: &str, number: u64, end: End) {
        self.transactions.get_mut(&(id.to_owned(), number)).unwrap().end = end;
    }

    /// Its producer can do no more. If its commit was asked for, it may have come through.
    pub fn gives_up(&mut self, id: &str, number: u64) {
        let txn = self.transactions.get_mut(&(id.to_owned(), number)).unwrap();
        if txn.end == End::Open {
            txn.end = End::Aborted;
        }
    }

    pub fn commits(&mut self, group: &str, offset: i64) {
        let known = self.groups.entry(group.to_owned()).or_insert((-1, -1));
        known.1 = known.1.max(offset);
    }

    pub fn committed(&mut self, group: &str, offset: i64) {
        let known = self.groups.get_mut(group).unwrap();
        known.0 = known.0.max(offset);
    }

    /// The lowest and the highest offset that a group may have.
    pub fn bounds(&self, group: &str) -> (i64, i64) {
        self.groups.get(group).copied().unwrap_or((-1, -1))
    }

    /// Judges it all, once every reader is at the end.
    pub fn judge(&self) {
        let mut places: BTreeMap<(Place, &Value), i64> = BTreeMap::new();
        for (place, seen) in &self.seen {
            let mut newest: BTreeMap<&String, u64> = BTreeMap::new();
            for (offset, value) in seen {
                let before = places.insert((*place, value), *offset);
                assert!(before.is_none(), "{value:?} stands in {place:?} at {before:?} and at {offset}");
                let last = newest.insert(&value.0, value.1);
                assert!(last < Some(value.1), "{value:?} comes after {last:?} in {place:?}");
            }
        }
        for ((place, value), offset) in &self.acked {
            let found = places.get(&(*place, value));
            assert!(found.is_some(), "{value:?} was acknowledged and is not in {place:?}");
            assert!(
                *offset < 0 || found == Some(offset),
                "{value:?} was acknowledged at {offset}, not {found:?}"
            );
        }
        for (id, txn) in &self.transactions {
            let shown = |(place, value): &(Place, Value)| {
                let offset = places.get(&(*place, value));
                offset.is_some_and(|offset| self.shown.get(place).is_some_and(|all| all.contains(offset)))
            };
            let (all, any) = (txn.writes.iter().all(shown), txn.writes.iter().any(shown));
            match txn.end {
                End::Committed => assert!(all, "{id:?} was committed and is not all there: {txn:?}"),
                End::Aborted | End::Open => assert!(!any, "{id:?} was aborted and shows: {txn:?}"),
                End::Unknown => assert!(all || !any, "a part of {id:?} shows: {txn:?}"),
            }
        }
        for (place, shown) in &self.shown {
            let plain = |value: &Value| !self.transactions.contains_key(&(value.0.clone(), value.1 >> 8));
            let hidden =
                self.seen[place].iter().find(|(offset, value)| plain(value) && !shown.contains(offset));
            assert!(hidden.is_none(), "{hidden:?} of no transaction is not shown by read_committed");
        }
    }

    /// Judges the offset that the transactions of `id` have left in their group.
    pub fn judge_offset(&self, id: &str, found: i64) {
        let own = self.transactions.iter().filter(|((owner, _), _)| owner == id).map(|(_, txn)| txn);
        let of = |ends: &[End]| -> BTreeSet<i64> {
            let matching = own.clone().filter(|txn| ends.contains(&txn.end));
            matching.filter_map(|txn| txn.offset).collect()
        };
        let least = of(&[End::Committed]).last().copied().unwrap_or(-1);
        assert!(found >= least, "the group of {id} is at {found}, and {least} was committed");
        let may = of(&[End::Committed, End::Unknown]);
        assert!(found == -1 || may.contains(&found), "the group of {id} is at {found}, which no commit sent");
    }

    pub fn counts(&self) -> String {
        let of = |end: End| self.transactions.values().filter(|txn| txn.end == end).count();
        format!(
            "{} records acknowledged, transactions: {} committed, {} aborted, {} unknown",
            self.acked.len(),
            of(End::Committed),
            of(End::Aborted),
            of(End::Unknown)
        )
    }
}
