//! A disk of one broker that can be told to fail, and that knows what has reached the medium, so that a power
//! cut can be played on real files.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Disk, DiskFile, Rng, Room, Volume};
use crate::protocol::wire::ReadAt;

/// What can go wrong on a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiskFault {
    /// The next append fails, having written nothing.
    Write,
    /// The next sync fails.
    Sync,
    /// Appends fail as on a full disk until [`DiskFault::Room`].
    Full,
    /// There is room again.
    Room,
}

/// A disk with faults, shared by all clones.
#[derive(Debug, Clone)]
pub struct FaultDisk {
    inner: Arc<dyn Disk>,
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    failing_writes: AtomicU32,
    failing_syncs: AtomicU32,
    full: AtomicBool,
    /// How much may be appended still.
    room: Room,
    /// The last append found no room, on the medium, within the cluster's limit or as a fault.
    refused_room: AtomicBool,
    /// Bytes of each opened file that are surely on the medium.
    synced: Mutex<BTreeMap<PathBuf, u64>>,
}

impl State {
    fn synced<T>(&self, act: impl FnOnce(&mut BTreeMap<PathBuf, u64>) -> T) -> T {
        act(&mut self.synced.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Takes one from a count of failures; true if there was one.
fn due(count: &AtomicU32) -> bool {
    count.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
}

impl FaultDisk {
    /// `inner` without faults so far.
    pub fn new(inner: Arc<dyn Disk>) -> Self {
        Self::within(Room::default(), inner)
    }

    /// The same, on which no more may be appended than there is room for.
    pub fn within(room: Room, inner: Arc<dyn Disk>) -> Self {
        Self { inner, state: Arc::new(State { room, ..State::default() }) }
    }

    /// Plays a fault.
    pub fn play(&self, fault: DiskFault) {
        match fault {
            DiskFault::Write => drop(self.state.failing_writes.fetch_add(1, Ordering::SeqCst)),
            DiskFault::Sync => drop(self.state.failing_syncs.fetch_add(1, Ordering::SeqCst)),
            DiskFault::Full => self.state.full.store(true, Ordering::SeqCst),
            DiskFault::Room => self.state.full.store(false, Ordering::SeqCst),
        }
    }

    /// Takes back every fault that was asked for.
    pub fn mend(&self) {
        self.state.full.store(false, Ordering::SeqCst);
        self.state.failing_writes.store(0, Ordering::SeqCst);
        self.state.failing_syncs.store(0, Ordering::SeqCst);
    }

    /// What is wrong with this disk, in words, and whether it was asked for: it may be full without.
    pub fn faults(&self) -> Vec<(String, bool)> {
        let mut faults = Vec::new();
        if self.state.full.load(Ordering::SeqCst) {
            faults.push(("its disk is full until it is given room".to_owned(), true));
        } else if self.state.refused_room.load(Ordering::SeqCst) {
            faults.push(("its disk is full: no room was left for the last append".to_owned(), false));
        }
        for (count, what) in [(&self.state.failing_writes, "write"), (&self.state.failing_syncs, "sync")] {
            match count.load(Ordering::SeqCst) {
                0 => {}
                1 => faults.push((format!("its next {what} will fail"), true)),
                more => faults.push((format!("its next {more} {what}s will fail"), true)),
            }
        }
        faults
    }

    /// Cuts every file back to what was synced, plus a torn part of what was not: nobody may write meanwhile.
    pub fn power_cut(&self, rng: &mut Rng) -> io::Result<()> {
        let synced = self.state.synced(std::mem::take);
        for (path, safe) in synced {
            // A file that has been removed has nothing to lose.
            if self.inner.read_len(&path)?.is_none() {
                continue;
            }
            let file = self.inner.open(&path)?;
            let unsafe_bytes = file.size()?.saturating_sub(safe);
            let torn = if unsafe_bytes == 0 { 0 } else { rng.below(unsafe_bytes + 1) };
            file.truncate(safe + torn)?;
        }
        Ok(())
    }
}

#[derive(Debug)]
struct FaultFile {
    inner: Arc<dyn DiskFile>,
    path: PathBuf,
    state: Arc<State>,
}

impl ReadAt for FaultFile {
    fn read_exact_at(&self, buf: &mut [u8], position: u64) -> io::Result<()> {
        self.inner.read_exact_at(buf, position)
    }
}

impl DiskFile for FaultFile {
    fn append(&self, parts: &[&[u8]]) -> io::Result<()> {
        if self.state.full.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        if self.state.failing_writes.load(Ordering::Relaxed) > 0 && due(&self.state.failing_writes) {
            return Err(io::Error::other("a fault was asked for"));
        }
        let len = parts.iter().map(|part| part.len()).sum();
        let appended = self.state.room.take(len).and_then(|()| self.inner.append(parts));
        let refused_room = matches!(&appended, Err(err) if err.kind() == io::ErrorKind::StorageFull);
        if refused_room != self.state.refused_room.load(Ordering::Relaxed) {
            self.state.refused_room.store(refused_room, Ordering::Relaxed);
        }
        appended
    }

    fn size(&self) -> io::Result<u64> {
        self.inner.size()
    }

    fn truncate(&self, len: u64) -> io::Result<()> {
        self.inner.truncate(len)?;
        self.state.synced(|synced| {
            if let Some(safe) = synced.get_mut(&self.path) {
                *safe = (*safe).min(len);
            }
        });
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        if self.state.failing_syncs.load(Ordering::Relaxed) > 0 && due(&self.state.failing_syncs) {
            return Err(io::Error::other("a fault was asked for"));
        }
        // What is appended while the sync runs may or may not be part of it.
        let size = self.inner.size()?;
        self.inner.sync()?;
        self.state.synced(|synced| synced.insert(self.path.clone(), size));
        Ok(())
    }
}

impl Disk for FaultDisk {
    fn open(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let inner = self.inner.open(path)?;
        // What was there before this process opened it has outlived whatever came before.
        let size = inner.size()?;
        self.state.synced(|synced| synced.entry(path.to_owned()).or_insert(size).to_owned());
        Ok(Arc::new(FaultFile { inner, path: path.to_owned(), state: Arc::clone(&self.state) }))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.inner.read(path)
    }

    fn read_len(&self, path: &Path) -> io::Result<Option<u64>> {
        self.inner.read_len(path)
    }

    fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.inner.replace(path, bytes)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.inner.rename(from, to)?;
        self.state.synced(|synced| {
            if let Some(safe) = synced.remove(from) {
                synced.insert(to.to_owned(), safe);
            }
        });
        Ok(())
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        self.inner.list(dir)
    }

    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        self.inner.create_dir(dir)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.state.synced(|synced| synced.remove(path));
        self.inner.remove(path)
    }

    fn remove_dir(&self, dir: &Path) -> io::Result<()> {
        self.state.synced(|synced| synced.retain(|path, _| !path.starts_with(dir)));
        self.inner.remove_dir(dir)
    }

    fn size_below(&self, dir: &Path) -> u64 {
        self.inner.size_below(dir)
    }

    fn volume(&self, dir: &Path) -> Option<Volume> {
        self.inner.volume(dir)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seams::MemoryDisk;

    #[test]
    fn a_power_cut_keeps_what_was_synced_and_tears_the_rest() {
        let disk = FaultDisk::new(Arc::new(MemoryDisk::new()));
        let path = Path::new("/d/00.log");
        let file = disk.open(path).unwrap();
        file.append(&[b"synced"]).unwrap();
        file.sync().unwrap();
        file.append(&[b" and not"]).unwrap();
        disk.power_cut(&mut Rng::seeded(3)).unwrap();
        let left = disk.read(path).unwrap();
        assert!(left.len() >= 6 && left.len() <= 14 && b"synced and not".starts_with(&left));
    }

    #[test]
    fn faults_come_once_and_a_full_disk_stays_full_until_there_is_room() {
        let disk = FaultDisk::new(Arc::new(MemoryDisk::new()));
        let file = disk.open(Path::new("/f")).unwrap();
        disk.play(DiskFault::Write);
        disk.play(DiskFault::Sync);
        assert!(file.append(&[b"a"]).is_err() && file.append(&[b"a"]).is_ok());
        assert!(file.sync().is_err() && file.sync().is_ok());
        disk.play(DiskFault::Full);
        for _ in 0..3 {
            assert_eq!(file.append(&[b"b"]).unwrap_err().kind(), io::ErrorKind::StorageFull);
        }
        disk.play(DiskFault::Room);
        file.append(&[b"c"]).unwrap();
        assert_eq!(disk.read(Path::new("/f")).unwrap(), b"ac");
    }
}
