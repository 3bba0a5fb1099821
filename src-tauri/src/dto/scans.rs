//! Scans: the request, the state, and rows by window.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AppError, ClusterId, Offset, Payload, RowId, ScanId, SendHeader};

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct StartScan {
    pub cluster_id: ClusterId,
    pub topic: String,
    pub partitions: Option<Vec<i32>>,
    pub from: ScanFrom,
    /// The most rows kept.
    pub limit: u32,
    /// Go on past the ends taken at the start.
    pub live: bool,
    pub contains: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum ScanFrom {
    Newest { n: u32 },
    Beginning,
    Offset { offset: Offset },
    Time { at: i64 },
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ScanRef {
    pub scan_id: ScanId,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WindowRequest {
    pub scan_id: ScanId,
    pub anchor: Anchor,
    pub before: u32,
    pub after: u32,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Anchor {
    Row {
        row_id: RowId,
    },
    Index {
        index: u64,
    },
    End,
    /// The record at this place; no rows at all when the scan does not hold it.
    Record {
        partition: i32,
        offset: Offset,
    },
}

#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RowWindow {
    pub rows: Vec<RecordRow>,
    pub first_index: u64,
    pub count: u64,
    pub revision: u64,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RowRef {
    pub scan_id: ScanId,
    pub row_id: RowId,
}

/// A record as it can be sent again: every byte of it.
#[derive(Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RecordTemplate {
    pub partition: i32,
    pub key: Payload,
    pub value: Payload,
    pub headers: Vec<SendHeader>,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RawRequest {
    pub scan_id: ScanId,
    pub row_id: RowId,
    pub part: RecordPart,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RecordPart {
    Key,
    Value,
}

#[derive(Clone, Serialize, TS)]
pub struct RawBytes {
    pub base64: String,
}

#[derive(Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RecordRow {
    pub row_id: RowId,
    pub partition: i32,
    pub offset: Offset,
    pub timestamp: i64,
    pub timestamp_type: TimestampType,
    pub key: Preview,
    pub value: Preview,
    pub headers: u32,
    pub bytes: u64,
}

// Rows carry payloads, so their Debug shows where they are and not what they hold.
impl std::fmt::Debug for RecordRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RecordRow({}-{})", self.partition, self.offset)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum TimestampType {
    Create,
    Append,
    None,
}

/// The start of a payload for one line of a grid.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Preview {
    Null,
    Empty,
    Text { text: String, truncated: bool },
    Binary { hex: String, bytes: u64, truncated: bool },
}

#[derive(Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct RecordFull {
    pub row: RecordRow,
    pub key: Body,
    pub value: Body,
    pub headers: Vec<RecordHeader>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leader_epoch: Option<i32>,
}

#[derive(Clone, Serialize, TS)]
pub struct RecordHeader {
    pub name: String,
    pub value: Body,
}

/// A payload in full, as far as a screen can use it. `hex` is the first 64 KiB, lower case, no spaces.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Body {
    Null,
    Empty,
    Json { text: String, bytes: u64, truncated: bool, hex: String },
    Text { text: String, bytes: u64, truncated: bool, hex: String },
    Binary { bytes: u64, truncated: bool, hex: String },
}

#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct ScanState {
    pub scan_id: ScanId,
    pub state: ScanPhase,
    pub count: u64,
    pub revision: u64,
    pub scanned: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    pub bytes: u64,
    pub started_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<i64>,
    pub verdict: String,
    pub per_partition: Vec<PartitionProgress>,
    pub rate_per_sec: f64,
    pub newest_first: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<AppError>,
    pub dropped_oldest: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ScanPhase {
    Running,
    Paused,
    Live,
    /// The limit is reached and more is there; the scan waits to be told to read on.
    Full,
    Complete,
    Stopped,
    Failed,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct PartitionProgress {
    pub partition: i32,
    pub at: Offset,
    pub end: Offset,
}
