//! Sending one record.

use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use broker_core::protocol::ErrorCode as KafkaCode;

use super::registry::{Touched, Touches};
use crate::app::App;
use crate::clock::now_ms;
use crate::dto::{Acks, AppError, ClusterId, Codec, Offset, Payload, SendRecord, SentRecord};
use crate::error::AppResult;
use crate::kafka::listing::ListedTopic;
use crate::kafka::produce::{OutgoingRecord, SEND, TIMED_OUT};
use crate::text::shell::quoted;

const WHAT: &str = "The record was not sent";
const PAYLOAD_LEN_MAX: usize = 10 << 20;
const HEADERS_MAX: usize = 1_000;

impl Touches for SendRecord {
    fn touched(&self, app: &App, _: &str) -> AppResult<Touched> {
        let bootstrap = app.connections.get(self.cluster_id)?.row().bootstrap;
        Ok(Touched {
            connection: self.cluster_id,
            resources: vec![format!("topic {}", self.topic)],
            title: format!("Send a record to {}", self.topic),
            command: command(&bootstrap, self),
            journaled: true,
        })
    }
}

/// The same send by kcat. It reads the value from its input; key, value and headers are nobody's but the sender's.
fn command(bootstrap: &str, record: &SendRecord) -> String {
    let mut line = format!("kcat -P -b {} -t {}", quoted(bootstrap), quoted(&record.topic));
    if let Some(partition) = record.partition {
        line.push_str(&format!(" -p {partition}"));
    }
    match record.codec {
        Codec::None => {}
        Codec::Gzip => line.push_str(" -z gzip"),
        Codec::Snappy => line.push_str(" -z snappy"),
        Codec::Lz4 => line.push_str(" -z lz4"),
        Codec::Zstd => line.push_str(" -z zstd"),
    }
    match record.acks {
        Acks::All => {}
        Acks::One => line.push_str(" -X acks=1"),
    }
    if matches!(record.value, Payload::Null) {
        line.push_str(" -Z");
    }
    line
}

pub async fn send(app: &Arc<App>, request: SendRecord) -> AppResult<SentRecord> {
    let connection = app.connections.get(request.cluster_id)?;
    let client = connection.client()?;
    let (listing, away) = connection.listing_with(&request.topic).await?;
    if let Some(error) = away {
        return Err(error);
    }
    // Sending to a topic that is not there could make it.
    let Some(topic) = listing.topic(&request.topic) else {
        return Err(AppError::not_found(WHAT, "There is no such topic.").at_topic(request.topic));
    };
    if let Some(partition) = request.partition
        && !topic.partitions.iter().any(|known| known.index == partition)
    {
        let why = format!("The topic has no partition {partition}.");
        return Err(AppError::not_found(WHAT, why).at_topic(request.topic).at_partition(partition));
    }
    if request.headers.len() > HEADERS_MAX {
        return Err(AppError::new(WHAT, "There are more than 1,000 headers."));
    }
    let mut headers = Vec::with_capacity(request.headers.len());
    for header in &request.headers {
        if header.name.contains('\0') {
            return Err(AppError::new(WHAT, "A header's name has a zero byte in it."));
        }
        headers.push((header.name.clone(), bytes_of("header", &header.value)?));
    }
    let timestamp = now_ms();
    let record = OutgoingRecord {
        topic: request.topic,
        partition: request.partition,
        key: bytes_of("key", &request.key)?,
        value: bytes_of("value", &request.value)?,
        headers,
        timestamp,
    };
    let permit = connection.facts().permit(SEND, std::slice::from_ref(&record.topic))?;
    let sent = client.send(permit, &record, request.codec, request.acks).await;
    let delivered = sent.map_err(|error| with_way_out(error, request.cluster_id, topic))?;
    Ok(SentRecord { partition: delivered.partition, offset: Offset(delivered.offset), timestamp })
}

/// Adds what to do where the remedy is not simply to try again.
fn with_way_out(mut error: AppError, cluster: ClusterId, topic: &ListedTopic) -> AppError {
    let code = error.kafka.as_ref().map(|kafka| kafka.code);
    let refused = code.and_then(|code| i16::try_from(code).ok()).and_then(KafkaCode::from_code);
    let short =
        matches!(refused, Some(KafkaCode::NotEnoughReplicas | KafkaCode::NotEnoughReplicasAfterAppend));
    // librdkafka tries again until its time is up, and then says only that.
    let timed_out = code == Some(TIMED_OUT);
    let thin = topic.partitions.iter().any(|partition| partition.isr.len() < partition.replicas.len());
    if timed_out {
        error = error.remedy("Look for the record before you send it again");
    }
    if short || (timed_out && thin) {
        error = error
            .remedy("Start the brokers that are down, or lower min.insync.replicas of the topic")
            .remedy_route("Show the brokers", format!("/c/{cluster}/brokers"))
            .remedy_route("Show its settings", format!("/c/{cluster}/topics/{}/config", topic.name));
    }
    error
}

fn bytes_of(part: &str, payload: &Payload) -> AppResult<Option<Vec<u8>>> {
    let bytes = match payload {
        Payload::Null => return Ok(None),
        Payload::Text { text } => text.clone().into_bytes(),
        Payload::Base64 { data } => BASE64_STANDARD
            .decode(data)
            .map_err(|error| AppError::new(WHAT, format!("The {part} is no base64: {error}.")))?,
    };
    if bytes.len() > PAYLOAD_LEN_MAX {
        return Err(AppError::new(WHAT, format!("The {part} is larger than 10 MiB.")));
    }
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_and_empty_text_are_different() {
        assert_eq!(bytes_of("key", &Payload::Null), Ok(None));
        assert_eq!(bytes_of("key", &Payload::Text { text: String::new() }), Ok(Some(Vec::new())));
    }

    #[test]
    fn the_command_tells_how_and_not_what() {
        let secret = Payload::Text { text: "secret".into() };
        let record = SendRecord {
            cluster_id: crate::dto::ClusterId(1),
            topic: "orders".into(),
            partition: Some(2),
            key: secret,
            value: Payload::Null,
            headers: Vec::new(),
            codec: Codec::Lz4,
            acks: Acks::One,
        };
        let expected = "kcat -P -b localhost:9092 -t orders -p 2 -z lz4 -X acks=1 -Z";
        assert_eq!(command("localhost:9092", &record), expected);
    }

    #[test]
    fn bad_base64_names_its_part() {
        let error = bytes_of("value", &Payload::Base64 { data: "%".into() }).expect_err("refused");
        assert!(error.why.contains("value"));
    }
}
