//! Where a scan begins and ends: bounds of its partitions, and its first offsets.

use std::collections::BTreeMap;

use super::reader::WHAT;
use super::scan::Scan;
use crate::dto::{AppError, ScanFrom};
use crate::error::AppResult;
use crate::kafka::KafkaClient;
use crate::kafka::listing::ListedTopic;
use crate::kafka::offsets::{LedPartition, Position};
use crate::services::connections::Connection;

/// Newest n: how often the reader goes further back when compaction or markers left fewer records.
const FURTHER_BACK_MAX: u32 = 6;

/// Where partitions begin and end, taken once when the scan starts.
pub(super) struct Bounds {
    pub start: BTreeMap<i32, i64>,
    pub end: BTreeMap<i32, i64>,
}

/// Takes the start and the end of each partition that is wanted and has a leader.
pub(super) async fn bounds(scan: &Scan, connection: &Connection, client: &KafkaClient) -> AppResult<Bounds> {
    let led = led(scan, connection, true).await?;
    let (starts, ends) =
        tokio::join!(client.offsets(&led, Position::LogStart), client.offsets(&led, Position::HighWatermark));
    let mut bounds = Bounds { start: BTreeMap::new(), end: BTreeMap::new() };
    let mut failure = None;
    for partition in &led {
        let (topic, index) = (&partition.topic, partition.partition);
        match (starts.get(topic, index), ends.get(topic, index)) {
            (Some(Ok(start)), Some(Ok(end))) => {
                bounds.start.insert(partition.partition, start.offset);
                bounds.end.insert(partition.partition, end.offset);
            }
            (Some(Err(error)), _) | (_, Some(Err(error))) => {
                scan.note(partition.partition, Some(error.why.clone()));
                failure = Some(error.clone());
            }
            (None, _) | (_, None) => scan.note(partition.partition, Some("no answer".to_owned())),
        }
    }
    match failure.filter(|_| bounds.end.is_empty()) {
        Some(error) => Err(error),
        None => Ok(bounds),
    }
}

/// Returns the wanted partitions with their leaders; those without one are noted.
pub(super) async fn led(
    scan: &Scan,
    connection: &Connection,
    must_exist: bool,
) -> AppResult<Vec<LedPartition>> {
    let (listing, away) = connection.listing_with(&scan.request.topic).await?;
    if let Some(error) = away {
        return Err(error);
    }
    let Some(topic) = listing.topic(&scan.request.topic) else {
        let error = AppError::not_found(WHAT, "There is no such topic.").at_topic(scan.request.topic.clone());
        return Err(error);
    };
    if must_exist {
        check_partitions(scan, topic)?;
    }
    let mut led = Vec::new();
    for partition in topic.partitions.iter().filter(|partition| wanted(scan, partition.index)) {
        match partition.leader {
            Some(leader) => {
                led.push(LedPartition { topic: topic.name.clone(), partition: partition.index, leader })
            }
            None => scan.note(partition.index, Some("it has no leader".to_owned())),
        }
    }
    Ok(led)
}

fn wanted(scan: &Scan, partition: i32) -> bool {
    scan.request.partitions.as_ref().is_none_or(|partitions| partitions.contains(&partition))
}

fn check_partitions(scan: &Scan, topic: &ListedTopic) -> AppResult<()> {
    let known = |index: &i32| topic.partitions.iter().any(|partition| partition.index == *index);
    match scan.request.partitions.iter().flatten().find(|index| !known(index)) {
        None => Ok(()),
        Some(index) => {
            let why = format!("The topic has no partition {index}.");
            Err(AppError::not_found(WHAT, why).at_topic(topic.name.clone()).at_partition(*index))
        }
    }
}

pub(super) async fn begin_at(
    scan: &Scan,
    connection: &Connection,
    client: &KafkaClient,
    bounds: &Bounds,
) -> AppResult<BTreeMap<i32, i64>> {
    let clamp = |partition: &i32, offset: i64| {
        let start = bounds.start.get(partition).copied().unwrap_or(0);
        offset.clamp(start, bounds.end.get(partition).copied().unwrap_or(start).max(start))
    };
    let by = |begin: &dyn Fn(i32) -> i64| {
        bounds.end.keys().map(|partition| (*partition, clamp(partition, begin(*partition)))).collect()
    };
    Ok(match &scan.request.from {
        ScanFrom::Beginning => bounds.start.clone(),
        ScanFrom::Offset { offset } => by(&|_| offset.0),
        ScanFrom::Newest { n } => {
            let n = i64::from((*n).min(scan.request.limit));
            by(&|partition| bounds.end.get(&partition).copied().unwrap_or(0) - n)
        }
        ScanFrom::Time { at } => {
            let led = led(scan, connection, false).await?;
            let found = client.offsets(&led, Position::Time(*at)).await;
            by(&|partition| match found.get(&scan.request.topic, partition) {
                // No record is that new: nothing before the end is wanted.
                Some(Ok(found)) if found.offset < 0 => i64::MAX,
                Some(Ok(found)) => found.offset,
                Some(Err(_)) | None => 0,
            })
        }
    })
}

/// Newest n found too few records: returns where to begin again, twice as far back.
pub(super) fn further_back(
    scan: &Scan,
    bounds: &Bounds,
    starts: &BTreeMap<i32, i64>,
    round: u32,
) -> BTreeMap<i32, i64> {
    let ScanFrom::Newest { n } = scan.request.from else {
        return BTreeMap::new();
    };
    let enough = scan.kept() >= n.min(scan.request.limit) as usize;
    if enough || scan.request.contains.is_some() || round >= FURTHER_BACK_MAX {
        return BTreeMap::new();
    }
    let step = i64::from(n) << (round + 1);
    let back = starts.iter().filter_map(|(partition, at)| {
        let start = bounds.start.get(partition).copied()?;
        (*at > start).then(|| (*partition, (at - step).max(start)))
    });
    back.collect()
}

pub(super) fn why_empty(bounds: &Bounds) -> Option<String> {
    if bounds.end.is_empty() {
        return Some("No partition can be read".to_owned());
    }
    let empty = bounds.end.iter().all(|(partition, end)| bounds.start.get(partition) == Some(end));
    if !empty {
        return None;
    }
    let last = bounds.end.values().max().copied().unwrap_or(0);
    Some(match last {
        0 => "The topic has no records yet".to_owned(),
        last => format!("No records are left: start and end are both {last}, the others were deleted"),
    })
}
