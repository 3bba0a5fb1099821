//! What the panel of the local cluster shows.

use std::path::Path;

use super::{EmbeddedCluster, blocking, has_data, snapshots, start};
use crate::dto::{LocalBrokerView, LocalPanel, LocalSetting, StandingFaultView};
use crate::error::AppResult;
use crate::store::local_cluster::{BASE_PORT_USUAL, BROKERS_USUAL};

impl EmbeddedCluster {
    /// Returns the cluster with its brokers and its data, running or not.
    pub async fn panel(&self) -> AppResult<LocalPanel> {
        let stored = self.store.local_cluster()?;
        let status = self.status().await;
        let (data_dir, snapshots_dir) = (self.data_dir.clone(), self.snapshots_dir());
        let (data_bytes, snapshots) =
            blocking(move || (data_of(&data_dir), snapshots::all_in(&snapshots_dir))).await?;
        let running = self.running();
        let brokers = status.iter().flat_map(|status| &status.brokers).map(|broker| LocalBrokerView {
            id: broker.id,
            address: broker.address.clone(),
            state: broker.state,
            log_bytes: broker.log_bytes,
        });
        let volume = running.as_ref().and_then(|running| running.cluster.volume());
        Ok(LocalPanel {
            snapshots,
            disk_free: volume.map(|volume| volume.free_bytes),
            disk_total: volume.map(|volume| volume.total_bytes),
            running: running.is_some(),
            brokers: brokers.collect(),
            data_dir: self.data_dir.display().to_string(),
            data_bytes,
            bootstrap: running.as_ref().map(|running| running.cluster.bootstrap()),
            since: running.as_ref().map(|running| running.since),
            ready_ms: running.as_ref().map(|running| running.ready_ms),
            containers_open: running.as_ref().is_some_and(|running| running.containers_open),
            containers_bootstrap: running.as_ref().and_then(|running| {
                let mut all = running.cluster.listeners().into_iter();
                all.find(|(name, _)| name == start::CONTAINERS).map(|(_, addresses)| addresses)
            }),
            faults: running.map(|running| standing(&running.cluster)).unwrap_or_default(),
            base_port: stored.as_ref().map_or(BASE_PORT_USUAL, |row| row.base_port),
            disk_max: stored.as_ref().map_or(0, |row| row.disk_max.unsigned_abs()),
            overrides: stored.map(|row| row.overrides).unwrap_or_default(),
        })
    }

    /// Returns every broker setting and what it is at the next start.
    pub fn settings(&self) -> AppResult<Vec<LocalSetting>> {
        let stored = self.store.local_cluster()?;
        let brokers = stored.as_ref().map_or(BROKERS_USUAL, |row| row.brokers);
        Ok(start::settings(brokers, &stored.map(|row| row.overrides).unwrap_or_default()))
    }
}

fn standing(cluster: &broker_core::Cluster) -> Vec<StandingFaultView> {
    let faults = cluster.faults().into_iter();
    faults.map(|fault| StandingFaultView { words: fault.words, mends: fault.mends }).collect()
}

/// Bytes of the cluster's data; what lies beside it does not count.
fn data_of(data_dir: &Path) -> u64 {
    if has_data(data_dir) { size_of(data_dir) } else { 0 }
}

/// Bytes on disk under a directory; what goes meanwhile does not count.
fn size_of(path: &Path) -> u64 {
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.file_type() {
            Ok(kind) if kind.is_dir() => size_of(&entry.path()),
            Ok(_) => entry.metadata().map_or(0, |file| file.len()),
            Err(_) => 0,
        })
        .sum()
}
