//! A disk in memory that can be told to fail, and that remembers what was synced, so that a power cut can be
//! played on it.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Disk, DiskFile, Volume};
use crate::protocol::wire::ReadAt;

/// What goes wrong next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The next append writes this many bytes and then fails as a full disk does.
    WriteAfter(usize),
    /// The next sync fails.
    Sync,
    /// The change of a file that comes after so many others fails.
    Refuse(usize),
}

/// Files in memory, shared by all clones.
#[derive(Debug, Clone, Default)]
pub struct MemoryDisk(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    files: BTreeMap<PathBuf, Content>,
    /// Changes until the machine stops; `None` for never.
    changes_left: Option<usize>,
    /// Bytes that the append in which it stops still writes.
    torn: usize,
    /// Syncs say that they have synced, and have not.
    lying: bool,
    faults: VecDeque<Fault>,
}

#[derive(Debug, Default, Clone)]
struct Content {
    bytes: Vec<u8>,
    synced: usize,
}

impl MemoryDisk {
    /// An empty disk.
    pub fn new() -> Self {
        Self::default()
    }

    /// Plays `fault` at the next chance.
    pub fn fail_next(&self, fault: Fault) {
        self.lock().faults.push_back(fault);
    }

    /// Lets `changes` more changes of files through, then refuses all: a process killed at that point.
    pub fn stop_after(&self, changes: usize) {
        self.lock().changes_left = Some(changes);
    }

    /// The same, but if an append comes first then, `torn` bytes of it are written.
    pub fn stop_torn(&self, changes: usize, torn: usize) {
        let mut state = self.lock();
        (state.changes_left, state.torn) = (Some(changes), torn);
    }

    /// Whether it refuses all changes since [`MemoryDisk::stop_after`].
    pub fn has_stopped(&self) -> bool {
        self.lock().changes_left == Some(0)
    }

    /// Whether [`MemoryDisk::stop_after`] is in force.
    pub fn is_stopping(&self) -> bool {
        self.lock().changes_left.is_some()
    }

    /// Lets syncs say from now on that they have synced, and not sync; or do so again.
    pub fn lie(&self, lying: bool) {
        self.lock().lying = lying;
    }

    /// The files there are, in order.
    pub fn files(&self) -> Vec<PathBuf> {
        self.lock().files.keys().cloned().collect()
    }

    /// Takes changes again after [`MemoryDisk::stop_after`]; true if it had come to that.
    pub fn revive(&self) -> bool {
        self.lock().changes_left.take() == Some(0)
    }

    fn change(&self) -> io::Result<MutexGuard<'_, State>> {
        let mut state = self.lock();
        match &mut state.changes_left {
            Some(0) => return Err(io::Error::other("the process was killed")),
            Some(left) => *left -= 1,
            None => {}
        }
        if let Some(Fault::Refuse(left)) = state.faults.front_mut() {
            if *left == 0 {
                state.faults.pop_front();
                return Err(io::Error::other("refused once"));
            }
            *left -= 1;
        }
        Ok(state)
    }

    /// Loses what was never synced.
    pub fn power_cut(&self) {
        for content in self.lock().files.values_mut() {
            content.bytes.truncate(content.synced);
        }
    }

    /// Changes a file as bit rot or a torn write would.
    pub fn tamper(&self, path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
        if let Some(content) = self.lock().files.get_mut(path) {
            change(&mut content.bytes);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug)]
struct MemoryFile {
    disk: MemoryDisk,
    path: PathBuf,
}

impl MemoryFile {
    fn with<T>(&self, act: impl FnOnce(&mut Content) -> io::Result<T>) -> io::Result<T> {
        let mut state = self.disk.lock();
        act(state.files.get_mut(&self.path).ok_or(io::ErrorKind::NotFound)?)
    }
}

impl ReadAt for MemoryFile {
    fn read_exact_at(&self, buf: &mut [u8], position: u64) -> io::Result<()> {
        self.with(|content| {
            let start = usize::try_from(position).unwrap_or(usize::MAX);
            let end = start.saturating_add(buf.len());
            buf.copy_from_slice(content.bytes.get(start..end).ok_or(io::ErrorKind::UnexpectedEof)?);
            Ok(())
        })
    }
}

impl DiskFile for MemoryFile {
    fn append(&self, parts: &[&[u8]]) -> io::Result<()> {
        let mut left = usize::MAX;
        {
            let mut state = self.disk.lock();
            if state.changes_left == Some(0) && state.torn > 0 {
                let whole: usize = parts.iter().map(|part| part.len()).sum();
                left = std::mem::take(&mut state.torn).min(whole.saturating_sub(1));
            }
        }
        if left == usize::MAX {
            let mut state = self.disk.change()?;
            if let Some(Fault::WriteAfter(bytes)) = state.faults.front().copied() {
                state.faults.pop_front();
                left = bytes;
            }
        }
        self.with(|content| {
            for part in parts {
                let take = part.len().min(left);
                content.bytes.extend_from_slice(part.get(..take).unwrap_or_default());
                left -= take;
                if take < part.len() {
                    return Err(io::ErrorKind::StorageFull.into());
                }
            }
            Ok(())
        })
    }

    fn size(&self) -> io::Result<u64> {
        self.with(|content| Ok(content.bytes.len() as u64))
    }

    fn truncate(&self, len: u64) -> io::Result<()> {
        drop(self.disk.change()?);
        self.with(|content| {
            content.bytes.truncate(len as usize);
            content.synced = content.synced.min(len as usize);
            Ok(())
        })
    }

    fn sync(&self) -> io::Result<()> {
        let mut state = self.disk.lock();
        if state.faults.front() == Some(&Fault::Sync) {
            state.faults.pop_front();
            return Err(io::Error::other("sync failed"));
        }
        if state.lying {
            return Ok(());
        }
        drop(state);
        self.with(|content| {
            content.synced = content.bytes.len();
            Ok(())
        })
    }
}

impl Disk for MemoryDisk {
    fn open(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        self.lock().files.entry(path.to_owned()).or_default();
        Ok(Arc::new(MemoryFile { disk: self.clone(), path: path.to_owned() }))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let state = self.lock();
        Ok(state.files.get(path).ok_or(io::ErrorKind::NotFound)?.bytes.clone())
    }

    fn read_len(&self, path: &Path) -> io::Result<Option<u64>> {
        Ok(self.lock().files.get(path).map(|content| content.bytes.len() as u64))
    }

    fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let content = Content { bytes: bytes.to_vec(), synced: bytes.len() };
        self.change()?.files.insert(path.to_owned(), content);
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.change()?;
        let content = state.files.remove(from).ok_or(io::ErrorKind::NotFound)?;
        state.files.insert(to.to_owned(), content);
        Ok(())
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let state = self.lock();
        let mut names: Vec<String> = state
            .files
            .keys()
            .filter_map(|path| path.strip_prefix(dir).ok()?.components().next())
            .map(|name| name.as_os_str().to_string_lossy().into_owned())
            .collect();
        names.dedup();
        Ok(names)
    }

    fn create_dir(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.change()?.files.remove(path);
        Ok(())
    }

    fn remove_dir(&self, dir: &Path) -> io::Result<()> {
        self.change()?.files.retain(|path, _| !path.starts_with(dir));
        Ok(())
    }

    fn size_below(&self, dir: &Path) -> u64 {
        let state = self.lock();
        let sizes = state.files.iter().filter(|(path, _)| path.starts_with(dir));
        sizes.map(|(_, content)| content.bytes.len() as u64).sum()
    }

    fn volume(&self, _: &Path) -> Option<Volume> {
        None
    }
}
