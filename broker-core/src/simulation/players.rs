//! Programs that use the cluster: an idempotent producer, readers, a group that commits.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::client::{Client, Coordinates, Lost, passes};
use super::history::{Place, Value};
use crate::protocol::ErrorCode;
use crate::protocol::batch::{Batch, BatchBuilder, BatchError, Codec, EndMarker, NewRecord, RecordIter};
use crate::protocol::messages::fetch::{FetchPartition, FetchRequest, FetchTopic, PartitionData};
use crate::protocol::messages::init_producer_id::InitProducerIdRequest;
use crate::protocol::messages::list_offsets::{ListOffsetsPartition, ListOffsetsRequest, ListOffsetsTopic};
use crate::protocol::messages::offset_commit::{
    OffsetCommitRequest, OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use crate::protocol::messages::offset_fetch::{
    OffsetFetchRequest, OffsetFetchRequestGroup, OffsetFetchRequestTopics,
};
use crate::protocol::messages::produce::{PartitionProduceData, ProduceRequest, TopicProduceData};
use crate::protocol::wire::Records;
use crate::seams::Clock;
use crate::txn::Producer;

/// Topics and their partitions.
pub const ORDERS: &str = "orders";
pub const LEDGER: &str = "ledger";
pub const PARTITIONS: i32 = 2;

pub fn code(number: i16) -> ErrorCode {
    ErrorCode::from_code(number).unwrap_or(ErrorCode::UnknownServerError)
}

/// What a producer appends, and under which name.
#[derive(Debug)]
pub struct Sending {
    pub producer: Producer,
    pub sequence: i32,
    pub values: Vec<Value>,
    /// The transactional id, and whether producing adds the partition to the transaction.
    pub transaction: Option<(String, bool)>,
}

impl Client {
    fn batch(&self, sending: &Sending) -> Bytes {
        let producer = sending.producer;
        let mut builder =
            BatchBuilder::new(Codec::None).producer(producer.id, producer.epoch, sending.sequence);
        if sending.transaction.is_some() {
            builder = builder.transactional();
        }
        let timestamp = self.world.shared.clock.now().wall_ms;
        for (name, number) in &sending.values {
            let value = Some(Bytes::from(format!("{name} {number}")));
            builder.push(&NewRecord { timestamp, value, ..Default::default() });
        }
        builder.build().unwrap().to_bytes()
    }

    /// Sends a batch until it is acknowledged, or refused for good.
    pub async fn produce(&self, place: Place, sending: &Sending) -> Result<(), ErrorCode> {
        let records = Records::from_bytes(self.batch(sending));
        let partition_data = vec![PartitionProduceData { index: place.1, records }];
        let topic = TopicProduceData { name: place.0.to_owned(), partition_data, ..Default::default() };
        let request = ProduceRequest {
            transactional_id: sending.transaction.as_ref().map(|(id, _)| id.clone()),
            acks: -1,
            timeout_ms: 3_000,
            topic_data: vec![topic],
        };
        let version = if sending.transaction.as_ref().is_some_and(|(_, adds)| *adds) { 12 } else { 11 };
        loop {
            let Some(leader) = self.leader(place.0, place.1).await else {
                self.pause().await;
                continue;
            };
            let Ok(answer) = self.ask(leader, version, request.clone()).await else { continue };
            let answer = &answer.responses[0].partition_responses[0];
            match code(answer.error_code) {
                ErrorCode::None => {
                    self.note(format!(
                        "{place:?} has {:?} at {} of {leader}",
                        sending.values, answer.base_offset
                    ));
                    let mut history = self.world.history.borrow_mut();
                    for (value, at) in sending.values.iter().zip(0..) {
                        let offset = (answer.base_offset >= 0).then_some(answer.base_offset + at);
                        history.acked(place, value, offset);
                    }
                    return Ok(());
                }
                ErrorCode::DuplicateSequenceNumber => {
                    let mut history = self.world.history.borrow_mut();
                    sending.values.iter().for_each(|value| history.acked(place, value, None));
                    return Ok(());
                }
                passing if passes(passing) => self.pause().await,
                refused => {
                    self.note(format!("{place:?} of {leader} refuses {:?}: {refused}", sending.values));
                    return Err(refused);
                }
            }
        }
    }
}

/// Writes to every partition of `orders`, one batch after the other.
pub async fn producer(client: Client) {
    let producer = loop {
        let broker = 1 + client.world.below(3) as i32;
        let request = InitProducerIdRequest::default();
        match client.ask(broker, 4, request).await {
            Ok(answer) if answer.error_code == 0 => {
                break Producer { id: answer.producer_id, epoch: answer.producer_epoch };
            }
            Ok(_) | Err(Lost) => client.pause().await,
        }
    };
    let mut sequences: BTreeMap<i32, i32> = BTreeMap::new();
    let mut number = 0;
    while client.world.stormy.get() {
        let partition = client.world.below(PARTITIONS as u64) as i32;
        let count = 1 + client.world.below(4);
        let values: Vec<Value> = (number..number + count).map(|n| (client.name.clone(), n)).collect();
        number += count;
        let sequence = sequences.entry(partition).or_default();
        let sending = Sending { producer, sequence: *sequence, values, transaction: None };
        *sequence += count as i32;
        let sent = client.produce((ORDERS, partition), &sending).await;
        assert_eq!(sent, Ok(()), "an idempotent batch of {} is refused", client.name);
    }
}

/// Reads a topic to its end, again and again.
#[derive(Debug)]
pub struct Reader {
    client: Client,
    topic: &'static str,
    committed: bool,
    positions: BTreeMap<i32, i64>,
}

impl Reader {
    pub fn new(client: Client, topic: &'static str, committed: bool) -> Self {
        Self { client, topic, committed, positions: (0..PARTITIONS).map(|index| (index, 0)).collect() }
    }

    /// Reads until the storm is over.
    pub async fn run(mut self) -> Self {
        while self.client.world.stormy.get() {
            self.client.pause().await;
            for partition in 0..PARTITIONS {
                self.poll(partition).await;
            }
        }
        self
    }

    /// Reads what is left of every partition.
    pub async fn finish(mut self) {
        for partition in 0..PARTITIONS {
            while !self.poll(partition).await {}
        }
    }

    /// Reads on in one partition; true at its end.
    async fn poll(&mut self, partition: i32) -> bool {
        let found = self.client.leader_and_epoch(self.topic, partition).await;
        let Some((leader, current_leader_epoch)) = found else { return false };
        if self.client.world.chance(8) {
            self.ask_end(partition, leader, current_leader_epoch).await;
        }
        let fetch_offset = self.positions[&partition];
        let wanted = FetchPartition {
            partition,
            fetch_offset,
            // A follower, which serves readers too, is told from a leader by it.
            current_leader_epoch,
            partition_max_bytes: 1000,
            ..Default::default()
        };
        let topic =
            FetchTopic { topic: self.topic.to_owned(), partitions: vec![wanted], ..Default::default() };
        let request = FetchRequest {
            max_wait_ms: 100,
            min_bytes: 1,
            isolation_level: i8::from(self.committed),
            topics: vec![topic],
            ..Default::default()
        };
        let Ok(answer) = self.client.ask(leader, 12, request).await else { return false };
        let Some(topic) = answer.responses.first() else { return false };
        let answer = &topic.partitions[0];
        match code(answer.error_code) {
            ErrorCode::None => self.take(partition, answer),
            passing if passes(passing) => {}
            // A leader that was just elected may not know yet how far it is committed (KIP-207).
            ErrorCode::OffsetNotAvailable => {}
            refused => panic!("{} is refused {partition} at {fetch_offset}: {refused}", self.client.name),
        }
        let end = if self.committed { answer.last_stable_offset } else { answer.high_watermark };
        answer.error_code == 0 && end == answer.high_watermark && self.positions[&partition] >= end
    }

    /// The end that a leader tells never lies behind what was read.
    async fn ask_end(&self, partition_index: i32, leader: i32, current_leader_epoch: i32) {
        let wanted = ListOffsetsPartition { partition_index, current_leader_epoch, timestamp: -1 };
        let topic = ListOffsetsTopic { name: self.topic.to_owned(), partitions: vec![wanted] };
        let request = ListOffsetsRequest {
            isolation_level: i8::from(self.committed),
            topics: vec![topic],
            ..Default::default()
        };
        let Ok(answer) = self.client.ask(leader, 6, request).await else { return };
        let Some(told) = answer.topics.first().and_then(|topic| topic.partitions.first()) else { return };
        let read = self.positions[&partition_index];
        assert!(
            told.error_code != 0 || told.offset >= read,
            "{} has read {partition_index} up to {read}, and its end is {}",
            self.client.name,
            told.offset
        );
    }

    fn take(&mut self, partition: i32, answer: &PartitionData) {
        let mut aborted: Vec<(i64, i64)> = answer
            .aborted_transactions
            .iter()
            .flatten()
            .map(|entry| (entry.first_offset, entry.producer_id))
            .collect();
        aborted.sort_unstable();
        let mut aborted = aborted.into_iter().peekable();
        let mut gone: Vec<i64> = Vec::new();
        let mut raw = answer.records.to_bytes().unwrap();
        let next = self.positions.get_mut(&partition).unwrap();
        while !raw.is_empty() {
            let batch = match Batch::split(&mut raw) {
                Ok(batch) => batch,
                // The last one may be cut off.
                Err(BatchError::Short { .. }) => break,
                Err(err) => panic!("{} reads {partition} at {next}: {err}", self.client.name),
            };
            let header = &batch.header;
            while let Some((_, producer)) = aborted.next_if(|(first, _)| *first <= header.last_offset()) {
                gone.push(producer);
            }
            if let Some(marker) = EndMarker::of(&batch) {
                gone.retain(|producer| marker.committed || *producer != marker.producer_id);
            } else if !(self.committed && header.is_transactional() && gone.contains(&header.producer_id)) {
                for record in RecordIter::new(&batch.records, header.records_count) {
                    let record = record.unwrap();
                    let offset = header.base_offset + i64::from(record.offset_delta);
                    let text = std::str::from_utf8(record.value.unwrap()).unwrap();
                    let (name, number) = text.split_once(' ').unwrap();
                    let value = (name.to_owned(), number.parse().unwrap());
                    if offset >= *next {
                        let mut history = self.client.world.history.borrow_mut();
                        history.read((self.topic, partition), offset, &value, self.committed);
                    }
                }
            }
            *next = header.next_offset().max(*next);
        }
    }
}

/// The committed offset of partition 0 of `orders`; `None` while it is not known.
pub async fn committed_offset(client: &Client, group: &str) -> Option<i64> {
    let topic = OffsetFetchRequestTopics {
        name: ORDERS.to_owned(),
        partition_indexes: vec![0],
        ..Default::default()
    };
    let wanted = OffsetFetchRequestGroup {
        group_id: group.to_owned(),
        topics: Some(vec![topic]),
        ..Default::default()
    };
    let request = OffsetFetchRequest { groups: vec![wanted], require_stable: true, ..Default::default() };
    let node = client.coordinator(group, Coordinates::Group).await?;
    let answer = client.ask(node, 8, request).await.ok()?;
    let group = answer.groups.first()?;
    let partition = group.topics.first()?.partitions.first()?;
    (group.error_code == 0 && partition.error_code == 0).then_some(partition.committed_offset)
}

/// Commits rising offsets, and asks for them.
pub async fn committer(client: Client) {
    let group = client.name.clone();
    let mut offset = 0;
    while client.world.stormy.get() {
        client.pause().await;
        offset += 1;
        client.world.history.borrow_mut().commits(&group, offset);
        let partition = OffsetCommitRequestPartition {
            partition_index: 0,
            committed_offset: offset,
            ..Default::default()
        };
        let topic = OffsetCommitRequestTopic {
            name: ORDERS.to_owned(),
            partitions: vec![partition],
            ..Default::default()
        };
        let request =
            OffsetCommitRequest { group_id: group.clone(), topics: vec![topic], ..Default::default() };
        let Some(node) = client.coordinator(&group, Coordinates::Group).await else { continue };
        match client.ask(node, 8, request).await {
            Ok(answer) if answer.topics[0].partitions[0].error_code == 0 => {
                client.world.history.borrow_mut().committed(&group, offset);
            }
            Ok(_) => {}
            Err(Lost) => client.let_late_ones_arrive().await,
        }
    }
}
