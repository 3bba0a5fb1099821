//! The small files of a broker's directory: whether it ended in order; of each replica, how far it was
//! committed, where it began, how far it was compacted.
//! Source: Kafka `OffsetCheckpointFile.java`, `CleanShutdownFileHandler.java`, `meta.properties`.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use super::Broker;
use crate::log::LastLife;
use crate::partition::Partition;
use crate::protocol::Uuid;
use crate::seams::{Disk, GuardedDisk};

const CLEAN: &str = ".kafka_cleanshutdown";
const META: &str = "meta.properties";
const HIGH_WATERMARKS: &str = "replication-offset-checkpoint";
const LOG_STARTS: &str = "log-start-offset-checkpoint";
const RECOVERY_POINTS: &str = "recovery-point-offset-checkpoint";
const CLEANED: &str = "cleaner-offset-checkpoint";

type Offsets = BTreeMap<(String, i32), i64>;

/// What the last life of a broker has left about its replicas.
#[derive(Debug, Default)]
pub(super) struct Checkpoints {
    /// Whether it ended in order.
    pub clean: bool,
    high_watermarks: Offsets,
    log_starts: Offsets,
    cleaned: Offsets,
    /// Where logs ended when they were last closed in order.
    ends: Offsets,
}

/// What the last life has left about one replica.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Known {
    pub last_life: LastLife,
    pub high_watermark: i64,
    /// It once had everything below this offset, on the medium or committed.
    pub held: i64,
}

impl Checkpoints {
    /// What is known of a replica that has not been opened in this life.
    pub fn of(&self, topic: &str, index: i32) -> Known {
        let key = (topic.to_owned(), index);
        let of = |offsets: &Offsets| offsets.get(&key).copied().unwrap_or(0);
        Known {
            last_life: LastLife {
                clean: self.clean,
                start_offset: of(&self.log_starts),
                clean_to: of(&self.cleaned),
                ended: if self.clean { of(&self.ends) } else { 0 },
                synced: false,
            },
            high_watermark: of(&self.high_watermarks),
            held: of(&self.high_watermarks).max(of(&self.ends)),
        }
    }

    /// A replica is open and speaks for itself: a topic of the same name that is created later has nothing to do with
    /// what was known.
    pub fn forget(&mut self, topic: &str, index: i32) {
        let key = (topic.to_owned(), index);
        for offsets in [&mut self.high_watermarks, &mut self.log_starts, &mut self.cleaned, &mut self.ends] {
            offsets.remove(&key);
        }
    }
}

/// Begins a life: reads what the last one has left. The marker of an orderly end goes at once, so that a crash
/// from here on is seen as one.
pub(super) fn begin(disk: &GuardedDisk, dir: &Path) -> io::Result<Checkpoints> {
    disk.create_dir(dir)?;
    let marker = dir.join(CLEAN);
    let clean = disk.read(&marker).is_ok();
    disk.remove(&marker)?;
    let offsets = |file| parse(&String::from_utf8_lossy(&disk.read(&dir.join(file)).unwrap_or_default()));
    Ok(Checkpoints {
        clean,
        high_watermarks: offsets(HIGH_WATERMARKS),
        log_starts: offsets(LOG_STARTS),
        cleaned: offsets(CLEANED),
        ends: offsets(RECOVERY_POINTS),
    })
}

/// Lines of `topic partition offset` after a version and a count. A damaged line ends the list: a high
/// watermark that is not known starts lower and rises by itself.
fn parse(text: &str) -> Offsets {
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

    /// Writes of each replica how far it is committed, where it begins, how far it was compacted.
    pub fn checkpoint(&self) -> io::Result<()> {
        let known = self.last_life.borrow();
        let high_watermark = |partition: &Partition| Some(partition.high_watermark());
        self.checkpoint_as(HIGH_WATERMARKS, &known.high_watermarks, high_watermark)?;
        let beyond_zero = |offset: i64| (offset > 0).then_some(offset);
        let start = |partition: &Partition| beyond_zero(partition.log().start_offset());
        self.checkpoint_as(LOG_STARTS, &known.log_starts, start)?;
        self.checkpoint_as(CLEANED, &known.cleaned, |partition| beyond_zero(partition.log().clean_to()))
    }

    /// Writes an offset of each replica; of those that could not be opened what the last life has left.
    fn checkpoint_as(
        &self,
        file: &str,
        known: &Offsets,
        offset: impl Fn(&Partition) -> Option<i64>,
    ) -> io::Result<()> {
        let image = self.image.borrow();
        let is_here = |topic: &str, index: i32| {
            let partition =
                usize::try_from(index).ok().and_then(|index| image.topics.get(topic)?.partitions.get(index));
            partition.is_some_and(|partition| partition.replicas.contains(&self.setup.id))
        };
        let kept = known.iter().filter(|((topic, index), _)| is_here(topic, *index));
        let mut lines: Vec<String> =
            kept.map(|((topic, index), offset)| format!("{topic} {index} {offset}\n")).collect();
        for (id, partition) in self.partitions.borrow().iter() {
            if let (Some(name), Some(offset)) = (image.topic_names.get(&id.topic), offset(partition)) {
                lines.push(format!("{name} {} {offset}\n", id.index));
            }
        }
        let path = self.setup.dir.join(file);
        if lines.is_empty() && self.setup.disk.read_len(&path)?.is_none() {
            return Ok(());
        }
        let text = format!("0\n{}\n{}", lines.len(), lines.concat());
        self.setup.disk.replace(&path, text.as_bytes())
    }

    /// Ends this life in order: every log closed, then the marker that says so.
    pub fn close(&self) -> io::Result<()> {
        self.checkpoint()?;
        let ends = |partition: &Partition| Some(partition.log().end_offset());
        self.checkpoint_as(RECOVERY_POINTS, &self.last_life.borrow().ends, ends)?;
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
