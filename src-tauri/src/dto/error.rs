//! The one error shape the UI knows: what, why, and what to do about it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ClusterId;

/// A failure as a person reads it. `code` is set only where the UI branches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct AppError {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<ErrorCode>,
    pub what: String,
    pub why: String,
    pub remedies: Vec<Remedy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kafka: Option<KafkaError>,
    pub at: Place,
    pub retriable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    ReadOnly,
    PlanStale,
    PortTaken,
    DataDirLocked,
    Unreachable,
    NotFound,
    Cancelled,
    SessionEnded,
}

/// Kafka's own error, when it was Kafka that refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct KafkaError {
    pub code: i32,
    pub name: String,
}

/// Where it happened.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct Place {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection: Option<ClusterId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broker: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition: Option<i32>,
}

/// One thing to do about it, as a label and, where the app can do it, a typed action.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct Remedy {
    pub label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<RemedyAction>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum RemedyAction {
    Retry,
    Route {
        href: String,
    },
    Call {
        op: String,
        #[ts(type = "unknown")]
        request: serde_json::Value,
    },
}
