//! The program's settings: read once, kept in the store, and told to whoever works by them.

use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tracing::warn;

use crate::dto::{AppError, AppSettings};
use crate::error::AppResult;
use crate::store::Store;

const USUAL: AppSettings =
    AppSettings { look_every_sec: 2, idle_every_sec: 10, scan_memory_mb: 64, notify: true };
const LOOK_SEC: RangeInclusive<u32> = 1..=5;
const IDLE_SEC: RangeInclusive<u32> = 5..=300;
const MEMORY_MB: RangeInclusive<u32> = 16..=1_024;
/// Numbers that came this long after their time still count as of this round.
const GRACE_MS: i64 = 500;

/// The settings as they are now.
#[derive(Debug)]
pub struct Settings {
    store: Arc<Store>,
    now: Mutex<AppSettings>,
}

impl Settings {
    /// Reads what is stored. What cannot be read, or is out of range, is as usual.
    pub fn load(store: Arc<Store>) -> Settings {
        let stored = store.settings().unwrap_or_else(|error| {
            warn!(%error, "settings not read");
            None
        });
        let now = stored.filter(|settings| check(settings).is_ok()).unwrap_or(USUAL);
        Settings { store, now: Mutex::new(now) }
    }

    pub fn get(&self) -> AppSettings {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Errors: a value is out of its range.
    pub fn put(&self, settings: AppSettings) -> AppResult<()> {
        check(&settings)?;
        self.store.settings_put(&settings)?;
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = settings;
        Ok(())
    }

    /// How often a cluster is asked while somebody looks at it.
    pub fn look_every(&self) -> Duration {
        Duration::from_secs(u64::from(self.get().look_every_sec))
    }

    /// How often a cluster is asked while nobody looks.
    pub fn idle_every(&self) -> Duration {
        Duration::from_secs(u64::from(self.get().idle_every_sec))
    }

    /// How old numbers may be and still be shown as current.
    pub fn fresh_ms(&self) -> i64 {
        i64::from(self.get().look_every_sec) * 1_000 + GRACE_MS
    }

    /// Bytes of a scan's records that stay in memory.
    pub fn scan_memory(&self) -> usize {
        (self.get().scan_memory_mb as usize) << 20
    }
}

fn check(settings: &AppSettings) -> AppResult<()> {
    let ranges = [
        ("The seconds between two looks at a cluster", settings.look_every_sec, LOOK_SEC),
        ("The seconds between two looks at the other clusters", settings.idle_every_sec, IDLE_SEC),
        ("The megabytes of a scan in memory", settings.scan_memory_mb, MEMORY_MB),
    ];
    for (what, value, range) in ranges {
        if !range.contains(&value) {
            let why = format!("{what} are {} to {}, not {value}.", range.start(), range.end());
            return Err(AppError::new("The settings were not changed", why));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> (Arc<Store>, tempfile::TempDir) {
        let dir = tempfile::tempdir().expect("temp dir");
        (Arc::new(Store::open(&dir.path().join("headwater.db")).expect("new")), dir)
    }

    #[test]
    fn what_was_set_is_there_after_a_start() {
        let (store, _dir) = store();
        let wanted = AppSettings { look_every_sec: 5, notify: false, ..USUAL };
        let settings = Settings::load(store.clone());
        assert_eq!(settings.get(), USUAL);
        settings.put(wanted).expect("in range");
        assert_eq!(settings.look_every(), Duration::from_secs(5));
        assert_eq!(Settings::load(store).get(), wanted);
    }

    #[test]
    fn what_is_out_of_range_is_refused_and_changes_nothing() {
        let (store, _dir) = store();
        let settings = Settings::load(store);
        let error = settings.put(AppSettings { scan_memory_mb: 4_000, ..USUAL }).expect_err("refused");
        assert!(error.why.contains("16 to 1024, not 4000"), "{}", error.why);
        assert_eq!(settings.get(), USUAL);
    }

    #[test]
    fn a_stored_text_that_is_none_is_as_usual() {
        let (store, _dir) = store();
        store.ui_state_put("settings", "{\"lookEverySec\":900}").expect("put");
        assert_eq!(Settings::load(store).get(), USUAL);
    }
}
