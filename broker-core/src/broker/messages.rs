//! What the nodes of a cluster say to each other over their links. Every question carries the place for its
//! answer; a node that is gone drops it, which the asker sees as [`LinkDown`].

use std::sync::Arc;

use tokio::sync::oneshot;

use crate::controller::{
    BrokerImage, ConfigChange, CreatedTopic, Election, FeatureUpdate, IsrChange, MetadataImage, NewTopic,
    Reassignment, TopicError,
};
use crate::partition::PartitionId;
use crate::protocol::batch::{Batch, EndMarker};
use crate::protocol::records::framing::MetadataRecord;
use crate::protocol::{ErrorCode, Uuid};
use crate::seams::{LinkDown, Network};
use crate::txn::{Event, Producer};

/// A message in a node's mailbox.
#[derive(Debug)]
pub enum PeerMessage {
    /// To a leader: what a follower has, and a request for more.
    Pull(Pull, oneshot::Sender<PullReply>),
    /// To a leader: this follower has something to say, so answer its waiting pull.
    Nudge {
        /// The follower.
        follower: i32,
    },
    /// To a leader: transactions that have ended in its partitions.
    Markers(Vec<Marking>, oneshot::Sender<Vec<Result<(), ErrorCode>>>),
    /// To a transaction coordinator: something asked of a transactional id.
    Transact {
        /// The transactional id.
        id: String,
        /// What is asked.
        event: Event,
        /// The answer.
        reply: oneshot::Sender<Result<Producer, ErrorCode>>,
    },
    /// To the controller: a broker announces itself.
    Register {
        /// What it is and where.
        broker: BrokerImage,
        /// Whether its last life ended in order.
        clean: bool,
        /// Its epoch.
        reply: oneshot::Sender<i64>,
    },
    /// To the controller: a sign of life, and a request for the metadata after an offset.
    Metadata {
        /// The broker.
        broker: i32,
        /// This life of it.
        incarnation: Uuid,
        /// The last metadata offset it has, −1 for none.
        after: i64,
        /// What follows.
        reply: oneshot::Sender<MetadataReply>,
    },
    /// To the controller: how far the metadata log is, and how far who has read it.
    Quorum(oneshot::Sender<Quorum>),
    /// To the controller: a copy of the metadata.
    Image(oneshot::Sender<MetadataImage>),
    /// To the controller: a change to make.
    Change(Change, oneshot::Sender<Changed>),
}

/// The metadata log and its readers.
#[derive(Debug, Clone, Default)]
pub struct Quorum {
    /// Its end offset; all of it is committed.
    pub end_offset: i64,
    /// Each broker that has asked for metadata: its id, the offset it went on from, and when (milliseconds since
    /// the epoch).
    pub readers: Vec<(i32, i64, i64)>,
}

/// The end of a transaction in one partition.
#[derive(Debug, Clone, Copy)]
pub struct Marking {
    /// The partition.
    pub id: PartitionId,
    /// How it ended.
    pub marker: EndMarker,
    /// Whether the marker's epoch must lie above that of the data.
    pub bumped: bool,
}

/// What a follower has and wants.
#[derive(Debug)]
pub struct Pull {
    /// The follower.
    pub follower: i32,
    /// Positions that changed since its last pull.
    pub positions: Vec<Position>,
}

/// A follower's place in one partition.
#[derive(Debug, Clone, Copy)]
pub struct Position {
    /// The partition.
    pub id: PartitionId,
    /// The leader epoch it follows.
    pub leader_epoch: i32,
    /// Its end offset.
    pub end_offset: i64,
    /// Its log start offset.
    pub start_offset: i64,
    /// Its high watermark.
    pub high_watermark: i64,
    /// The epoch of its last record.
    pub last_epoch: Option<i32>,
    /// Whether it wants nothing until it tells its position again: it is throttled.
    pub holds_back: bool,
}

/// What a leader hands over.
#[derive(Debug, Default)]
pub struct PullReply {
    /// One for each partition that has news.
    pub answers: Vec<PullAnswer>,
}

/// The answer for one partition.
#[derive(Debug)]
pub struct PullAnswer {
    /// The partition.
    pub id: PartitionId,
    /// The leader epoch it was given under.
    pub leader_epoch: i32,
    /// The end offset of the follower's log that it goes on from.
    pub from: i64,
    /// The news.
    pub entry: PullEntry,
}

/// News of one partition.
#[derive(Debug)]
pub enum PullEntry {
    /// Batches, possibly none, and the leader's high watermark.
    Batches {
        /// The batches.
        batches: Vec<Batch>,
        /// The leader's high watermark.
        high_watermark: i64,
        /// The leader's log start offset.
        start_offset: i64,
    },
    /// The follower's log parts from the leader's.
    Diverged {
        /// The last epoch both may share.
        epoch: i32,
        /// Where it ends at the leader.
        end_offset: i64,
    },
    /// The follower's position lies outside the leader's log.
    OutOfRange {
        /// The leader's log start offset.
        start_offset: i64,
        /// The leader's log end offset.
        end_offset: i64,
    },
    /// The other broker does not lead the partition under that epoch.
    NotLeader,
}

/// Metadata for a broker.
#[derive(Debug)]
pub enum MetadataReply {
    /// The records after what it has, in order; none if nothing changed while it waited.
    Records {
        /// The offset of the last of them.
        offset: i64,
        /// Batches of records.
        records: Vec<Arc<Vec<MetadataRecord>>>,
    },
    /// It is too far behind: forget everything and take these.
    Snapshot {
        /// The offset they stand for.
        offset: i64,
        /// Records that rebuild everything.
        records: Vec<MetadataRecord>,
    },
    /// It was taken for gone and must register again.
    Fenced,
}

/// A change that only the controller may make.
#[derive(Debug)]
pub enum Change {
    /// In-sync replicas.
    Isr(Vec<IsrChange>),
    /// A broker is about to stop.
    Shutdown(i32),
    /// Topics to create.
    CreateTopics(Vec<NewTopic>, bool),
    /// Topics to delete, by id.
    DeleteTopics(Vec<Uuid>),
    /// Partitions to add.
    CreatePartitions(Vec<MorePartitions>, bool),
    /// A block of producer ids for a broker.
    ProducerIds(i32),
    /// Configs to change, or only to check.
    Configs(Vec<ConfigChange>, bool),
    /// A broker cannot serve a replica.
    Damaged {
        /// The broker.
        broker: i32,
        /// The topic.
        topic: Uuid,
        /// The partition.
        index: i32,
    },
    /// A replica ends before what its broker has told to be committed.
    Behind {
        /// The broker.
        broker: i32,
        /// The topic.
        topic: Uuid,
        /// The partition.
        index: i32,
    },
    /// Leaders to elect, by topic and partition.
    Elect(Vec<(String, i32)>, Election),
    /// Features to finalize at other levels, all or none, or only to check.
    Features(Vec<FeatureUpdate>, bool),
    /// Replicas to move, and whether their number may change.
    Reassign(Vec<Reassignment>, bool),
}

/// A topic that should have more partitions.
#[derive(Debug, Clone)]
pub struct MorePartitions {
    /// The topic's name.
    pub topic: String,
    /// How many it should have.
    pub total: i32,
    /// The replicas of the new ones, if named by hand.
    pub by_hand: Option<Vec<Vec<i32>>>,
}

/// What became of a change, and the metadata offset that has it.
#[derive(Debug)]
pub struct Changed {
    /// The metadata offset to wait for.
    pub offset: i64,
    /// The outcome.
    pub outcome: Outcome,
}

/// The outcome of a [`Change`], in its order.
#[derive(Debug)]
pub enum Outcome {
    /// Of [`Change::Isr`].
    Isr(Vec<Result<(), ErrorCode>>),
    /// Of [`Change::Shutdown`].
    Shutdown,
    /// Of [`Change::CreateTopics`].
    Created(Vec<Result<CreatedTopic, TopicError>>),
    /// Of [`Change::DeleteTopics`], [`Change::CreatePartitions`], [`Change::Configs`], [`Change::Elect`],
    /// [`Change::Reassign`] and, as one, [`Change::Features`].
    Done(Vec<Result<(), TopicError>>),
    /// Of [`Change::ProducerIds`]: the first of the block.
    ProducerIds(i64),
}

/// Asks `to` and waits for its answer.
pub async fn ask<T>(
    network: &Network<PeerMessage>,
    from: i32,
    to: i32,
    question: impl FnOnce(oneshot::Sender<T>) -> PeerMessage,
) -> Result<T, LinkDown> {
    let (reply, answer) = oneshot::channel();
    network.send(from, to, question(reply)).await?;
    answer.await.map_err(|_| LinkDown { from, to })
}
