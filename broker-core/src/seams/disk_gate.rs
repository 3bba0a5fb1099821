//! A disk whose writers can be made to wait, all at once, so that its files can be copied as they are at one moment.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::Disk;
use super::disk_keeper::{Change, Keeper, KeptDisk};

/// Lets writers through, until somebody holds it.
#[derive(Debug, Clone, Default)]
pub struct DiskGate(Arc<State>);

#[derive(Debug, Default)]
struct State {
    held: RwLock<()>,
    /// What was otherwise changed than by adding to it, while somebody wants to know.
    rewritten: Mutex<Option<BTreeSet<PathBuf>>>,
}

impl DiskGate {
    /// As long as this is held, nothing on its disks changes; whoever wants to write waits. What was being written is
    /// written to its end first.
    pub fn hold(&self) -> RwLockWriteGuard<'_, ()> {
        self.0.held.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns which files and directories were changed otherwise than by adding to them since the last such
    /// question; the first one only begins to watch.
    pub fn rewritten(&self) -> BTreeSet<PathBuf> {
        self.watched().replace(BTreeSet::new()).unwrap_or_default()
    }

    /// Ends what the first question for what was rewritten has begun.
    pub fn watch_no_more(&self) {
        *self.watched() = None;
    }

    fn watched(&self) -> MutexGuard<'_, Option<BTreeSet<PathBuf>>> {
        self.0.rewritten.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keeper for DiskGate {
    type Pass<'a> = RwLockReadGuard<'a, ()>;

    fn change(&self, change: Change<'_>) -> io::Result<Self::Pass<'_>> {
        let pass = self.0.held.read().unwrap_or_else(PoisonError::into_inner);
        let paths = match change {
            Change::Grow => return Ok(pass),
            Change::Rewrite(path) => vec![path],
            Change::Move(from, to) => vec![from, to],
        };
        if let Some(rewritten) = &mut *self.watched() {
            rewritten.extend(paths.into_iter().map(Path::to_owned));
        }
        Ok(pass)
    }

    fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}

/// A disk behind a gate.
pub type GatedDisk = KeptDisk<DiskGate>;

impl GatedDisk {
    /// `inner`, whose writers pass through `gate`.
    pub fn new(inner: Arc<dyn Disk>, gate: DiskGate) -> Self {
        Self::kept_by(gate, inner)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;
    use crate::seams::MemoryDisk;

    #[test]
    fn what_only_grew_is_not_called_rewritten() {
        let gate = DiskGate::default();
        let disk = GatedDisk::new(Arc::new(MemoryDisk::new()), gate.clone());
        let [grown, cut] = ["/grown", "/cut"].map(|path| disk.open(Path::new(path)).unwrap());
        cut.append(&[b"ab"]).unwrap();
        assert_eq!(gate.rewritten(), BTreeSet::new());
        grown.append(&[b"a"]).unwrap();
        cut.truncate(1).unwrap();
        disk.replace(Path::new("/new"), b"c").unwrap();
        assert_eq!(gate.rewritten(), BTreeSet::from(["/cut", "/new"].map(PathBuf::from)));
        assert_eq!(gate.rewritten(), BTreeSet::new(), "told once");
        disk.rename(Path::new("/grown"), Path::new("/moved")).unwrap();
        assert_eq!(gate.rewritten(), BTreeSet::from(["/grown", "/moved"].map(PathBuf::from)));
        gate.watch_no_more();
        disk.remove(Path::new("/cut")).unwrap();
        assert_eq!(gate.rewritten(), BTreeSet::new(), "nobody watched");
    }

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
