//! The transactional ids of one partition of `__transaction_state`.

use std::collections::BTreeMap;
use std::time::Duration;

use super::records::TxnRecord;
use super::rules::{Decision, Event};
use super::transaction::{Producer, Transaction, TxnState};
use crate::config::BrokerConfig;
use crate::protocol::ErrorCode;
use crate::seams::Now;

/// The broker configs transactions act on.
#[derive(Debug, Clone, Copy)]
pub struct TxnConfig {
    /// `transaction.max.timeout.ms`.
    pub timeout_max_ms: i32,
    /// `transactional.id.expiration.ms`.
    pub id_expiration_ms: i64,
}

impl TxnConfig {
    /// The values in force.
    pub fn of(config: &BrokerConfig) -> Self {
        Self {
            timeout_max_ms: i32::try_from(config.number("transaction.max.timeout.ms")).unwrap_or(i32::MAX),
            id_expiration_ms: config.number("transactional.id.expiration.ms"),
        }
    }
}

/// A pause between ticks that means the machine slept: deadlines are extended by it.
const SLEEP_GAP: Duration = Duration::from_secs(2);

/// The transactional ids of one partition.
#[derive(Debug, Clone)]
pub struct Shard {
    config: TxnConfig,
    transactions: BTreeMap<String, Entry>,
    last_tick: Option<Duration>,
}

#[derive(Debug, Clone)]
struct Entry {
    /// `None` until the first state is written.
    known: Option<Transaction>,
    /// Whether a next state is being written.
    pending: bool,
    /// When an open transaction has had its time.
    deadline: Option<Duration>,
}

impl Shard {
    /// A shard without transactional ids.
    pub fn new(config: TxnConfig) -> Self {
        Self { config, transactions: BTreeMap::new(), last_tick: None }
    }

    /// Whether `event` may need a producer id nobody had before.
    pub fn needs_fresh_id(&self, id: &str, event: &Event) -> bool {
        let known = self.transactions.get(id).and_then(|entry| entry.known.as_ref());
        match event {
            Event::Init { .. } => known.is_none_or(Transaction::is_exhausted),
            Event::End { bumps, .. } => *bumps && known.is_some_and(Transaction::is_exhausted),
            Event::Add { .. } | Event::Verify { .. } => false,
        }
    }

    /// Something is asked of `id`. If the decision has a next state, nothing else is decided until
    /// [`Shard::apply`] or [`Shard::give_up`].
    pub fn handle(&mut self, now: Now, id: &str, event: Event, fresh: Option<i64>) -> Decision {
        if let Err(code) = self.check(&event) {
            return Decision::refuse(code);
        }
        let entry = self.transactions.get(id);
        if entry.is_some_and(|entry| entry.pending) {
            return Decision::refuse(ErrorCode::ConcurrentTransactions);
        }
        let known = entry.and_then(|entry| entry.known.as_ref());
        let decision = match (known, event) {
            (None, Event::Init { timeout_ms, .. }) => match fresh {
                None => Decision::refuse(ErrorCode::CoordinatorNotAvailable),
                Some(fresh) => {
                    let producer = Producer { id: fresh, epoch: 0 };
                    let next = Some(Transaction::new(producer, timeout_ms, now.wall_ms));
                    Decision { next, answer: Ok(producer) }
                }
            },
            (None, Event::Add { .. } | Event::Verify { .. } | Event::End { .. }) => {
                Decision::refuse(ErrorCode::InvalidProducerIdMapping)
            }
            (Some(known), Event::Init { timeout_ms, expected }) => {
                known.init(now, timeout_ms, expected, fresh)
            }
            (Some(known), Event::Add { producer, partitions }) => known.add(now, producer, partitions),
            (Some(known), Event::Verify { producer, partitions }) => known.verify(producer, &partitions),
            (Some(known), Event::End { producer, committed, bumps }) => {
                known.end(now, producer, committed, bumps, fresh)
            }
        };
        if decision.next.is_some() {
            self.entry(id).pending = true;
        }
        decision
    }

    fn check(&self, event: &Event) -> Result<(), ErrorCode> {
        match event {
            Event::Init { timeout_ms, .. }
                if *timeout_ms <= 0 || *timeout_ms > self.config.timeout_max_ms =>
            {
                Err(ErrorCode::InvalidTransactionTimeout)
            }
            Event::Init { .. } | Event::Add { .. } | Event::Verify { .. } | Event::End { .. } => Ok(()),
        }
    }

    fn entry(&mut self, id: &str) -> &mut Entry {
        let fresh = || Entry { known: None, pending: false, deadline: None };
        self.transactions.entry(id.to_owned()).or_insert_with(fresh)
    }

    /// Takes a committed record in, live or replayed.
    pub fn apply(&mut self, now: Now, record: TxnRecord) {
        let Some(value) = record.value else {
            self.transactions.remove(&record.id);
            return;
        };
        let entry = self.entry(&record.id);
        let elapsed_ms = now.wall_ms.saturating_sub(value.started_ms).max(0);
        let left_ms = i64::from(value.timeout_ms).saturating_sub(elapsed_ms).max(0);
        let open = value.state == TxnState::Ongoing;
        let known = entry.known.as_ref().filter(|known| known.state == TxnState::Ongoing);
        // A transaction that goes on keeps its time: the wall clock may have jumped since it began.
        if !(open && known.is_some_and(|known| known.started_ms == value.started_ms)) {
            entry.deadline = open.then(|| now.mono + Duration::from_millis(left_ms as u64));
        }
        entry.known = Some(value);
        entry.pending = false;
    }

    /// The next state was not written: what was known before holds.
    pub fn give_up(&mut self, id: &str) {
        if let Some(entry) = self.transactions.get_mut(id) {
            entry.pending = false;
            if entry.known.is_none() {
                self.transactions.remove(id);
            }
        }
    }

    /// Begins to write the completion of a decided transaction; `None` if it is not decided.
    pub fn complete(&mut self, now: Now, id: &str) -> Option<Transaction> {
        let entry = self.transactions.get_mut(id).filter(|entry| !entry.pending)?;
        let known = entry.known.as_ref().filter(|known| known.state.is_prepared())?;
        entry.pending = true;
        Some(known.completed(now.wall_ms))
    }

    /// Time passes: the records that abort what has been open too long and forget what nobody uses.
    pub fn tick(&mut self, now: Now) -> Vec<TxnRecord> {
        let gap = self.last_tick.map_or(Duration::ZERO, |last| now.mono.saturating_sub(last));
        self.last_tick = Some(now.mono);
        let mut due = Vec::new();
        for (id, entry) in &mut self.transactions {
            if gap > SLEEP_GAP {
                entry.deadline = entry.deadline.map(|deadline| deadline + gap);
            }
            let Some(known) = entry.known.as_ref().filter(|_| !entry.pending) else { continue };
            let idle_ms = now.wall_ms.saturating_sub(known.updated_ms);
            let value = if entry.deadline.is_some_and(|deadline| deadline <= now.mono) {
                Some(known.fenced(now))
            } else if idle_ms > self.config.id_expiration_ms
                && !known.state.is_prepared()
                && entry.deadline.is_none()
            {
                None
            } else {
                continue;
            };
            entry.pending = true;
            due.push(TxnRecord { id: id.clone(), value });
        }
        due
    }

    /// Whether time decides about one of them soon.
    pub fn has_deadlines(&self) -> bool {
        self.transactions.values().any(|entry| entry.pending || entry.deadline.is_some())
    }

    /// What is known of a transactional id.
    pub fn get(&self, id: &str) -> Option<&Transaction> {
        self.transactions.get(id)?.known.as_ref()
    }

    /// Every transactional id.
    pub fn list(&self) -> impl Iterator<Item = (&String, &Transaction)> {
        self.transactions.iter().filter_map(|(id, entry)| Some((id, entry.known.as_ref()?)))
    }
}
