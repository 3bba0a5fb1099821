//! Changes as plans, and the journal.

use std::sync::Arc;

use super::registry::{Touched, Touches};
use crate::app::App;
use crate::dto::{AppliedPlan, ApplyPlan, JournalEntry, JournalFilter, MakePlan, Plan};
use crate::error::AppResult;

impl Touches for ApplyPlan {
    fn touched(&self, app: &App, _: &str) -> AppResult<Touched> {
        let (connection, title, resources) = app.plans.touched(self.plan_id)?;
        Ok(Touched { connection, resources, title, command: String::new(), journaled: false })
    }
}

pub async fn make(app: &Arc<App>, request: MakePlan) -> AppResult<Plan> {
    let connection = app.connections.get(request.cluster_id)?;
    app.plans.make(&app.store, &connection, request.change).await
}

pub async fn apply(app: &Arc<App>, request: ApplyPlan) -> AppResult<AppliedPlan> {
    let confirmation = request.confirmation.as_deref();
    app.plans.apply(&app.store, &app.connections, &app.jobs, request.plan_id, confirmation).await
}

pub async fn journal(app: &Arc<App>, request: JournalFilter) -> AppResult<Vec<JournalEntry>> {
    app.store.journal(request.cluster_id)
}
