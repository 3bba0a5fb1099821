//! Sending one record.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ClusterId, Offset};

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct SendRecord {
    pub cluster_id: ClusterId,
    pub topic: String,
    pub partition: Option<i32>,
    pub key: Payload,
    pub value: Payload,
    pub headers: Vec<SendHeader>,
    pub codec: Codec,
    pub acks: Acks,
}

/// A payload as typed: null, text (which may be empty), or bytes.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Payload {
    Null,
    Text { text: String },
    Base64 { data: String },
}

impl std::fmt::Debug for Payload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Payload::Null => "Payload(null)",
            Payload::Text { .. } => "Payload(text)",
            Payload::Base64 { .. } => "Payload(base64)",
        })
    }
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct SendHeader {
    pub name: String,
    pub value: Payload,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Codec {
    None,
    Gzip,
    Snappy,
    Lz4,
    Zstd,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, TS)]
pub enum Acks {
    #[serde(rename = "all")]
    All,
    #[serde(rename = "1")]
    One,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct SentRecord {
    pub partition: i32,
    pub offset: Offset,
    /// Milliseconds since the epoch, as sent.
    pub timestamp: i64,
}
