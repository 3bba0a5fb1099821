//! A cluster as the screens show it, made from its newest listing and numbers.

use std::sync::Arc;

use super::feed::{Feed, Wake};
use super::groups::{self, groups_by_topic};
use crate::app::App;
use crate::dto::{
    AppError, BrokerRow, Cell, ClusterRef, Missing, Offset, Overview, PartitionRow, Seen, TopicDetail,
    TopicRef, TopicRow,
};
use crate::error::AppResult;
use crate::kafka::listing::{ListedPartition, ListedTopic, Listing};
use crate::kafka::log_dirs::Sizes;
use crate::kafka::offsets::Found;
use crate::services::connections::{Connection, LOCAL_ID};
use crate::services::embedded::LocalStatus;
use crate::services::sampler::{History, Measure, distance};

mod broker_rows;

use broker_rows::{broker_rows, controller};

const TOP_TOPICS: usize = 8;
/// What is missing of a cluster that does not answer: all of it.
const AWAY: &str = "cluster";
const NUMBERS: &str = "numbers";
const NO_LOG_DIRS: &str = "The cluster is too large to be asked for sizes on disk.";

/// A cluster at one moment, as far as it could be asked.
pub(super) struct Picture {
    pub listing: Arc<Listing>,
    pub measure: Option<Arc<Measure>>,
    pub missing: Vec<Missing>,
    /// When this was so.
    as_of: i64,
    local: Option<LocalStatus>,
}

impl Picture {
    pub(super) async fn take(app: &App, connection: &Connection) -> AppResult<Picture> {
        let (listing, away) = connection.listing_soon().await?;
        let mut missing = Vec::new();
        let (measure, late) = match away {
            Some(error) => {
                let reason = format!("The cluster is away, this is what was seen last. {}", error.why);
                missing.push(Missing { scope: AWAY.to_owned(), reason });
                (connection.last_measure(), false)
            }
            None => connection.measured_soon().await,
        };
        let silent = missing.is_empty() && (late || connection.is_silent());
        if silent {
            let reason = "The cluster did not answer in time; numbers are those of before.".to_owned();
            missing.push(Missing { scope: NUMBERS.to_owned(), reason });
        }
        for (broker, error) in measure.iter().flat_map(|measure| &measure.group_failures) {
            let scope = format!("groups of broker {broker}");
            missing.push(Missing { scope, reason: error.why.clone() });
        }
        let local = if connection.id == LOCAL_ID { app.embedded.status().await } else { None };
        let numbers_at = measure.as_ref().filter(|_| silent).map(|measure| measure.at);
        let as_of = numbers_at.unwrap_or(listing.as_of);
        Ok(Picture { listing, measure, missing, as_of, local })
    }

    /// Whether this is what was seen last of a cluster that does not answer.
    fn is_away(&self) -> bool {
        self.missing.iter().any(|missing| missing.scope == AWAY)
    }

    pub(super) fn seen<T>(&self, value: T) -> Seen<T> {
        Seen { value, as_of: self.as_of, missing: self.missing.clone() }
    }

    /// Returns a number of the measurement, or why there is none.
    fn measured<T>(&self, read: impl FnOnce(&Measure) -> Option<Result<T, AppError>>) -> Cell<T> {
        let Some(measure) = &self.measure else {
            return Cell::unavailable("The cluster is away.");
        };
        match read(measure) {
            Some(answer) => Cell::of(answer),
            None => Cell::Pending,
        }
    }

    /// The same of something that is only true of a cluster that answers: nobody knows what moves in another.
    fn measured_now<T>(&self, read: impl FnOnce(&Measure) -> Option<Result<T, AppError>>) -> Cell<T> {
        if self.is_away() { Cell::unavailable("The cluster is away.") } else { self.measured(read) }
    }
}

pub async fn overview(app: &Arc<App>, request: ClusterRef) -> AppResult<Seen<Overview>> {
    let connection = app.connections.get(request.cluster_id)?;
    let picture = Picture::take(app, &connection).await?;
    let row = connection.row();
    let listing = &picture.listing;
    let partitions = || listing.topics.iter().flat_map(|topic| &topic.partitions);
    let total = partitions().count();
    let offline = partitions().filter(|partition| partition.leader.is_none()).count();
    let brokers = broker_rows(&picture);
    let mut topics = topic_rows(&picture, &connection);
    topics.retain(|topic| !topic.internal);
    topics.sort_by(|one, other| {
        let rate = |row: &TopicRow| row.rate_per_sec.value().copied().unwrap_or(0.0);
        let records = |row: &TopicRow| row.records.value().copied().unwrap_or(0);
        rate(other)
            .total_cmp(&rate(one))
            .then(records(other).cmp(&records(one)))
            .then(one.name.cmp(&other.name))
    });
    topics.truncate(TOP_TOPICS);
    let overview = Overview {
        cluster_name: row.name,
        kafka_cluster_id: listing.kafka_cluster_id.clone(),
        kafka: listing.kafka.clone(),
        bootstrap: row.bootstrap,
        controller: controller(&picture),
        up_since_ms: picture.local.as_ref().map(|local| local.since),
        ready_ms: picture.local.as_ref().map(|local| local.ready_ms),
        brokers_total: crate::count(brokers.len()),
        brokers,
        topics: crate::count(listing.topics.iter().filter(|topic| !topic.internal).count()),
        internal_topics: crate::count(listing.topics.iter().filter(|topic| topic.internal).count()),
        partitions: crate::count(total),
        partitions_online: crate::count(total - offline),
        under_replicated: crate::count(listing.topics.iter().map(ListedTopic::under_replicated).sum()),
        under_replicated_internal: crate::count(
            listing.topics.iter().filter(|topic| topic.internal).map(ListedTopic::under_replicated).sum(),
        ),
        below_min_isr: below_min_isr(&picture),
        offline: crate::count(offline),
        produced_per_sec: picture.measured_now(|_| connection.history().rate().map(Ok)),
        groups: picture.measured(|measure| Some(Ok(crate::count(measure.groups.len())))),
        groups_lagging: picture.measured(|measure| lagging(measure, &connection.history()).map(Ok)),
        top_topics: topics,
    };
    Ok(picture.seen(overview))
}

pub async fn brokers(app: &Arc<App>, request: ClusterRef) -> AppResult<Seen<Vec<BrokerRow>>> {
    let connection = app.connections.get(request.cluster_id)?;
    let picture = Picture::take(app, &connection).await?;
    Ok(picture.seen(broker_rows(&picture)))
}

pub async fn topics(app: &Arc<App>, request: ClusterRef) -> AppResult<Seen<Vec<TopicRow>>> {
    let connection = app.connections.get(request.cluster_id)?;
    let picture = Picture::take(app, &connection).await?;
    Ok(picture.seen(topic_rows(&picture, &connection)))
}

pub async fn topic(app: &Arc<App>, request: TopicRef) -> AppResult<Seen<TopicDetail>> {
    let connection = app.connections.get(request.cluster_id)?;
    connection.listing_with(&request.topic).await?;
    let picture = Picture::take(app, &connection).await?;
    let Some(topic) = picture.listing.topic(&request.topic) else {
        return Err(AppError::not_found("The topic cannot be shown", "There is no such topic.")
            .at_connection(connection.id)
            .at_topic(request.topic)
            .remedy_route("Show all topics", format!("/c/{}/topics", connection.id)));
    };
    let configs = match connection.client() {
        Ok(client) => client.topic_configs(&topic.name).await,
        Err(error) => Err(error),
    };
    let detail = TopicDetail {
        name: topic.name.clone(),
        topic_id: topic.topic_id.clone(),
        internal: topic.internal,
        partitions: topic.partitions.iter().map(|of| partition_row(&picture, topic, of)).collect(),
        configs: Cell::of(configs),
        groups: picture
            .measured(|measure| Some(Ok(groups_by_topic(measure).remove(&topic.name).unwrap_or_default()))),
    };
    Ok(picture.seen(detail))
}

pub async fn overview_feed(app: &Arc<App>, request: ClusterRef) -> AppResult<Feed<Seen<Overview>>> {
    app.connections.get(request.cluster_id)?;
    let app = app.clone();
    Ok(Feed::new(Wake::Look(app.settings.clone()), move || {
        let (app, request) = (app.clone(), request.clone());
        async move { overview(&app, request).await }
    }))
}

pub async fn topics_feed(app: &Arc<App>, request: ClusterRef) -> AppResult<Feed<Seen<Vec<TopicRow>>>> {
    app.connections.get(request.cluster_id)?;
    let app = app.clone();
    Ok(Feed::new(Wake::Look(app.settings.clone()), move || {
        let (app, request) = (app.clone(), request.clone());
        async move { topics(&app, request).await }
    }))
}

fn topic_rows(picture: &Picture, connection: &Connection) -> Vec<TopicRow> {
    let history = connection.history();
    let reading = picture.measure.as_ref().map(|measure| groups_by_topic(measure)).unwrap_or_default();
    let rows = picture.listing.topics.iter().map(|topic| TopicRow {
        name: topic.name.clone(),
        internal: topic.internal,
        partitions: crate::count(topic.partitions.len()),
        replication_factor: crate::count(topic.replication_factor()),
        under_replicated: crate::count(topic.under_replicated()),
        offline: crate::count(topic.offline()),
        records: picture.measured(|measure| span(measure, topic)),
        rate_per_sec: picture.measured_now(|_| history.topic_rate(&topic.name).map(Ok)),
        log_bytes: topic_bytes(picture, &topic.name),
        cleanup: picture.measured(|measure| {
            config(measure, topic, "cleanup.policy").map(|found| found.map(str::to_owned))
        }),
        retention_ms: picture.measured(|measure| {
            let found = config(measure, topic, "retention.ms")?;
            Some(found.map(|text| text.parse().unwrap_or(-1)))
        }),
        last_record_at: last_record(picture, topic),
        groups: picture.measured(|_| Some(Ok(reading.get(&topic.name).cloned().unwrap_or_default()))),
    });
    rows.collect()
}

/// Bytes on all brokers, so each replica counts.
fn topic_bytes(picture: &Picture, topic: &str) -> Cell<u64> {
    if let Some(local) = &picture.local {
        return Cell::from(local.topic_bytes.get(topic).copied().unwrap_or(0));
    }
    sized(picture, |sizes| match sizes.topics.get(topic) {
        Some(bytes) => Cell::from(*bytes),
        None => match sizes.brokers.values().find_map(|disk| disk.as_ref().err()) {
            Some(error) => Cell::Failed { error: error.clone() },
            None => Cell::from(0),
        },
    })
}

/// Reads a size, where the cluster was asked for them.
fn sized<T>(picture: &Picture, read: impl FnOnce(&Sizes) -> Cell<T>) -> Cell<T> {
    match picture.measure.as_ref().map(|measure| &measure.slow.sizes) {
        Some(Some(sizes)) => read(sizes),
        Some(None) => Cell::unavailable(NO_LOG_DIRS),
        None => Cell::unavailable("The cluster is away."),
    }
}

fn config<'a>(measure: &'a Measure, topic: &ListedTopic, name: &str) -> Option<Result<&'a str, AppError>> {
    match &measure.slow.configs {
        Err(error) => Some(Err(error.clone())),
        Ok(_) => measure.config(&topic.name, name).map(Ok),
    }
}

/// The offset span of a topic; partitions without an answer make it an error, as the sum would lie.
fn span(measure: &Measure, topic: &ListedTopic) -> Option<Result<u64, AppError>> {
    let mut sum = 0u64;
    for partition in topic.partitions.iter().filter(|partition| partition.leader.is_some()) {
        let (start, end) = match (
            measure.start(&topic.name, partition.index)?,
            measure.end(&topic.name, partition.index)?,
        ) {
            (Ok(start), Ok(end)) => (start.offset, end.offset),
            (Err(error), _) | (_, Err(error)) => return Some(Err(error.clone())),
        };
        sum = sum.saturating_add(distance(start, end));
    }
    Some(Ok(sum))
}

fn last_record(picture: &Picture, topic: &ListedTopic) -> Cell<i64> {
    let Some(measure) = &picture.measure else {
        return Cell::unavailable("The cluster is away.");
    };
    let asked = || topic.partitions.iter().filter_map(|of| measure.newest.get(&topic.name, of.index));
    let failure = asked().find_map(|found| found.as_ref().err());
    match (asked().flatten().map(|found| found.timestamp).max(), failure) {
        (Some(at), _) if at >= 0 => Cell::from(at),
        // The newest record may lie in the partition that did not answer.
        (_, Some(error)) => Cell::Failed { error: error.clone() },
        (Some(_), None) => Cell::unavailable("The topic has no records."),
        (None, None) => Cell::unavailable("The broker does not tell, or the cluster is too large to ask."),
    }
}

fn partition_row(picture: &Picture, topic: &ListedTopic, partition: &ListedPartition) -> PartitionRow {
    let offset = |read: fn(&Measure, &str, i32) -> Option<Result<Found, AppError>>| {
        if partition.leader.is_none() {
            return Cell::unavailable("The partition has no leader.");
        }
        picture.measured(|measure| {
            let found = read(measure, &topic.name, partition.index)?;
            Some(found.map(|found| Offset(found.offset)))
        })
    };
    PartitionRow {
        partition: partition.index,
        leader: partition.leader,
        leader_epoch: partition.leader_epoch,
        replicas: partition.replicas.clone(),
        isr: partition.isr.clone(),
        log_start: offset(|measure, topic, partition| measure.start(topic, partition).cloned()),
        high_watermark: offset(|measure, topic, partition| measure.end(topic, partition).cloned()),
        log_bytes: sized(picture, |sizes| {
            let known = sizes.partitions.get(&(topic.name.clone(), partition.index)).copied();
            Cell::from(known.unwrap_or(0))
        }),
    }
}

fn below_min_isr(picture: &Picture) -> u32 {
    let Some(measure) = &picture.measure else {
        return 0;
    };
    let below = picture.listing.topics.iter().map(|topic| {
        let least = measure.config(&topic.name, "min.insync.replicas").and_then(|text| text.parse().ok());
        let least: usize = least.unwrap_or(1);
        // A topic with fewer replicas than that needs all of them. Source: Kafka `Partition.effectiveMinIsr`.
        let too_few = |of: &&ListedPartition| of.isr.len() < least.min(of.replicas.len());
        topic.partitions.iter().filter(too_few).count()
    });
    crate::count(below.sum())
}

/// Who lags shows against what is produced, so it is not known before that is.
fn lagging(measure: &Measure, history: &History) -> Option<u32> {
    history.rate()?;
    let behind = |group: &str| groups::lagging(measure, history, group);
    Some(crate::count(measure.groups.iter().filter(|group| behind(&group.group)).count()))
}
