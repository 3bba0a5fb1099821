//! The two ways to the UI. Both run operations through [`crate::commands::dispatch`] and nothing else.

pub mod http;
#[cfg(feature = "desktop")]
pub mod tauri;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::commands::feed::{FeedMessage, Written};
use crate::dto::AppError;
use crate::error::AppResult;

/// One call as it comes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RpcRequest {
    pub op: String,
    #[serde(default)]
    pub request: Value,
    #[serde(default)]
    pub cancel_id: Option<String>,
}

/// One answer: `{ok}` or `{err}`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Envelope {
    Ok(Value),
    Err(AppError),
}

impl From<AppResult<Value>> for Envelope {
    fn from(answer: AppResult<Value>) -> Self {
        match answer {
            Ok(value) => Envelope::Ok(value),
            Err(error) => Envelope::Err(error),
        }
    }
}

/// One message of a feed as it goes out.
#[derive(Clone, Serialize)]
#[serde(untagged)]
pub enum FeedFrame {
    Value { id: u64, revision: u64, value: Written },
    Err { id: u64, err: AppError },
}

impl FeedFrame {
    pub fn new(id: u64, message: FeedMessage) -> FeedFrame {
        match message.value {
            Ok(value) => FeedFrame::Value { id, revision: message.revision, value },
            Err(err) => FeedFrame::Err { id, err },
        }
    }
}
