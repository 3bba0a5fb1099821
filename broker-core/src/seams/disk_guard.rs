//! A disk that belongs to one life of one broker. A crash ends that life: handles that outlived it fail, so
//! that work still in flight in a pool cannot write into the next life's files.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Disk, DiskFile, Volume};
use crate::protocol::wire::ReadAt;

/// Counts the lives of a broker.
#[derive(Debug, Clone, Default)]
pub struct Incarnation(Arc<AtomicU64>);

impl Incarnation {
    /// Ends the current life; every disk of it fails from now on.
    pub fn bump(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// A disk for the current life of an incarnation.
#[derive(Debug, Clone)]
pub struct GuardedDisk {
    inner: Arc<dyn Disk>,
    life: Life,
}

#[derive(Debug, Clone)]
struct Life {
    current: Incarnation,
    mine: u64,
}

impl Life {
    fn check(&self) -> io::Result<()> {
        if self.current.0.load(Ordering::SeqCst) == self.mine {
            Ok(())
        } else {
            Err(io::Error::other("the broker that opened this file has crashed"))
        }
    }
}

impl GuardedDisk {
    /// The view of `inner` that lives as long as the present incarnation.
    pub fn new(inner: Arc<dyn Disk>, current: &Incarnation) -> Self {
        let mine = current.0.load(Ordering::SeqCst);
        Self { inner, life: Life { current: current.clone(), mine } }
    }
}

#[derive(Debug)]
struct GuardedFile {
    inner: Arc<dyn DiskFile>,
    life: Life,
}

impl ReadAt for GuardedFile {
    fn read_exact_at(&self, buf: &mut [u8], position: u64) -> io::Result<()> {
        self.inner.read_exact_at(buf, position)
    }
}

impl DiskFile for GuardedFile {
    fn append(&self, parts: &[&[u8]]) -> io::Result<()> {
        self.life.check()?;
        self.inner.append(parts)
    }
    fn size(&self) -> io::Result<u64> {
        self.inner.size()
    }
    fn truncate(&self, len: u64) -> io::Result<()> {
        self.life.check()?;
        self.inner.truncate(len)
    }
    fn sync(&self) -> io::Result<()> {
        self.life.check()?;
        self.inner.sync()
    }
}

impl Disk for GuardedDisk {
    fn open(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        self.life.check()?;
        Ok(Arc::new(GuardedFile { inner: self.inner.open(path)?, life: self.life.clone() }))
    }
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.inner.read(path)
    }
    fn read_len(&self, path: &Path) -> io::Result<Option<u64>> {
        self.inner.read_len(path)
    }
    fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.life.check()?;
        self.inner.replace(path, bytes)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.life.check()?;
        self.inner.rename(from, to)
    }
    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        self.inner.list(dir)
    }
    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        self.life.check()?;
        self.inner.create_dir(dir)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.life.check()?;
        self.inner.remove(path)
    }
    fn remove_dir(&self, dir: &Path) -> io::Result<()> {
        self.life.check()?;
        self.inner.remove_dir(dir)
    }
    fn size_below(&self, dir: &Path) -> u64 {
        self.inner.size_below(dir)
    }
    fn volume(&self, dir: &Path) -> Option<Volume> {
        self.inner.volume(dir)
    }
}
