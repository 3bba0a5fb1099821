//! One scan: what was asked, how far it is, and its rows.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use tokio::sync::watch;

use super::payloads::Payloads;
use super::rows::{Keep, Rows};
use super::shares::Shares;
use crate::clock::now_ms;
use crate::dto::{AppError, Offset, PartitionProgress, ScanFrom, ScanId, ScanPhase, ScanState, StartScan};
use crate::kafka::consume::{Cursor, Record};
use crate::text::{contains_ignoring_case, grouped};

/// What the reader does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Read,
    Pause,
    Stop,
}

/// One scan. No `Debug` of its rows: they are somebody's data.
pub struct Scan {
    pub id: ScanId,
    pub request: StartScan,
    inner: Mutex<Inner>,
    pub command: watch::Sender<Command>,
    changed: watch::Sender<u64>,
}

struct Inner {
    phase: ScanPhase,
    /// The most rows kept now; it grows when the person reads on.
    limit: usize,
    shares: Shares,
    /// Since when the limit is reached; the reader waits.
    full_since: Option<i64>,
    rows: Rows,
    revision: u64,
    scanned: u64,
    total: Option<u64>,
    started_at: i64,
    ended_at: Option<i64>,
    progress: BTreeMap<i32, (i64, i64)>,
    verdict: Option<String>,
    /// Partitions that could not be read, and why.
    notes: BTreeMap<i32, String>,
    error: Option<AppError>,
    recent: Recent,
}

/// Records of the last seconds, for the rate.
#[derive(Default)]
struct Recent {
    since: i64,
    scanned: u64,
    rate: f64,
}

impl Scan {
    pub fn new(id: ScanId, request: StartScan, payloads: Payloads) -> Scan {
        let keep = match request.from {
            ScanFrom::Newest { .. } => Keep::Newest,
            ScanFrom::Beginning | ScanFrom::Offset { .. } | ScanFrom::Time { .. } => Keep::All,
        };
        let inner = Inner {
            phase: ScanPhase::Running,
            limit: request.limit as usize,
            shares: Shares::new(request.limit as usize, 1, now_ms()),
            full_since: None,
            rows: Rows::new(request.limit as usize, keep, payloads),
            revision: 0,
            scanned: 0,
            total: None,
            started_at: now_ms(),
            ended_at: None,
            progress: BTreeMap::new(),
            verdict: None,
            notes: BTreeMap::new(),
            error: None,
            recent: Recent { since: now_ms(), ..Recent::default() },
        };
        Scan {
            id,
            request,
            inner: Mutex::new(inner),
            command: watch::Sender::new(Command::Read),
            changed: watch::Sender::new(0),
        }
    }

    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    pub fn newest(&self) -> bool {
        matches!(self.request.from, ScanFrom::Newest { .. })
    }

    /// Does something with the rows.
    pub fn with_rows<T>(&self, act: impl FnOnce(&mut Rows, u64) -> T) -> T {
        let mut inner = self.lock();
        let revision = inner.revision;
        act(&mut inner.rows, revision)
    }

    /// Adds records and moves the progress. Rows that were asked for from a place on never give way to later
    /// ones: at the limit, or after its share, the cursor stands at the first record that was not taken.
    /// Returns false when the partition waits for the others.
    /// Errors: the rows cannot be kept.
    pub fn add(&self, records: &[Record], cursor: &mut Cursor) -> std::io::Result<bool> {
        let needle = self.request.contains.as_deref().unwrap_or_default().as_bytes();
        let mut inner = self.lock();
        let mut share = if self.newest() { usize::MAX } else { inner.share_of(cursor.partition) };
        let (mut taken, mut rows) = (0, 0);
        for record in records {
            // Only a record that finds no place makes the scan full: one that fits to the row is complete.
            if !self.newest() && inner.rows.kept() >= inner.limit {
                inner.full_since = inner.full_since.or_else(|| Some(now_ms()));
                share = 0;
            }
            if share == 0 {
                cursor.next = record.offset;
                break;
            }
            taken += 1;
            if !matches(record, needle) {
                continue;
            }
            inner.rows.push(record)?;
            share -= 1;
            rows += 1;
        }
        inner.shares.take(cursor.partition, rows);
        inner.scanned += taken;
        if let Some(progress) = inner.progress.get_mut(&cursor.partition) {
            progress.0 = cursor.next;
            progress.1 = progress.1.max(cursor.next);
        }
        inner.recent.count(taken);
        drop(inner);
        self.bump();
        Ok(taken > 0 || records.is_empty())
    }

    /// Whether the reader waits at the limit.
    pub fn is_full(&self) -> bool {
        self.lock().full_since.is_some()
    }

    /// Lets the reader go on for as many rows again; nothing happens when it is not at the limit.
    pub fn read_on(&self, rows_max: usize) {
        let mut inner = self.lock();
        if inner.full_since.take().is_some() {
            inner.shares.renew(now_ms());
            inner.limit = inner.limit.saturating_add(self.request.limit as usize).min(rows_max);
        }
        drop(inner);
        // Its value stays, but the reader looks again.
        self.command.send_modify(|_| ());
        self.bump();
    }

    pub fn begin(&self, cursors: &[Cursor], ends: &BTreeMap<i32, i64>) {
        let mut inner = self.lock();
        for cursor in cursors {
            let end = ends.get(&cursor.partition).copied().unwrap_or(cursor.next);
            inner.progress.insert(cursor.partition, (cursor.next, end));
        }
        let more: u64 =
            cursors.iter().filter_map(|cursor| u64::try_from(cursor.end? - cursor.next).ok()).sum();
        inner.total = Some(inner.total.unwrap_or(0) + more);
        inner.shares = Shares::new(inner.limit, cursors.len(), now_ms());
        drop(inner);
        self.bump();
    }

    pub fn note(&self, partition: i32, note: Option<String>) {
        let mut inner = self.lock();
        match note {
            Some(note) => inner.notes.insert(partition, note),
            None => inner.notes.remove(&partition),
        };
        drop(inner);
        self.bump();
    }

    pub fn go_live(&self) {
        let mut inner = self.lock();
        inner.rows.go_live();
        inner.phase = ScanPhase::Live;
        inner.total = None;
        drop(inner);
        self.bump();
    }

    /// Ends the scan; one that ended already stays as it is.
    pub fn end(&self, phase: ScanPhase, verdict: Option<String>, error: Option<AppError>) {
        let mut inner = self.lock();
        if inner.ended_at.is_some() {
            return;
        }
        inner.phase = phase;
        inner.ended_at = Some(now_ms());
        inner.verdict = verdict;
        inner.error = error;
        drop(inner);
        self.bump();
    }

    pub fn kept(&self) -> usize {
        self.lock().rows.kept()
    }

    /// Returns a number that changes when some partition was read further.
    pub fn position(&self) -> i64 {
        self.lock().progress.values().fold(0, |sum, (at, _)| sum.wrapping_add(*at))
    }

    pub fn scanned(&self) -> u64 {
        self.lock().scanned
    }

    pub fn ended(&self) -> bool {
        self.lock().ended_at.is_some()
    }

    /// Tells watchers that something changed, such as the command.
    pub fn bump(&self) {
        self.lock().revision += 1;
        self.changed.send_modify(|revision| *revision += 1);
    }

    pub fn state(&self) -> ScanState {
        let paused = *self.command.borrow() == Command::Pause;
        let mut inner = self.lock();
        inner.recent.settle();
        let phase = match inner.ended_at {
            Some(_) => inner.phase,
            None if inner.full_since.is_some() => ScanPhase::Full,
            None if paused => ScanPhase::Paused,
            None => inner.phase,
        };
        ScanState {
            scan_id: self.id,
            state: phase,
            count: inner.rows.kept() as u64,
            revision: inner.revision,
            scanned: inner.scanned,
            total: inner.total,
            bytes: inner.rows.bytes,
            started_at: inner.started_at,
            ended_at: inner.ended_at.or(inner.full_since),
            verdict: inner.verdict_text(phase),
            per_partition: inner.progress_rows(),
            rate_per_sec: if inner.ended_at.or(inner.full_since).is_some() {
                inner.mean_rate()
            } else {
                inner.recent.rate
            },
            newest_first: self.newest(),
            error: inner.error.clone(),
            dropped_oldest: inner.rows.dropped_oldest,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl Inner {
    fn share_of(&self, partition: i32) -> usize {
        let unread = self.progress.iter().filter(|(_, (at, end))| at < end);
        self.shares.left(partition, unread.map(|(partition, _)| *partition), now_ms())
    }

    fn verdict_text(&self, phase: ScanPhase) -> String {
        let mut text = match (&self.verdict, phase) {
            (Some(verdict), _) => verdict.clone(),
            (None, ScanPhase::Live) => "Live: new records appear as they come.".to_owned(),
            (None, ScanPhase::Full) => self.full_text(),
            (None, ScanPhase::Paused) => "Paused".to_owned(),
            (None, _) => match self.total {
                Some(total) => format!("Reading: {} of {total}", self.scanned),
                None => "Asking where the records are".to_owned(),
            },
        };
        for (partition, note) in &self.notes {
            text.push_str(&format!(" · partition {partition}: {note}"));
        }
        text
    }

    /// A tail that was read to its end has no share left to name.
    fn full_text(&self) -> String {
        let rows = grouped(self.rows.kept() as u64);
        match self.total {
            Some(total) if total > self.scanned => {
                format!("The first {rows} rows: {} of {} read", grouped(self.scanned), grouped(total))
            }
            Some(_) | None => format!("The first {rows} rows, which is the limit"),
        }
    }

    fn progress_rows(&self) -> Vec<PartitionProgress> {
        let rows = self.progress.iter().map(|(partition, (at, end))| PartitionProgress {
            partition: *partition,
            at: Offset(*at),
            end: Offset(*end),
        });
        rows.collect()
    }

    fn mean_rate(&self) -> f64 {
        let ms = self.ended_at.unwrap_or_else(now_ms) - self.started_at;
        self.scanned as f64 * 1_000.0 / (ms.max(1) as f64)
    }
}

impl Recent {
    const OVER_MS: i64 = 1_000;

    fn count(&mut self, records: u64) {
        self.scanned += records;
        self.settle();
    }

    fn settle(&mut self) {
        let passed = now_ms() - self.since;
        if passed >= Self::OVER_MS {
            self.rate = self.scanned as f64 * 1_000.0 / passed as f64;
            self.since += passed;
            self.scanned = 0;
        }
    }
}

fn matches(record: &Record, needle: &[u8]) -> bool {
    if needle.is_empty() {
        return true;
    }
    let in_payload = |payload: &Option<bytes::Bytes>| {
        payload.as_ref().is_some_and(|bytes| contains_ignoring_case(bytes, needle))
    };
    in_payload(&record.key)
        || in_payload(&record.value)
        || record
            .headers
            .iter()
            .any(|(name, value)| contains_ignoring_case(name.as_bytes(), needle) || in_payload(value))
}
