//! What may happen to a transaction in which state.
//! Source: Kafka `TransactionCoordinator.scala`, `TransactionMetadata.java`; KIP-360, KIP-890.

use std::collections::BTreeSet;

use super::transaction::{Producer, Transaction, TxnPartition, TxnState};
use crate::protocol::ErrorCode;
use crate::seams::Now;

/// Something asked of a transactional id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// InitProducerId.
    Init {
        /// Time its transactions may stay open (milliseconds).
        timeout_ms: i32,
        /// The producer it was, if it knows.
        expected: Option<Producer>,
    },
    /// It is about to write to these partitions.
    Add {
        /// The producer.
        producer: Producer,
        /// The partitions.
        partitions: BTreeSet<TxnPartition>,
    },
    /// Whether it may write to these partitions.
    Verify {
        /// The producer.
        producer: Producer,
        /// The partitions.
        partitions: BTreeSet<TxnPartition>,
    },
    /// EndTxn.
    End {
        /// The producer.
        producer: Producer,
        /// Whether to commit.
        committed: bool,
        /// Whether the producer's epoch rises with this (EndTxn v5).
        bumps: bool,
    },
}

/// The producer to go on with, or why not.
pub type Answer = Result<Producer, ErrorCode>;

/// What becomes of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The state to write down before the answer goes out, if anything changes.
    pub next: Option<Transaction>,
    /// The answer.
    pub answer: Answer,
}

impl Decision {
    pub(super) fn refuse(code: ErrorCode) -> Self {
        Self { next: None, answer: Err(code) }
    }

    fn agree(producer: Producer) -> Self {
        Self { next: None, answer: Ok(producer) }
    }

    fn write(next: Transaction) -> Self {
        Self { answer: Ok(next.producer), next: Some(next) }
    }
}

impl Transaction {
    /// InitProducerId for a known id. `fresh` is a new producer id, there if epochs have run out.
    pub(super) fn init(
        &self,
        now: Now,
        timeout_ms: i32,
        expected: Option<Producer>,
        fresh: Option<i64>,
    ) -> Decision {
        let rotated = |expected: Producer| expected.id == self.previous_id && expected.epoch >= i16::MAX - 1;
        if expected.is_some_and(|expected| expected.id != self.producer.id && !rotated(expected)) {
            return Decision::refuse(ErrorCode::ProducerFenced);
        }
        match self.state {
            TxnState::PrepareCommit | TxnState::PrepareAbort => {
                return Decision::refuse(ErrorCode::ConcurrentTransactions);
            }
            // The old producer is fenced off; its successor comes back once the abort is through.
            TxnState::Ongoing => {
                let next = Some(self.fenced(now));
                return Decision { next, answer: Err(ErrorCode::ConcurrentTransactions) };
            }
            TxnState::Empty | TxnState::CompleteCommit | TxnState::CompleteAbort => {}
        }
        let begun = |producer: Producer, last_epoch: i16, previous_id: i64| {
            let bumps = self.bumps;
            let fresh = Self::new(producer, timeout_ms, now.wall_ms);
            Decision::write(Self { last_epoch, previous_id, bumps, ..fresh })
        };
        if let Some(id) = fresh.filter(|_| self.is_exhausted()) {
            return begun(Producer { id, epoch: 0 }, -1, self.producer.id);
        }
        let bumped = Producer { epoch: self.producer.epoch.saturating_add(1), ..self.producer };
        match expected {
            None => begun(bumped, -1, self.previous_id),
            Some(expected) if expected.epoch == self.producer.epoch => {
                begun(bumped, self.producer.epoch, self.previous_id)
            }
            // The answer to the last bump was lost.
            Some(expected) if expected.epoch == self.last_epoch || rotated(expected) => {
                Decision::agree(self.producer)
            }
            Some(_) => Decision::refuse(ErrorCode::ProducerFenced),
        }
    }

    /// The producer opens the transaction, or writes to more partitions.
    pub(super) fn add(&self, now: Now, producer: Producer, partitions: BTreeSet<TxnPartition>) -> Decision {
        if let Err(code) = self.check(producer) {
            return Decision::refuse(code);
        }
        if self.state.is_prepared() {
            return Decision::refuse(ErrorCode::ConcurrentTransactions);
        }
        let ongoing = self.state == TxnState::Ongoing;
        if ongoing && partitions.is_subset(&self.partitions) {
            return Decision::agree(producer);
        }
        let mut next = Self { state: TxnState::Ongoing, updated_ms: now.wall_ms, ..self.clone() };
        if !ongoing {
            next.partitions.clear();
            next.started_ms = now.wall_ms;
        }
        next.partitions.extend(partitions);
        Decision::write(next)
    }

    /// Whether the producer may write to these partitions.
    pub(super) fn verify(&self, producer: Producer, partitions: &BTreeSet<TxnPartition>) -> Decision {
        if let Err(code) = self.check(producer) {
            return Decision::refuse(code);
        }
        if self.state.is_prepared() {
            return Decision::refuse(ErrorCode::ConcurrentTransactions);
        }
        if self.state == TxnState::Ongoing && partitions.is_subset(&self.partitions) {
            Decision::agree(producer)
        } else {
            Decision::refuse(ErrorCode::TransactionAbortable)
        }
    }

    /// EndTxn. `fresh` is a new producer id, there if epochs have run out.
    pub(super) fn end(
        &self,
        now: Now,
        producer: Producer,
        committed: bool,
        bumps: bool,
        fresh: Option<i64>,
    ) -> Decision {
        // A client that bumps repeats its request with the epoch it had.
        let retry = bumps && self.bumps && self.is_bumped_from(producer);
        if !retry {
            if producer.id != self.producer.id {
                return Decision::refuse(ErrorCode::InvalidProducerIdMapping);
            }
            if producer.epoch != self.producer.epoch {
                return Decision::refuse(ErrorCode::ProducerFenced);
            }
        }
        let fits = |done: bool| match (done == committed, retry || !bumps) {
            (true, true) => Some(Decision::agree(self.producer)),
            (false, _) | (true, false) => None,
        };
        let ended = match self.state {
            TxnState::Ongoing if !retry => return self.decide(now, committed, bumps, fresh),
            // A delayed request must not end the next transaction.
            TxnState::Ongoing => Some(Decision::refuse(ErrorCode::ProducerFenced)),
            // The end of the next transaction, which wrote nothing; this one's markers are on their way.
            TxnState::PrepareCommit | TxnState::PrepareAbort if bumps && !retry => {
                Some(Decision::refuse(ErrorCode::ConcurrentTransactions))
            }
            TxnState::PrepareCommit if committed => Some(Decision::refuse(ErrorCode::ConcurrentTransactions)),
            TxnState::PrepareAbort if !committed => Some(Decision::refuse(ErrorCode::ConcurrentTransactions)),
            TxnState::CompleteCommit => fits(true),
            TxnState::CompleteAbort => fits(false),
            TxnState::PrepareCommit | TxnState::PrepareAbort | TxnState::Empty => None,
        };
        let idle = matches!(self.state, TxnState::Empty | TxnState::CompleteCommit | TxnState::CompleteAbort);
        match ended {
            Some(decision) => decision,
            // Nothing was written; under bumped epochs the abort still raises the epoch.
            None if !committed && bumps && !retry && idle => self.decide(now, false, true, fresh),
            None => Decision::refuse(ErrorCode::InvalidTxnState),
        }
    }

    fn decide(&self, now: Now, committed: bool, bumps: bool, fresh: Option<i64>) -> Decision {
        let state = if committed { TxnState::PrepareCommit } else { TxnState::PrepareAbort };
        let mut next = Self { state, bumps, updated_ms: now.wall_ms, ..self.clone() };
        if self.state != TxnState::Ongoing {
            next.partitions.clear();
            next.started_ms = now.wall_ms;
        }
        if !bumps {
            return Decision::write(next);
        }
        next.last_epoch = self.producer.epoch;
        next.producer.epoch = self.producer.epoch.saturating_add(1);
        if let Some(id) = fresh.filter(|_| self.is_exhausted()) {
            next.next = Some(Producer { id, epoch: 0 });
        }
        let goes_on = next.next.unwrap_or(next.producer);
        Decision { next: Some(next), answer: Ok(goes_on) }
    }

    /// Aborted under a higher epoch, so that its producer can do no more.
    pub(super) fn fenced(&self, now: Now) -> Self {
        Self {
            state: TxnState::PrepareAbort,
            producer: Producer { epoch: self.producer.epoch.saturating_add(1), ..self.producer },
            last_epoch: self.producer.epoch,
            updated_ms: now.wall_ms,
            ..self.clone()
        }
    }

    fn check(&self, producer: Producer) -> Result<(), ErrorCode> {
        if producer.id != self.producer.id {
            return Err(ErrorCode::InvalidProducerIdMapping);
        }
        if producer.epoch == self.producer.epoch { Ok(()) } else { Err(ErrorCode::ProducerFenced) }
    }

    /// Whether the present producer came from this one by its last transaction's end.
    fn is_bumped_from(&self, producer: Producer) -> bool {
        let same_id =
            producer.id == self.producer.id && producer.epoch.checked_add(1) == Some(self.producer.epoch);
        let rotated =
            producer.id == self.previous_id && self.producer.epoch == 0 && producer.epoch >= i16::MAX - 1;
        same_id || rotated
    }
}
