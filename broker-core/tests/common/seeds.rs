//! Runs by seed: a fixed number of them, for as long as HEADWATER_FUZZ_SECONDS says, or the one of HEADWATER_SEED.

use std::time::{Duration, Instant};

/// Plays at least `short` seeds, and names the one that falls.
pub fn run(short: u64, mut each: impl FnMut(u64)) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    if let Some(seed) = number("HEADWATER_SEED") {
        return each(seed);
    }
    let (begun, limit) = (Instant::now(), Duration::from_secs(number("HEADWATER_FUZZ_SECONDS").unwrap_or(0)));
    let mut seed = 0;
    while seed < short || begun.elapsed() < limit {
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| each(seed)));
        assert!(caught.is_ok(), "seed {seed} falls; HEADWATER_SEED={seed} plays it again");
        seed += 1;
    }
}
