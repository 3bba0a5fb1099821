//! Rates out of counters that only rise, each over two seconds at least, however often it is asked.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const OVER: Duration = Duration::from_secs(2);
/// A rate over a longer pause is an average that hides what happened.
const OVER_MAX: Duration = Duration::from_secs(20);

/// Bytes a second that clients produce to a broker and fetch from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    pub bytes_in: f64,
    pub bytes_out: f64,
}

#[derive(Debug)]
struct Meter {
    at: Instant,
    counted: [u64; 2],
    rates: Option<Rates>,
}

/// The meters of all brokers.
#[derive(Debug, Default)]
pub struct Meters(Mutex<HashMap<i32, Meter>>);

impl Meters {
    /// Returns a broker's rates; its counters now are the next beginning.
    pub fn of(&self, broker: i32, counted: [u64; 2]) -> Option<Rates> {
        self.at(Instant::now(), broker, counted)
    }

    fn at(&self, now: Instant, broker: i32, counted: [u64; 2]) -> Option<Rates> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let meter = all.entry(broker).or_insert(Meter { at: now, counted, rates: None });
        let passed = now.duration_since(meter.at);
        if passed >= OVER {
            let per_sec = |of: usize| {
                let grown = counted[of].checked_sub(meter.counted[of])?;
                Some(grown as f64 / passed.as_secs_f64())
            };
            // Counters that fell are those of another cluster.
            let rates = per_sec(0).zip(per_sec(1)).filter(|_| passed < OVER_MAX);
            let rates = rates.map(|(bytes_in, bytes_out)| Rates { bytes_in, bytes_out });
            *meter = Meter { at: now, counted, rates };
        }
        meter.rates
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_needs_two_seconds_and_is_kept_until_the_next() {
        let (meters, begin) = (Meters::default(), Instant::now());
        let at = |ms: u64, counted| meters.at(begin + Duration::from_millis(ms), 1, counted);
        assert_eq!(at(0, [100, 0]), None);
        assert_eq!(at(1_000, [300, 0]), None);
        let two = Some(Rates { bytes_in: 200.0, bytes_out: 25.0 });
        assert_eq!(at(2_000, [500, 50]), two);
        assert_eq!(at(3_000, [9_500, 50]), two);
        assert_eq!(at(4_000, [9_500, 50]).map(|rates| rates.bytes_in), Some(4_500.0));
    }

    #[test]
    fn counters_that_fell_and_long_pauses_have_no_rate() {
        let (meters, begin) = (Meters::default(), Instant::now());
        let at = |ms: u64, counted| meters.at(begin + Duration::from_millis(ms), 1, counted);
        assert_eq!(at(0, [500, 0]), None);
        assert_eq!(at(2_000, [100, 0]), None);
        assert_eq!(at(60_000, [200, 0]), None);
        assert!(at(62_000, [300, 0]).is_some());
    }
}
