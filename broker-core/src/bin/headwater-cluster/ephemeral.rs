//! The directory of a cluster that leaves nothing behind: in memory where the system has files there.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use broker_core::seams::{Disk, RealDisk};

/// Where Linux keeps files in memory.
const MEMORY: &str = "/dev/shm";
/// With less room there (containers give 64 MB by default) the directory for temporary files is taken.
const ROOM_MIN: u64 = 1 << 30;
const PREFIX: &str = "headwater-cluster-";
/// A younger directory may be of one that is about to lock it.
const LEFT_AFTER: Duration = Duration::from_secs(60);

/// A directory that is removed at the end, and says whose it was if it could not be. What a killed one left is removed
/// before.
pub fn directory() -> Result<tempfile::TempDir, String> {
    let parent = parent();
    sweep(&parent);
    let made = tempfile::Builder::new().prefix(PREFIX).tempdir_in(&parent);
    made.map_err(|err| format!("no directory in {}: {err}", parent.display()))
}

/// Whoever names a directory for temporary files wants it there.
fn parent() -> PathBuf {
    let memory = Path::new(MEMORY);
    let has_room = || RealDisk.volume(memory).is_some_and(|volume| volume.free_bytes >= ROOM_MIN);
    let is_named = std::env::var_os("TMPDIR").is_some();
    if cfg!(target_os = "linux") && !is_named && memory.is_dir() && has_room() {
        return memory.to_owned();
    }
    std::env::temp_dir()
}

/// Removes what lies in no process's hands any more. Somebody else's cannot be removed, and stays.
fn sweep(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX)) {
        if is_left(&entry.path())
            && let Err(err) = fs::remove_dir_all(entry.path())
        {
            tracing::debug!(path = %entry.path().display(), %err, "what another cluster left stays");
        }
    }
}

fn is_left(path: &Path) -> bool {
    let Ok(meta) = fs::symlink_metadata(path) else { return false };
    let age = meta.modified().ok().and_then(|at| SystemTime::now().duration_since(at).ok());
    let lock = fs::File::open(path.join(".lock"));
    meta.is_dir()
        && age.is_some_and(|age| age >= LEFT_AFTER)
        && lock.is_ok_and(|lock| lock.try_lock().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_cluster_left_is_swept_and_nothing_else() {
        let parent = tempfile::tempdir().unwrap();
        let at = |name: &str| parent.path().join(name);
        let old = SystemTime::now() - 2 * LEFT_AFTER;
        for name in ["headwater-cluster-left", "headwater-cluster-used", "headwater-cluster-begun", "others"]
        {
            fs::create_dir(at(name)).unwrap();
            fs::write(at(name).join(".lock"), "1").unwrap();
        }
        let used = fs::File::open(at("headwater-cluster-used/.lock")).unwrap();
        used.try_lock().unwrap();
        for name in ["headwater-cluster-left", "headwater-cluster-used", "others"] {
            fs::File::open(at(name)).unwrap().set_modified(old).unwrap();
        }
        sweep(parent.path());
        let left = fs::read_dir(parent.path()).unwrap().flatten();
        let mut left: Vec<_> = left.map(|entry| entry.file_name().into_string().unwrap()).collect();
        left.sort();
        assert_eq!(left, ["headwater-cluster-begun", "headwater-cluster-used", "others"]);
    }
}
