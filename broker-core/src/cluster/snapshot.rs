//! Snapshots: the files of a running cluster as they are at one moment, which is what a kill of its process would
//! leave then; another cluster can begin with them, or the same go back to them.
//!
//! A snapshot is a directory with `snapshot.json`, the files' checksums in `checksums.json` and, below `data/`, what a
//! cluster's directory holds. It is a copy
//! that shares no bytes with the cluster (but on file systems that copy on write), so nothing that happens to one
//! reaches the other. Most is copied while the cluster goes on; then its writers wait for the rest.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::data_dir::{self, DataDir};
use super::{Cluster, StartError, inventory};
use crate::protocol::Uuid;
use crate::seams::{Clock, CopyFailed, Disk, DiskGate, FileSum, RealClock, RealDisk, TreeCopy};

/// 1 had no checksums.
const FORMAT: u32 = 2;
const INFO: &str = "snapshot.json";
const SUMS: &str = "checksums.json";
const DATA: &str = "data";
const ANOTHER: &str = "Choose another snapshot";
/// Passes over the files before writers must wait, as long as each finds more than this to copy.
const PASSES_MAX: usize = 3;
const LITTLE_BYTES: u64 = 16 << 20;

/// Bytes copied by now and bytes in all, as far as is known; false ends the work.
pub type Progress<'a> = &'a mut dyn FnMut(u64, u64) -> bool;

/// What a snapshot is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotInfo {
    /// The version of the snapshot's own layout.
    pub format: u32,
    /// The cluster's id.
    pub cluster_id: String,
    /// How many brokers it has.
    pub brokers: u8,
    /// When its moment was, in milliseconds since the epoch.
    pub taken_ms: i64,
    /// Bytes of its files.
    pub bytes: u64,
    /// For how long the cluster's writers waited, in milliseconds.
    pub held_ms: u64,
}

/// Why there is no snapshot, or no cluster out of one.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// It was told to end.
    #[error("it was cancelled")]
    Cancelled,
    /// A directory is not fit for it. Nothing was changed.
    #[error("{}: {reason}", path.display())]
    Unfit {
        /// The directory.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
        /// What its owner may do.
        remedy: String,
    },
    /// Files could not be copied.
    #[error("{what}")]
    Io {
        /// What was tried.
        what: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The cluster did not start out of it.
    #[error(transparent)]
    Start(#[from] StartError),
}

impl From<CopyFailed> for SnapshotError {
    fn from(failed: CopyFailed) -> Self {
        Self::Io { what: failed.what, source: failed.source }
    }
}

impl SnapshotError {
    /// Cause and remedy in one line.
    pub fn explained(&self) -> String {
        match self {
            Self::Unfit { remedy, .. } => format!("{self}. {remedy}"),
            Self::Io { source, .. } => format!("{self}: {source}"),
            Self::Start(StartError::Unfit { remedy, .. }) => format!("{self}. {remedy}"),
            Self::Cancelled | Self::Start(_) => self.to_string(),
        }
    }
}

fn unfit(path: &Path, reason: impl Into<String>, remedy: &str) -> SnapshotError {
    SnapshotError::Unfit { path: path.to_owned(), reason: reason.into(), remedy: remedy.to_owned() }
}

fn failed(what: &str, path: &Path) -> impl FnOnce(io::Error) -> SnapshotError {
    let what = format!("{what} {}", path.display());
    |source| SnapshotError::Io { what, source }
}

/// Reads what a snapshot is of.
/// Errors: it is none, not whole, or of a newer version.
pub fn snapshot_info(snapshot: &Path) -> Result<SnapshotInfo, SnapshotError> {
    let raw = RealDisk.read(&snapshot.join(INFO)).map_err(|err| {
        if err.kind() == io::ErrorKind::NotFound {
            return unfit(snapshot, "there is no snapshot in it", "Choose another directory");
        }
        failed("reading", &snapshot.join(INFO))(err)
    })?;
    let info: SnapshotInfo = serde_json::from_slice(&raw)
        .map_err(|err| unfit(snapshot, format!("{INFO} is damaged: {err}"), ANOTHER))?;
    if info.format > FORMAT {
        let reason = format!("it has format {}; this version knows up to {FORMAT}", info.format);
        return Err(unfit(snapshot, reason, "Use the version that took it"));
    }
    Ok(info)
}

/// Whether a directory holds the files of a snapshot, which nobody may change.
pub(super) fn is_part_of_one(dir: &Path) -> bool {
    let parent = dir.parent().filter(|_| dir.ends_with(DATA));
    parent.is_some_and(|parent| matches!(RealDisk.read_len(&parent.join(INFO)), Ok(Some(_))))
}

/// What the files of a snapshot were; `None` for one that was taken before such was kept.
fn sums_of(snapshot: &Path, info: &SnapshotInfo) -> Result<Option<BTreeMap<String, FileSum>>, SnapshotError> {
    if info.format < 2 {
        return Ok(None);
    }
    let path = snapshot.join(SUMS);
    let raw = RealDisk.read(&path).map_err(failed("reading", &path))?;
    let sums = serde_json::from_slice(&raw);
    sums.map(Some).map_err(|err| unfit(snapshot, format!("{SUMS} is damaged: {err}"), ANOTHER))
}

/// Makes a cluster's directory out of a snapshot. The cluster in it has an id of its own.
/// Errors: the directory is not empty, the snapshot is none, or files could not be copied; nothing of it stays then.
pub fn fork(snapshot: &Path, data_dir: &Path, progress: Progress<'_>) -> Result<(), SnapshotError> {
    let info = snapshot_info(snapshot)?;
    check_room(data_dir, info.bytes)?;
    let empty = DataDir::claim_empty(data_dir)?;
    let copied = bring(snapshot, &info, data_dir, progress).and_then(|()| Ok(empty.name_anew()?));
    copied.inspect_err(|_| empty.clear())
}

/// Copies the files of a snapshot.
/// Errors: some are missing or not what they were, or they do not fit together.
fn bring(
    snapshot: &Path,
    info: &SnapshotInfo,
    to: &Path,
    progress: Progress<'_>,
) -> Result<(), SnapshotError> {
    let wanted = sums_of(snapshot, info)?;
    let mut copy = TreeCopy::new(&snapshot.join(DATA), to, data_dir::is_clusters);
    copy.pass(&BTreeSet::new(), progress)?.ok_or(SnapshotError::Cancelled)?;
    if copy.bytes() != info.bytes {
        let reason =
            format!("it has {} bytes of data, and had {} when it was taken", copy.bytes(), info.bytes);
        return Err(unfit(snapshot, reason, ANOTHER));
    }
    if let Some(wanted) = wanted {
        let found = copy.sums(progress)?.ok_or(SnapshotError::Cancelled)?;
        let differs = |path: &&String| wanted.get(*path) != found.get(*path);
        if let Some(path) = wanted.keys().chain(found.keys()).find(differs) {
            let reason = format!("{DATA}/{path} is not what it was when the snapshot was taken");
            return Err(unfit(snapshot, reason, ANOTHER));
        }
    }
    let cluster_id = Uuid::parse(&info.cluster_id).unwrap_or(Uuid::ZERO);
    match inventory::check(to, cluster_id, info.brokers) {
        Err(StartError::Unfit { reason, .. }) => return Err(unfit(snapshot, reason, ANOTHER)),
        checked => checked?,
    }
    Ok(copy.sync()?)
}

impl Cluster {
    /// Takes a snapshot into a new directory while the cluster runs.
    /// Errors: the directory exists or lies in the cluster's own, there is no room, or files could not be copied;
    /// nothing of it stays then.
    pub fn snapshot(&self, to: &Path, progress: Progress<'_>) -> Result<SnapshotInfo, SnapshotError> {
        let to = &std::path::absolute(to).map_err(failed("finding", to))?;
        let _alone = self.files();
        let from = self.data_dir();
        if to.exists() {
            return Err(unfit(to, "it exists", "Choose a new directory"));
        }
        if to.starts_with(from) {
            let remedy = "Choose one outside, which a reset does not take away";
            return Err(unfit(to, "it lies in the cluster's own directory", remedy));
        }
        let parent = to.parent().unwrap_or(to);
        RealDisk.create_dir(parent).map_err(failed("making", parent))?;
        check_room(parent, RealDisk.size_below(from))?;
        // Until it is whole it has a name that nobody takes for a snapshot's.
        let mut name = to.file_name().unwrap_or_default().to_owned();
        name.push(".partial");
        let partial = to.with_file_name(name);
        RealDisk.remove_dir(&partial).map_err(failed("clearing", &partial))?;
        let taken = self.copy_into(&partial, progress).and_then(|info| {
            RealDisk.rename(&partial, to).map_err(failed("naming", to))?;
            Ok(info)
        });
        taken.inspect_err(|_| drop(RealDisk.remove_dir(&partial)))
    }

    fn copy_into(&self, dir: &Path, progress: Progress<'_>) -> Result<SnapshotInfo, SnapshotError> {
        let data = dir.join(DATA);
        RealDisk.create_dir(&data).map_err(failed("making", &data))?;
        data_dir::private(dir).map_err(failed("closing to others", dir))?;
        let mut copy = TreeCopy::new(self.data_dir(), &data, data_dir::is_clusters);
        let mut before = 0;
        let _watched = Watch(&self.gate);
        for _ in 0..PASSES_MAX {
            let copied =
                copy.pass(&self.gate.rewritten(), &mut |done, all| progress(before + done, before + all))?;
            let copied = copied.ok_or(SnapshotError::Cancelled)?;
            before += copied;
            if copied < LITTLE_BYTES {
                break;
            }
        }
        let held = self.gate.hold();
        let clock = RealClock::new();
        let begun = clock.now();
        copy.pass(&self.gate.rewritten(), &mut |_, _| true)?;
        drop(held);
        let held = clock.now().mono.saturating_sub(begun.mono);
        copy.sync()?;
        let sums = copy.sums(progress)?.ok_or(SnapshotError::Cancelled)?;
        write(&dir.join(SUMS), &sums)?;
        let info = SnapshotInfo {
            format: FORMAT,
            cluster_id: self.cluster_id(),
            brokers: self.config.brokers,
            taken_ms: begun.wall_ms,
            bytes: copy.bytes(),
            held_ms: u64::try_from(held.as_millis()).unwrap_or(u64::MAX),
        };
        write(&dir.join(INFO), &info)?;
        Ok(info)
    }

    /// Throws all data away, takes that of a snapshot instead, and starts again at the same addresses.
    /// Errors before anything is thrown away: the snapshot is none, is not what it was, or has more brokers, there is no
    /// room, or files could not be copied.
    pub fn restore(&self, snapshot: &Path, progress: Progress<'_>) -> Result<SnapshotInfo, SnapshotError> {
        let _alone = self.files();
        let info = snapshot_info(snapshot)?;
        if info.brokers > self.config.brokers {
            let (theirs, ours) = (info.brokers, self.config.brokers);
            let reason = format!("it is of {theirs} brokers, and this cluster has {ours}");
            return Err(unfit(snapshot, reason, &format!("Start the cluster with {theirs} brokers")));
        }
        check_room(self.data_dir(), info.bytes)?;
        let incoming = self.data_dir().join(data_dir::INCOMING);
        let brought = RealDisk
            .remove_dir(&incoming)
            .and_then(|()| RealDisk.create_dir(&incoming))
            .map_err(failed("making", &incoming))
            .and_then(|()| bring(snapshot, &info, &incoming, progress));
        brought.inspect_err(|_| drop(RealDisk.remove_dir(&incoming)))?;
        self.begin_anew(DataDir::take_incoming)?;
        Ok(info)
    }
}

/// Watches which files are rewritten, until it is dropped.
struct Watch<'a>(&'a DiskGate);

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        self.0.watch_no_more();
    }
}

fn write(path: &Path, what: &impl Serialize) -> Result<(), SnapshotError> {
    let raw = serde_json::to_vec_pretty(what).map_err(io::Error::other);
    raw.and_then(|raw| RealDisk.replace(path, &raw)).map_err(failed("writing", path))
}

fn check_room(at: &Path, bytes: u64) -> Result<(), SnapshotError> {
    let there = at.ancestors().find(|dir| dir.exists()).unwrap_or(at);
    let free = RealDisk.volume(there).map_or(u64::MAX, |volume| volume.free_bytes);
    if free >= bytes {
        return Ok(());
    }
    let reason = format!("{bytes} bytes are needed and {free} are free");
    Err(unfit(at, reason, "Make room, or choose another disk"))
}
