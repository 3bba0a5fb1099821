//! Transactional producers of both protocols, and their doubles: two programs of one transactional id fence each other.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use super::client::{Client, Coordinates, Lost, passes};
use super::history::{End, Place, Value};
use super::players::{LEDGER, ORDERS, PARTITIONS, Sending, code};
use crate::protocol::ErrorCode;
use crate::protocol::messages::add_offsets_to_txn::AddOffsetsToTxnRequest;
use crate::protocol::messages::add_partitions_to_txn::{AddPartitionsToTxnRequest, AddPartitionsToTxnTopic};
use crate::protocol::messages::end_txn::EndTxnRequest;
use crate::protocol::messages::init_producer_id::InitProducerIdRequest;
use crate::protocol::messages::txn_offset_commit::{
    TxnOffsetCommitRequest, TxnOffsetCommitRequestPartition, TxnOffsetCommitRequestTopic,
};
use crate::txn::Producer;

/// Its transactions may stay open this long (milliseconds).
const TIMEOUT_MS: i32 = 20_000;

/// A program with a transactional id.
#[derive(Debug)]
pub struct Transactional {
    client: Client,
    id: String,
    /// Whether its epoch rises with each transaction (`transaction.version` 2).
    modern: bool,
    /// Numbers of transactions, shared by all programs of the id.
    numbers: Rc<Cell<u64>>,
    producer: Producer,
    sequences: BTreeMap<i32, i32>,
}

/// It is fenced, or its transaction was aborted: it begins anew.
struct Out;

impl Transactional {
    pub fn new(client: Client, id: &str, modern: bool, numbers: &Rc<Cell<u64>>) -> Self {
        let producer = Producer { id: -1, epoch: -1 };
        let numbers = Rc::clone(numbers);
        Self { client, id: id.to_owned(), modern, numbers, producer, sequences: BTreeMap::new() }
    }

    /// The group that its transactions commit offsets to.
    pub fn group(id: &str) -> String {
        format!("group-of-{id}")
    }

    /// One transaction after the other until the storm is over.
    pub async fn run(mut self) {
        while self.client.world.stormy.get() {
            self.init().await;
            while self.client.world.stormy.get() {
                let number = self.numbers.get() + 1;
                self.numbers.set(number);
                self.client.world.history.borrow_mut().begins(&self.id, number);
                if self.transaction(number).await.is_err() {
                    self.client.note(format!("{} is out of transaction {number}", self.id));
                    self.client.world.history.borrow_mut().gives_up(&self.id, number);
                    break;
                }
            }
            // Its double has a while to itself.
            let while_ms = self.client.world.below(4_000);
            tokio::time::sleep(Duration::from_millis(while_ms)).await;
        }
    }

    async fn init(&mut self) {
        let request = InitProducerIdRequest {
            transactional_id: Some(self.id.clone()),
            transaction_timeout_ms: TIMEOUT_MS,
            ..Default::default()
        };
        let settled = self.client.insist(&self.id, Coordinates::Transaction, (4, request), |answer| {
            let answer = answer.ok()?;
            match code(answer.error_code) {
                ErrorCode::None => Some(Producer { id: answer.producer_id, epoch: answer.producer_epoch }),
                passing if passes(passing) => None,
                refused => panic!("InitProducerId is refused: {refused}"),
            }
        });
        self.goes_on_as(settled.await);
        self.client.note(format!("{} is {:?}", self.id, self.producer));
    }

    fn goes_on_as(&mut self, producer: Producer) {
        if self.producer != producer {
            self.sequences.clear();
        }
        self.producer = producer;
    }

    async fn transaction(&mut self, number: u64) -> Result<(), Out> {
        let (modern, id) = (self.modern, self.id.clone());
        for at in 0..1 + self.client.world.below(4) {
            let place = (LEDGER, self.client.world.below(PARTITIONS as u64) as i32);
            let value: Value = (id.clone(), (number << 8) + at);
            self.client.world.history.borrow_mut().writes(&id, number, place, &value);
            self.write(place, value, modern).await?;
            if self.client.world.chance(30) {
                let think_ms = self.client.world.below(25_000);
                tokio::time::sleep(Duration::from_millis(think_ms)).await;
            }
        }
        if self.client.world.chance(2) {
            self.client.world.history.borrow_mut().sends_offset(&id, number, number as i64);
            self.offset(number as i64).await?;
        }
        self.end(number, !self.client.world.chance(4)).await
    }

    async fn write(&mut self, place: Place, value: Value, modern: bool) -> Result<(), Out> {
        if !modern {
            self.add_partition(place).await?;
        }
        let sequence = self.sequences.entry(place.1).or_default();
        let transaction = Some((self.id.clone(), modern));
        let sending =
            Sending { producer: self.producer, sequence: *sequence, values: vec![value], transaction };
        *sequence += 1;
        match self.client.produce(place, &sending).await {
            Ok(()) => Ok(()),
            Err(
                ErrorCode::InvalidProducerEpoch
                | ErrorCode::ProducerFenced
                | ErrorCode::InvalidTxnState
                | ErrorCode::InvalidProducerIdMapping
                | ErrorCode::TransactionAbortable,
            ) => Err(Out),
            Err(other) => panic!("a batch of {} is refused: {other}", self.id),
        }
    }

    async fn add_partition(&self, place: Place) -> Result<(), Out> {
        let topic = AddPartitionsToTxnTopic { name: place.0.to_owned(), partitions: vec![place.1] };
        let request = AddPartitionsToTxnRequest {
            v3_and_below_transactional_id: self.id.clone(),
            v3_and_below_producer_id: self.producer.id,
            v3_and_below_producer_epoch: self.producer.epoch,
            v3_and_below_topics: vec![topic],
            ..Default::default()
        };
        let settle = |answer: Result<
            crate::protocol::messages::add_partitions_to_txn::AddPartitionsToTxnResponse,
            Lost,
        >| {
            let answer = answer.ok()?;
            settled(answer.results_by_topic_v3_and_below[0].results_by_partition[0].partition_error_code)
        };
        self.client.insist(&self.id, Coordinates::Transaction, (3, request), settle).await
    }

    /// Commits an offset to its group within the transaction.
    async fn offset(&self, offset: i64) -> Result<(), Out> {
        let group_id = Self::group(&self.id);
        if !self.modern {
            let request = AddOffsetsToTxnRequest {
                transactional_id: self.id.clone(),
                producer_id: self.producer.id,
                producer_epoch: self.producer.epoch,
                group_id: group_id.clone(),
            };
            let added = self.client.insist(&self.id, Coordinates::Transaction, (3, request), |answer| {
                settled(answer.ok()?.error_code)
            });
            added.await?;
        }
        let partition = TxnOffsetCommitRequestPartition {
            partition_index: 0,
            committed_offset: offset,
            ..Default::default()
        };
        let topic = TxnOffsetCommitRequestTopic { name: ORDERS.to_owned(), partitions: vec![partition] };
        let request = TxnOffsetCommitRequest {
            transactional_id: self.id.clone(),
            group_id: group_id.clone(),
            producer_id: self.producer.id,
            producer_epoch: self.producer.epoch,
            topics: vec![topic],
            ..Default::default()
        };
        let version = if self.modern { 5 } else { 4 };
        loop {
            let lost =
                self.client.insist(&group_id, Coordinates::Group, (version, request.clone()), |answer| {
                    Some(
                        match answer {
                            Ok(answer) => settled(answer.topics[0].partitions[0].error_code)?,
                            Err(Lost) => return Some(Err(None)),
                        }
                        .map_err(Some),
                    )
                });
            match lost.await {
                Ok(()) => return Ok(()),
                Err(Some(out)) => return Err(out),
                Err(None) if self.modern => {}
                Err(None) => self.client.let_late_ones_arrive().await,
            }
        }
    }

    async fn end(&mut self, number: u64, committed: bool) -> Result<(), Out> {
        let request = EndTxnRequest {
            transactional_id: self.id.clone(),
            producer_id: self.producer.id,
            producer_epoch: self.producer.epoch,
            committed,
        };
        if committed {
            self.client.world.history.borrow_mut().ends(&self.id, number, End::Unknown);
        }
        let version = if self.modern { 5 } else { 4 };
        loop {
            let this = &self;
            let told = this.client.insist(
                &self.id,
                Coordinates::Transaction,
                (version, request.clone()),
                |answer| {
                    let Ok(answer) = answer else { return Some(None) };
                    this.client.note(format!(
                        "{} ends {number}: {committed} {}",
                        this.id,
                        code(answer.error_code)
                    ));
                    match settled(answer.error_code)? {
                        Ok(()) => {
                            Some(Some(Ok(Producer { id: answer.producer_id, epoch: answer.producer_epoch })))
                        }
                        Err(out) => Some(Some(Err(out))),
                    }
                },
            );
            match told.await {
                Some(Ok(next)) => {
                    let end = if committed { End::Committed } else { End::Aborted };
                    self.client.world.history.borrow_mut().ends(&self.id, number, end);
                    if self.modern {
                        self.goes_on_as(next);
                    }
                    return Ok(());
                }
                Some(Err(out)) => return Err(out),
                None if self.modern => {}
                None => self.client.let_late_ones_arrive().await,
            }
        }
    }
}

/// What a transaction's request came to; `None` to ask again.
fn settled(number: i16) -> Option<Result<(), Out>> {
    match code(number) {
        ErrorCode::None => Some(Ok(())),
        passing if passes(passing) => None,
        ErrorCode::ProducerFenced
        | ErrorCode::InvalidProducerEpoch
        | ErrorCode::InvalidProducerIdMapping
        | ErrorCode::InvalidTxnState
        | ErrorCode::TransactionAbortable => Some(Err(Out)),
        other => panic!("a transaction is refused: {other}"),
    }
}
