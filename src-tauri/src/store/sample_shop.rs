//! Whether the sample shop is to be open, and which topics it made: only those are ever deleted for it.

use std::collections::BTreeMap;

use rusqlite::OptionalExtension;

use super::{Migration, Store, failed, failed_json};
use crate::error::AppResult;

pub(super) const MIGRATION: Migration = Migration {
    table: "sample_shop",
    steps: &["CREATE TABLE sample_shop (
        only INTEGER PRIMARY KEY CHECK (only = 1), open INTEGER NOT NULL, paused INTEGER NOT NULL,
        topics TEXT NOT NULL)"],
};

/// The one row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SampleShopRow {
    /// It runs whenever the local cluster does.
    pub open: bool,
    pub paused: bool,
    /// Names of the topics it made, and their ids.
    pub topics: BTreeMap<String, String>,
}

impl Store {
    pub fn sample_shop(&self) -> AppResult<SampleShopRow> {
        let found: Option<(bool, bool, String)> = self
            .lock()
            .query_row("SELECT open, paused, topics FROM sample_shop", (), |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()
            .map_err(failed)?;
        let Some((open, paused, topics)) = found else {
            return Ok(SampleShopRow::default());
        };
        Ok(SampleShopRow { open, paused, topics: serde_json::from_str(&topics).map_err(failed_json)? })
    }

    pub fn sample_shop_put(&self, row: &SampleShopRow) -> AppResult<()> {
        let topics = serde_json::to_string(&row.topics).map_err(failed_json)?;
        self.lock()
            .execute(
                "INSERT OR REPLACE INTO sample_shop VALUES (1, ?1, ?2, ?3)",
                (row.open, row.paused, topics),
            )
            .map_err(failed)?;
        Ok(())
    }
}
