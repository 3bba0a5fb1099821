//! Named snapshots of the local cluster, beside its own directory, so that a reset leaves them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use broker_core::{SnapshotError, SnapshotInfo};
use tracing::info;

use super::start::explain_start;
use super::{EmbeddedCluster, blocking, not_running};
use crate::dto::{AppError, ErrorCode, LocalSnapshot};
use crate::error::AppResult;
use crate::policy::{Destructive, Permit};
use crate::services::connections::{Connections, LOCAL_ID};
use crate::services::jobs::JobHandle;

/// Names of the operations permits are for.
pub const RESTORE: &str = "local.snapshot_restore";
pub const DELETE: &str = "local.snapshot_delete";

const NAME_LEN_MAX: usize = 60;
/// How often the one who waits hears how far it is.
const TOLD_EVERY: Duration = Duration::from_millis(100);

/// What a snapshot is called in the history.
pub fn snapshot_resource(name: &str) -> String {
    format!("snapshot {name}")
}

/// Ends the work on a thread of its own when whoever waits for it has gone.
struct UntilDropped(Arc<AtomicBool>);

impl Drop for UntilDropped {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Returns all snapshots in a directory, the newest first.
pub(super) fn all_in(directory: &Path) -> Vec<LocalSnapshot> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    // One that is being taken has a name that nobody could give.
    let named = names.filter(|name| checked(name).is_ok());
    let mut all: Vec<LocalSnapshot> = named.map(|name| described(directory, name)).collect();
    all.sort_by(|a, b| b.taken_at.cmp(&a.taken_at).then_with(|| a.name.cmp(&b.name)));
    all
}

fn described(directory: &Path, name: String) -> LocalSnapshot {
    let path = directory.join(&name);
    let info = broker_core::snapshot_info(&path);
    LocalSnapshot {
        directory: path.display().to_string(),
        taken_at: info.as_ref().ok().map(|info| info.taken_ms),
        bytes: info.as_ref().map_or(0, |info| info.bytes),
        brokers: info.as_ref().map_or(0, |info| info.brokers),
        problem: info.err().map(|error| crate::kafka::errors::sentence(&error.to_string())),
        name,
    }
}

impl EmbeddedCluster {
    /// Takes a snapshot of the running cluster.
    /// Errors: the name is taken or no name for a directory; no room; `cancelled`.
    pub async fn take_snapshot(&self, name: String, job: JobHandle) -> AppResult<LocalSnapshot> {
        checked(&name)?;
        let _one_at_a_time = self.changing.lock().await;
        let running = self.running().ok_or_else(not_running)?;
        let to = self.snapshots_dir().join(&name);
        let cancelled = UntilDropped(Arc::default());
        let over = cancelled.0.clone();
        let taken = blocking(move || {
            let mut told = Instant::now();
            running.cluster.snapshot(&to, &mut |done, total| {
                if told.elapsed() > TOLD_EVERY {
                    told = Instant::now();
                    job.progress(done / 1_000_000, Some(total / 1_000_000), "MB");
                }
                !over.load(Ordering::SeqCst)
            })
        });
        let taken = taken.await?.map_err(|error| explain(format!("{name} was not taken"), &error))?;
        info!(name, bytes = taken.bytes, held_ms = taken.held_ms, "snapshot taken");
        Ok(described(&self.snapshots_dir(), name))
    }

    /// Throws the cluster's data away and takes that of a snapshot instead.
    /// Errors: it does not run; the snapshot is of no use; no room.
    pub async fn restore_snapshot(
        &self,
        permit: Permit<Destructive>,
        connections: &Connections,
        name: &str,
    ) -> AppResult<SnapshotInfo> {
        permit.spend(LOCAL_ID, RESTORE, &[snapshot_resource(name)])?;
        checked(name)?;
        let _one_at_a_time = self.changing.lock().await;
        let running = self.running().ok_or_else(not_running)?;
        let from = self.snapshots_dir().join(name);
        let restored = blocking(move || running.cluster.restore(&from, &mut |_, _| true)).await?;
        let restored = restored.map_err(|error| explain(format!("{name} was not restored"), &error))?;
        connections.local()?.forget_seen();
        info!(name, "snapshot restored");
        Ok(restored)
    }

    /// Deletes a snapshot.
    pub async fn delete_snapshot(&self, permit: Permit<Destructive>, name: &str) -> AppResult<()> {
        permit.spend(LOCAL_ID, DELETE, &[snapshot_resource(name)])?;
        checked(name)?;
        let path = self.snapshots_dir().join(name);
        let deleted = blocking(move || std::fs::remove_dir_all(path)).await?;
        deleted.map_err(|error| {
            let what = format!("{name} was not deleted");
            match error.kind() == std::io::ErrorKind::NotFound {
                true => AppError::not_found(what, "It is gone already."),
                false => AppError::new(what, crate::kafka::errors::sentence(&error.to_string())),
            }
        })
    }

    pub(super) fn snapshots_dir(&self) -> PathBuf {
        self.data_dir.with_file_name("snapshots")
    }
}

/// A name that every file system takes for a directory's.
fn checked(name: &str) -> AppResult<()> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_ ".contains(c);
    let is_fine = !name.trim().is_empty()
        && name.trim() == name
        && name.len() <= NAME_LEN_MAX
        && name.chars().all(plain)
        && !is_device(name);
    if is_fine {
        return Ok(());
    }
    let why = format!("Letters of English, digits, blanks, - and _ are possible, {NAME_LEN_MAX} at most.");
    Err(AppError::new("That is no name for a snapshot", why))
}

/// Names that Windows keeps for devices.
fn is_device(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let numbered = |stem: &str| {
        lower
            .strip_prefix(stem)
            .is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    ["con", "prn", "aux", "nul"].contains(&lower.as_str()) || numbered("com") || numbered("lpt")
}

fn explain(what: String, error: &SnapshotError) -> AppError {
    let base = AppError::new(what.clone(), crate::kafka::errors::sentence(&error.to_string()));
    match error {
        SnapshotError::Cancelled => base.code(ErrorCode::Cancelled),
        SnapshotError::Unfit { remedy, .. } => base.remedy(remedy.clone()),
        SnapshotError::Io { source, .. } => {
            base.detail(source.to_string()).remedy("Check the disk for space and permissions").retriable()
        }
        SnapshotError::Start(error) => AppError { what, ..explain_start(error, None) },
    }
}

#[cfg(test)]
mod tests {
    use super::checked;

    #[test]
    fn a_snapshots_name_is_one_for_a_directory_everywhere() {
        for name in ["before upgrade", "a", "2026-11-28_1", "console"] {
            assert!(checked(name).is_ok(), "{name}");
        }
        let long = "a".repeat(61);
        for name in ["", " ", " a", "a ", "..", "a/b", "a\\b", "a.partial", "ä", "nul", "COM1", long.as_str()]
        {
            assert!(checked(name).is_err(), "{name}");
        }
    }
}
