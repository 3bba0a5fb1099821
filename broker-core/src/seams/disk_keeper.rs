//! A disk with a keeper that is asked before anything on it changes: the keeper may refuse, or make the writer wait.

use std::fmt::Debug;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Disk, DiskFile, Volume};
use crate::protocol::wire::ReadAt;

/// What is about to happen.
#[derive(Debug, Clone, Copy)]
pub enum Change<'a> {
    /// Something is added behind what is there.
    Grow,
    /// What is at this path, a file or a directory, will not be what it was.
    Rewrite(&'a Path),
    /// What is at the first path comes to the second, whose own is gone then; the first may become another one's.
    Move(&'a Path, &'a Path),
}

/// Who is asked.
pub trait Keeper: Clone + Debug + Send + Sync + 'static {
    /// Held for as long as the change takes.
    type Pass<'a>;

    /// Returns once a file or directory may change.
    fn change(&self, change: Change<'_>) -> io::Result<Self::Pass<'_>>;

    /// Returns once a file may be synced, which changes nothing in it.
    fn sync(&self) -> io::Result<()>;
}

/// A disk with a keeper.
#[derive(Debug, Clone)]
pub struct KeptDisk<K> {
    inner: Arc<dyn Disk>,
    keeper: K,
}

impl<K> KeptDisk<K> {
    pub(super) fn kept_by(keeper: K, inner: Arc<dyn Disk>) -> Self {
        Self { inner, keeper }
    }

    pub(super) fn keeper(&self) -> &K {
        &self.keeper
    }
}

#[derive(Debug)]
struct KeptFile<K> {
    inner: Arc<dyn DiskFile>,
    path: PathBuf,
    keeper: K,
}

impl<K: Keeper> ReadAt for KeptFile<K> {
    fn read_exact_at(&self, buf: &mut [u8], position: u64) -> io::Result<()> {
        self.inner.read_exact_at(buf, position)
    }
}

impl<K: Keeper> DiskFile for KeptFile<K> {
    fn append(&self, parts: &[&[u8]]) -> io::Result<()> {
        let _pass = self.keeper.change(Change::Grow)?;
        self.inner.append(parts)
    }

    fn size(&self) -> io::Result<u64> {
        self.inner.size()
    }

    fn truncate(&self, len: u64) -> io::Result<()> {
        let _pass = self.keeper.change(Change::Rewrite(&self.path))?;
        self.inner.truncate(len)
    }

    fn sync(&self) -> io::Result<()> {
        self.keeper.sync()?;
        self.inner.sync()
    }
}

impl<K: Keeper> Disk for KeptDisk<K> {
    fn open(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let _pass = self.keeper.change(Change::Grow)?;
        let (inner, keeper) = (self.inner.open(path)?, self.keeper.clone());
        Ok(Arc::new(KeptFile { inner, path: path.to_owned(), keeper }))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.inner.read(path)
    }

    fn read_len(&self, path: &Path) -> io::Result<Option<u64>> {
        self.inner.read_len(path)
    }

    fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let _pass = self.keeper.change(Change::Rewrite(path))?;
        self.inner.replace(path, bytes)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let _pass = self.keeper.change(Change::Move(from, to))?;
        self.inner.rename(from, to)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        self.inner.list(dir)
    }

    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        let _pass = self.keeper.change(Change::Grow)?;
        self.inner.create_dir(dir)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let _pass = self.keeper.change(Change::Rewrite(path))?;
        self.inner.remove(path)
    }

    fn remove_dir(&self, dir: &Path) -> io::Result<()> {
        let _pass = self.keeper.change(Change::Rewrite(dir))?;
        self.inner.remove_dir(dir)
    }

    fn size_below(&self, dir: &Path) -> u64 {
        self.inner.size_below(dir)
    }

    fn volume(&self, dir: &Path) -> Option<Volume> {
        self.inner.volume(dir)
    }
}
