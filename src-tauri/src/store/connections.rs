//! The connections a person made, and the local one once it was started.

use rusqlite::{OptionalExtension, Row};

use super::{Migration, Store, failed, id_from_sql, id_to_sql};
use crate::dto::{ClusterId, ClusterKind, Env};
use crate::error::AppResult;

pub(super) const MIGRATION: Migration = Migration {
    table: "connections",
    steps: &[
        "CREATE TABLE connections (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, environment TEXT NOT NULL,
        read_only INTEGER NOT NULL, bootstrap TEXT NOT NULL, last_seen INTEGER, position INTEGER NOT NULL)",
        "ALTER TABLE connections ADD COLUMN removed_at INTEGER",
    ],
};

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredConnection {
    pub id: ClusterId,
    pub name: String,
    pub kind: ClusterKind,
    pub environment: Env,
    pub read_only: bool,
    pub bootstrap: String,
    /// Milliseconds since the epoch.
    pub last_seen: Option<i64>,
}

/// Removed connections that are kept to be restored.
const REMOVED_KEPT_MAX: u32 = 50;
const COLUMNS: &str = "id, name, kind, environment, read_only, bootstrap, last_seen";

impl Store {
    /// Returns all connections, the oldest first; removed ones are left out.
    pub fn connections(&self) -> AppResult<Vec<StoredConnection>> {
        let sql = format!("SELECT {COLUMNS} FROM connections WHERE removed_at IS NULL ORDER BY position");
        let store = self.lock();
        let mut statement = store.prepare(&sql).map_err(failed)?;
        let rows = statement.query_map((), connection_from_row).map_err(failed)?;
        rows.collect::<Result<_, _>>().map_err(failed)
    }

    /// Returns the connections that were removed and when, the last one first.
    pub fn connections_removed(&self) -> AppResult<Vec<(StoredConnection, i64)>> {
        let sql = format!(
            "SELECT {COLUMNS}, removed_at FROM connections WHERE removed_at IS NOT NULL ORDER BY removed_at DESC"
        );
        let store = self.lock();
        let mut statement = store.prepare(&sql).map_err(failed)?;
        let rows =
            statement.query_map((), |row| Ok((connection_from_row(row)?, row.get(7)?))).map_err(failed)?;
        rows.collect::<Result<_, _>>().map_err(failed)
    }

    /// Writes a new connection or the new facts of a known one.
    pub fn connection_put(&self, row: &StoredConnection) -> AppResult<()> {
        self.lock()
            .execute(
                "INSERT INTO connections (id, name, kind, environment, read_only, bootstrap, last_seen, position)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7,
                     (SELECT coalesce(max(position), 0) + 1 FROM connections))
                 ON CONFLICT (id) DO UPDATE SET name = ?2, environment = ?4, read_only = ?5, bootstrap = ?6",
                (
                    id_to_sql(row.id.0),
                    &row.name,
                    kind_text(row.kind),
                    environment_text(row.environment),
                    row.read_only,
                    &row.bootstrap,
                    row.last_seen,
                ),
            )
            .map_err(failed)?;
        Ok(())
    }

    pub fn connection_seen(&self, id: ClusterId, at: i64) -> AppResult<()> {
        self.lock()
            .execute("UPDATE connections SET last_seen = ?2 WHERE id = ?1", (id_to_sql(id.0), at))
            .map_err(failed)?;
        Ok(())
    }

    /// Takes a connection off the list; it can be restored while it is among the last 50.
    pub fn connection_remove(&self, id: ClusterId, at: i64) -> AppResult<()> {
        let store = self.lock();
        store
            .execute("UPDATE connections SET removed_at = ?2 WHERE id = ?1", (id_to_sql(id.0), at))
            .map_err(failed)?;
        store
            .execute(
                "DELETE FROM connections WHERE removed_at IS NOT NULL AND id NOT IN (SELECT id FROM connections
                     WHERE removed_at IS NOT NULL ORDER BY removed_at DESC LIMIT ?1)",
                [REMOVED_KEPT_MAX],
            )
            .map_err(failed)?;
        Ok(())
    }

    /// Puts a removed connection on the list again. Returns it, or nothing when it is not among the removed.
    pub fn connection_restore(&self, id: ClusterId) -> AppResult<Option<StoredConnection>> {
        let sql = format!(
            "UPDATE connections SET removed_at = NULL WHERE id = ?1 AND removed_at IS NOT NULL RETURNING {COLUMNS}"
        );
        self.lock().query_row(&sql, [id_to_sql(id.0)], connection_from_row).optional().map_err(failed)
    }
}

fn connection_from_row(row: &Row<'_>) -> rusqlite::Result<StoredConnection> {
    Ok(StoredConnection {
        id: ClusterId(id_from_sql(row.get(0)?)),
        name: row.get(1)?,
        kind: kind_from_text(&row.get::<_, String>(2)?),
        environment: environment_from_text(&row.get::<_, String>(3)?),
        read_only: row.get(4)?,
        bootstrap: row.get(5)?,
        last_seen: row.get(6)?,
    })
}

fn kind_text(kind: ClusterKind) -> &'static str {
    match kind {
        ClusterKind::Local => "local",
        ClusterKind::Remote => "remote",
    }
}

fn kind_from_text(text: &str) -> ClusterKind {
    if text == "local" { ClusterKind::Local } else { ClusterKind::Remote }
}

fn environment_text(environment: Env) -> &'static str {
    match environment {
        Env::Local => "local",
        Env::Dev => "dev",
        Env::Staging => "staging",
        Env::Prod => "prod",
    }
}

/// An environment this version does not know is treated as the one with the lock.
fn environment_from_text(text: &str) -> Env {
    match text {
        "local" => Env::Local,
        "dev" => Env::Dev,
        "staging" => Env::Staging,
        _ => Env::Prod,
    }
}
