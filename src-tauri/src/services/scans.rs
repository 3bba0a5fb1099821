//! The scans of all tabs: started, watched, paused, closed. Their rows stay here, in Rust.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::task::JoinHandle;

use crate::clock::random_id;
use crate::dto::{AppError, ScanId, StartScan};
use crate::error::AppResult;
use crate::services::connections::Connection;
use crate::services::settings::Settings;

pub mod payloads;
mod range;
mod reader;
pub mod rows;
mod scan;
mod shares;

use payloads::Payloads;
pub use scan::{Command, Scan};

const SCANS_MAX: usize = 64;
const LIMIT_MAX: u32 = 5_000_000;
const CONTAINS_LEN_MAX: usize = 4_096;
const TOPIC_LEN_MAX: usize = 249;

/// All scans of this run. One too many ends the one that was looked at longest ago: a page that was loaded
/// again leaves its scans behind.
pub struct Scans {
    spill_dir: PathBuf,
    settings: Arc<Settings>,
    open: Mutex<HashMap<ScanId, Open>>,
    uses: AtomicU64,
}

struct Open {
    scan: Arc<Scan>,
    used: u64,
    reader: JoinHandle<()>,
}

impl std::fmt::Debug for Scans {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scans").field("spill_dir", &self.spill_dir).finish_non_exhaustive()
    }
}

impl Scans {
    pub fn new(spill_dir: PathBuf, settings: Arc<Settings>) -> Scans {
        Scans { spill_dir, settings, open: Mutex::default(), uses: AtomicU64::new(0) }
    }

    /// Starts a scan; what goes wrong later shows in its state.
    /// Errors: the request is out of bounds.
    pub fn start(&self, connection: Arc<Connection>, request: StartScan) -> AppResult<ScanId> {
        check(&request)?;
        let mut open = self.lock();
        let oldest = open.iter().min_by_key(|(_, open)| open.used).map(|(id, _)| *id);
        if let Some(oldest) = oldest.filter(|_| open.len() >= SCANS_MAX)
            && let Some(ended) = open.remove(&oldest)
        {
            ended.reader.abort();
        }
        let id = ScanId(random_id());
        let scan = Arc::new(Scan::new(
            id,
            request,
            Payloads::new(self.spill_dir.clone(), self.settings.scan_memory()),
        ));
        let reader = tokio::spawn(reader::run(scan.clone(), connection));
        let used = self.next_use();
        open.insert(id, Open { scan, used, reader });
        Ok(id)
    }

    /// Errors: `not_found`.
    pub fn get(&self, id: ScanId) -> AppResult<Arc<Scan>> {
        let used = self.next_use();
        let mut scans = self.lock();
        let found = scans.get_mut(&id).map(|open| {
            open.used = used;
            open.scan.clone()
        });
        found.ok_or_else(|| {
            AppError::not_found("There is no such scan", "It was closed, or belongs to an earlier run.")
                .remedy("Run it again")
        })
    }

    /// Pauses, resumes or stops a scan.
    pub fn command(&self, id: ScanId, command: Command) -> AppResult<()> {
        let scan = self.get(id)?;
        scan.command.send_modify(|current| {
            if *current != Command::Stop {
                *current = command;
            }
        });
        scan.bump();
        Ok(())
    }

    /// Lets a scan that waits at its limit go on for as many rows again.
    /// Errors: it keeps as many rows as a scan may.
    pub fn read_on(&self, id: ScanId) -> AppResult<()> {
        let scan = self.get(id)?;
        if scan.kept() >= LIMIT_MAX as usize {
            return Err(AppError::new(
                "The scan reads no further",
                "It keeps 5,000,000 rows, the most there can be.",
            )
            .remedy("Read from a later offset or time"));
        }
        scan.read_on(LIMIT_MAX as usize);
        Ok(())
    }

    /// Ends a scan and forgets its rows. One that is closed already is no error.
    pub async fn close(&self, id: ScanId) {
        let Some(open) = self.lock().remove(&id) else {
            return;
        };
        open.scan.command.send_replace(Command::Stop);
        open.reader.abort();
        let _ = open.reader.await;
    }

    /// Ends all scans, when the app ends.
    pub async fn close_all(&self) {
        let ids: Vec<ScanId> = self.lock().keys().copied().collect();
        for id in ids {
            self.close(id).await;
        }
    }

    fn next_use(&self) -> u64 {
        self.uses.fetch_add(1, Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ScanId, Open>> {
        self.open.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

fn check(request: &StartScan) -> AppResult<()> {
    const WHAT: &str = "The scan was not started";
    if request.limit == 0 || request.limit > LIMIT_MAX {
        return Err(AppError::new(WHAT, "The most rows kept can be 1 to 5,000,000."));
    }
    if request.contains.as_ref().is_some_and(|text| text.len() > CONTAINS_LEN_MAX) {
        return Err(AppError::new(WHAT, "The text to look for is longer than 4,096 bytes."));
    }
    if request.topic.is_empty() || request.topic.len() > TOPIC_LEN_MAX {
        return Err(AppError::new(WHAT, "A topic name has 1 to 249 characters."));
    }
    Ok(())
}
