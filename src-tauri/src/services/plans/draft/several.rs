//! One plan for several topics: each is drafted alone, then they are told together, a line for each topic.
//! A topic that cannot take its change is left out and its line says why; the others stay possible.

use futures_util::future::join_all;

use super::{Draft, counted, until};
use crate::dto::{AppError, Change, ErrorCode, OpClass, PlannedChange};
use crate::error::AppResult;
use crate::kafka::listing::Listing;
use crate::services::connections::Connection;
use crate::services::plans::several::{AT_ONCE, topic_of};

const WHAT: &str = "The plan cannot be made";
/// Topics of one plan: a person reads a line for each, and all of them have to be done within one call.
const TOPICS_MAX: usize = 500;

pub(super) async fn draft(
    connection: &Connection,
    listing: &Listing,
    changes: &[Change],
) -> AppResult<Draft> {
    check(changes)?;
    let mut drafts = Vec::with_capacity(changes.len());
    for slice in changes.chunks(AT_ONCE) {
        let asks = slice.iter().map(|change| Draft::one(connection, listing, change));
        for made in join_all(asks).await {
            drafts.push(left_out_or_not(made)?);
        }
    }
    Ok(together(changes, drafts))
}

/// Errors: there is nothing to do, too much of it, or not the same for all.
fn check(changes: &[Change]) -> AppResult<()> {
    let Some(first) = changes.first() else {
        return Err(AppError::new(WHAT, "No topic is named."));
    };
    if changes.len() > TOPICS_MAX {
        let why = format!("It names {} topics; one plan takes up to {TOPICS_MAX}.", changes.len());
        return Err(
            AppError::new(WHAT, why).remedy("Select fewer topics, and make a plan for the others after")
        );
    }
    let same = |change: &Change| std::mem::discriminant(change) == std::mem::discriminant(first);
    if !changes.iter().all(|change| same(change) && topic_of(change).is_some()) {
        return Err(AppError::new(WHAT, "One plan does one thing to several topics."));
    }
    let mut names: Vec<&str> = changes.iter().filter_map(topic_of).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair.first() == pair.last()).and_then(|pair| pair.first()) {
        Some(twice) => Err(AppError::new(WHAT, "This topic is named twice.").at_topic(*twice)),
        None => Ok(()),
    }
}

/// A topic's own trouble leaves it out; a cluster that cannot be asked is the whole plan's trouble.
fn left_out_or_not(made: AppResult<Draft>) -> AppResult<Result<Draft, AppError>> {
    match made {
        Err(error) if error.code == Some(ErrorCode::Unreachable) => Err(error),
        Err(error) => Ok(Err(error)),
        Ok(mut draft) => Ok(draft.refused.take().map_or(Ok(draft), Err)),
    }
}

fn together(changes: &[Change], drafts: Vec<Result<Draft, AppError>>) -> Draft {
    let taken: Vec<&Draft> = drafts.iter().filter_map(|draft| draft.as_ref().ok()).collect();
    let left_out = drafts.len() - taken.len();
    let topics = counted_topics(if taken.is_empty() { drafts.len() } else { taken.len() });
    let common = common_lines(&taken);
    let mut impact = common.clone();
    let lost = taken.iter().fold(0u64, |sum, draft| sum.saturating_add(draft.lost));
    if lost > 0 {
        let offsets = counted(i64::try_from(lost).unwrap_or(i64::MAX), "offset");
        impact.insert(0, format!("Together a span of {offsets} is lost for ever."));
    }
    if left_out > 0 && !taken.is_empty() {
        impact.push(format!("{} left out; the lines say why.", is_or_are(left_out)));
    }
    let (title, button) = words(changes, &topics);
    let destructive = taken.iter().any(|draft| draft.class == OpClass::Destructive);
    let undo: Option<Vec<Change>> = taken.iter().map(|draft| draft.undo.clone()).collect();
    Draft {
        class: if destructive { OpClass::Destructive } else { OpClass::Write },
        title,
        button,
        impact,
        lost,
        command: taken.iter().map(|draft| draft.command.as_str()).collect::<Vec<_>>().join("\n"),
        confirm: taken.iter().any(|draft| draft.confirm.is_some()).then(|| topics.clone()),
        undo: undo.filter(|undo| !undo.is_empty()).map(|changes| Change::Several { changes }),
        refused: taken.is_empty().then(|| nothing_left(&drafts)),
        planned: changes.iter().zip(&drafts).map(|(change, draft)| line(change, draft, &common)).collect(),
    }
}

/// The line of one topic, whatever its own plan would have shown.
fn line(change: &Change, draft: &Result<Draft, AppError>, common: &[String]) -> PlannedChange {
    let resource = format!("topic {}", topic_of(change).unwrap_or_default());
    match draft {
        Err(error) => PlannedChange {
            resource,
            before: None,
            after: None,
            effect: format!("left out: {}", error.why),
            undo: None,
            left_out: true,
        },
        Ok(draft) => {
            let own = draft.impact.iter().filter(|line| !common.contains(line));
            let (before, after) = sides(change, draft);
            PlannedChange {
                resource,
                before,
                after,
                effect: own.fold(effect(change, draft), |all, line| format!("{all}. {line}")),
                undo: draft.planned.first().and_then(|planned| planned.undo.clone()),
                left_out: false,
            }
        }
    }
}

/// Before and after: settings are named with their values, and partitions that are emptied are not told one by one.
fn sides(change: &Change, draft: &Draft) -> (Option<String>, Option<String>) {
    match change {
        Change::SetTopicConfigs { .. } => {
            let side = |of: fn(&PlannedChange) -> Option<&String>| {
                let named =
                    draft.planned.iter().filter_map(|one| Some(format!("{}={}", one.resource, of(one)?)));
                Some(named.collect::<Vec<_>>().join(", "))
            };
            (side(|one| one.before.as_ref()), side(|one| one.after.as_ref()))
        }
        Change::CreateTopic { .. } | Change::DeleteTopic { .. } | Change::AddPartitions { .. } => {
            let only = draft.planned.first();
            (only.and_then(|one| one.before.clone()), only.and_then(|one| one.after.clone()))
        }
        Change::EmptyTopic { .. }
        | Change::DeleteGroup { .. }
        | Change::Several { .. }
        | Change::Undo { .. } => (None, None),
    }
}

fn effect(change: &Change, draft: &Draft) -> String {
    match change {
        Change::EmptyTopic { .. } => "Its records are deleted".to_owned(),
        Change::CreateTopic { .. }
        | Change::DeleteTopic { .. }
        | Change::AddPartitions { .. }
        | Change::SetTopicConfigs { .. }
        | Change::DeleteGroup { .. }
        | Change::Several { .. }
        | Change::Undo { .. } => draft.planned.first().map(|one| one.effect.clone()).unwrap_or_default(),
    }
}

/// What every topic's plan says is said once.
fn common_lines(taken: &[&Draft]) -> Vec<String> {
    let Some((first, others)) = taken.split_first() else {
        return Vec::new();
    };
    let everywhere =
        |line: &&String| !others.is_empty() && others.iter().all(|draft| draft.impact.contains(line));
    // How much is lost is told as a sum.
    let counts = |line: &&String| first.lost == 0 || !line.contains("A span of");
    first.impact.iter().filter(everywhere).filter(counts).cloned().collect()
}

fn words(changes: &[Change], topics: &str) -> (String, String) {
    let verb = match changes.first() {
        Some(Change::CreateTopic { .. }) => "Create",
        Some(Change::DeleteTopic { .. }) => "Delete",
        Some(Change::AddPartitions { .. }) => "Add partitions to",
        Some(Change::EmptyTopic { to, .. }) => {
            return (format!("Empty {topics} {}", until(to)), format!("Empty {topics}"));
        }
        Some(Change::SetTopicConfigs { entries, .. }) => {
            let what = match entries.as_slice() {
                [one] => one.name.clone(),
                many => format!("{} settings", many.len()),
            };
            return (format!("Change {what} of {topics}"), format!("Change {topics}"));
        }
        Some(Change::DeleteGroup { .. } | Change::Several { .. } | Change::Undo { .. }) | None => "Change",
    };
    (format!("{verb} {topics}"), format!("{verb} {topics}"))
}

fn nothing_left(drafts: &[Result<Draft, AppError>]) -> AppError {
    let reason = drafts.iter().find_map(|draft| draft.as_ref().err());
    let why = reason.map(|error| error.why.clone()).unwrap_or_default();
    match drafts.len() {
        1 => AppError::new("The topic cannot take this change", why),
        _ => AppError::new("None of these topics can take this change", format!("The first: {why}")),
    }
}

fn counted_topics(count: usize) -> String {
    counted(i64::try_from(count).unwrap_or(i64::MAX), "topic")
}

fn is_or_are(count: usize) -> String {
    format!("{} {}", counted_topics(count), if count == 1 { "is" } else { "are" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dto::EmptyTo;

    fn delete(name: &str) -> Change {
        Change::DeleteTopic { name: name.to_owned() }
    }

    fn empty(name: &str) -> Change {
        Change::EmptyTopic { name: name.to_owned(), to: EmptyTo::End }
    }

    fn why(changes: &[Change]) -> String {
        check(changes).expect_err("refused").why
    }

    #[test]
    fn one_thing_to_topics_named_once() {
        assert!(check(&[delete("a"), delete("b")]).is_ok());
        assert!(why(&[]).contains("No topic"));
        assert!(why(&[delete("a"), empty("b")]).contains("one thing"));
        assert!(why(&[delete("a"), delete("b"), delete("a")]).contains("twice"));
        assert!(why(&[Change::DeleteGroup { group: "g".into() }]).contains("one thing"));
        assert!(why(&[Change::Several { changes: vec![delete("a")] }]).contains("one thing"));
    }

    #[test]
    fn as_many_topics_as_fit_into_one_plan() {
        let many: Vec<Change> = (0..=TOPICS_MAX).map(|at| delete(&format!("t{at}"))).collect();
        assert!(check(many.get(1..).expect("more than one")).is_ok());
        assert!(why(&many).contains("501 topics"));
    }
}
