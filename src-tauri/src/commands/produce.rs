//! Sending one record.

use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::registry::{Touched, Touches};
use crate::app::App;
use crate::clock::now_ms;
use crate::dto::{AppError, Offset, Payload, SendRecord, SentRecord};
use crate::error::AppResult;
use crate::kafka::produce::{OutgoingRecord, SEND};

const WHAT: &str = "The record was not sent";
const PAYLOAD_LEN_MAX: usize = 10 << 20;
const HEADERS_MAX: usize = 1_000;

impl Touches for SendRecord {
    fn touched(&self, _: &App, _: &str) -> AppResult<Touched> {
        Ok(Touched {
            connection: self.cluster_id,
            resources: vec![format!("topic {}", self.topic)],
            title: format!("Send a record to {}", self.topic),
            journaled: true,
        })
    }
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
    let delivered = client.send(permit, &record, request.codec, request.acks).await?;
    Ok(SentRecord { partition: delivered.partition, offset: Offset(delivered.offset), timestamp })
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
    fn bad_base64_names_its_part() {
        let error = bytes_of("value", &Payload::Base64 { data: "%".into() }).expect_err("refused");
        assert!(error.why.contains("value"));
    }
}
