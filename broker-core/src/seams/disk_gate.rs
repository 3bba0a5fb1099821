//! A disk whose writers can be made to wait, all at once, so that its files can be copied as they are at one moment.

use std::io;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::Disk;
use super::disk_keeper::{Keeper, KeptDisk};

/// Lets writers through, until somebody holds it.
#[derive(Debug, Clone, Default)]
pub struct DiskGate(Arc<RwLock<()>>);

impl DiskGate {
    /// As long as this is held, nothing on its disks changes; whoever wants to write waits. What was being written is
    /// written to its end first.
    pub fn hold(&self) -> RwLockWriteGuard<'_, ()> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keeper for DiskGate {
    type Pass<'a> = RwLockReadGuard<'a, ()>;

    fn change(&self) -> io::Result<Self::Pass<'_>> {
        Ok(self.0.read().unwrap_or_else(PoisonError::into_inner))
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
