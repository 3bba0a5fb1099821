//! Cancelling calls, and looking after jobs.

use std::sync::Arc;

use super::feed::{Feed, Wake};
use crate::app::App;
use crate::dto::{CancelCall, Empty, JobRef, JobResult, JobView};
use crate::error::AppResult;

pub async fn cancel_call(app: &Arc<App>, request: CancelCall) -> AppResult<Empty> {
    app.calls.cancel(&request.cancel_id);
    Ok(Empty {})
}

pub async fn cancel_job(app: &Arc<App>, request: JobRef) -> AppResult<Empty> {
    app.jobs.cancel(request.job_id)?;
    Ok(Empty {})
}

pub async fn job_result(app: &Arc<App>, request: JobRef) -> AppResult<JobResult> {
    app.jobs.result(request.job_id).map(JobResult)
}

pub async fn jobs_feed(app: &Arc<App>, _: Empty) -> AppResult<Feed<Vec<JobView>>> {
    let reader = app.clone();
    Ok(Feed::new(Wake::Changed(app.jobs.subscribe()), move || {
        let views = reader.jobs.views();
        async move { Ok(views) }
    }))
}
