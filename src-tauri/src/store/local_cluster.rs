//! How the local cluster was last started, and whether it ran when the app ended.

use rusqlite::OptionalExtension;

use super::{Migration, Store, failed};
use crate::error::AppResult;

pub(super) const MIGRATION: Migration = Migration {
    table: "local_cluster",
    steps: &["CREATE TABLE local_cluster (
        only INTEGER PRIMARY KEY CHECK (only = 1), brokers INTEGER NOT NULL, base_port INTEGER NOT NULL,
        running INTEGER NOT NULL)"],
};

/// The one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalClusterRow {
    pub brokers: u8,
    pub base_port: u16,
    pub running: bool,
}

impl Store {
    pub fn local_cluster(&self) -> AppResult<Option<LocalClusterRow>> {
        self.lock()
            .query_row("SELECT brokers, base_port, running FROM local_cluster", (), |row| {
                Ok(LocalClusterRow { brokers: row.get(0)?, base_port: row.get(1)?, running: row.get(2)? })
            })
            .optional()
            .map_err(failed)
    }

    pub fn local_cluster_put(&self, row: LocalClusterRow) -> AppResult<()> {
        self.lock()
            .execute(
                "INSERT OR REPLACE INTO local_cluster VALUES (1, ?1, ?2, ?3)",
                (row.brokers, row.base_port, row.running),
            )
            .map_err(failed)?;
        Ok(())
    }
}
