//! What came of trying to connect, stage by stage.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AppError, ClusterId};

#[derive(Clone, Debug, Deserialize, TS)]
pub struct DiagnoseRequest {
    pub bootstrap: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct Diagnosis {
    pub servers: Vec<ServerStages>,
    pub advertised: Vec<AdvertisedStage>,
    pub verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<AppError>,
    /// Kafka's own cluster id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster_id: Option<String>,
    /// The connection of this app that leads to the same cluster already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known: Option<ClusterId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kafka: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct ServerStages {
    pub address: String,
    pub stages: Vec<Stage>,
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct AdvertisedStage {
    pub broker: i32,
    pub address: String,
    pub stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    Running,
    Ok,
    Failed,
}

#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct Stage {
    pub name: StageName,
    pub state: StageState,
    pub detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ms: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum StageName {
    Name,
    Tcp,
    #[serde(rename = "apiversions")]
    ApiVersions,
    Metadata,
    Advertised,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum StageState {
    Pending,
    Running,
    Ok,
    Failed,
    Skipped,
}
