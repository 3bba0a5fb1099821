//! What the disk refused, told once in a while: a full disk refuses every record that comes.

use std::cell::Cell;
use std::error::Error;
use std::io;
use std::path::Path;
use std::time::Duration;

use super::Broker;
use crate::log::LogError;
use crate::partition::PartitionId;

/// Pause between two lines of the log about the disk of one broker.
const TELL_AGAIN: Duration = Duration::from_secs(10);

/// What has been told of a broker's disk.
#[derive(Debug, Default)]
pub(super) struct DiskTrouble {
    told_at: Cell<Option<Duration>>,
    untold: Cell<u64>,
    full_at: Cell<Option<Duration>>,
}

impl DiskTrouble {
    /// Whether it was full a moment ago: what is removed then is removed at once.
    pub fn is_full(&self, now: Duration) -> bool {
        self.full_at.get().is_some_and(|at| now.saturating_sub(at) < TELL_AGAIN)
    }
}

impl Broker {
    /// Notes that the disk refused, and says so unless it has just been said or the broker has crashed, when every
    /// disk refuses.
    pub(super) fn disk_refused(&self, id: PartitionId, what: &'static str, err: &LogError) {
        if self.setup.disk.is_over() {
            return;
        }
        let trouble = &self.disk_trouble;
        let now = self.now().mono;
        if is_full(err) {
            trouble.full_at.set(Some(now));
            self.set_aside.borrow_mut().iter_mut().for_each(|(due, _)| *due = now.min(*due));
        }
        if trouble.told_at.get().is_some_and(|at| now.saturating_sub(at) < TELL_AGAIN) {
            trouble.untold.set(trouble.untold.get() + 1);
            return;
        }
        trouble.told_at.set(Some(now));
        let also_refused = Some(trouble.untold.take()).filter(|&untold| untold > 0);
        let (broker, partition) = (self.setup.id, id.index);
        let topic =
            self.image.borrow().topic_by_id(id.topic).map(|topic| topic.name.clone()).unwrap_or_default();
        let remedy = remedy(err, &self.setup.dir);
        tracing::error!(broker, topic, partition, %err, also_refused, "{what}{remedy}");
    }
}

/// What the system, or the cluster's limit, said.
fn said(err: &LogError) -> Option<&io::Error> {
    err.source()?.downcast_ref()
}

fn is_full(err: &LogError) -> bool {
    said(err).is_some_and(|said| said.kind() == io::ErrorKind::StorageFull)
}

/// What may be done about a disk that is full, or a cluster that has as much as it may.
pub(super) fn remedy(err: &LogError, dir: &Path) -> String {
    match said(err) {
        Some(denied) if denied.kind() == io::ErrorKind::PermissionDenied => {
            ": let this process write there, and start the broker again".to_owned()
        }
        None => String::new(),
        Some(_) if !is_full(err) => String::new(),
        // Only the cluster's own limit has words of its own.
        Some(limit) if limit.get_ref().is_some() => {
            ": delete records, or start with a larger limit; writing goes on by itself".to_owned()
        }
        Some(_) => {
            let dir = dir.display();
            format!(
                ": the disk is full. Free space where {dir} is, or delete records; writing goes on by itself"
            )
        }
    }
}
