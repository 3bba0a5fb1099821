//! The controller's thread: it gives the machine its events, writes what the machine emits to
//! `__cluster_metadata-0`, an ordinary log, and only then lets answers and metadata out.

mod history;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use history::History;

use super::StartError;
use super::inventory::METADATA;
use crate::broker::messages::{Change, Changed, MetadataReply, Outcome, PeerMessage, Quorum};
use crate::config::BrokerConfig;
use crate::controller::{Controller, MetadataImage};
use crate::log::{LastLife, Log, LogConfig, LogError, ReadLimits};
use crate::protocol::Uuid;
use crate::protocol::batch::{BatchBuilder, Codec, NewRecord, RecordIter};
use crate::protocol::records::framing::MetadataRecord;
use crate::seams::{CONTROLLER, Clock, Disk, Network, Rng};

/// Kafka's topic id of the metadata log.
const TOPIC_ID: Uuid = Uuid([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
/// Up to where the metadata log was synced: it does not end before.
const ENDED: &str = "recovery-point-offset-checkpoint";
const STARTING: &str = "starting the controller";
const REMEDY: &str = "Put the file back from a copy, or reset the cluster";
/// The machine's tick, and the longest a broker waits for news.
const TICK: Duration = Duration::from_millis(250);
const NEWS_WAIT: Duration = Duration::from_millis(500);
/// Messages handled before their records are written together.
const GROUP_MAX: usize = 256;
/// Records per batch.
const BATCH_RECORDS: usize = 5000;

/// The controller and its thread.
#[derive(Debug)]
pub(super) struct ControllerNode {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl ControllerNode {
    pub fn start(
        dir: PathBuf,
        disk: Arc<dyn Disk>,
        clock: Arc<dyn Clock>,
        config: BrokerConfig,
        network: Network<PeerMessage>,
        fits: impl FnOnce(&MetadataImage) -> Result<(), StartError>,
    ) -> Result<Self, StartError> {
        let host = Host::open(dir, disk, clock, config, Rng::from_os(), fits)?;
        let mailbox = network.attach(CONTROLLER);
        let (stop, stopped) = oneshot::channel();
        let run = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
            match runtime {
                Ok(runtime) => runtime.block_on(host.run(mailbox, stopped)),
                Err(err) => tracing::error!(%err, "the controller has no runtime"),
            }
        };
        let thread = std::thread::Builder::new()
            .name("controller".to_owned())
            .spawn(run)
            .map_err(|source| StartError::Io { what: STARTING.to_owned(), source })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }

    pub fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Where the log ended when that was last noted, else 0.
fn ended_at(disk: &dyn Disk, dir: &Path) -> std::io::Result<i64> {
    let path = dir.join(ENDED);
    if disk.read_len(&path)?.is_none() {
        return Ok(0);
    }
    let text = disk.read(&path)?;
    Ok(String::from_utf8_lossy(&text).split_whitespace().last().and_then(|end| end.parse().ok()).unwrap_or(0))
}

/// The state that the log adds up to.
fn replay(log: &Log) -> Result<MetadataImage, LogError> {
    let mut image = MetadataImage::default();
    let mut next = log.start_offset();
    let limits = ReadLimits { bytes_max: 1 << 20, before: i64::MAX, at_least_one: true };
    loop {
        let batches = log.read_batches(next, limits)?;
        if batches.is_empty() {
            return Ok(image);
        }
        for batch in batches {
            next = batch.header.next_offset();
            if batch.header.is_control() {
                continue;
            }
            let records = RecordIter::new(&batch.records, batch.header.records_count).flatten();
            for value in records.filter_map(|record| record.value) {
                match MetadataRecord::decode(bytes::Bytes::copy_from_slice(value)) {
                    Ok(Some(record)) => image.apply(&record),
                    Ok(None) => {}
                    Err(err) => tracing::warn!(offset = next, %err, "metadata record not read"),
                }
            }
        }
    }
}

/// A broker that waits for metadata after an offset.
struct Waiting {
    after: i64,
    until: Duration,
    reply: oneshot::Sender<MetadataReply>,
}

/// The controller without its thread.
pub(crate) struct Host {
    dir: PathBuf,
    disk: Arc<dyn Disk>,
    controller: Controller,
    log: Log,
    clock: Arc<dyn Clock>,
    history: History,
    waiting: Vec<Waiting>,
    /// The offset each broker last went on from, and when (milliseconds since the epoch).
    readers: BTreeMap<i32, (i64, i64)>,
}

/// An answer that goes out once the records behind it are written.
type Held = Box<dyn FnOnce(i64)>;

impl Host {
    /// Reads the metadata log. `fits` may refuse what it adds up to.
    pub fn open(
        dir: PathBuf,
        disk: Arc<dyn Disk>,
        clock: Arc<dyn Clock>,
        config: BrokerConfig,
        rng: Rng,
        fits: impl FnOnce(&MetadataImage) -> Result<(), StartError>,
    ) -> Result<Self, StartError> {
        let failed = |source| StartError::at(&dir, STARTING, source);
        let ended = ended_at(&*disk, &dir).map_err(failed)?;
        let log = Log::open(
            dir.join(METADATA),
            Arc::clone(&disk),
            LogConfig::default(),
            TOPIC_ID,
            LastLife { synced: true, ended, ..LastLife::default() },
        )
        .map_err(|err| match err {
            LogError::Corrupt { path, position, .. } => StartError::Unfit {
                path,
                reason: format!("it is damaged at byte {position}, and no crash does that"),
                remedy: REMEDY.to_owned(),
            },
            LogError::Lost { path, end, ended } => StartError::Unfit {
                path,
                reason: format!("it ended at offset {ended}, and ends at {end} now"),
                remedy: REMEDY.to_owned(),
            },
            LogError::Io { path, source, .. } => StartError::at(&path, STARTING, source),
            LogError::OutOfRange { .. } | LogError::Offline { .. } => failed(std::io::Error::other(err)),
        })?;
        let image = replay(&log).map_err(|err| failed(std::io::Error::other(err)))?;
        fits(&image)?;
        Ok(Self {
            controller: Controller::new(image, config, rng, clock.now()),
            dir,
            disk,
            log,
            clock,
            history: History::default(),
            waiting: Vec::new(),
            readers: BTreeMap::new(),
        })
    }

    /// Serves its mailbox until stopped; then closes the log in order.
    pub async fn run(mut self, mut mailbox: mpsc::Receiver<PeerMessage>, mut stopped: oneshot::Receiver<()>) {
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let mut held: Vec<Held> = Vec::new();
            tokio::select! {
                biased;
                _ = &mut stopped => break,
                _ = tick.tick() => self.controller.tick(self.clock.now()),
                message = mailbox.recv() => match message {
                    None => break,
                    Some(message) => {
                        self.take(message, &mut held);
                        while held.len() < GROUP_MAX && let Ok(message) = mailbox.try_recv() {
                            self.take(message, &mut held);
                        }
                    }
                },
            }
            if let Err(err) = self.write() {
                // What the machine emitted is lost, and so are its answers: go on from what is written.
                tracing::error!(%err, "metadata not written");
                break;
            }
            let offset = self.log.end_offset() - 1;
            held.into_iter().for_each(|answer| answer(offset));
            self.tell();
        }
        if let Err(err) = self.log.close() {
            tracing::warn!(%err, "metadata log not closed in order");
        }
    }

    /// Notes where the log ends, all of which is synced. Nobody waits for the note to reach the medium: an older one, or
    /// none, only tells less.
    fn note_end(&self) {
        let note = format!("0\n1\n__cluster_metadata 0 {}\n", self.log.end_offset());
        let file = self.disk.open(&self.dir.join(ENDED));
        let noted = file.and_then(|file| file.truncate(0).and_then(|()| file.append(&[note.as_bytes()])));
        if let Err(err) = noted {
            tracing::debug!(%err, "the metadata log's end not noted");
        }
    }

    fn take(&mut self, message: PeerMessage, held: &mut Vec<Held>) {
        let now = self.clock.now();
        match message {
            PeerMessage::Register { broker, clean, reply } => {
                let epoch = self.controller.register(now, broker, clean);
                held.push(Box::new(move |_| {
                    let _ = reply.send(epoch);
                }));
            }
            PeerMessage::Metadata { broker, incarnation, after, reply } => {
                self.readers.insert(broker, (after, now.wall_ms));
                if self.controller.heartbeat(now, broker, incarnation) {
                    self.waiting.push(Waiting { after, until: now.mono + NEWS_WAIT, reply });
                } else {
                    let _ = reply.send(MetadataReply::Fenced);
                }
            }
            PeerMessage::Quorum(reply) => {
                let readers =
                    self.readers.iter().map(|(&broker, &(after, at_ms))| (broker, after + 1, at_ms));
                let _ = reply.send(Quorum { end_offset: self.log.end_offset(), readers: readers.collect() });
            }
            PeerMessage::Image(reply) => {
                let image = self.controller.image().clone();
                held.push(Box::new(move |_| drop(reply.send(image))));
            }
            PeerMessage::Change(change, reply) => {
                let outcome = self.change(change);
                held.push(Box::new(move |offset| drop(reply.send(Changed { offset, outcome }))));
            }
            PeerMessage::Pull(..)
            | PeerMessage::Nudge { .. }
            | PeerMessage::Markers(..)
            | PeerMessage::Transact { .. } => {
                tracing::warn!("a message for a broker came to the controller");
            }
        }
    }

    fn change(&mut self, change: Change) -> Outcome {
        let controller = &mut self.controller;
        match change {
            Change::Isr(changes) => {
                Outcome::Isr(changes.iter().map(|change| controller.alter_isr(change).map(|_| ())).collect())
            }
            Change::Shutdown(broker) => {
                controller.controlled_shutdown(broker);
                Outcome::Shutdown
            }
            Change::CreateTopics(topics, validate_only) => {
                Outcome::Created(controller.create_topics(&topics, validate_only))
            }
            Change::DeleteTopics(ids) => {
                Outcome::Done(ids.into_iter().map(|id| controller.delete_topic(id)).collect())
            }
            Change::CreatePartitions(topics, validate_only) => {
                let grown = topics.iter().map(|more| {
                    controller.create_partitions(
                        &more.topic,
                        more.total,
                        more.by_hand.as_deref(),
                        validate_only,
                    )
                });
                Outcome::Done(grown.collect())
            }
            Change::Configs(changes, validate_only) => {
                let altered = changes.iter().map(|change| controller.alter_configs(change, validate_only));
                Outcome::Done(altered.collect())
            }
            Change::Damaged { broker, topic, index } => {
                controller.replica_damaged(broker, (topic, index));
                Outcome::Done(Vec::new())
            }
            Change::Behind { broker, topic, index } => {
                controller.replica_behind(broker, (topic, index));
                Outcome::Done(Vec::new())
            }
            Change::Elect(partitions, election) => {
                let elected =
                    partitions.iter().map(|(topic, index)| controller.elect(topic, *index, election));
                Outcome::Done(elected.collect())
            }
            Change::Features(updates, validate_only) => {
                Outcome::Done(vec![controller.update_features(&updates, validate_only)])
            }
            Change::Reassign(moves, any_factor) => {
                let begun = moves.iter().map(|wanted| controller.reassign(wanted, any_factor));
                Outcome::Done(begun.collect())
            }
            Change::ProducerIds(broker) => Outcome::ProducerIds(controller.allocate_producer_ids(broker)),
        }
    }

    /// Writes and syncs what the machine emitted.
    fn write(&mut self) -> Result<(), LogError> {
        let records = self.controller.take_records();
        if records.is_empty() {
            return Ok(());
        }
        let (now_ms, before) = (self.clock.now().wall_ms, self.log.end_offset() - 1);
        for part in records.chunks(BATCH_RECORDS) {
            let mut builder = BatchBuilder::new(Codec::None);
            for record in part {
                let value = record.encode().expect("records the machine emits can be written");
                builder.push(&NewRecord { timestamp: now_ms, value: Some(value), ..Default::default() });
            }
            let mut batch = builder.build().expect("building without a codec cannot fail");
            batch.header.base_offset = self.log.end_offset();
            batch.header.leader_epoch = 1;
            self.log.append(&batch, now_ms)?;
        }
        self.log.flush()?;
        self.note_end();
        self.history.push(before, self.log.end_offset() - 1, records);
        Ok(())
    }

    /// Answers brokers for which there is news, or whose wait is over.
    fn tell(&mut self) {
        let now = self.clock.now().mono;
        let offset = self.log.end_offset() - 1;
        for waiting in std::mem::take(&mut self.waiting) {
            if waiting.after >= offset && waiting.until > now {
                self.waiting.push(waiting);
                continue;
            }
            let reply = self.news_after(waiting.after, offset);
            let _ = waiting.reply.send(reply);
        }
        let live = self.readers.iter().filter(|(broker, _)| self.controller.image().is_live(**broker));
        self.history.forget(live.map(|(_, &(after, _))| after).min());
    }

    fn news_after(&self, after: i64, offset: i64) -> MetadataReply {
        if after >= offset {
            return MetadataReply::Records { offset, records: Vec::new() };
        }
        match self.history.since(after) {
            Some(records) => MetadataReply::Records { offset, records },
            None => MetadataReply::Snapshot { offset, records: self.controller.image().to_records() },
        }
    }
}
