//! The small files of a broker's directory: whether it ended in order, and how far each replica was committed.
//! Source: Kafka `OffsetCheckpointFile.java`, `CleanShutdownFileHandler.java`, `meta.properties`.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use super::Broker;
use crate::protocol::Uuid;
use crate::seams::{Disk, GuardedDisk};

const CLEAN: &str = ".kafka_cleanshutdown";
const HIGH_WATERMARKS: &str = "replication-offset-checkpoint";
const META: &str = "meta.properties";

type HighWatermarks = BTreeMap<(String, i32), i64>;

/// Begins a life: whether the last one ended in order, and its high watermarks. The marker goes at once, so
/// that a crash from here on is seen as one.
pub(super) fn begin(disk: &GuardedDisk, dir: &Path) -> io::Result<(bool, HighWatermarks)> {
    disk.create_dir(dir)?;
    let marker = dir.join(CLEAN);
    let clean = disk.read(&marker).is_ok();
    disk.remove(&marker)?;
    let text = disk.read(&dir.join(HIGH_WATERMARKS)).unwrap_or_default();
    Ok((clean, parse(&String::from_utf8_lossy(&text))))
}

/// Lines of `topic partition offset` after a version and a count. A damaged line ends the list: a high
/// watermark that is not known starts lower and rises by itself.
fn parse(text: &str) -> HighWatermarks {
    let mut found = BTreeMap::new();
    for line in text.lines().skip(2) {
        let mut words = line.split_whitespace();
        let (Some(topic), Some(Ok(partition)), Some(Ok(offset))) =
            (words.next(), words.next().map(str::parse), words.next().map(str::parse))
        else {
            break;
        };
        found.insert((topic.to_owned(), partition), offset);
    }
    found
}

impl Broker {
    /// Writes the identity of this directory, as Kafka does.
    pub fn write_meta(&self) -> io::Result<()> {
        let path = self.setup.dir.join(META);
        if self.setup.disk.read(&path).is_ok() {
            return Ok(());
        }
        let (cluster, node) = (self.setup.cluster_id, self.setup.id);
        let directory = Uuid(self.rng.borrow_mut().bytes16());
        let text = format!("version=1\ncluster.id={cluster}\nnode.id={node}\ndirectory.id={directory}\n");
        self.setup.disk.replace(&path, text.as_bytes())
    }

    /// Writes how far each replica is committed.
    pub fn checkpoint_high_watermarks(&self) -> io::Result<()> {
        let image = self.image.borrow();
        let mut lines = Vec::new();
        for (id, partition) in self.partitions.borrow().iter() {
            if let Some(name) = image.topic_names.get(&id.topic) {
                lines.push(format!("{name} {} {}\n", id.index, partition.high_watermark()));
            }
        }
        let text = format!("0\n{}\n{}", lines.len(), lines.concat());
        self.setup.disk.replace(&self.setup.dir.join(HIGH_WATERMARKS), text.as_bytes())
    }

    /// Ends this life in order: every log closed, then the marker that says so.
    pub fn close(&self) -> io::Result<()> {
        self.checkpoint_high_watermarks()?;
        let mut clean = true;
        for (id, partition) in self.partitions.borrow_mut().iter_mut() {
            if let Err(err) = partition.close() {
                tracing::error!(broker = self.setup.id, partition = id.index, %err, "log not closed in order");
                clean = false;
            }
        }
        if clean { self.setup.disk.replace(&self.setup.dir.join(CLEAN), b"{\"version\":0}") } else { Ok(()) }
    }
}
