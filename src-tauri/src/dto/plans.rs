//! Changes as plans, and the journal of those that were applied.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AppError, ClusterId, JournalId, Offset, OpClass, PlanId};

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MakePlan {
    pub cluster_id: ClusterId,
    pub change: Change,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Change {
    CreateTopic {
        name: String,
        partitions: i32,
        replication_factor: i32,
        configs: Vec<ConfigEntry>,
    },
    DeleteTopic {
        name: String,
    },
    AddPartitions {
        name: String,
        total: i32,
    },
    /// Sets and resets settings of a topic together.
    SetTopicConfigs {
        name: String,
        entries: Vec<ConfigSet>,
    },
    /// Deletes records from the beginning of every partition.
    EmptyTopic {
        name: String,
        to: EmptyTo,
    },
    DeleteGroup {
        group: String,
    },
    /// The same kind of change to several topics, as one plan.
    Several {
        changes: Vec<Change>,
    },
    Undo {
        journal_id: JournalId,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ConfigEntry {
    pub name: String,
    pub value: String,
}

/// One setting; without a value it is handed back to what it inherits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct ConfigSet {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// Up to where a topic is emptied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum EmptyTo {
    /// The end as it is when the plan is applied.
    End,
    Offset {
        offset: Offset,
    },
    /// Records before this time, in milliseconds since the epoch.
    Time {
        at: i64,
    },
}

#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct Plan {
    pub plan_id: PlanId,
    pub class: OpClass,
    pub title: String,
    /// What the button that applies it says: verb and object.
    pub button: String,
    pub changes: Vec<PlannedChange>,
    pub impact: Vec<String>,
    /// The same change as a command line of Kafka's own tools.
    pub command: String,
    /// What the person must type before this can be applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirm: Option<String>,
    /// Why this connection will not take it now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocked: Option<AppError>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct PlannedChange {
    pub resource: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    pub effect: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<String>,
    /// The plan passes over it; the effect says why.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(as = "Option<bool>")]
    pub left_out: bool,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct ApplyPlan {
    pub plan_id: PlanId,
    pub confirmation: Option<String>,
}

#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AppliedPlan {
    pub outcomes: Vec<Outcome>,
    pub journal_id: JournalId,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct Outcome {
    pub resource: String,
    pub state: OutcomeState,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<AppError>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum OutcomeState {
    Done,
    Failed,
    Skipped,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct JournalFilter {
    pub cluster_id: Option<ClusterId>,
}

#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct JournalEntry {
    pub journal_id: JournalId,
    /// Milliseconds since the epoch.
    pub at: i64,
    pub cluster_id: ClusterId,
    /// The account under which the app ran; empty where that was not told.
    pub who: String,
    pub title: String,
    pub class: OpClass,
    pub command: String,
    pub changes: Vec<PlannedChange>,
    pub outcomes: Vec<Outcome>,
    pub undoable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undone_by: Option<JournalId>,
    /// The line that this one took back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undoes: Option<JournalId>,
}
