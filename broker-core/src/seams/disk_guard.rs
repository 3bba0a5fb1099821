//! A disk that belongs to one life of one broker. A crash ends that life: handles that outlived it fail, so
//! that work still in flight in a pool cannot write into the next life's files.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Disk;
use super::disk_keeper::{Change, Keeper, KeptDisk};

/// Counts the lives of a broker.
#[derive(Debug, Clone, Default)]
pub struct Incarnation(Arc<AtomicU64>);

impl Incarnation {
    /// Ends the current life; every disk of it fails from now on.
    pub fn bump(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// One life of an incarnation: nothing changes once it is over.
#[derive(Debug, Clone)]
pub struct Life {
    current: Incarnation,
    mine: u64,
}

impl Keeper for Life {
    type Pass<'a> = ();

    fn change(&self, _: Change<'_>) -> io::Result<()> {
        self.sync()
    }

    fn sync(&self) -> io::Result<()> {
        if self.current.0.load(Ordering::SeqCst) == self.mine {
            Ok(())
        } else {
            Err(io::Error::other("the broker that opened this file has crashed"))
        }
    }
}

/// A disk for the current life of an incarnation.
pub type GuardedDisk = KeptDisk<Life>;

impl GuardedDisk {
    /// The view of `inner` that lives as long as the present incarnation.
    pub fn new(inner: Arc<dyn Disk>, current: &Incarnation) -> Self {
        let mine = current.0.load(Ordering::SeqCst);
        Self::kept_by(Life { current: current.clone(), mine }, inner)
    }

    /// Whether that life has ended: all that fails from then on fails because of it.
    pub fn is_over(&self) -> bool {
        self.keeper().sync().is_err()
    }
}
