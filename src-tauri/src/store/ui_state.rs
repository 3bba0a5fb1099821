//! What the UI keeps between launches: tabs, theme, columns, drafts, each as JSON text under a key.

use rusqlite::OptionalExtension;

use super::{Migration, Store, failed};
use crate::dto::AppError;
use crate::error::AppResult;

const KEY_LEN_MAX: usize = 200;
const VALUE_LEN_MAX: usize = 1 << 20;
/// Together with the length of a value this bounds the table at 1 GiB; the UI uses some dozens of keys.
const KEYS_MAX: u32 = 1_000;

pub(super) const MIGRATION: Migration = Migration {
    table: "ui_state",
    steps: &["CREATE TABLE ui_state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"],
};

impl Store {
    pub fn ui_state_get(&self, key: &str) -> AppResult<Option<String>> {
        self.lock()
            .query_row("SELECT value FROM ui_state WHERE key = ?1", [key], |row| row.get(0))
            .optional()
            .map_err(failed)
    }

    /// Errors: key over 200 or value over 1 MiB, or more than 1,000 keys.
    pub fn ui_state_put(&self, key: &str, value: &str) -> AppResult<()> {
        if key.len() > KEY_LEN_MAX || value.len() > VALUE_LEN_MAX {
            return Err(AppError::new(
                "This is too much to remember",
                "A key is at most 200 characters and its value at most 1 MiB.",
            ));
        }
        let store = self.lock();
        let keys: u32 = store
            .query_row("SELECT count(*) FROM ui_state WHERE key <> ?1", [key], |row| row.get(0))
            .map_err(failed)?;
        if keys >= KEYS_MAX {
            return Err(AppError::new("This is too much to remember", "There are 1,000 keys already."));
        }
        store.execute("INSERT OR REPLACE INTO ui_state VALUES (?1, ?2)", (key, value)).map_err(failed)?;
        Ok(())
    }
}
