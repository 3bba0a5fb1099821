//! Time. Timers run on monotonic time, records and retention on wall time.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A moment on both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Since an arbitrary start; never goes back.
    pub mono: Duration,
    /// Milliseconds since the epoch.
    pub wall_ms: i64,
}

/// Where the time comes from.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The current moment.
    fn now(&self) -> Now;
}

/// The machine's clocks.
#[derive(Debug)]
pub struct RealClock {
    start: Instant,
    /// What the wall clock is told to be ahead, in milliseconds.
    ahead_ms: AtomicI64,
}

impl RealClock {
    /// A clock whose monotonic time starts at zero.
    pub fn new() -> Self {
        Self { start: Instant::now(), ahead_ms: AtomicI64::new(0) }
    }
}

impl RealClock {
    /// Moves the wall clock: retention and the age of offsets see it, timeouts do not.
    pub fn advance_wall(&self, by: Duration) {
        let by_ms = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        let add = |ahead: i64| Some(ahead.saturating_add(by_ms));
        // The closure never gives up, so neither does the update.
        let _ = self.ahead_ms.fetch_update(Ordering::SeqCst, Ordering::SeqCst, add);
    }

    /// How far the wall clock is ahead of the machine's.
    pub fn ahead(&self) -> Duration {
        Duration::from_millis(self.ahead_ms.load(Ordering::SeqCst).max(0).unsigned_abs())
    }
}

impl Default for RealClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for RealClock {
    fn now(&self) -> Now {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let ahead_ms = self.ahead_ms.load(Ordering::Relaxed);
        Now { mono: self.start.elapsed(), wall_ms: (wall.as_millis() as i64).saturating_add(ahead_ms) }
    }
}

/// A clock that stands still until told otherwise.
#[derive(Debug, Default)]
pub struct ManualClock {
    mono_ms: AtomicU64,
    wall_ms: AtomicI64,
}

impl ManualClock {
    /// A clock at `wall_ms` milliseconds since the epoch.
    pub fn at(wall_ms: i64) -> Self {
        Self { mono_ms: AtomicU64::new(0), wall_ms: AtomicI64::new(wall_ms) }
    }

    /// Moves both clocks on.
    pub fn advance(&self, by: Duration) {
        self.mono_ms.fetch_add(by.as_millis() as u64, Ordering::SeqCst);
        self.wall_ms.fetch_add(by.as_millis() as i64, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Now {
        Now {
            mono: Duration::from_millis(self.mono_ms.load(Ordering::SeqCst)),
            wall_ms: self.wall_ms.load(Ordering::SeqCst),
        }
    }
}
