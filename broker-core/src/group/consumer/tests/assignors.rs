//! The assignors on wishes made by chance.

use std::collections::{BTreeMap, BTreeSet};

use super::super::assign::{Wish, Wishes, assign};
use crate::protocol::Uuid;
use crate::seams::Rng;

#[test]
fn both_assignors_give_every_partition_away_once_and_evenly() {
    for seed in 0..200 {
        let mut rng = Rng::seeded(seed);
        let mut wishes = Wishes::default();
        for topic in 0..=rng.below(4) {
            wishes.partitions.insert(Uuid([topic as u8 + 1; 16]), rng.below(9) as i32);
        }
        let alike = seed % 2 == 0;
        for member in 0..=rng.below(6) {
            let topics = wishes.partitions.keys().filter(|_| alike || rng.below(3) > 0).copied().collect();
            let id = format!("m{member}");
            wishes.members.insert(id, Wish { instance_id: None, topics });
        }
        let wanted: BTreeSet<Uuid> = wishes.members.values().flat_map(|wish| wish.topics.clone()).collect();
        wishes.partitions.retain(|topic, _| wanted.contains(topic));
        let total: i32 = wishes.partitions.values().sum();
        let mut now = BTreeMap::new();
        for assignor in ["uniform", "range", "uniform"] {
            let targets = assign(assignor, &wishes, &now);
            let all: Vec<(Uuid, i32)> = targets
                .values()
                .flatten()
                .flat_map(|(topic, numbers)| numbers.iter().map(|number| (*topic, *number)))
                .collect();
            assert_eq!(all.len() as i32, total, "seed {seed} {assignor}");
            assert_eq!(all.iter().collect::<BTreeSet<_>>().len() as i32, total);
            for (id, target) in &targets {
                assert!(target.keys().all(|topic| wishes.members[id].topics.contains(topic)));
            }
            if assignor == "uniform" {
                let counts = targets.values().map(|t| t.values().map(BTreeSet::len).sum::<usize>());
                let (least, most) = (counts.clone().min().unwrap(), counts.max().unwrap());
                assert!(!alike || most - least <= 1, "seed {seed}: {least} to {most}");
                assert_eq!(assign("uniform", &wishes, &targets), targets, "nothing moves without need");
            }
            now = targets;
        }
    }
}
