//! The app's own store: one SQLite file in the data directory (0600), one file here per table.
//!
//! Calls are short and never leave the machine's page cache (WAL, synchronous = NORMAL), so they may be made
//! from async code.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use rusqlite::{Connection, ErrorCode as SqlCode};
use tracing::warn;

use crate::clock::now_ms;
use crate::data_dir::owner_only;
use crate::dto::AppError;
use crate::error::AppResult;

pub mod connections;
pub mod journal;
pub mod local_cluster;
pub mod sample_shop;
pub mod settings;
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

/// What is said to every store before it is looked at.
const BEGIN: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;
    CREATE TABLE IF NOT EXISTS schema_steps (table_name TEXT PRIMARY KEY, applied INTEGER NOT NULL);";

/// The open store.
#[derive(Debug)]
pub struct Store {
    connection: Mutex<Connection>,
    /// Where a damaged one was put, in whose place this one was begun.
    set_aside: Option<PathBuf>,
}

/// Why a store did not open.
enum Trouble {
    /// Its file is none of ours, or is broken.
    Damaged(String),
    Other(AppError),
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Trouble {
        match error.sqlite_error_code() {
            Some(SqlCode::DatabaseCorrupt | SqlCode::NotADatabase) => Trouble::Damaged(error.to_string()),
            _ => Trouble::Other(failed(error)),
        }
    }
}

impl Store {
    /// Opens or makes the store at `path` and migrates its tables. A damaged one is put aside and a new one begun.
    /// Errors: the file cannot be made, or was written by a newer Headwater.
    pub fn open(path: &Path) -> AppResult<Store> {
        let why = match open_whole(path) {
            Ok(connection) => return Ok(Store { connection: Mutex::new(connection), set_aside: None }),
            Err(Trouble::Other(error)) => return Err(error),
            Err(Trouble::Damaged(why)) => why,
        };
        let kept = set_aside(path)?;
        warn!(why, kept = %kept.display(), "the store was damaged: a new one is begun");
        match open_whole(path) {
            Ok(connection) => Ok(Store { connection: Mutex::new(connection), set_aside: Some(kept) }),
            Err(Trouble::Other(error)) => Err(error),
            Err(Trouble::Damaged(why)) => {
                Err(AppError::new("The app's store cannot be opened", why).detail(path.display().to_string()))
            }
        }
    }

    /// Where the damaged store was put, in whose place this one was begun.
    pub fn set_aside(&self) -> Option<&Path> {
        self.set_aside.as_deref()
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

fn open_whole(path: &Path) -> Result<Connection, Trouble> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    owner_only(&mut options);
    options.open(path).map_err(|error| {
        Trouble::Other(
            AppError::new("The app's store cannot be opened", error.to_string())
                .detail(path.display().to_string()),
        )
    })?;
    let mut connection = Connection::open(path)?;
    connection.execute_batch(BEGIN)?;
    let found: String = connection.query_row("PRAGMA quick_check(1)", (), |row| row.get(0))?;
    if found != "ok" {
        return Err(Trouble::Damaged(found));
    }
    for migration in MIGRATIONS {
        migrate(&mut connection, migration)?;
    }
    Ok(connection)
}

/// Renames the store and what belongs to it; returns its new name.
fn set_aside(path: &Path) -> AppResult<PathBuf> {
    let with = |base: &Path, suffix: &str| {
        let mut name = base.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    let kept = with(path, &format!(".damaged-{}", now_ms()));
    for suffix in ["", "-wal", "-shm"] {
        let from = with(path, suffix);
        if from.exists() {
            std::fs::rename(&from, with(&kept, suffix)).map_err(|error| {
                AppError::new("The app's store is damaged and cannot be put aside", error.to_string())
                    .detail(from.display().to_string())
            })?;
        }
    }
    Ok(kept)
}

fn migrate(connection: &mut Connection, migration: &Migration) -> Result<(), Trouble> {
    let applied: u32 = connection
        .query_row("SELECT applied FROM schema_steps WHERE table_name = ?1", [migration.table], |row| {
            row.get(0)
        })
        .or_else(|error| if error == rusqlite::Error::QueryReturnedNoRows { Ok(0) } else { Err(error) })?;
    if applied as usize > migration.steps.len() {
        let why = format!("Its table {} was written by a later version.", migration.table);
        let error = AppError::new("The app's store is newer than this Headwater", why);
        return Err(Trouble::Other(error.remedy("Use the newer Headwater, or another --data-dir")));
    }
    for (done, step) in migration.steps.iter().enumerate().skip(applied as usize) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(step)?;
        transaction.execute(
            "INSERT OR REPLACE INTO schema_steps VALUES (?1, ?2)",
            (migration.table, crate::count(done + 1)),
        )?;
        transaction.commit()?;
    }
    Ok(())
}

fn failed(error: rusqlite::Error) -> AppError {
    if error.sqlite_error_code() == Some(SqlCode::DiskFull) {
        return AppError::new("This was not stored", "The disk that holds the app's data is full.")
            .remedy("Make room on it, then try again")
            .retriable();
    }
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
    fn a_damaged_store_is_kept_aside_and_a_new_one_begun() {
        for damage in [Damage::NoStore, Damage::TornPages] {
            let dir = tempfile::tempdir().expect("temp dir");
            let path = dir.path().join("headwater.db");
            let store = Store::open(&path).expect("new");
            assert_eq!(store.set_aside(), None);
            store.ui_state_put("drafts", &"x".repeat(200_000)).expect("put");
            drop(store);
            let mut bytes = std::fs::read(&path).expect("stored");
            match damage {
                Damage::NoStore => bytes = b"this is no store at all, and never was one".to_vec(),
                Damage::TornPages => {
                    let half = bytes.len() / 2;
                    bytes[4_096..half].fill(0xa5);
                }
            }
            std::fs::write(&path, &bytes).expect("damaged");
            let store = Store::open(&path).expect("a new one");
            let kept = store.set_aside().expect("kept").to_owned();
            assert_eq!(std::fs::read(kept).expect("there"), bytes);
            store.ui_state_put("tabs", "[1]").expect("put");
            drop(store);
            assert_eq!(Store::open(&path).expect("whole").set_aside(), None);
        }
    }

    enum Damage {
        NoStore,
        TornPages,
    }

    #[test]
    fn a_full_disk_is_named() {
        let dir = tempfile::tempdir().expect("temp dir");
        let store = Store::open(&dir.path().join("headwater.db")).expect("new");
        store.lock().execute_batch("PRAGMA max_page_count = 40").expect("set");
        let error = store.ui_state_put("drafts", &"x".repeat(500_000)).expect_err("no room");
        assert!(error.why.contains("full") && error.retriable, "{error}");
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
