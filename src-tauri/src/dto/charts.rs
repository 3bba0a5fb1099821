//! A chart: marks as SVG, and everything the page writes around them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ClusterId;

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct ChartRequest {
    pub cluster_id: ClusterId,
    pub series: ChartSeries,
    /// One topic's rate, or one group's lag.
    pub of: Option<String>,
    pub range_ms: u64,
    pub width: u32,
    pub height: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ChartSeries {
    ProduceRate,
    Lag,
}

#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChartView {
    /// Marks only; sentinel colours #000001, #000002 … stand for chart-1, chart-2 ….
    pub svg: String,
    pub x: TimeAxis,
    pub y: ValueAxis,
    pub series: Vec<ChartLine>,
    /// Milliseconds since the epoch.
    pub collecting_since: i64,
    pub gaps: Vec<ChartGap>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct TimeAxis {
    pub min: i64,
    pub max: i64,
    pub ticks: Vec<i64>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ValueAxis {
    pub min: f64,
    pub max: f64,
    pub ticks: Vec<f64>,
    pub unit: String,
}

#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct ChartLine {
    pub name: String,
    /// Time in milliseconds and the value; a null value breaks the line.
    pub points: Vec<(i64, Option<f64>)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest: Option<f64>,
    /// How fast a lag has grown over the last minute, a second; below zero where it shrinks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change_per_sec: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ChartGap {
    pub from: i64,
    pub to: i64,
}
