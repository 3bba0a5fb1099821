//! The numbers of a cluster at one moment ([`Measure`]) and over the last hours ([`History`]).
//!
//! Everything is derived from offsets, group listings and settings; what a cluster does not say is missing
//! with its reason, and one slow broker costs its own partitions only.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::clock::now_ms;
use crate::dto::AppError;
use crate::error::AppResult;
use crate::kafka::KafkaClient;
use crate::kafka::groups::{Committed, DescribedMembers, ListedGroup};
use crate::kafka::listing::{ListedTopic, Listing};
use crate::kafka::log_dirs::Sizes;
use crate::kafka::offsets::{Found, FoundByPartition, LedPartition, Position};

mod history;

pub use history::{History, Line};

/// Log starts, sizes and settings move slowly and are asked less often.
const SLOW_EVERY_MS: i64 = 10_000;
/// Settings shown in lists.
const LISTED_CONFIGS: [&str; 3] = ["cleanup.policy", "retention.ms", "min.insync.replicas"];
/// Partitions up to which the time of the newest record is asked: a broker may have to read for it.
const NEWEST_TIME_PARTITIONS_MAX: usize = 2_000;
/// Partitions of which it is asked each time; of more that move at once, the rest comes with the slow parts.
const NEWEST_AT_ONCE_MAX: usize = 200;

/// Partitions up to which sizes on disk are asked: every broker names every replica it has.
const SIZED_PARTITIONS_MAX: usize = 20_000;

pub type TopicConfigs = HashMap<String, HashMap<String, String>>;

/// Numbers of a cluster at one moment.
#[derive(Debug)]
pub struct Measure {
    pub at: i64,
    /// How long the cluster took to give them, in milliseconds.
    pub took_ms: i64,
    pub ends: FoundByPartition,
    pub groups: Vec<ListedGroup>,
    /// Brokers whose groups could not be listed.
    pub group_failures: Vec<(i32, AppError)>,
    pub committed: HashMap<String, Result<Vec<Committed>, AppError>>,
    pub members: HashMap<String, Result<DescribedMembers, AppError>>,
    /// The newest record of each partition by its time; not asked of a cluster with very many partitions.
    pub newest: FoundByPartition,
    /// Partitions without a leader, whose ends nobody tells.
    leaderless: HashSet<(String, i32)>,
    pub slow: Arc<SlowPart>,
}

/// What is asked every ten seconds.
#[derive(Debug)]
pub struct SlowPart {
    pub at: i64,
    pub starts: FoundByPartition,
    pub configs: Result<TopicConfigs, AppError>,
    /// Not asked of a cluster with very many partitions.
    pub sizes: Option<Sizes>,
    partitions: usize,
}

impl Measure {
    /// Asks a cluster for its numbers. `before` lends the slow parts while they are fresh.
    pub async fn take(client: &KafkaClient, listing: &Listing, before: Option<&Measure>) -> Measure {
        let begun = now_ms();
        let led = led_partitions(listing);
        let brokers: Vec<i32> = listing.brokers.iter().map(|broker| broker.id).collect();
        let kept = before.map(|before| before.slow.clone());
        let slow = kept.filter(|slow| now_ms() - slow.at < SLOW_EVERY_MS && slow.partitions == led.len());
        let newest_before = slow.is_some().then_some(before).flatten();
        let (ends, (groups, group_failures), slow) =
            tokio::join!(client.offsets(&led, Position::HighWatermark), client.groups(&brokers), async {
                match slow {
                    Some(slow) => slow,
                    None => Arc::new(SlowPart::take(client, listing, &led).await),
                }
            },);
        let (mut committed, mut members, newest) = tokio::join!(
            committed(client, &groups),
            members(client, &groups),
            newest(client, &led, &ends, newest_before),
        );
        let leaderless = leaderless(listing);
        let at = now_ms();
        // Of a broker that does not answer, what it said last.
        let silent = |group: &&ListedGroup| group_failures.iter().any(|(id, _)| *id == group.coordinator);
        let known = before.map(|before| (before, before.groups.iter().filter(silent)));
        let mut all = groups;
        for (before, group) in known.into_iter().flat_map(|(before, kept)| kept.map(move |one| (before, one)))
        {
            let name = &group.group;
            committed.extend(before.committed.get(name).map(|found| (name.clone(), found.clone())));
            members.extend(before.members.get(name).map(|found| (name.clone(), found.clone())));
            all.push(group.clone());
        }
        Measure {
            at,
            took_ms: at - begun,
            ends,
            groups: all,
            group_failures,
            committed,
            members,
            newest,
            leaderless,
            slow,
        }
    }

    /// Whether no broker said anything.
    pub fn is_silent(&self, brokers: usize) -> bool {
        brokers > 0 && self.group_failures.len() >= brokers && !self.ends.any_found()
    }

    /// Returns the end of a partition.
    pub fn end(&self, topic: &str, partition: i32) -> Option<&Result<Found, AppError>> {
        self.ends.get(topic, partition)
    }

    pub fn start(&self, topic: &str, partition: i32) -> Option<&Result<Found, AppError>> {
        self.slow.starts.get(topic, partition)
    }

    pub fn config(&self, topic: &str, name: &str) -> Option<&str> {
        self.slow.configs.as_ref().ok()?.get(topic)?.get(name).map(String::as_str)
    }

    /// Returns the lag of a group over everything it committed; offsets past the end count as none, and a group
    /// that has committed nothing has no lag to speak of.
    pub fn lag(&self, group: &str) -> Option<Result<u64, AppError>> {
        let offsets = match self.committed.get(group)? {
            Ok(offsets) => offsets,
            Err(error) => return Some(Err(error.clone())),
        };
        if offsets.is_empty() {
            return None;
        }
        let mut lag = 0u64;
        for committed in offsets {
            match self.end(&committed.topic, committed.partition) {
                Some(Ok(end)) => lag = lag.saturating_add(distance(committed.offset, end.offset)),
                // The sum of the others would be less than the lag.
                Some(Err(error)) => return Some(Err(error.clone())),
                None if self.leaderless.contains(&(committed.topic.clone(), committed.partition)) => {
                    let why =
                        format!("Partition {} of {} has no leader.", committed.partition, committed.topic);
                    return Some(Err(AppError::new("The lag is not known", why)));
                }
                None => {}
            }
        }
        Some(Ok(lag))
    }
}

impl SlowPart {
    async fn take(client: &KafkaClient, listing: &Listing, led: &[LedPartition]) -> SlowPart {
        let topics: Vec<String> = listing.topics.iter().map(|topic| topic.name.clone()).collect();
        let brokers: Vec<i32> = listing.brokers.iter().map(|broker| broker.id).collect();
        let small = led.len() <= SIZED_PARTITIONS_MAX;
        let (starts, configs, sizes) = tokio::join!(
            client.offsets(led, Position::LogStart),
            client.configs_of_topics(&topics, &LISTED_CONFIGS),
            async { if small { Some(client.sizes(&brokers).await) } else { None } },
        );
        SlowPart { at: now_ms(), starts, configs, sizes, partitions: led.len() }
    }
}

/// Returns the newest records: of the partitions that have moved since `before`, the others are as they were.
async fn newest(
    client: &KafkaClient,
    led: &[LedPartition],
    ends: &FoundByPartition,
    before: Option<&Measure>,
) -> FoundByPartition {
    if led.len() > NEWEST_TIME_PARTITIONS_MAX {
        return FoundByPartition::default();
    }
    let Some(before) = before else {
        return client.offsets(led, Position::NewestTime).await;
    };
    let end = |ends: &FoundByPartition, of: &LedPartition| {
        ends.get(&of.topic, of.partition)?.as_ref().ok().map(|found| found.offset)
    };
    let moved: Vec<LedPartition> = led
        .iter()
        .filter(|of| end(ends, of) != end(&before.ends, of))
        .take(NEWEST_AT_ONCE_MAX)
        .cloned()
        .collect();
    let mut newest = before.newest.clone();
    newest.extend(client.offsets(&moved, Position::NewestTime).await);
    newest
}

/// Returns how many offsets lie between two; none when they are the other way round.
pub fn distance(from: i64, to: i64) -> u64 {
    u64::try_from(to.saturating_sub(from)).unwrap_or(0)
}

fn leaderless(listing: &Listing) -> HashSet<(String, i32)> {
    let of = |topic: &ListedTopic| -> Vec<(String, i32)> {
        let without = topic.partitions.iter().filter(|partition| partition.leader.is_none());
        without.map(|partition| (topic.name.clone(), partition.index)).collect()
    };
    listing.topics.iter().flat_map(of).collect()
}

/// Returns every partition that has a leader.
pub fn led_partitions(listing: &Listing) -> Vec<LedPartition> {
    listing.topics.iter().flat_map(ListedTopic::led).collect()
}

fn by_coordinator(groups: &[ListedGroup]) -> HashMap<i32, Vec<String>> {
    let mut sorted: HashMap<i32, Vec<String>> = HashMap::new();
    for group in groups {
        sorted.entry(group.coordinator).or_default().push(group.group.clone());
    }
    sorted
}

async fn committed(
    client: &KafkaClient,
    groups: &[ListedGroup],
) -> HashMap<String, Result<Vec<Committed>, AppError>> {
    let mut all = HashMap::new();
    for (coordinator, names) in by_coordinator(groups) {
        match client.committed(coordinator, &names).await {
            Ok(answers) => all.extend(answers),
            Err(error) => all.extend(names.into_iter().map(|name| (name, Err(error.clone())))),
        }
    }
    all
}

async fn members(
    client: &KafkaClient,
    groups: &[ListedGroup],
) -> HashMap<String, Result<DescribedMembers, AppError>> {
    let (newer, classic): (Vec<ListedGroup>, Vec<ListedGroup>) =
        groups.iter().cloned().partition(|group| group.kind == "consumer");
    let mut all = HashMap::new();
    let mut take = |names: Vec<String>, answers: AppResult<HashMap<_, _>>| match answers {
        Ok(answers) => all.extend(answers),
        Err(error) => all.extend(names.into_iter().map(|name| (name, Err(error.clone())))),
    };
    for (coordinator, names) in by_coordinator(&classic) {
        take(names.clone(), client.describe_groups(coordinator, names).await);
    }
    for (coordinator, names) in by_coordinator(&newer) {
        take(names.clone(), client.describe_consumer_groups(coordinator, names).await);
    }
    all
}
