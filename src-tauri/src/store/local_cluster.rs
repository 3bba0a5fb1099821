//! How the local cluster was last started, and whether it ran when the app ended.

use rusqlite::OptionalExtension;

use super::{Migration, Store, failed, failed_json};
use crate::dto::ConfigEntry;
use crate::error::AppResult;

pub(super) const MIGRATION: Migration = Migration {
    table: "local_cluster",
    steps: &[
        "CREATE TABLE local_cluster (
        only INTEGER PRIMARY KEY CHECK (only = 1), brokers INTEGER NOT NULL, base_port INTEGER NOT NULL,
        running INTEGER NOT NULL)",
        "ALTER TABLE local_cluster ADD COLUMN overrides TEXT NOT NULL DEFAULT '[]'",
        "ALTER TABLE local_cluster ADD COLUMN containers INTEGER NOT NULL DEFAULT 0",
    ],
};

/// The one row.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalClusterRow {
    pub brokers: u8,
    pub base_port: u16,
    pub running: bool,
    /// Broker settings by Kafka's names.
    pub overrides: Vec<ConfigEntry>,
    /// Programs in containers reach it too.
    pub containers: bool,
}

impl Store {
    pub fn local_cluster(&self) -> AppResult<Option<LocalClusterRow>> {
        let found = self
            .lock()
            .query_row(
                "SELECT brokers, base_port, running, overrides, containers FROM local_cluster",
                (),
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<_, String>(3)?, row.get(4)?)),
            )
            .optional()
            .map_err(failed)?;
        let Some((brokers, base_port, running, overrides, containers)) = found else {
            return Ok(None);
        };
        let overrides = serde_json::from_str(&overrides).map_err(failed_json)?;
        Ok(Some(LocalClusterRow { brokers, base_port, running, overrides, containers }))
    }

    pub fn local_cluster_put(&self, row: &LocalClusterRow) -> AppResult<()> {
        let overrides = serde_json::to_string(&row.overrides).map_err(failed_json)?;
        self.lock()
            .execute(
                "INSERT OR REPLACE INTO local_cluster VALUES (1, ?1, ?2, ?3, ?4, ?5)",
                (row.brokers, row.base_port, row.running, overrides, row.containers),
            )
            .map_err(failed)?;
        Ok(())
    }
}
