//! Running one operation by name: policy, deadline, cancel, journal. Both hosts come through here.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tracing::warn;

use super::feed::AnyFeed;
use super::registry::{Operation, Run, Touched};
use crate::app::App;
use crate::dto::{AppError, ErrorCode, OpClass};
use crate::error::AppResult;

/// No call outlives this; the longest honest one is a change with many targets.
const CALL_DEADLINE: Duration = Duration::from_secs(90);
/// Ids of calls to cancel are short tokens of the page.
const CANCEL_ID_LEN_MAX: usize = 100;

/// Runs a call, or starts a job and answers its id.
/// Errors: whatever the operation says; an unknown name; a refusal of the policy; `cancelled`.
pub async fn call(app: &Arc<App>, name: &str, request: Value, cancel_id: Option<String>) -> AppResult<Value> {
    let operation = find(name)?;
    // An operation without fields may be asked with nothing at all.
    let request = if request.is_null() { json!({}) } else { request };
    let touched = admit(app, operation, &request)?;
    let work = match operation.run {
        Run::Call(body) => body(app.clone(), request),
        Run::Job(body) => {
            let started = app.jobs.start(app, operation.name, &request, body)?;
            return Ok(json!({ "jobId": started }));
        }
        Run::Feed(_) => {
            return Err(AppError::bad_request(name, "it is a feed; open it instead of calling it"));
        }
    };
    let answer = run_cancellable(app, name, work, cancel_id).await;
    if let Some(touched) = touched {
        journal(app, operation, touched, answer.as_ref().err());
    }
    answer
}

/// Opens a feed.
pub async fn open_feed(app: &Arc<App>, name: &str, request: Value) -> AppResult<AnyFeed> {
    let operation = find(name)?;
    let request = if request.is_null() { json!({}) } else { request };
    match operation.run {
        Run::Feed(body) => body(app.clone(), request).await,
        Run::Call(_) | Run::Job(_) => Err(AppError::bad_request(name, "it is not a feed")),
    }
}

fn find(name: &str) -> AppResult<&'static Operation> {
    super::find(name).ok_or_else(|| {
        let shown: String = name.chars().take(80).collect();
        AppError::not_found("There is no such operation", format!("The page asked for “{shown}”."))
    })
}

/// The first of two checks: the second is the permit that each mutating function takes.
fn admit(app: &App, operation: &Operation, request: &Value) -> AppResult<Option<Touched>> {
    let Some(touches) = operation.touches else {
        return Ok(None);
    };
    let touched = touches(app, request)?;
    app.policy_facts(touched.connection)?.admit(operation.class, operation.name)?;
    Ok(Some(touched))
}

async fn run_cancellable(
    app: &Arc<App>,
    name: &str,
    work: super::registry::Answer<Value>,
    cancel_id: Option<String>,
) -> AppResult<Value> {
    let cancel_id = cancel_id.filter(|id| id.len() <= CANCEL_ID_LEN_MAX);
    let mut call = cancel_id.as_ref().map(|id| app.calls.register(id));
    let mut task = tokio::spawn(work);
    let stopped = async {
        match &mut call {
            Some(call) => call.cancelled().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        joined = &mut task => joined.unwrap_or_else(|error| {
            warn!(op = name, %error, "operation panicked");
            Err(AppError::internal(format!("{name} failed"), "the operation ended without an answer"))
        }),
        () = stopped => {
            abort(&task);
            Err(AppError::new("Cancelled", "You cancelled it.").code(ErrorCode::Cancelled))
        }
        () = tokio::time::sleep(CALL_DEADLINE) => {
            abort(&task);
            Err(AppError::new(format!("{name} took too long"), "It had not ended after 90 s.").retriable())
        }
    }
}

fn abort(task: &JoinHandle<AppResult<Value>>) {
    task.abort();
}

fn journal(app: &App, operation: &Operation, touched: Touched, error: Option<&AppError>) {
    if !touched.journaled {
        return;
    }
    debug_assert!(matches!(operation.class, OpClass::Write | OpClass::Destructive));
    if let Err(problem) = app.store.journal_operation(operation.class, operation.name, &touched, error) {
        warn!(op = operation.name, %problem, "journal entry not written");
    }
}
