//! The records of `__transaction_state`, in Kafka's format.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::transaction::{Producer, Transaction, TxnState};
use crate::protocol::batch::NewRecord;
use crate::protocol::records::state::{framed, read_value, unframe};
use crate::protocol::records::transaction::{PartitionsSchema, TransactionLogKey, TransactionLogValue};
use crate::protocol::wire::{Reader, WireError};

const KEY: i16 = 0;
const KEY_VERSION: i16 = 0;
/// The newest; before `transaction.version` 1 it is 0, which has no place for the next epoch.
const VALUE_VERSION: i16 = 1;
const FLEXIBLE_SINCE: i16 = 1;

/// The state of a transactional id, or with `None` that it is forgotten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TxnRecord {
    /// The transactional id.
    pub id: String,
    /// Its state.
    pub value: Option<Transaction>,
}

impl TxnRecord {
    /// The log record, as `transaction.version` wants it.
    pub fn encode(&self, now_ms: i64, transaction_version: i16) -> Result<NewRecord, WireError> {
        let mut key = TransactionLogKey { transactional_id: self.id.clone() };
        let key = framed(KEY, KEY_VERSION, false, &mut key)?;
        let value = self.value.as_ref().map(|value| {
            let version = if transaction_version == 0 && value.next.is_none() { 0 } else { VALUE_VERSION };
            framed(version, version, version >= FLEXIBLE_SINCE, &mut to_wire(value))
        });
        Ok(NewRecord { timestamp: now_ms, key: Some(key), value: value.transpose()?, headers: Vec::new() })
    }

    /// Reads a log record; `Ok(None)` for record types and states this version does not know.
    pub fn decode(key: Bytes, value: Option<Bytes>) -> Result<Option<Self>, WireError> {
        let (kind, key) = unframe(key)?;
        if kind != KEY {
            return Ok(None);
        }
        let key: TransactionLogKey = Reader::read(key, KEY_VERSION, false)?;
        let id = key.transactional_id;
        let Some(value) = value else { return Ok(Some(Self { id, value: None })) };
        Ok(from_wire(read_value(value, FLEXIBLE_SINCE)?).map(|value| Self { id, value: Some(value) }))
    }
}

fn to_wire(value: &Transaction) -> TransactionLogValue {
    let mut topics: BTreeMap<&str, Vec<i32>> = BTreeMap::new();
    for (topic, index) in &value.partitions {
        topics.entry(topic).or_default().push(*index);
    }
    let topics = topics
        .into_iter()
        .map(|(topic, partition_ids)| PartitionsSchema { topic: topic.to_owned(), partition_ids });
    TransactionLogValue {
        producer_id: value.producer.id,
        previous_producer_id: value.previous_id,
        next_producer_id: value.next.map_or(-1, |next| next.id),
        producer_epoch: value.producer.epoch,
        next_producer_epoch: value.next.map_or(-1, |next| next.epoch),
        transaction_timeout_ms: value.timeout_ms,
        transaction_status: value.state as i8,
        // Kafka writes null for a transaction that has written nothing.
        transaction_partitions: (value.state != TxnState::Empty).then(|| topics.collect()),
        transaction_last_update_timestamp_ms: value.updated_ms,
        transaction_start_timestamp_ms: value.started_ms,
        client_transaction_version: if value.bumps { 2 } else { 0 },
    }
}

fn from_wire(value: TransactionLogValue) -> Option<Transaction> {
    let topics = value.transaction_partitions.into_iter().flatten();
    let next = Producer { id: value.next_producer_id, epoch: value.next_producer_epoch };
    Some(Transaction {
        producer: Producer { id: value.producer_id, epoch: value.producer_epoch },
        last_epoch: -1,
        previous_id: value.previous_producer_id,
        next: (next.id >= 0).then_some(next),
        timeout_ms: value.transaction_timeout_ms,
        state: TxnState::from_code(value.transaction_status)?,
        partitions: topics
            .flat_map(|topic| topic.partition_ids.into_iter().map(move |index| (topic.topic.clone(), index)))
            .collect(),
        started_ms: value.transaction_start_timestamp_ms,
        updated_ms: value.transaction_last_update_timestamp_ms,
        bumps: value.client_transaction_version >= 2,
    })
}
