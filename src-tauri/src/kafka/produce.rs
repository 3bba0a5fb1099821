//! Sending one record through librdkafka.

use std::time::Duration;

use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::FutureRecord;

use super::client::KafkaClient;
use super::errors::explain_rdkafka;
use crate::dto::{Acks, Codec};
use crate::error::AppResult;
use crate::policy::{Permit, Write};

/// Name of the operation the permit is for.
pub const SEND: &str = "produce";
/// librdkafka's code for a record that nobody acknowledged within its time.
pub const TIMED_OUT: i32 = RDKafkaErrorCode::MessageTimedOut as i32;

/// A record in bytes. No `Debug`: it is somebody's data.
pub struct OutgoingRecord {
    pub topic: String,
    pub partition: Option<i32>,
    pub key: Option<Vec<u8>>,
    pub value: Option<Vec<u8>>,
    pub headers: Vec<(String, Option<Vec<u8>>)>,
    pub timestamp: i64,
}

/// Returns what is known of a record whose sending ended in `error`: some errors come after it was written.
fn fate(error: &KafkaError) -> &'static str {
    match error.rdkafka_error_code() {
        Some(RDKafkaErrorCode::MessageTimedOut | RDKafkaErrorCode::RequestTimedOut) => {
            "It is not known whether the record was written"
        }
        Some(RDKafkaErrorCode::NotEnoughReplicasAfterAppend) => {
            "The record was written, and is not acknowledged"
        }
        _ => "The record was not written",
    }
}

/// Where the record went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivered {
    pub partition: i32,
    pub offset: i64,
}

impl KafkaClient {
    /// Sends a record and waits for its acknowledgement, at most 10 s.
    pub async fn send(
        &self,
        permit: Permit<Write>,
        record: &OutgoingRecord,
        codec: Codec,
        acks: Acks,
    ) -> AppResult<Delivered> {
        permit.spend(self.connection, SEND, std::slice::from_ref(&record.topic))?;
        let producer = self.producer(codec, acks)?;
        let mut headers = OwnedHeaders::new_with_capacity(record.headers.len());
        for (name, value) in &record.headers {
            headers = headers.insert(Header { key: name, value: value.as_deref() });
        }
        let outgoing: FutureRecord<'_, [u8], [u8]> = FutureRecord {
            topic: &record.topic,
            partition: record.partition,
            payload: record.value.as_deref(),
            key: record.key.as_deref(),
            timestamp: Some(record.timestamp),
            headers: Some(headers),
        };
        match producer.send(outgoing, Duration::from_secs(5)).await {
            Ok(delivery) => Ok(Delivered { partition: delivery.partition, offset: delivery.offset }),
            Err((error, _)) => Err(explain_rdkafka(fate(&error), &error).at_topic(record.topic.clone())),
        }
    }
}
