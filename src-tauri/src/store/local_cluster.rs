//! How the local cluster was last started, and whether it ran when the app ended.

use std::collections::BTreeSet;

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
        "ALTER TABLE local_cluster ADD COLUMN disk_max INTEGER NOT NULL DEFAULT 0",
    ],
};

pub const BROKERS_USUAL: u8 = 3;
/// The address of every tutorial.
pub const BASE_PORT_USUAL: u16 = 9092;

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
    /// Bytes it may have on disk; 0 for as many as there is room for.
    pub disk_max: i64,
}

impl Store {
    pub fn local_cluster(&self) -> AppResult<Option<LocalClusterRow>> {
        let found = self
            .lock()
            .query_row(
                "SELECT brokers, base_port, running, overrides, containers, disk_max FROM local_cluster",
                (),
                |row| {
                    // Numbers that somebody else wrote there may be out of range: such a one is as if it were not set.
                    let kept = LocalClusterRow {
                        brokers: u8::try_from(row.get::<_, i64>(0)?).unwrap_or(BROKERS_USUAL),
                        base_port: u16::try_from(row.get::<_, i64>(1)?).unwrap_or(BASE_PORT_USUAL),
                        running: row.get(2)?,
                        overrides: Vec::new(),
                        containers: row.get(4)?,
                        disk_max: row.get::<_, i64>(5)?.max(0),
                    };
                    Ok((kept, row.get::<_, String>(3)?))
                },
            )
            .optional()
            .map_err(failed)?;
        let Some((kept, overrides)) = found else {
            return Ok(None);
        };
        let overrides = serde_json::from_str(&overrides).unwrap_or_else(|error| {
            tracing::warn!(%error, "overrides of the local cluster not read, none are set");
            Vec::new()
        });
        Ok(Some(LocalClusterRow { overrides, ..kept }))
    }

    pub fn local_cluster_put(&self, row: &LocalClusterRow) -> AppResult<()> {
        let overrides = serde_json::to_string(&row.overrides).map_err(failed_json)?;
        self.lock()
            .execute(
                "INSERT OR REPLACE INTO local_cluster VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)",
                (row.brokers, row.base_port, row.running, overrides, row.containers, row.disk_max),
            )
            .map_err(failed)?;
        Ok(())
    }
}

impl LocalClusterRow {
    /// What is otherwise in `after`: each setting with its value before and after.
    pub fn differences(&self, after: &LocalClusterRow) -> Vec<String> {
        let mut rows = vec![
            ("brokers".to_owned(), self.brokers.to_string(), after.brokers.to_string()),
            ("first port".to_owned(), self.base_port.to_string(), after.base_port.to_string()),
            ("containers".to_owned(), let_in(self.containers), let_in(after.containers)),
            ("bytes on disk".to_owned(), limit(self.disk_max), limit(after.disk_max)),
        ];
        let of = |row: &LocalClusterRow, name: &str| {
            let set = row.overrides.iter().find(|one| one.name == name);
            set.map_or_else(|| "default".to_owned(), |one| one.value.clone())
        };
        let names: BTreeSet<&String> =
            self.overrides.iter().chain(&after.overrides).map(|one| &one.name).collect();
        rows.extend(names.into_iter().map(|name| (name.clone(), of(self, name), of(after, name))));
        let differ = rows.into_iter().filter(|(_, before, after)| before != after);
        differ.map(|(name, before, after)| format!("{name} {before} → {after}")).collect()
    }
}

fn let_in(containers: bool) -> String {
    if containers { "let in" } else { "not let in" }.to_owned()
}

fn limit(bytes: i64) -> String {
    if bytes == 0 { "no limit".to_owned() } else { bytes.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_out_of_range_are_as_if_they_were_not_set() {
        let dir = tempfile::tempdir().expect("temp dir");
        let store = Store::open(&dir.path().join("headwater.db")).expect("a store");
        let row = LocalClusterRow {
            brokers: 5,
            base_port: 1234,
            running: false,
            overrides: vec![ConfigEntry { name: "num.partitions".into(), value: "3".into() }],
            containers: false,
            disk_max: 7,
        };
        store.local_cluster_put(&row).expect("written");
        assert_eq!(store.local_cluster().expect("read"), Some(row.clone()));
        let change =
            "UPDATE local_cluster SET base_port = 99999, brokers = -1, disk_max = -5, overrides = '{'";
        store.lock().execute(change, ()).expect("changed");
        let usual = LocalClusterRow {
            brokers: BROKERS_USUAL,
            base_port: BASE_PORT_USUAL,
            overrides: Vec::new(),
            disk_max: 0,
            ..row
        };
        assert_eq!(store.local_cluster().expect("read"), Some(usual));
    }
}
