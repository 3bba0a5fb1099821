//! Changes as plans: made, shown, then applied once, if what they were made from has not moved.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use crate::clock::{now_ms, random_id};
use crate::dto::{
    AppError, AppliedPlan, Change, ClusterId, EmptyTo, ErrorCode, JournalEntry, JournalId, Outcome,
    OutcomeState, Plan, PlanId, PlannedChange,
};
use crate::error::AppResult;
use crate::kafka::admin::{ADD_PARTITIONS, CREATE_TOPIC, DELETE_TOPIC, NewTopic};
use crate::kafka::group_admin::DELETE_GROUPS;
use crate::kafka::topic_admin::{BeginAt, DELETE_RECORDS, SET_CONFIGS};
use crate::services::connections::{Connection, Connections};
use crate::services::jobs::Jobs;
use crate::store::Store;
use crate::store::journal::NewEntry;

mod draft;
mod several;

use draft::{Draft, new_starts};

/// A plan that was not applied by then is forgotten.
const PLAN_LIFE_MS: i64 = 30 * 60 * 1_000;
const PLANS_MAX: usize = 200;

/// The plans that may be applied.
#[derive(Debug, Default)]
pub struct Plans {
    made: Mutex<HashMap<PlanId, MadePlan>>,
}

#[derive(Clone, Debug)]
struct MadePlan {
    cluster: ClusterId,
    /// What will be done; an undo has become the change that undoes.
    change: Change,
    undoes: Option<JournalId>,
    plan: Plan,
    at: i64,
}

impl Plans {
    /// Makes a plan; nothing is changed.
    /// Errors: the change cannot be meant (no such topic, fewer partitions than now …).
    pub async fn make(&self, store: &Store, connection: &Connection, change: Change) -> AppResult<Plan> {
        let (change, undone) = resolve_undo(store, connection.id, change)?;
        let draft = Draft::make(connection, &change).await?;
        let blocked = connection.facts().admit(draft.class, operation_name(&change)).err().or(draft.refused);
        let plan = Plan {
            plan_id: PlanId(random_id()),
            class: draft.class,
            title: match &undone {
                Some(entry) => format!("Undo: {}", entry.title),
                None => draft.title,
            },
            button: draft.button,
            changes: draft.planned,
            impact: draft.impact,
            command: draft.command,
            confirm: draft.confirm,
            blocked,
        };
        let now = now_ms();
        let mut made = self.lock();
        made.retain(|_, old| now - old.at < PLAN_LIFE_MS);
        if made.len() >= PLANS_MAX {
            let oldest = made.iter().min_by_key(|(_, plan)| plan.at).map(|(id, _)| *id);
            oldest.and_then(|id| made.remove(&id));
        }
        let (cluster, undoes) = (connection.id, undone.map(|entry| entry.journal_id));
        made.insert(plan.plan_id, MadePlan { cluster, change, undoes, plan: plan.clone(), at: now });
        Ok(plan)
    }

    /// Returns the cluster a plan is for, its title and resources.
    pub fn touched(&self, id: PlanId) -> AppResult<(ClusterId, String, Vec<String>)> {
        let made = self.lock();
        let plan = made.get(&id).ok_or_else(unknown)?;
        let resources = plan.plan.changes.iter().map(|change| change.resource.clone()).collect();
        Ok((plan.cluster, plan.plan.title.clone(), resources))
    }

    /// Applies a plan and writes it to the journal. A plan is applied once.
    /// Errors: `plan_stale` when the cluster has changed since; the wrong confirmation; `read_only`.
    pub async fn apply(
        &self,
        store: &Arc<Store>,
        connections: &Connections,
        jobs: &Jobs,
        id: PlanId,
        confirmation: Option<&str>,
    ) -> AppResult<AppliedPlan> {
        let made = self.lock().get(&id).cloned().ok_or_else(unknown)?;
        if let Some(error) = made.plan.blocked {
            return Err(error);
        }
        if made.plan.confirm.as_deref().is_some_and(|expected| confirmation != Some(expected)) {
            return Err(AppError::new(
                "The change was not made",
                "What was typed is not the name that was asked for.",
            ));
        }
        let connection = connections.get(made.cluster)?;
        let now = Draft::make(&connection, &made.change).await.map_err(stale)?;
        let befores = |changes: &[PlannedChange]| -> Vec<(String, Option<String>, bool)> {
            let of = |line: &PlannedChange| (line.resource.clone(), line.before.clone(), line.left_out);
            changes.iter().map(of).collect()
        };
        if befores(&made.plan.changes) != befores(&now.planned) {
            return Err(stale(AppError::new("", "What it changes is not as it was when the plan was made.")));
        }
        // From here on it counts as applied, whatever comes of it.
        self.lock().remove(&id).ok_or_else(unknown)?;
        let planned = &made.plan.changes;
        let outcomes = if let Change::Several { changes } = &made.change {
            let shown = jobs.show("plans.apply", &made.plan.title, made.cluster);
            several::run_all(&connection, changes, planned, &shown).await
        } else {
            several::as_one(planned, run(&connection, &made.change).await)
        };
        connection.outdate();
        write_journal(store, &made, several::undo_of_done(now.undo, &outcomes).as_ref(), outcomes)
    }

    /// Puts in a plan to delete a topic, as if the cluster had been there to make it.
    #[cfg(test)]
    pub fn insert_for_test(&self, cluster: ClusterId) -> PlanId {
        let plan = Plan {
            plan_id: PlanId(random_id()),
            class: crate::dto::OpClass::Destructive,
            title: "Delete topic orders".to_owned(),
            button: "Delete topic orders".to_owned(),
            changes: Vec::new(),
            impact: Vec::new(),
            command: String::new(),
            confirm: Some("orders".to_owned()),
            blocked: None,
        };
        let change = Change::DeleteTopic { name: "orders".to_owned() };
        let made = MadePlan { cluster, change, undoes: None, plan: plan.clone(), at: now_ms() };
        self.lock().insert(plan.plan_id, made);
        plan.plan_id
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PlanId, MadePlan>> {
        self.made.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

fn write_journal(
    store: &Store,
    made: &MadePlan,
    undo: Option<&Change>,
    outcomes: Vec<Outcome>,
) -> AppResult<AppliedPlan> {
    let journal_id = store.journal_add(&NewEntry {
        cluster_id: made.cluster,
        operation: operation_name(&made.change),
        title: &made.plan.title,
        class: made.plan.class,
        command: &made.plan.command,
        changes: &made.plan.changes,
        outcomes: &outcomes,
        undo,
    })?;
    // A topic that was left out of an undo needed none.
    let whole = |outcome: &Outcome| outcome.state != OutcomeState::Failed && outcome.error.is_none();
    if let (Some(undone), true) = (made.undoes, outcomes.iter().all(whole)) {
        store.journal_undone(undone, journal_id)?;
    }
    Ok(AppliedPlan { outcomes, journal_id })
}

async fn run(connection: &Connection, change: &Change) -> AppResult<()> {
    let client = connection.client()?;
    let facts = connection.facts();
    match change {
        Change::CreateTopic { name, .. } => {
            let topic = new_topic(change).ok_or_else(|| AppError::internal("No topic", "not a creation"))?;
            let permit = facts.permit(CREATE_TOPIC, std::slice::from_ref(name))?;
            client.create_topic(permit, &topic).await
        }
        Change::DeleteTopic { name } => {
            let permit = facts.permit(DELETE_TOPIC, std::slice::from_ref(name))?;
            client.delete_topic(permit, name).await
        }
        Change::AddPartitions { name, total } => {
            let permit = facts.permit(ADD_PARTITIONS, std::slice::from_ref(name))?;
            client.add_partitions(permit, name, *total).await
        }
        Change::SetTopicConfigs { name, entries } => {
            let permit = facts.permit(SET_CONFIGS, std::slice::from_ref(name))?;
            client.set_topic_configs(permit, name, entries).await
        }
        Change::EmptyTopic { name, to } => empty(connection, name, to).await,
        Change::DeleteGroup { group } => {
            let measure = connection.measured().await?;
            let listed = measure.groups.iter().filter(|listed| &listed.group == group);
            let groups: Vec<_> = listed.map(|listed| (listed.coordinator, group.clone())).collect();
            let permit = facts.permit(DELETE_GROUPS, std::slice::from_ref(group))?;
            client.delete_groups(permit, &groups).await
        }
        Change::Several { .. } | Change::Undo { .. } => {
            Err(AppError::internal("Nothing was changed", "this change is taken apart first"))
        }
    }
}

async fn empty(connection: &Connection, name: &str, to: &EmptyTo) -> AppResult<()> {
    let (listing, _) = connection.listing().await?;
    let Some(topic) = listing.topic(name) else {
        return Err(AppError::not_found("The topic was not emptied", "There is no such topic."));
    };
    let starts = new_starts(connection, topic, to).await?;
    let moved = starts.iter().filter(|start| start.to > start.from);
    let places: Vec<BeginAt> = moved
        .map(|start| BeginAt { leader: start.leader, partition: start.partition, offset: start.to })
        .collect();
    let permit = connection.facts().permit(DELETE_RECORDS, &[name.to_owned()])?;
    connection.client()?.delete_records(permit, name, &places).await
}

fn new_topic(change: &Change) -> Option<NewTopic> {
    match change {
        Change::CreateTopic { name, partitions, replication_factor, configs } => Some(NewTopic {
            name: name.clone(),
            partitions: *partitions,
            replication_factor: i16::try_from(*replication_factor).unwrap_or(i16::MAX),
            configs: configs.clone(),
        }),
        Change::DeleteTopic { .. }
        | Change::AddPartitions { .. }
        | Change::SetTopicConfigs { .. }
        | Change::EmptyTopic { .. }
        | Change::DeleteGroup { .. }
        | Change::Several { .. }
        | Change::Undo { .. } => None,
    }
}

/// An undo becomes the change that undoes, with the line that it takes back.
fn resolve_undo(
    store: &Store,
    cluster: ClusterId,
    change: Change,
) -> AppResult<(Change, Option<JournalEntry>)> {
    let Change::Undo { journal_id } = change else {
        return Ok((change, None));
    };
    let entry = store.journal_entry(journal_id)?.filter(|(entry, _)| entry.cluster_id == cluster);
    let (entry, undo) = entry.ok_or_else(|| {
        AppError::not_found("There is nothing to undo", "The journal has no such line for this cluster.")
    })?;
    match undo.filter(|_| entry.undoable) {
        Some(undo) => Ok((undo, Some(entry))),
        None => {
            Err(AppError::new("This cannot be undone", "It failed, was undone already, or has no inverse."))
        }
    }
}

fn operation_name(change: &Change) -> &'static str {
    match change {
        Change::CreateTopic { .. } => CREATE_TOPIC,
        Change::DeleteTopic { .. } => DELETE_TOPIC,
        Change::AddPartitions { .. } => ADD_PARTITIONS,
        Change::SetTopicConfigs { .. } => SET_CONFIGS,
        Change::EmptyTopic { .. } => DELETE_RECORDS,
        Change::DeleteGroup { .. } => DELETE_GROUPS,
        Change::Several { changes } => changes.first().map_or("several", operation_name),
        Change::Undo { .. } => "undo",
    }
}

fn stale(cause: AppError) -> AppError {
    // Not being able to ask is its own error, not a plan that went stale.
    if cause.code == Some(ErrorCode::Unreachable) {
        return cause;
    }
    AppError::new(
        "The change was not made",
        format!("The cluster has changed since the plan was made. {}", cause.why),
    )
    .code(ErrorCode::PlanStale)
    .remedy("Make the plan again")
}

fn unknown() -> AppError {
    AppError::not_found("There is no such plan", "It was applied already, or is older than 30 minutes.")
        .remedy("Make the plan again")
}
