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
}

impl RealClock {
    /// A clock whose monotonic time starts at zero.
    pub fn new() -> Self {
        Self { start: Instant::now() }
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
        Now { mono: self.start.elapsed(), wall_ms: wall.as_millis() as i64 }
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
