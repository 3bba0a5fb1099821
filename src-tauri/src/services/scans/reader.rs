//! Reading a topic for a scan: where to begin, the leaders at once, and what to do when they move.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use broker_core::protocol::ErrorCode as KafkaCode;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::time::Instant;
use tracing::warn;

use super::range::{begin_at, bounds, further_back, led, why_empty};
use super::scan::{Command, Scan};
use crate::dto::{AppError, ScanPhase};
use crate::error::AppResult;
use crate::kafka::KafkaClient;
use crate::kafka::consume::{Cursor, Fetched, decode, fetch};
use crate::kafka::errors::{explain_code, sentence};
use crate::services::connections::Connection;

pub(super) const WHAT: &str = "The scan stopped";
/// How long a broker waits for records before it answers that there are none.
const FETCH_WAIT: Duration = Duration::from_millis(500);
/// Without any progress for this long a scan with an end gives up.
const STUCK_AFTER: Duration = Duration::from_secs(30);
/// Between two looks of a partition that had its share.
const SHARE_WAIT: Duration = Duration::from_millis(20);
const RETRY_AFTER: Duration = Duration::from_millis(300);

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

fn cursors(starts: &BTreeMap<i32, i64>, ends: Option<&BTreeMap<i32, i64>>) -> Vec<Cursor> {
    let all = starts.iter().map(|(partition, next)| Cursor {
        partition: *partition,
        next: *next,
        end: ends.map(|ends| ends.get(partition).copied().unwrap_or(*next)),
    });
    all.collect()
}

/// Reads until all cursors are done, all leaders at once; partitions whose leader went away are tried again
/// while the others go on. Returns false when the scan was stopped.
async fn read_all(
    scan: &Arc<Scan>,
    connection: &Connection,
    client: &KafkaClient,
    cursors: Vec<Cursor>,
) -> AppResult<bool> {
    let mut waiting = cursors;
    let mut reads = FuturesUnordered::new();
    let mut progress = (Instant::now(), scan.position());
    let mut stopping = scan.command.subscribe();
    loop {
        waiting.retain(|cursor| !cursor.done());
        for (leader, group) in take_led(scan, connection, &mut waiting).await {
            reads.push(read_leader(scan, client, leader, group));
        }
        if reads.is_empty() && waiting.is_empty() {
            return Ok(true);
        }
        tokio::select! {
            Some(outcome) = reads.next() => {
                let (left, go_on) = outcome?;
                if !go_on {
                    return Ok(false);
                }
                if !left.iter().all(Cursor::done) {
                    connection.outdate();
                }
                waiting.extend(left);
            }
            () = tokio::time::sleep(RETRY_AFTER) => connection.outdate(),
            _ = stopping.wait_for(|command| *command == Command::Stop) => return Ok(false),
        }
        let position = scan.position();
        if position != progress.1 || *scan.command.borrow() == Command::Pause || scan.is_full() {
            progress = (Instant::now(), position);
        } else if !scan.request.live && progress.0.elapsed() > STUCK_AFTER {
            return Err(AppError::new(WHAT, "For 30 s no partition could be read any further.").retriable());
        }
    }
}

/// Takes out of `waiting` the cursors whose partition has a leader, by leader.
async fn take_led(
    scan: &Scan,
    connection: &Connection,
    waiting: &mut Vec<Cursor>,
) -> Vec<(i32, Vec<Cursor>)> {
    if waiting.is_empty() {
        return Vec::new();
    }
    let led = led(scan, connection, false).await.unwrap_or_default();
    let leaders: HashMap<i32, i32> =
        led.into_iter().map(|partition| (partition.partition, partition.leader)).collect();
    let mut by_leader: HashMap<i32, Vec<Cursor>> = HashMap::new();
    waiting.retain(|cursor| match leaders.get(&cursor.partition) {
        Some(leader) => {
            by_leader.entry(*leader).or_default().push(*cursor);
            false
        }
        None => true,
    });
    by_leader.into_iter().collect()
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
            tokio::time::sleep(RETRY_AFTER).await;
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
        if taken.waits {
            tokio::time::sleep(SHARE_WAIT).await;
        }
        if taken.moved {
            tokio::time::sleep(RETRY_AFTER).await;
            return Ok((cursors, true));
        }
    }
}

struct Taken {
    cursors: Vec<Cursor>,
    /// Some partition had its share and lets the others have theirs.
    waits: bool,
    /// Some partition is not led by this broker any more.
    moved: bool,
}

fn take(scan: &Scan, fetched: Vec<Fetched>, mut cursors: Vec<Cursor>) -> AppResult<Taken> {
    let (mut waits, mut moved) = (false, false);
    for partition in fetched {
        let Some(cursor) = cursors.iter_mut().find(|cursor| cursor.partition == partition.partition) else {
            continue;
        };
        match KafkaCode::from_code(partition.error_code) {
            Some(KafkaCode::None) => waits |= !take_records(scan, partition, cursor)?,
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
    }
    Ok(Taken { cursors, waits, moved })
}

/// Returns false when the partition waits for the others.
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
    scan.add(&records, cursor).map_err(|error| {
        AppError::new("The scan cannot keep more rows", sentence(&error.to_string()))
            .remedy("Free some disk space, or scan fewer records")
    })
}

/// Waits while the scan is paused or at its limit; false when it is stopped.
async fn may_go_on(scan: &Scan) -> bool {
    let mut command = scan.command.subscribe();
    let moves = |command: &Command| match command {
        Command::Read => !scan.is_full(),
        Command::Pause => false,
        Command::Stop => true,
    };
    let settled = command.wait_for(moves).await;
    settled.is_ok_and(|command| *command == Command::Read)
}

fn note_all(scan: &Scan, cursors: &[Cursor], why: &str) {
    for cursor in cursors {
        scan.note(cursor.partition, Some(why.to_owned()));
    }
}

fn complete_text(scan: &Scan) -> String {
    let (kept, scanned) = (scan.kept(), scan.scanned());
    match &scan.request.contains {
        Some(_) => format!("Complete to the ends taken at the start: {kept} of {scanned} read matched"),
        None if scanned == 0 => "Complete: no records in this range".to_owned(),
        None => "Complete to the ends taken at the start".to_owned(),
    }
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
