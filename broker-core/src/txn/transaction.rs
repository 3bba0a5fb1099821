//! What is known of one transactional id.

use std::collections::BTreeSet;

use crate::protocol::batch::EndMarker;

/// A partition by its topic's name and its number.
pub type TxnPartition = (String, i32);

/// A producer's id and epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Producer {
    /// The id.
    pub id: i64,
    /// The epoch.
    pub epoch: i16,
}

/// Where a transaction stands. Numbers and names are Kafka's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TxnState {
    /// Nothing was written yet.
    Empty = 0,
    /// Open.
    Ongoing = 1,
    /// To be committed; markers are on their way.
    PrepareCommit = 2,
    /// To be aborted; markers are on their way.
    PrepareAbort = 3,
    /// Committed.
    CompleteCommit = 4,
    /// Aborted.
    CompleteAbort = 5,
}

impl TxnState {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::Empty,
        Self::Ongoing,
        Self::PrepareCommit,
        Self::PrepareAbort,
        Self::CompleteCommit,
        Self::CompleteAbort,
    ];

    /// The state of this number.
    pub fn from_code(code: i8) -> Option<Self> {
        Self::ALL.into_iter().find(|state| *state as i8 == code)
    }

    /// Kafka's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Empty => "Empty",
            Self::Ongoing => "Ongoing",
            Self::PrepareCommit => "PrepareCommit",
            Self::PrepareAbort => "PrepareAbort",
            Self::CompleteCommit => "CompleteCommit",
            Self::CompleteAbort => "CompleteAbort",
        }
    }

    /// Whether the end is decided and not yet carried out.
    pub fn is_prepared(self) -> bool {
        matches!(self, Self::PrepareCommit | Self::PrepareAbort)
    }
}

/// The state of one transactional id, as it is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    /// Its producer. After a decision under bumped epochs this is the epoch of the markers.
    pub producer: Producer,
    /// The epoch before the last bump, −1 if not known: a retry that still names it is recognised.
    pub last_epoch: i16,
    /// The producer id before the epochs of one ran out, −1 for none.
    pub previous_id: i64,
    /// The producer that goes on once the transaction is complete, if it is another one.
    pub next: Option<Producer>,
    /// Time it may stay open (milliseconds).
    pub timeout_ms: i32,
    /// Where it stands.
    pub state: TxnState,
    /// Partitions it has written to.
    pub partitions: BTreeSet<TxnPartition>,
    /// When it was opened (milliseconds since the epoch), −1 while it is not.
    pub started_ms: i64,
    /// When this was written down.
    pub updated_ms: i64,
    /// Whether the client bumps its epoch with every transaction (`transaction.version` 2).
    pub bumps: bool,
}

impl Transaction {
    /// The first state of a transactional id.
    pub fn new(producer: Producer, timeout_ms: i32, now_ms: i64) -> Self {
        Self {
            producer,
            last_epoch: -1,
            previous_id: -1,
            next: None,
            timeout_ms,
            state: TxnState::Empty,
            partitions: BTreeSet::new(),
            started_ms: -1,
            updated_ms: now_ms,
            bumps: false,
        }
    }

    /// Whether the producer's epochs have run out.
    pub fn is_exhausted(&self) -> bool {
        self.producer.epoch >= i16::MAX - 1
    }

    /// The marker that its partitions get.
    pub fn marker(&self, coordinator_epoch: i32) -> EndMarker {
        EndMarker {
            producer_id: self.producer.id,
            producer_epoch: self.producer.epoch,
            committed: self.state == TxnState::PrepareCommit,
            coordinator_epoch,
        }
    }

    /// The state after every marker is written.
    pub fn completed(&self, now_ms: i64) -> Self {
        let state = match self.state {
            TxnState::PrepareCommit => TxnState::CompleteCommit,
            TxnState::PrepareAbort
            | TxnState::Empty
            | TxnState::Ongoing
            | TxnState::CompleteCommit
            | TxnState::CompleteAbort => TxnState::CompleteAbort,
        };
        let done = Self { state, partitions: BTreeSet::new(), updated_ms: now_ms, ..self.clone() };
        match self.next {
            Some(next) => Self { producer: next, previous_id: self.producer.id, next: None, ..done },
            None => done,
        }
    }
}
