//! Jobs: work with a progress and a result, that outlives the call that started it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use serde::Serialize;
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::AbortHandle;

use crate::app::App;
use crate::clock::{now_ms, random_id};
use crate::commands::registry::Answer;
use crate::dto::{AppError, ClusterId, ErrorCode, JobId, JobState, JobView};
use crate::error::AppResult;

const RUNNING_MAX: usize = 32;
/// Results that are kept for a page that comes back for them.
const ENDED_KEPT_MAX: usize = 50;

/// All jobs of this run.
#[derive(Debug)]
pub struct Jobs {
    entries: Arc<Mutex<BTreeMap<u64, Entry>>>,
    changed: watch::Sender<u64>,
}

#[derive(Debug)]
struct Entry {
    id: JobId,
    view: JobView,
    partial: Option<Value>,
    result: Option<AppResult<Value>>,
    task: Option<AbortHandle>,
    /// Of a call that is shown as a job: that it should stop.
    stop: Option<Arc<AtomicBool>>,
}

/// What a running job is given to tell how far it is.
#[derive(Debug)]
pub struct JobHandle {
    id: JobId,
    entries: Arc<Mutex<BTreeMap<u64, Entry>>>,
    changed: watch::Sender<u64>,
}

/// A call that takes long, shown among the jobs as long as this lives.
#[derive(Debug)]
pub struct ShownCall {
    job: JobHandle,
    stop: Arc<AtomicBool>,
}

impl ShownCall {
    pub fn progress(&self, done: u64, total: u64, unit: &str) {
        self.job.progress(done, Some(total), unit);
    }

    /// Whether somebody wants no more of it.
    pub fn is_cancelled(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

impl Drop for ShownCall {
    fn drop(&mut self) {
        let cancelled = AppError::new("Cancelled", "You cancelled it.").code(ErrorCode::Cancelled);
        self.job.finish(if self.is_cancelled() { Err(cancelled) } else { Ok(Value::Null) });
    }
}

impl Default for Jobs {
    fn default() -> Self {
        Jobs { entries: Arc::default(), changed: watch::Sender::new(0) }
    }
}

impl Jobs {
    /// Starts a job in a task of its own.
    /// Errors: 32 jobs run already.
    pub fn start(
        &self,
        app: &Arc<App>,
        operation: &str,
        request: &Value,
        body: fn(Arc<App>, JobHandle, Value) -> Answer<Value>,
    ) -> AppResult<JobId> {
        let cluster_id = request.get("clusterId").and_then(Value::as_str).and_then(|id| id.parse().ok());
        let id = {
            let mut entries = self.lock();
            let running = entries.values().filter(|entry| entry.view.state == JobState::Running).count();
            if running >= RUNNING_MAX {
                return Err(AppError::new("The job was not started", "32 jobs are running already."));
            }
            let title = title(operation, request);
            enter(&mut entries, operation, title, cluster_id.map(ClusterId), None)
        };
        let (handle, finisher) = (self.handle(id), self.handle(id));
        let work = tokio::spawn(body(app.clone(), handle, request.clone()));
        let abort = work.abort_handle();
        if let Some(entry) = self.lock().values_mut().find(|entry| entry.id == id) {
            entry.task = Some(abort);
        }
        tokio::spawn(async move {
            let result = match work.await {
                Ok(result) => result,
                Err(error) if error.is_cancelled() => {
                    Err(AppError::new("Cancelled", "You cancelled it.").code(ErrorCode::Cancelled))
                }
                Err(error) => Err(AppError::internal("The job failed", error)),
            };
            finisher.finish(result);
        });
        self.changed.send_modify(|revision| *revision += 1);
        Ok(id)
    }

    /// Shows a call among the jobs, until what is returned is dropped.
    pub fn show(&self, operation: &str, title: &str, cluster: ClusterId) -> ShownCall {
        let stop = Arc::new(AtomicBool::new(false));
        let title = title.to_owned();
        let id = enter(&mut self.lock(), operation, title, Some(cluster), Some(stop.clone()));
        self.changed.send_modify(|revision| *revision += 1);
        ShownCall { job: self.handle(id), stop }
    }

    fn handle(&self, id: JobId) -> JobHandle {
        JobHandle { id, entries: self.entries.clone(), changed: self.changed.clone() }
    }

    /// Returns all jobs, the newest last.
    pub fn views(&self) -> Vec<JobView> {
        self.lock().values().map(|entry| entry.view.clone()).collect()
    }

    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Stops a job; one that ended already stays as it ended.
    pub fn cancel(&self, id: JobId) -> AppResult<()> {
        let entries = self.lock();
        let entry = entries.values().find(|entry| entry.id == id).ok_or_else(unknown)?;
        if let Some(task) = &entry.task {
            task.abort();
        }
        if let Some(stop) = &entry.stop {
            stop.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Returns what a job answered.
    /// Errors: the job's own; `not_found`; it still runs.
    pub fn result(&self, id: JobId) -> AppResult<Value> {
        let entries = self.lock();
        let entry = entries.values().find(|entry| entry.id == id).ok_or_else(unknown)?;
        let running = || Err(AppError::new("The job has no result yet", "It is still running.").retriable());
        entry.result.clone().unwrap_or_else(running)
    }

    /// Returns the newest value a job published, or its result.
    pub fn partial(&self, id: JobId) -> AppResult<Option<Value>> {
        let entries = self.lock();
        let entry = entries.values().find(|entry| entry.id == id).ok_or_else(unknown)?;
        match &entry.result {
            Some(Ok(result)) => Ok(Some(result.clone())),
            Some(Err(error)) => Err(error.clone()),
            None => Ok(entry.partial.clone()),
        }
    }

    /// Stops all jobs, when the app ends.
    pub fn stop_all(&self) {
        for entry in self.lock().values() {
            if let Some(task) = &entry.task {
                task.abort();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Entry>> {
        self.entries.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl JobHandle {
    /// Publishes a value that is on its way to the result.
    pub fn publish<T: Serialize>(&self, value: &T) {
        let value = serde_json::to_value(value).ok();
        self.update(|entry| entry.partial = value);
    }

    pub fn progress(&self, done: u64, total: Option<u64>, unit: &str) {
        self.update(|entry| {
            entry.view.done = Some(done);
            entry.view.total = total;
            entry.view.unit = Some(unit.to_owned());
        });
    }

    fn finish(&self, result: AppResult<Value>) {
        self.update(|entry| {
            entry.view.state = match &result {
                Ok(_) => JobState::Done,
                Err(error) if error.code == Some(ErrorCode::Cancelled) => JobState::Cancelled,
                Err(_) => JobState::Failed,
            };
            entry.view.error = result.as_ref().err().cloned();
            entry.result = Some(result);
            entry.task = None;
        });
    }

    fn update(&self, change: impl FnOnce(&mut Entry)) {
        let mut entries = self.entries.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(entry) = entries.values_mut().find(|entry| entry.id == self.id) {
            change(entry);
        }
        drop(entries);
        self.changed.send_modify(|revision| *revision += 1);
    }
}

fn enter(
    entries: &mut BTreeMap<u64, Entry>,
    operation: &str,
    title: String,
    cluster_id: Option<ClusterId>,
    stop: Option<Arc<AtomicBool>>,
) -> JobId {
    let id = JobId(random_id());
    let view = JobView {
        job_id: id,
        operation: operation.to_owned(),
        title,
        cluster_id,
        state: JobState::Running,
        done: None,
        total: None,
        unit: None,
        started_at: now_ms(),
        error: None,
    };
    let started = next_key(entries);
    entries.insert(started, Entry { id, view, partial: None, result: None, task: None, stop });
    forget_oldest_ended(entries);
    id
}

fn next_key(entries: &BTreeMap<u64, Entry>) -> u64 {
    entries.last_key_value().map_or(0, |(key, _)| key + 1)
}

fn forget_oldest_ended(entries: &mut BTreeMap<u64, Entry>) {
    let ended: Vec<u64> = entries
        .iter()
        .filter(|(_, entry)| entry.view.state != JobState::Running)
        .map(|(key, _)| *key)
        .collect();
    for key in ended.iter().take(ended.len().saturating_sub(ENDED_KEPT_MAX)) {
        entries.remove(key);
    }
}

fn title(operation: &str, request: &Value) -> String {
    let (verb, about) = match operation {
        "connect.diagnose" => ("Diagnose", "bootstrap"),
        "local.snapshot_take" => ("Snapshot", "name"),
        _ => return operation.to_owned(),
    };
    let Some(said) = request.get(about).and_then(Value::as_str) else {
        return operation.to_owned();
    };
    let shown: String = said.chars().take(80).collect();
    format!("{verb} {shown}")
}

fn unknown() -> AppError {
    AppError::not_found("There is no such job", "It ended long ago, or belongs to an earlier run.")
}
