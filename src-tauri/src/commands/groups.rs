//! Consumer groups and their lag.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::cluster_views::Picture;
use super::feed::{Feed, Wake};
use crate::app::App;
use crate::dto::{
    AppError, Cell, ClusterRef, ErrorCode, GroupDetail, GroupMember, GroupOffset, GroupRef, GroupRow, Offset,
    Seen, TopicPartition,
};
use crate::error::AppResult;
use crate::kafka::groups::{Committed, DescribedMembers, ListedGroup, Member, needs_newer_description};
use crate::services::sampler::{History, Measure, distance};

/// A consumer that keeps up is behind by what arrives between two commits, 5 s by default, and some more while
/// it reads.
const LAGGING_AFTER_S: f64 = 15.0;
const NOTHING_COMMITTED: &str = "The group has committed nothing yet.";
const NEWER_PROTOCOL: &str =
    "The group speaks another protocol than the classic one, and this broker does not say which.";

pub async fn list(app: &Arc<App>, request: ClusterRef) -> AppResult<Seen<Vec<GroupRow>>> {
    let connection = app.connections.get(request.cluster_id)?;
    let picture = Picture::take(app, &connection).await?;
    let measure = match &picture.measure {
        Some(measure) => measure.clone(),
        None => connection.measured().await?,
    };
    let rows = {
        let history = connection.history();
        measure.groups.iter().map(|group| row(&measure, &history, group)).collect()
    };
    Ok(picture.seen(rows))
}

pub async fn get(app: &Arc<App>, request: GroupRef) -> AppResult<Seen<GroupDetail>> {
    let connection = app.connections.get(request.cluster_id)?;
    let picture = Picture::take(app, &connection).await?;
    let measure = match &picture.measure {
        Some(measure) => measure.clone(),
        None => connection.measured().await?,
    };
    let Some(group) = measure.groups.iter().find(|group| group.group == request.group) else {
        if let Some((broker, error)) = measure.group_failures.first() {
            let why = format!("Broker {broker}, which may know it, did not answer: {}", error.why);
            return Err(AppError::new("The group cannot be shown", why)
                .code(ErrorCode::Unreachable)
                .at_connection(connection.id)
                .retriable());
        }
        return Err(AppError::not_found("The group cannot be shown", "There is no such group now.")
            .at_connection(connection.id)
            .remedy_route("Show all groups", format!("/c/{}/groups", connection.id)));
    };
    let detail = detail(&measure, &connection.history(), group);
    Ok(picture.seen(detail))
}

pub async fn list_feed(app: &Arc<App>, request: ClusterRef) -> AppResult<Feed<Seen<Vec<GroupRow>>>> {
    app.connections.get(request.cluster_id)?;
    let app = app.clone();
    Ok(Feed::new(Wake::Look(app.settings.clone()), move || {
        let (app, request) = (app.clone(), request.clone());
        async move { list(&app, request).await }
    }))
}

pub async fn feed(app: &Arc<App>, request: GroupRef) -> AppResult<Feed<Seen<GroupDetail>>> {
    app.connections.get(request.cluster_id)?;
    let app = app.clone();
    Ok(Feed::new(Wake::Look(app.settings.clone()), move || {
        let (app, request) = (app.clone(), request.clone());
        async move { get(&app, request).await }
    }))
}

/// Returns the topics a group committed for or is assigned, sorted.
pub(super) fn topics_of(measure: &Measure, group: &str) -> Vec<String> {
    let mut topics = BTreeSet::new();
    if let Some(Ok(committed)) = measure.committed.get(group) {
        topics.extend(committed.iter().map(|offset| offset.topic.clone()));
    }
    if let Some(Ok(described)) = measure.members.get(group) {
        let assigned = described.members.iter().flat_map(|member| &member.partitions);
        topics.extend(assigned.map(|(topic, _)| topic.clone()));
    }
    topics.into_iter().collect()
}

/// Returns which groups committed for or are assigned each topic, sorted.
pub(super) fn groups_by_topic(measure: &Measure) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for group in &measure.groups {
        for topic in topics_of(measure, &group.group) {
            found.entry(topic).or_default().push(group.group.clone());
        }
    }
    found.values_mut().for_each(|groups| groups.sort());
    found
}

/// Tells whether a group is further behind than what its topics got in the last 15 s: more than its commits
/// still owe. Where nothing arrives any lag counts; before rates are known none does.
pub(super) fn lagging(measure: &Measure, history: &History, group: &str) -> bool {
    let (Some(Ok(lag)), Some(_)) = (measure.lag(group), history.rate()) else {
        return false;
    };
    let rate: f64 = topics_of(measure, group).iter().filter_map(|topic| history.steady_rate(topic)).sum();
    lag as f64 > rate * LAGGING_AFTER_S
}

fn row(measure: &Measure, history: &History, group: &ListedGroup) -> GroupRow {
    let topics = match measure.committed.get(&group.group) {
        Some(Err(error)) => Cell::Failed { error: error.clone() },
        Some(Ok(_)) => Cell::from(topics_of(measure, &group.group)),
        None => Cell::Pending,
    };
    let described = members(measure, &group.group);
    let state = match described.value() {
        Some(described) if group.state == "Unknown" => described.state.clone(),
        Some(_) | None => group.state.clone(),
    };
    GroupRow {
        group: group.group.clone(),
        kind: group.kind.clone(),
        state,
        members: map_cell(described, |described| crate::count(described.members.len())),
        topics,
        lag: lag(measure, &group.group),
        lagging: lagging(measure, history, &group.group),
        trend: history.trend(&group.group, measure.at),
        change_per_sec: history.lag_change(&group.group),
        stuck_since: stuck_since(measure, history, &group.group),
        coordinator: Cell::from(group.coordinator),
    }
}

fn detail(measure: &Measure, history: &History, group: &ListedGroup) -> GroupDetail {
    let described = members(measure, &group.group);
    let known = described.value().copied();
    let members: Cell<Vec<GroupMember>> =
        map_cell(described, |described| described.members.iter().map(member).collect());
    let assigned = members.value().map(Vec::as_slice).unwrap_or_default();
    GroupDetail {
        group: group.group.clone(),
        state: known.map_or_else(|| group.state.clone(), |described| described.state.clone()),
        protocol_type: group.protocol_type.clone(),
        protocol: known.map(|described| described.protocol.clone()).unwrap_or_default(),
        coordinator: Some(group.coordinator),
        offsets: offsets(measure, group, assigned),
        members,
        lag: lag(measure, &group.group),
        lagging: lagging(measure, history, &group.group),
        stuck_since: stuck_since(measure, history, &group.group),
    }
}

fn member(member: &Member) -> GroupMember {
    GroupMember {
        member_id: member.member_id.clone(),
        client_id: member.client_id.clone(),
        host: member.host.clone(),
        instance_id: member.instance_id.clone(),
        partitions: member.partitions.iter().map(|(topic, partition)| place(topic, *partition)).collect(),
    }
}

/// A group without members does not read, which is not to be stuck.
fn stuck_since(measure: &Measure, history: &History, group: &str) -> Option<i64> {
    let described = measure.members.get(group)?.as_ref().ok()?;
    history.stuck_since(group).filter(|_| !described.members.is_empty())
}

/// Every partition the group committed for or is assigned.
fn offsets(measure: &Measure, group: &ListedGroup, members: &[GroupMember]) -> Vec<GroupOffset> {
    let committed = measure.committed.get(&group.group);
    let mut rows: BTreeMap<TopicPartition, Option<&Committed>> = BTreeMap::new();
    for offset in committed.and_then(|found| found.as_ref().ok()).into_iter().flatten() {
        rows.insert(place(&offset.topic, offset.partition), Some(offset));
    }
    for partition in members.iter().flat_map(|member| &member.partitions) {
        rows.entry(partition.clone()).or_default();
    }
    let failure = committed.and_then(|found| found.as_ref().err());
    let made = rows.into_iter().map(|(at, offset)| {
        let end = match measure.end(&at.topic, at.partition) {
            Some(Ok(end)) => Cell::from(Offset(end.offset)),
            Some(Err(error)) => Cell::Failed { error: error.clone() },
            None => Cell::unavailable("The partition has no leader, or is no more."),
        };
        let lag = match (offset, end.value()) {
            (Some(offset), Some(end)) => Cell::from(distance(offset.offset, end.0)),
            (None, _) => Cell::unavailable("Nothing was committed here yet."),
            (Some(_), None) => Cell::unavailable("The end of the partition is not known."),
        };
        let committed = match (offset, failure) {
            (Some(offset), _) => Cell::from(Offset(offset.offset)),
            (None, Some(error)) => Cell::Failed { error: error.clone() },
            (None, None) => Cell::unavailable("Nothing was committed here yet."),
        };
        let member = members.iter().find(|member| member.partitions.contains(&at));
        GroupOffset {
            committed,
            end,
            lag,
            member_id: member.map(|member| member.member_id.clone()),
            metadata: offset.and_then(|offset| offset.metadata.clone()),
            topic: at.topic,
            partition: at.partition,
        }
    });
    made.collect()
}

fn members<'a>(measure: &'a Measure, group: &str) -> Cell<&'a DescribedMembers> {
    match measure.members.get(group) {
        Some(Ok(described)) => Cell::Value { value: described },
        Some(Err(error)) if needs_newer_description(error) => Cell::unavailable(NEWER_PROTOCOL),
        Some(Err(error)) => Cell::Failed { error: error.clone() },
        None => Cell::Pending,
    }
}

fn lag(measure: &Measure, group: &str) -> Cell<u64> {
    match measure.lag(group) {
        Some(Ok(lag)) => Cell::from(lag),
        Some(Err(error)) => Cell::Failed { error },
        None if matches!(measure.committed.get(group), Some(Ok(offsets)) if offsets.is_empty()) => {
            Cell::unavailable(NOTHING_COMMITTED)
        }
        None => Cell::Pending,
    }
}

fn map_cell<T, U>(cell: Cell<T>, map: impl FnOnce(T) -> U) -> Cell<U> {
    match cell {
        Cell::Value { value } => Cell::Value { value: map(value) },
        Cell::Pending => Cell::Pending,
        Cell::Unavailable { reason } => Cell::Unavailable { reason },
        Cell::Failed { error } => Cell::Failed { error },
    }
}

fn place(topic: &str, partition: i32) -> TopicPartition {
    TopicPartition { topic: topic.to_owned(), partition }
}
