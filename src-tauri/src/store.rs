//! The app's own store: one SQLite file in the data directory (0600), one file here per table.
//!
//! Calls are short and never leave the machine's page cache (WAL, synchronous = NORMAL), so they may be made
//! from async code.

use std::fs::OpenOptions;
use std::path::Path;
use std::sync::{Mutex, MutexGuard};

use rusqlite::Connection;

use crate::data_dir::owner_only;
use crate::dto::AppError;
use crate::error::AppResult;

pub mod connections;
pub mod journal;
pub mod local_cluster;
pub mod sample_shop;
pub mod ui_state;

/// The steps that bring a table from nothing to today; a step, once shipped, never changes.
struct Migration {
    table: &'static str,
    steps: &'static [&'static str],
}

const MIGRATIONS: [&Migration; 5] = [
    &ui_state::MIGRATION,
    &connections::MIGRATION,
    &journal::MIGRATION,
    &local_cluster::MIGRATION,
    &sample_shop::MIGRATION,
];

/// The open store.
#[derive(Debug)]
pub struct Store {
    connection: Mutex<Connection>,
}

impl Store {
    /// Opens or makes the store at `path` and migrates its tables.
    /// Errors: the file cannot be made, is no store, or was written by a newer Headwater.
    pub fn open(path: &Path) -> AppResult<Store> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        owner_only(&mut options);
        options.open(path).map_err(|error| {
            AppError::new("The app's store cannot be opened", error.to_string())
                .detail(path.display().to_string())
        })?;
        let mut connection = Connection::open(path).map_err(failed)?;
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;
                 CREATE TABLE IF NOT EXISTS schema_steps (table_name TEXT PRIMARY KEY, applied INTEGER NOT NULL);",
            )
            .map_err(failed)?;
        for migration in MIGRATIONS {
            migrate(&mut connection, migration)?;
        }
        Ok(Store { connection: Mutex::new(connection) })
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

fn migrate(connection: &mut Connection, migration: &Migration) -> AppResult<()> {
    let applied: u32 = connection
        .query_row("SELECT applied FROM schema_steps WHERE table_name = ?1", [migration.table], |row| {
            row.get(0)
        })
        .or_else(|error| if error == rusqlite::Error::QueryReturnedNoRows { Ok(0) } else { Err(error) })
        .map_err(failed)?;
    if applied as usize > migration.steps.len() {
        return Err(AppError::new(
            "The app's store is newer than this Headwater",
            format!("Its table {} was written by a later version.", migration.table),
        )
        .remedy("Use the newer Headwater, or another --data-dir"));
    }
    for (done, step) in migration.steps.iter().enumerate().skip(applied as usize) {
        let transaction = connection.transaction().map_err(failed)?;
        transaction.execute_batch(step).map_err(failed)?;
        transaction
            .execute(
                "INSERT OR REPLACE INTO schema_steps VALUES (?1, ?2)",
                (migration.table, crate::count(done + 1)),
            )
            .map_err(failed)?;
        transaction.commit().map_err(failed)?;
    }
    Ok(())
}

fn failed(error: rusqlite::Error) -> AppError {
    AppError::internal("The app's store failed", error)
}

fn failed_json(error: serde_json::Error) -> AppError {
    AppError::internal("The app's store failed", error)
}

/// Ids are below 2^53 ([`crate::clock::random_id`]), so they fit SQLite's signed integers.
fn id_to_sql(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}

fn id_from_sql(id: i64) -> u64 {
    u64::try_from(id).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opening_twice_keeps_rows() {
        let dir = tempfile::tempdir().expect("temp dir");
        let path = dir.path().join("headwater.db");
        Store::open(&path).expect("new").ui_state_put("tabs", "[1]").expect("put");
        let again = Store::open(&path).expect("again");
        assert_eq!(again.ui_state_get("tabs").expect("get"), Some("[1]".to_owned()));
    }

    #[test]
    #[cfg(unix)]
    fn the_file_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().expect("temp dir");
        let path = dir.path().join("headwater.db");
        Store::open(&path).expect("new");
        let mode = std::fs::metadata(&path).expect("metadata").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_newer_table_is_refused() {
        let dir = tempfile::tempdir().expect("temp dir");
        let path = dir.path().join("headwater.db");
        let store = Store::open(&path).expect("new");
        store.lock().execute("UPDATE schema_steps SET applied = 99", ()).expect("update");
        drop(store);
        assert!(Store::open(&path).expect_err("newer").what.contains("newer"));
    }
}
