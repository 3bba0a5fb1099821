//! The sample shop.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::AppError;

#[derive(Clone, Debug, Default, Deserialize, TS)]
#[ts(type = "Record<string, never>")]
pub struct ShopOpen {}

#[derive(Clone, Debug, Default, Deserialize, TS)]
#[ts(type = "Record<string, never>")]
pub struct ShopRemove {}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ShopState {
    /// It is not there.
    Absent,
    /// It sells.
    Open,
    /// Its groups read, but nothing is sold.
    Paused,
    /// It opens again with the cluster.
    Closed,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct ShopStatus {
    pub state: ShopState,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub records_per_sec: Option<f64>,
    /// Records handed over since it opened.
    pub records: u64,
    /// Why it did not open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<AppError>,
}
