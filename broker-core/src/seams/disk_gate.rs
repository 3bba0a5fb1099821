//! A disk whose writers can be made to wait, all at once, so that its files can be copied as they are at one moment.

use std::io;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::{Disk, DiskFile, Volume};
use crate::protocol::wire::ReadAt;

/// Lets writers through, until somebody holds it.
#[derive(Debug, Clone, Default)]
pub struct DiskGate(Arc<RwLock<()>>);

impl DiskGate {
    /// As long as this is held, nothing on its disks changes; whoever wants to write waits. What was being written is
    /// written to its end first.
    pub fn hold(&self) -> RwLockWriteGuard<'_, ()> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn pass(&self) -> RwLockReadGuard<'_, ()> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A disk behind a gate.
#[derive(Debug)]
pub struct GatedDisk {
    inner: Arc<dyn Disk>,
    gate: DiskGate,
}

impl GatedDisk {
    /// `inner`, whose writers pass through `gate`.
    pub fn new(inner: Arc<dyn Disk>, gate: DiskGate) -> Self {
        Self { inner, gate }
    }
}

#[derive(Debug)]
struct GatedFile {
    inner: Arc<dyn DiskFile>,
    gate: DiskGate,
}

impl ReadAt for GatedFile {
    fn read_exact_at(&self, buf: &mut [u8], position: u64) -> io::Result<()> {
        self.inner.read_exact_at(buf, position)
    }
}

impl DiskFile for GatedFile {
    fn append(&self, parts: &[&[u8]]) -> io::Result<()> {
        let _pass = self.gate.pass();
        self.inner.append(parts)
    }

    fn size(&self) -> io::Result<u64> {
        self.inner.size()
    }

    fn truncate(&self, len: u64) -> io::Result<()> {
        let _pass = self.gate.pass();
        self.inner.truncate(len)
    }

    fn sync(&self) -> io::Result<()> {
        self.inner.sync()
    }
}

impl Disk for GatedDisk {
    fn open(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let _pass = self.gate.pass();
        let inner = self.inner.open(path)?;
        Ok(Arc::new(GatedFile { inner, gate: self.gate.clone() }))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.inner.read(path)
    }

    fn read_len(&self, path: &Path) -> io::Result<Option<u64>> {
        self.inner.read_len(path)
    }

    fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let _pass = self.gate.pass();
        self.inner.replace(path, bytes)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let _pass = self.gate.pass();
        self.inner.rename(from, to)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        self.inner.list(dir)
    }

    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        let _pass = self.gate.pass();
        self.inner.create_dir(dir)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let _pass = self.gate.pass();
        self.inner.remove(path)
    }

    fn remove_dir(&self, dir: &Path) -> io::Result<()> {
        let _pass = self.gate.pass();
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
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;
    use crate::seams::MemoryDisk;

    #[test]
    fn nothing_is_written_while_the_gate_is_held() {
        let gate = DiskGate::default();
        let disk = GatedDisk::new(Arc::new(MemoryDisk::new()), gate.clone());
        let file = disk.open(Path::new("/f")).unwrap();
        file.append(&[b"a"]).unwrap();
        let held = gate.hold();
        let (done, written) = channel();
        let writer = Arc::clone(&file);
        let thread = std::thread::spawn(move || done.send(writer.append(&[b"b"])).unwrap());
        assert!(written.recv_timeout(Duration::from_millis(50)).is_err(), "it waits");
        assert_eq!(file.size().unwrap(), 1);
        drop(held);
        written.recv_timeout(Duration::from_secs(5)).unwrap().unwrap();
        thread.join().unwrap();
        assert_eq!(disk.read(Path::new("/f")).unwrap(), b"ab");
    }
}
