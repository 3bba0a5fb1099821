//! The assignors of the server: `uniform` spreads all partitions evenly and moves few, `range` gives neighbours of
//! each topic to a member.
//! Source: Kafka `UniformAssignor.java`, `RangeAssignor.java`.

use std::collections::{BTreeMap, BTreeSet};

use super::Partitions;
use crate::config::BrokerConfig;
use crate::protocol::Uuid;

/// The assignor when nothing names another.
pub const UNIFORM: &str = "uniform";
const RANGE: &str = "range";
/// Kafka's names.
const ASSIGNORS: [&str; 2] = [UNIFORM, RANGE];

/// The names that `group.consumer.assignors` has, in its order.
pub fn assignors_of(config: &BrokerConfig) -> Vec<&'static str> {
    let list = config.get("group.consumer.assignors").map_or("", |(value, _)| value);
    list.split(',').filter_map(|name| ASSIGNORS.into_iter().find(|known| *known == name)).collect()
}

/// What members want.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wishes {
    /// The number of partitions of each topic that anybody wants.
    pub partitions: BTreeMap<Uuid, i32>,
    /// By member id, what the member wants.
    pub members: BTreeMap<String, Wish>,
}

/// What a member wants.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wish {
    /// Its group.instance.id.
    pub instance_id: Option<String>,
    /// The topics.
    pub topics: BTreeSet<Uuid>,
}

/// A target for every member.
pub fn assign(
    assignor: &str,
    wishes: &Wishes,
    now: &BTreeMap<String, Partitions>,
) -> BTreeMap<String, Partitions> {
    if assignor == RANGE { range(wishes) } else { uniform(wishes, now) }
}

fn range(wishes: &Wishes) -> BTreeMap<String, Partitions> {
    let mut targets: BTreeMap<String, Partitions> =
        wishes.members.keys().map(|id| (id.clone(), Partitions::new())).collect();
    for (topic, &partitions) in &wishes.partitions {
        let mut takers: Vec<_> =
            wishes.members.iter().filter(|(_, wish)| wish.topics.contains(topic)).collect();
        // Static members keep their place among the others.
        takers.sort_by_key(|(id, wish)| (wish.instance_id.is_none(), wish.instance_id.clone(), *id));
        let count = takers.len().max(1) as i32;
        let (each, more) = (partitions / count, partitions % count);
        let mut next = 0;
        for (at, (id, _)) in takers.into_iter().enumerate() {
            let end = next + each + i32::from((at as i32) < more);
            if end > next
                && let Some(target) = targets.get_mut(id)
            {
                target.insert(*topic, (next..end).collect());
            }
            next = end;
        }
    }
    targets
}

/// Everybody keeps what it may; what is left goes to whoever has least; then partitions move from the member with
/// most to one with at least two fewer, as long as there is such a move.
fn uniform(wishes: &Wishes, now: &BTreeMap<String, Partitions>) -> BTreeMap<String, Partitions> {
    let mut spread = Spread::of(wishes);
    for (id, partitions) in now {
        for (&topic, numbers) in partitions {
            for &number in numbers {
                spread.keep(wishes, id, topic, number);
            }
        }
    }
    for (&topic, &partitions) in &wishes.partitions {
        for number in 0..partitions {
            spread.give(topic, number);
        }
    }
    spread.balance();
    spread.targets
}

/// Partitions spread over members, ordered by how many each has.
struct Spread<'a> {
    targets: BTreeMap<String, Partitions>,
    counts: BTreeMap<&'a str, usize>,
    /// For each set of topics wanted alike: its members by how many partitions they have.
    takers: BTreeMap<Uuid, Vec<&'a str>>,
    owners: BTreeMap<(Uuid, i32), &'a str>,
    /// Whether all members want the same topics.
    alike: bool,
    by_load: BTreeSet<(usize, &'a str)>,
}

impl<'a> Spread<'a> {
    fn of(wishes: &'a Wishes) -> Self {
        let mut takers: BTreeMap<Uuid, Vec<&'a str>> = BTreeMap::new();
        for (id, wish) in &wishes.members {
            for topic in &wish.topics {
                takers.entry(*topic).or_default().push(id);
            }
        }
        let mut sets = wishes.members.values().map(|wish| &wish.topics);
        let first = sets.next();
        Self {
            targets: wishes.members.keys().map(|id| (id.clone(), Partitions::new())).collect(),
            counts: wishes.members.keys().map(|id| (id.as_str(), 0)).collect(),
            takers,
            owners: BTreeMap::new(),
            alike: sets.all(|set| Some(set) == first),
            by_load: wishes.members.keys().map(|id| (0, id.as_str())).collect(),
        }
    }

    fn count(&self, id: &str) -> usize {
        self.counts.get(id).copied().unwrap_or(0)
    }

    fn recount(&mut self, id: &'a str, count: usize) {
        let before = self.counts.insert(id, count).unwrap_or(0);
        self.by_load.remove(&(before, id));
        self.by_load.insert((count, id));
    }

    fn put(&mut self, id: &'a str, topic: Uuid, number: i32) {
        if let Some(target) = self.targets.get_mut(id) {
            target.entry(topic).or_default().insert(number);
        }
        self.owners.insert((topic, number), id);
        self.recount(id, self.count(id) + 1);
    }

    fn take(&mut self, id: &'a str, topic: Uuid, number: i32) {
        if let Some(target) = self.targets.get_mut(id)
            && let Some(numbers) = target.get_mut(&topic)
        {
            numbers.remove(&number);
            if numbers.is_empty() {
                target.remove(&topic);
            }
        }
        self.recount(id, self.count(id).saturating_sub(1));
    }

    /// A member keeps a partition it has, if it still wants it and the partition still exists.
    fn keep(&mut self, wishes: &'a Wishes, id: &str, topic: Uuid, number: i32) {
        let Some((id, wish)) = wishes.members.get_key_value(id) else { return };
        let exists = wishes.partitions.get(&topic).is_some_and(|&count| number < count);
        if exists && wish.topics.contains(&topic) && !self.owners.contains_key(&(topic, number)) {
            self.put(id, topic, number);
        }
    }

    /// A partition without an owner goes to the member with least of those that want it.
    fn give(&mut self, topic: Uuid, number: i32) {
        if self.owners.contains_key(&(topic, number)) {
            return;
        }
        let least = if self.alike {
            self.by_load.first().map(|&(_, id)| id)
        } else {
            let takers = self.takers.get(&topic).into_iter().flatten();
            takers.copied().min_by_key(|id| (self.count(id), *id))
        };
        if let Some(id) = least {
            self.put(id, topic, number);
        }
    }

    fn balance(&mut self) {
        if self.alike {
            return self.balance_alike();
        }
        // Each move lowers the sum of squares of the counts, so it ends.
        while let Some((topic, number, from, to)) = self.better_place() {
            self.take(from, topic, number);
            self.put(to, topic, number);
        }
    }

    fn balance_alike(&mut self) {
        while let (Some(&(least, to)), Some(&(most, from))) = (self.by_load.first(), self.by_load.last()) {
            if most < least + 2 {
                return;
            }
            let last = self.targets.get(from).and_then(|target| {
                let (topic, numbers) = target.last_key_value()?;
                Some((*topic, *numbers.last()?))
            });
            let Some((topic, number)) = last else { return };
            self.take(from, topic, number);
            self.put(to, topic, number);
        }
    }

    /// A partition whose owner has at least two more than another member that wants it.
    fn better_place(&self) -> Option<(Uuid, i32, &'a str, &'a str)> {
        for &(count, from) in self.by_load.iter().rev() {
            for (topic, numbers) in self.targets.get(from).into_iter().flatten() {
                let takers = self.takers.get(topic).into_iter().flatten();
                let to = takers.copied().min_by_key(|id| (self.count(id), *id))?;
                if self.count(to) + 2 <= count {
                    return Some((*topic, *numbers.last()?, from, to));
                }
            }
        }
        None
    }
}
