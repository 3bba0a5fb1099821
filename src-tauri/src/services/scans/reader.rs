//! Reading a topic for a scan: where to begin, the leaders at once, and what to do when they move.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use broker_core::protocol::ErrorCode as KafkaCode;
use futures_util::future::join_all;
use tokio::time::Instant;
use tracing::warn;

use super::scan::{Command, Scan};
use crate::dto::{AppError, ScanFrom, ScanPhase};
use crate::error::AppResult;
use crate::kafka::KafkaClient;
use crate::kafka::consume::{Cursor, Fetched, decode, fetch};
use crate::kafka::errors::{explain_code, sentence};
use crate::kafka::listing::ListedTopic;
use crate::kafka::offsets::{LedPartition, Position};
use crate::services::connections::Connection;

const WHAT: &str = "The scan stopped";
/// How long a broker waits for records before it answers that there are none.
const FETCH_WAIT: Duration = Duration::from_millis(500);
/// Without any progress for this long a scan with an end gives up.
const STUCK_AFTER: Duration = Duration::from_secs(30);
const RETRY_AFTER: Duration = Duration::from_millis(300);
/// Newest n: how often the reader goes further back when compaction or markers left fewer records.
const FURTHER_BACK_MAX: u32 = 6;

struct Bounds {
    start: BTreeMap<i32, i64>,
    end: BTreeMap<i32, i64>,
}

/// Runs a scan to its end and says how it ended.
pub async fn run(scan: Arc<Scan>, connection: Arc<Connection>) {
    match read(&scan, &connection).await {
        Ok(()) if *scan.command.borrow() == Command::Stop => {
            scan.end(ScanPhase::Stopped, Some(stopped_text(&scan)), None);
        }
        Ok(()) => scan.end(ScanPhase::Complete, Some(complete_text(&scan)), None),
        Err(error) => {
            scan.end(ScanPhase::Failed, Some(error.why.clone()), Some(error.at_connection(connection.id)));
        }
    }
}

async fn read(scan: &Arc<Scan>, connection: &Connection) -> AppResult<()> {
    let client = connection.client()?;
    let bounds = bounds(scan, connection, &client).await?;
    if let Some(reason) = why_empty(&bounds).filter(|_| !scan.request.live) {
        scan.end(ScanPhase::Complete, Some(reason), None);
        return Ok(());
    }
    let mut starts = begin_at(scan, connection, &client, &bounds).await?;
    let mut ends = bounds.end.clone();
    for round in 0.. {
        let cursors = cursors(&starts, Some(&ends));
        scan.begin(&cursors, &bounds.end);
        if !read_all(scan, connection, &client, cursors).await? {
            if *scan.command.borrow() != Command::Stop {
                scan.end(ScanPhase::Stopped, Some(limit_text(scan)), None);
            }
            return Ok(());
        }
        let further = further_back(scan, &bounds, &starts, round);
        if further.is_empty() {
            break;
        }
        ends = further.keys().filter_map(|partition| Some((*partition, *starts.get(partition)?))).collect();
        starts = further;
    }
    if !scan.request.live {
        return Ok(());
    }
    scan.go_live();
    read_all(scan, connection, &client, cursors(&bounds.end, None)).await?;
    Ok(())
}

/// Takes the start and the end of each partition that is wanted and has a leader.
async fn bounds(scan: &Scan, connection: &Connection, client: &KafkaClient) -> AppResult<Bounds> {
    let led = led(scan, connection, true).await?;
    let (starts, ends) =
        tokio::join!(client.offsets(&led, Position::LogStart), client.offsets(&led, Position::HighWatermark));
    let mut bounds = Bounds { start: BTreeMap::new(), end: BTreeMap::new() };
    let mut failure = None;
    for partition in &led {
        let key = (partition.topic.clone(), partition.partition);
        match (starts.get(&key), ends.get(&key)) {
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
async fn led(scan: &Scan, connection: &Connection, must_exist: bool) -> AppResult<Vec<LedPartition>> {
    let (listing, away) = connection.listing().await?;
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

async fn begin_at(
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
            by(&|partition| match found.get(&(scan.request.topic.clone(), partition)) {
                // No record is that new: nothing before the end is wanted.
                Some(Ok(found)) if found.offset < 0 => i64::MAX,
                Some(Ok(found)) => found.offset,
                Some(Err(_)) | None => 0,
            })
        }
    })
}

/// Newest n found too few records: returns where to begin again, twice as far back.
fn further_back(scan: &Scan, bounds: &Bounds, starts: &BTreeMap<i32, i64>, round: u32) -> BTreeMap<i32, i64> {
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

fn cursors(starts: &BTreeMap<i32, i64>, ends: Option<&BTreeMap<i32, i64>>) -> Vec<Cursor> {
    let all = starts.iter().map(|(partition, next)| Cursor {
        partition: *partition,
        next: *next,
        end: ends.map(|ends| ends.get(partition).copied().unwrap_or(*next)),
    });
    all.collect()
}

/// Reads until all cursors are done. Returns false when the scan was stopped or is full.
async fn read_all(
    scan: &Arc<Scan>,
    connection: &Connection,
    client: &KafkaClient,
    mut cursors: Vec<Cursor>,
) -> AppResult<bool> {
    let mut progress = (Instant::now(), position(&cursors));
    loop {
        cursors.retain(|cursor| !cursor.done());
        if cursors.is_empty() {
            return Ok(true);
        }
        let leaders: HashMap<i32, i32> = led(scan, connection, false)
            .await
            .unwrap_or_default()
            .into_iter()
            .map(|partition| (partition.partition, partition.leader))
            .collect();
        let mut by_leader: HashMap<Option<i32>, Vec<Cursor>> = HashMap::new();
        for cursor in cursors.drain(..) {
            by_leader.entry(leaders.get(&cursor.partition).copied()).or_default().push(cursor);
        }
        cursors.extend(by_leader.remove(&None).unwrap_or_default());
        let led = by_leader.into_iter().filter_map(|(leader, group)| Some((leader?, group)));
        let reads = led.map(|(leader, group)| read_leader(scan, client, leader, group));
        for outcome in join_all(reads).await {
            let (left, go_on) = outcome?;
            cursors.extend(left);
            if !go_on {
                return Ok(false);
            }
        }
        if cursors.iter().all(Cursor::done) {
            continue;
        }
        let position = position(&cursors);
        if position != progress.1 {
            progress = (Instant::now(), position);
        } else if !scan.request.live && progress.0.elapsed() > STUCK_AFTER {
            return Err(AppError::new(WHAT, "For 30 s no partition could be read any further.").retriable());
        }
        if *scan.command.borrow() == Command::Stop {
            return Ok(false);
        }
        tokio::time::sleep(RETRY_AFTER).await;
        connection.outdate();
    }
}

fn position(cursors: &[Cursor]) -> i64 {
    cursors.iter().map(|cursor| cursor.next).fold(0, i64::wrapping_add)
}

/// Reads the partitions of one leader until they are done, it is no longer their leader, or the scan ends.
async fn read_leader(
    scan: &Arc<Scan>,
    client: &KafkaClient,
    leader: i32,
    mut cursors: Vec<Cursor>,
) -> AppResult<(Vec<Cursor>, bool)> {
    let mut link = match client.pool().open(leader).await {
        Ok(link) => link,
        Err(error) => {
            note_all(scan, &cursors, &error.to_string());
            return Ok((cursors, true));
        }
    };
    loop {
        if !may_go_on(scan).await {
            return Ok((cursors, false));
        }
        cursors.retain(|cursor| !cursor.done());
        if cursors.is_empty() {
            return Ok((cursors, true));
        }
        // Bounded reads take turns, so that the first partitions do not starve the others.
        cursors.rotate_left(1);
        let mut stopping = scan.command.subscribe();
        let answer = tokio::select! {
            answer = fetch(&mut link, &scan.request.topic, &cursors, FETCH_WAIT) => answer,
            _ = stopping.wait_for(|command| *command == Command::Stop) => return Ok((cursors, false)),
        };
        let fetched = match answer {
            Ok(fetched) => fetched,
            Err(error) => {
                note_all(scan, &cursors, &error.to_string());
                return Ok((cursors, true));
            }
        };
        let taking = scan.clone();
        let taken = tokio::task::spawn_blocking(move || take(&taking, fetched, cursors)).await;
        let taken = taken.map_err(|error| AppError::internal(WHAT, error))??;
        cursors = taken.cursors;
        if taken.full {
            return Ok((cursors, false));
        }
        if taken.moved {
            return Ok((cursors, true));
        }
    }
}

struct Taken {
    cursors: Vec<Cursor>,
    full: bool,
    /// Some partition is not led by this broker any more.
    moved: bool,
}

fn take(scan: &Scan, fetched: Vec<Fetched>, mut cursors: Vec<Cursor>) -> AppResult<Taken> {
    let (mut full, mut moved) = (false, false);
    for partition in fetched {
        let Some(cursor) = cursors.iter_mut().find(|cursor| cursor.partition == partition.partition) else {
            continue;
        };
        match KafkaCode::from_code(partition.error_code) {
            Some(KafkaCode::None) => full |= take_records(scan, partition, cursor)?,
            Some(KafkaCode::OffsetOutOfRange) => {
                // Retention was faster, or the partition was cut; go on where it begins now.
                let range = partition.log_start.max(0)..=partition.high_watermark.max(0);
                cursor.next = cursor.next.clamp(*range.start(), (*range.end()).max(*range.start()));
                if cursor.end.is_some_and(|end| end > *range.end()) {
                    cursor.end = Some(*range.end());
                }
            }
            Some(code) if code.is_retriable() => {
                scan.note(partition.partition, Some(format!("waiting ({})", code.name())));
                moved = true;
            }
            Some(_) | None => {
                let error = explain_code(WHAT, partition.error_code, None);
                scan.note(partition.partition, Some(error.why));
                cursor.end = Some(cursor.next);
            }
        }
        if full {
            break;
        }
    }
    Ok(Taken { cursors, full, moved })
}

/// Returns whether the scan has all the rows it wants.
fn take_records(scan: &Scan, fetched: Fetched, cursor: &mut Cursor) -> AppResult<bool> {
    let mut records = Vec::new();
    let before = cursor.next;
    let decoded = decode(fetched.batches, cursor, &mut records);
    if let Err(error) = decoded {
        warn!(partition = fetched.partition, offset = cursor.next, %error, "batch not readable");
        let note = format!("not readable from offset {} on ({error})", cursor.next);
        scan.note(fetched.partition, Some(note));
        cursor.end = Some(cursor.next);
    } else if cursor.next > before {
        scan.note(fetched.partition, None);
    } else if cursor.end.is_some_and(|end| end > fetched.high_watermark) {
        // The partition is shorter than it was when the scan began.
        cursor.end = Some(fetched.high_watermark);
    }
    let more = scan.add(&records, *cursor).map_err(|error| {
        AppError::new("The scan cannot keep more rows", sentence(&error.to_string()))
            .remedy("Free some disk space, or scan fewer records")
    })?;
    Ok(!more)
}

/// Waits while the scan is paused; false when it is stopped.
async fn may_go_on(scan: &Scan) -> bool {
    let mut command = scan.command.subscribe();
    let settled = command.wait_for(|command| *command != Command::Pause).await;
    settled.is_ok_and(|command| *command == Command::Read)
}

fn note_all(scan: &Scan, cursors: &[Cursor], why: &str) {
    for cursor in cursors {
        scan.note(cursor.partition, Some(why.to_owned()));
    }
}

fn why_empty(bounds: &Bounds) -> Option<String> {
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

fn complete_text(scan: &Scan) -> String {
    let (kept, scanned) = (scan.kept(), scan.scanned());
    match &scan.request.contains {
        Some(_) => format!("Complete to the ends taken at the start: {kept} of {scanned} read matched"),
        None if scanned == 0 => "Complete: no records in this range".to_owned(),
        None => "Complete to the ends taken at the start".to_owned(),
    }
}

fn limit_text(scan: &Scan) -> String {
    format!("Stopped at the limit of {} rows{}", scan.request.limit, share_text(scan))
}

fn stopped_text(scan: &Scan) -> String {
    format!("Stopped{}", share_text(scan))
}

fn share_text(scan: &Scan) -> String {
    let state = scan.state();
    match state.total {
        Some(total) if total > 0 => format!(": {} % read", (state.scanned * 100 / total).min(100)),
        Some(_) | None => String::new(),
    }
}
