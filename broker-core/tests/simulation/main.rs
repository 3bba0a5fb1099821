//! Group machines played by seed: members of both protocols on a bad network, with pauses, deaths and a coordinator that
//! crashes between any two records. Then the faults stop, and the group must come to rest.
//!
//! A short run is part of `check`; how one seed is played again, and how more are, says `common/seeds.rs`.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fall where it stands")]

mod classic;
mod consumer;
mod history;
mod host;
#[path = "../common/seeds.rs"]
mod seeds;
mod world;

use world::{Player, World};

/// Seeds of a short run.
const SEEDS: u64 = 150;

fn run<P: Player>() {
    seeds::run(SEEDS, |seed| World::<P>::new(seed).run());
}

#[test]
fn classic_groups_lose_no_commit_and_come_to_rest() {
    run::<classic::Classic>();
}

#[test]
fn consumer_groups_lose_no_commit_and_come_to_rest() {
    run::<consumer::Consumer>();
}
