//! Hosts the transaction shards whose partitions this broker leads: loads them, writes down what they decide,
//! carries decisions out.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use super::messages::{Marking, PeerMessage, ask};
use super::state_log::Replayed;
use super::{Broker, CONSUMER_OFFSETS, TRANSACTION_STATE};
use crate::controller::TRANSACTION_VERSION;
use crate::group::partition_of;
use crate::partition::PartitionId;
use crate::protocol::ErrorCode;
use crate::protocol::batch::{BatchBuilder, Codec};
use crate::seams::Now;
use crate::txn::{Event, Producer, Shard, Transaction, TxnConfig, TxnRecord};

/// How long a record or a marker may take to be committed.
const COMMIT_MAX: Duration = Duration::from_secs(5);
/// How long another broker may take to write markers: its own wait for the commit, and a little.
const MARKER_MAX: Duration = Duration::from_secs(6);
/// Pause before markers that could not be written are tried again.
const MARKER_RETRY: Duration = Duration::from_millis(20);

/// The transaction shards of one broker.
#[derive(Debug, Default)]
pub(super) struct Transactions(BTreeMap<PartitionId, Hosted>);

impl Transactions {
    /// Whether one of them is open or ending.
    pub fn has_deadlines(&self) -> bool {
        self.0.values().filter_map(|hosted| hosted.shard.as_ref()).any(Shard::has_deadlines)
    }
}

#[derive(Debug)]
struct Hosted {
    leader_epoch: i32,
    /// `None` while it loads.
    shard: Option<Shard>,
}

impl Broker {
    /// Loads the shard of a partition this broker now leads, or drops it if it no longer does.
    pub(super) fn host_transactions(self: &Rc<Self>, id: PartitionId, leads: bool) {
        let epoch = self.partitions.borrow().get(&id).map_or(-1, |partition| partition.image().leader_epoch);
        let mut transactions = self.transactions.borrow_mut();
        let known = transactions.0.get(&id).map(|hosted| hosted.leader_epoch);
        if leads && known == Some(epoch) {
            return;
        }
        transactions.0.remove(&id);
        if leads {
            transactions.0.insert(id, Hosted { leader_epoch: epoch, shard: None });
            // Ends when the log is read, or with this broker's runtime.
            tokio::task::spawn_local(Rc::clone(self).load_transactions(id, epoch));
        }
    }

    async fn load_transactions(self: Rc<Self>, id: PartitionId, epoch: i32) {
        let mut shard = Shard::new(TxnConfig::of(&self.config()));
        let take = |now: Now, replayed: Replayed<'_>| {
            let Replayed::Record(header, key, value) = replayed else { return };
            match TxnRecord::decode(key, value) {
                Ok(Some(record)) => shard.apply(now, record),
                Ok(None) => {}
                Err(err) => {
                    let offset = header.next_offset();
                    tracing::warn!(partition = id.index, offset, %err, "transaction record not read");
                }
            }
        };
        if let Err(err) = self.replay(id, self.log_start_offset(id).max(0), take).await {
            tracing::error!(broker = self.id(), partition = id.index, %err, "transactions not loaded");
            self.give_up_if_damaged(id, &err);
            self.transactions.borrow_mut().0.remove(&id);
            return;
        }
        let decided = shard.list().filter(|(_, known)| known.state.is_prepared());
        let decided: Vec<String> = decided.map(|(name, _)| name.clone()).collect();
        let mut transactions = self.transactions.borrow_mut();
        let Some(hosted) = transactions.0.get_mut(&id).filter(|hosted| hosted.leader_epoch == epoch) else {
            return;
        };
        hosted.shard = Some(shard);
        drop(transactions);
        for name in decided {
            self.carry_out(id, name);
        }
    }

    /// The partition of `__transaction_state` that holds a transactional id; `None` while the topic does not exist.
    pub fn transaction_partition(&self, id: &str) -> Option<PartitionId> {
        self.with_image(|image| {
            let topic = image.topics.get(TRANSACTION_STATE)?;
            let index = partition_of(id, topic.partitions.len() as i32);
            Some(PartitionId { topic: topic.id, index })
        })
    }

    fn with_transactions<T>(
        &self,
        partition: PartitionId,
        act: impl FnOnce(&mut Shard) -> T,
    ) -> Result<T, ErrorCode> {
        let mut transactions = self.transactions.borrow_mut();
        let hosted = transactions.0.get_mut(&partition).ok_or(ErrorCode::NotCoordinator)?;
        Ok(act(hosted.shard.as_mut().ok_or(ErrorCode::CoordinatorLoadInProgress)?))
    }

    /// Asks something of a transactional id that this broker coordinates; answers once it is written down.
    pub async fn transact(self: &Rc<Self>, id: &str, event: Event) -> Result<Producer, ErrorCode> {
        let partition = self.transaction_partition(id).ok_or(ErrorCode::NotCoordinator)?;
        let fresh = match self.with_transactions(partition, |shard| shard.needs_fresh_id(id, &event))? {
            true => Some(self.next_producer_id().await?),
            false => None,
        };
        let now = self.now();
        let decision = self.with_transactions(partition, |shard| shard.handle(now, id, event, fresh))?;
        if let Some(value) = decision.next {
            let record = TxnRecord { id: id.to_owned(), value: Some(value) };
            // A task of its own: a client that hangs up must not leave the decision half written.
            let written = tokio::task::spawn_local(Rc::clone(self).write_down(partition, record));
            written.await.map_err(|_| ErrorCode::NotCoordinator)??;
        }
        decision.answer
    }

    /// The same, wherever it is coordinated.
    pub async fn transact_anywhere(self: &Rc<Self>, id: &str, event: Event) -> Result<Producer, ErrorCode> {
        let partition = self.transaction_partition(id).ok_or(ErrorCode::CoordinatorNotAvailable)?;
        let (leader, _) = self.leader_of(partition).ok_or(ErrorCode::CoordinatorNotAvailable)?;
        if leader == self.id() {
            return self.transact(id, event).await;
        }
        let id = id.to_owned();
        let question = |reply| PeerMessage::Transact { id, event, reply };
        let answer = ask(&self.setup.network, self.id(), leader, question).await;
        answer.map_err(|_| ErrorCode::CoordinatorNotAvailable)?
    }

    /// Writes a record down, waits until it is committed, takes it in, and carries it out if it decides.
    async fn write_down(self: Rc<Self>, partition: PartitionId, record: TxnRecord) -> Result<(), ErrorCode> {
        self.deadlines.note();
        let appended = self.append_transaction(partition, &record);
        let outcome = match appended {
            Ok(outcome) => outcome,
            Err(code) => {
                tracing::warn!(broker = self.id(), partition = partition.index, %code, "transaction not written");
                self.with_transactions(partition, |shard| shard.give_up(&record.id))?;
                return Err(code);
            }
        };
        let committed = self.committed(&[outcome], COMMIT_MAX).await;
        if let Some(Err(code)) = committed.first() {
            // It may be committed yet, or lost: what the log says is what counts.
            tracing::warn!(broker = self.id(), partition = partition.index, %code, "transaction not committed");
            self.reload_transactions(partition);
            return Err(ErrorCode::NotCoordinator);
        }
        let now = self.now();
        let decided = record.value.as_ref().is_some_and(|value| value.state.is_prepared());
        let id = record.id.clone();
        self.with_transactions(partition, |shard| shard.apply(now, record))?;
        if decided {
            self.carry_out(partition, id);
        }
        Ok(())
    }

    fn reload_transactions(self: &Rc<Self>, id: PartitionId) {
        let leads = self.partitions.borrow().get(&id).is_some_and(|partition| partition.is_leader());
        self.transactions.borrow_mut().0.remove(&id);
        self.host_transactions(id, leads);
    }

    fn append_transaction(
        self: &Rc<Self>,
        partition: PartitionId,
        record: &TxnRecord,
    ) -> Result<super::ProduceOutcome, ErrorCode> {
        let mut builder = BatchBuilder::new(Codec::None);
        let version = self.feature(TRANSACTION_VERSION);
        let record = record.encode(self.now().wall_ms, version);
        builder.push(&record.map_err(|_| ErrorCode::UnknownServerError)?);
        self.append_state(partition, builder)
    }

    fn carry_out(self: &Rc<Self>, partition: PartitionId, id: String) {
        // Ends when every marker is written, when the shard is led elsewhere, or with this broker's runtime.
        tokio::task::spawn_local(Rc::clone(self).write_all_markers(partition, id));
    }

    /// Writes the markers of a decided transaction into all its partitions, then completes it.
    async fn write_all_markers(self: Rc<Self>, partition: PartitionId, id: String) {
        let mut left: Option<Vec<PartitionId>> = None;
        loop {
            let coordinator_epoch =
                self.transactions.borrow().0.get(&partition).map(|hosted| hosted.leader_epoch);
            let known = self.with_transactions(partition, |shard| shard.get(&id).cloned());
            let (Some(epoch), Ok(Some(known))) = (coordinator_epoch, known) else { return };
            if !known.state.is_prepared() {
                return;
            }
            let targets = left.take().unwrap_or_else(|| self.partition_ids(&known));
            let rest = self.send_markers(&known, epoch, targets).await;
            if rest.is_empty() {
                break;
            }
            left = Some(rest);
            tokio::time::sleep(MARKER_RETRY).await;
        }
        let now = self.now();
        if let Ok(Some(value)) = self.with_transactions(partition, |shard| shard.complete(now, &id)) {
            let record = TxnRecord { id: id.clone(), value: Some(value) };
            if self.clone().write_down(partition, record).await.is_err() {
                tokio::time::sleep(MARKER_RETRY).await;
                self.carry_out(partition, id);
            }
        }
    }

    /// Partitions of a transaction that still exist.
    fn partition_ids(&self, known: &Transaction) -> Vec<PartitionId> {
        self.with_image(|image| {
            let ids = known.partitions.iter().filter_map(|(topic, index)| {
                let topic = image.topics.get(topic)?.id;
                Some(PartitionId { topic, index: *index })
            });
            ids.collect()
        })
    }

    /// Sends markers to the leaders; returns the partitions that have none yet.
    async fn send_markers(
        self: &Rc<Self>,
        known: &Transaction,
        coordinator_epoch: i32,
        targets: Vec<PartitionId>,
    ) -> Vec<PartitionId> {
        let mut by_leader: BTreeMap<Option<i32>, Vec<Marking>> = BTreeMap::new();
        for id in targets {
            let exists = self.with_image(|image| image.partition(id.topic, id.index).is_some());
            if exists {
                let marking = Marking { id, marker: known.marker(coordinator_epoch), bumped: known.bumps };
                let leader = self.leader_of(id).map(|(leader, _)| leader);
                by_leader.entry(leader).or_default().push(marking);
            }
        }
        let mut rest = Vec::new();
        for (leader, markings) in by_leader {
            let results = match leader {
                None => Vec::new(),
                Some(leader) if leader == self.id() => self.write_markers(&markings).await,
                Some(leader) => {
                    let sent = markings.clone();
                    let question = |reply| PeerMessage::Markers(sent, reply);
                    let asked = ask(&self.setup.network, self.id(), leader, question);
                    // A leader that stands still never answers, and another may have taken its place.
                    match tokio::time::timeout(MARKER_MAX, asked).await {
                        Ok(answer) => answer.unwrap_or_default(),
                        Err(_) => Vec::new(),
                    }
                }
            };
            for (at, marking) in markings.iter().enumerate() {
                match results.get(at) {
                    Some(Ok(())) => {}
                    // A newer producer or coordinator has ended it already.
                    Some(Err(
                        code @ (ErrorCode::InvalidProducerEpoch | ErrorCode::TransactionCoordinatorFenced),
                    )) => tracing::info!(partition = marking.id.index, %code, "marker not needed any more"),
                    Some(Err(_)) | None => rest.push(marking.id),
                }
            }
        }
        rest
    }

    /// Appends markers to partitions led here and waits until they are committed.
    pub async fn write_markers(self: &Rc<Self>, markings: &[Marking]) -> Vec<Result<(), ErrorCode>> {
        let mut appended = Vec::new();
        let mut results: Vec<Result<(), ErrorCode>> = Vec::with_capacity(markings.len());
        for marking in markings {
            match self.append_marker(marking.id, marking.marker, marking.bumped) {
                Ok(outcome) => {
                    appended.push(outcome);
                    results.push(Ok(()));
                    let topic = self.topic_name(marking.id.topic);
                    if topic.as_deref() == Some(CONSUMER_OFFSETS) {
                        self.end_pending_offsets(outcome, marking.marker);
                    }
                }
                Err(err) => results.push(Err(err.code)),
            }
        }
        let mut committed = self.committed(&appended, COMMIT_MAX).await.into_iter();
        for result in results.iter_mut().filter(|result| result.is_ok()) {
            *result = committed.next().unwrap_or(Err(ErrorCode::UnknownServerError));
        }
        results
    }

    /// Lets time pass for the transactions coordinated here.
    pub(super) fn tick_transactions(self: &Rc<Self>) {
        let now = self.now();
        let mut due = Vec::new();
        for (partition, hosted) in &mut self.transactions.borrow_mut().0 {
            if let Some(shard) = &mut hosted.shard {
                due.extend(shard.tick(now).into_iter().map(|record| (*partition, record)));
            }
        }
        for (partition, record) in due {
            // Ends with the commit or its deadline.
            tokio::task::spawn_local(Rc::clone(self).write_down(partition, record));
        }
    }

    /// What is known of a transactional id coordinated here.
    pub fn transaction(&self, id: &str) -> Result<Option<Transaction>, ErrorCode> {
        let partition = self.transaction_partition(id).ok_or(ErrorCode::NotCoordinator)?;
        self.with_transactions(partition, |shard| shard.get(id).cloned())
    }

    /// Every transactional id coordinated here; an error while some are loaded.
    pub fn list_transactions(&self) -> Result<Vec<(String, Transaction)>, ErrorCode> {
        let transactions = self.transactions.borrow();
        let mut all = Vec::new();
        for hosted in transactions.0.values() {
            let shard = hosted.shard.as_ref().ok_or(ErrorCode::CoordinatorLoadInProgress)?;
            all.extend(shard.list().map(|(id, known)| (id.clone(), known.clone())));
        }
        Ok(all)
    }
}
