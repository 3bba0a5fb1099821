//! A plan for several topics, applied: topic by topic, and what was done stays done when another fails.

use std::time::{Duration, Instant};

use futures_util::future::join_all;

use super::run;
use crate::dto::{AppError, Change, ErrorCode, Outcome, OutcomeState, PlannedChange};
use crate::error::AppResult;
use crate::services::connections::Connection;
use crate::services::jobs::ShownCall;

/// Topics asked about or changed at the same time.
pub(super) const AT_ONCE: usize = 8;
/// No topic is begun after this, so that the call ends, and is written down, within its own deadline.
const BEGIN_WITHIN: Duration = Duration::from_secs(60);

/// Returns the topic that a change of one topic is about.
pub(super) fn topic_of(change: &Change) -> Option<&str> {
    match change {
        Change::CreateTopic { name, .. }
        | Change::DeleteTopic { name }
        | Change::AddPartitions { name, .. }
        | Change::SetTopicConfigs { name, .. }
        | Change::EmptyTopic { name, .. } => Some(name),
        Change::DeleteGroup { .. } | Change::Several { .. } | Change::Undo { .. } => None,
    }
}

/// Changes the topics whose lines are not left out. After a cluster that went away nothing more is tried.
pub(super) async fn run_all(
    connection: &Connection,
    changes: &[Change],
    planned: &[PlannedChange],
    shown: &ShownCall,
) -> Vec<Outcome> {
    let begun = Instant::now();
    let mut stopped: Option<AppError> = None;
    let mut outcomes = Vec::with_capacity(changes.len());
    let lines: Vec<(&Change, &PlannedChange)> = changes.iter().zip(planned).collect();
    for slice in lines.chunks(AT_ONCE) {
        if stopped.is_none() && begun.elapsed() > BEGIN_WITHIN {
            let why = "The topics before it took a minute already.";
            stopped = Some(AppError::new("This topic was not begun", why).remedy("Make a plan for the rest"));
        }
        if stopped.is_none() && shown.is_cancelled() {
            stopped = Some(AppError::new("This topic was not begun", "You cancelled it."));
        }
        let halt = stopped.clone();
        let work = slice.iter().map(|(change, line)| outcome(connection, change, line, halt.clone()));
        for outcome in join_all(work).await {
            let away = outcome.error.as_ref().is_some_and(|error| error.code == Some(ErrorCode::Unreachable));
            if away && stopped.is_none() {
                stopped = Some(AppError::new("This topic was not begun", "The cluster went away before it."));
            }
            outcomes.push(outcome);
        }
        shown.progress(outcomes.len() as u64, lines.len() as u64, "topics");
    }
    outcomes
}

async fn outcome(
    connection: &Connection,
    change: &Change,
    line: &PlannedChange,
    halt: Option<AppError>,
) -> Outcome {
    let (state, error) = match (line.left_out, halt) {
        (true, _) => (OutcomeState::Skipped, None),
        (false, Some(error)) => (OutcomeState::Skipped, Some(error)),
        (false, None) => match run(connection, change).await {
            Ok(()) => (OutcomeState::Done, None),
            Err(error) => (OutcomeState::Failed, Some(error)),
        },
    };
    Outcome { resource: line.resource.clone(), state, error }
}

/// The same outcome for every line of a change that is done as one.
pub(super) fn as_one(planned: &[PlannedChange], outcome: AppResult<()>) -> Vec<Outcome> {
    let error = outcome.err();
    let state = if error.is_none() { OutcomeState::Done } else { OutcomeState::Failed };
    planned
        .iter()
        .map(|line| Outcome { resource: line.resource.clone(), state, error: error.clone() })
        .collect()
}

/// Returns the inverse of what was done, and of no more.
pub(super) fn undo_of_done(undo: Option<Change>, outcomes: &[Outcome]) -> Option<Change> {
    let is_done = |outcome: &&Outcome| outcome.state == OutcomeState::Done;
    let undo = undo?;
    let Change::Several { changes } = undo else {
        return outcomes.iter().all(|outcome| is_done(&outcome)).then_some(undo);
    };
    let done = outcomes.iter().filter(is_done);
    let names: Vec<&str> = done.filter_map(|outcome| outcome.resource.strip_prefix("topic ")).collect();
    let was_done = |change: &Change| topic_of(change).is_some_and(|name| names.contains(&name));
    let changes: Vec<Change> = changes.into_iter().filter(was_done).collect();
    (!changes.is_empty()).then_some(Change::Several { changes })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(name: &str, state: OutcomeState) -> Outcome {
        Outcome { resource: format!("topic {name}"), state, error: None }
    }

    #[test]
    fn only_what_was_done_is_undone() {
        let delete = |name: &str| Change::DeleteTopic { name: name.to_owned() };
        let undo = Some(Change::Several { changes: vec![delete("a"), delete("b"), delete("d")] });
        let outcomes = [
            outcome("a", OutcomeState::Done),
            outcome("b", OutcomeState::Failed),
            outcome("c", OutcomeState::Skipped),
            outcome("d", OutcomeState::Done),
        ];
        let kept = undo_of_done(undo.clone(), &outcomes);
        assert_eq!(kept, Some(Change::Several { changes: vec![delete("a"), delete("d")] }));
        assert_eq!(undo_of_done(undo, &[outcome("a", OutcomeState::Failed)]), None);
        assert_eq!(undo_of_done(Some(delete("a")), &[outcome("a", OutcomeState::Failed)]), None);
        assert_eq!(undo_of_done(Some(delete("a")), &[outcome("a", OutcomeState::Done)]), Some(delete("a")));
    }
}
