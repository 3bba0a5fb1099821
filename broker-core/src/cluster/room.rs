//! Looks again and again how much a cluster with a limit has on disk.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

use crate::seams::{Disk, Room};

/// Pause between two looks while there is much room, and while there is little.
const SELDOM: Duration = Duration::from_secs(10);
const OFTEN: Duration = Duration::from_millis(500);

/// The thread that looks; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Surveyor {
    _ends: Sender<()>,
}

impl Surveyor {
    /// Measures `dir` once, and from then on.
    pub fn start(bytes_max: u64, room: Room, disk: Arc<dyn Disk>, dir: PathBuf) -> std::io::Result<Self> {
        let (ends, ended) = channel();
        let used = disk.size_below(&dir);
        if used >= bytes_max {
            tracing::warn!(
                "the cluster has {used} bytes on disk and may have {bytes_max} (--max-disk): nothing is written until there are fewer"
            );
        }
        room.measured(used);
        std::thread::Builder::new().name("disk-room".to_owned()).spawn(move || {
            let pause = |room: &Room| if room.is_scarce() { OFTEN } else { SELDOM };
            while ended.recv_timeout(pause(&room)) == Err(RecvTimeoutError::Timeout) {
                room.measured(disk.size_below(&dir));
            }
        })?;
        Ok(Self { _ends: ends })
    }
}
