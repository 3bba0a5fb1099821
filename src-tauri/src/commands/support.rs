//! Where this program keeps its files, and a report for whoever helps: what runs here, without secrets,
//! names of clusters, addresses or anything that a record holds.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use serde_json::json;

use crate::app::App;
use crate::clock::now_ms;
use crate::dto::{Empty, FilePlace, SupportReport};
use crate::error::AppResult;
use crate::text::redact::redacted;

/// The log's end that goes into a report.
const LOG_TAIL_LEN: u64 = 256 << 10;

/// Returns the files of this program and how much each takes.
pub async fn files(app: &Arc<App>, _: Empty) -> AppResult<Vec<FilePlace>> {
    let root = app.data_dir().to_owned();
    let listed = tokio::task::spawn_blocking(move || {
        let place = |what: &str, name: &str| {
            let path = root.join(name);
            // What SQLite has not yet moved into the store lies beside it.
            let beside = ["-wal", "-shm"].map(|end| size_of(&root.join(format!("{name}{end}"))));
            let bytes = size_of(&path) + beside.iter().sum::<u64>();
            FilePlace { what: what.to_owned(), bytes, path: path.display().to_string() }
        };
        vec![
            place("Connections, history, what the window remembers", "headwater.db"),
            place("Log", "headwater.log"),
            place("Local cluster", "local"),
            place("Rows of open scans, deleted at exit", "spill"),
        ]
    });
    listed.await.map_err(|error| crate::dto::AppError::internal("The files were not listed", error))
}

/// Returns the report as text, to be read before it is saved.
pub async fn report(app: &Arc<App>, _: Empty) -> AppResult<SupportReport> {
    let summaries = app.connections.summaries();
    // Names and addresses are somebody's; what is wrong with a cluster is told without them.
    let clusters: Vec<_> = summaries
        .iter()
        .map(|one| {
            json!({
                "kind": one.kind, "environment": one.environment, "readOnly": one.read_only,
                "state": one.state, "since": one.since, "brokers": one.brokers, "topics": one.topics,
            })
        })
        .collect();
    let mut private: Vec<String> = Vec::new();
    for one in &summaries {
        private.push(one.name.clone());
        private.extend(one.bootstrap.split(',').map(str::to_owned));
        private.extend(one.bootstrap.split(',').filter_map(|at| Some(at.rsplit_once(':')?.0.to_owned())));
    }
    let local = app.embedded.status().await.map(|local| {
        json!({
            "readyMs": local.ready_ms, "since": local.since, "controller": local.controller,
            "brokers": local.brokers.iter()
                .map(|broker| json!({ "id": broker.id, "state": broker.state, "logBytes": broker.log_bytes }))
                .collect::<Vec<_>>(),
        })
    });
    let log = tail(&app.data_dir().join("headwater.log"));
    let head = json!({
        "program": "headwater", "version": env!("CARGO_PKG_VERSION"), "host": app.host,
        "platform": format!("{} {}", std::env::consts::OS, std::env::consts::ARCH), "at": now_ms(),
        "clusters": clusters, "local": local, "jobs": app.jobs.views().len(),
        "files": files(app, Empty {}).await?.iter()
            .map(|file| json!({ "what": file.what, "bytes": file.bytes })).collect::<Vec<_>>(),
    });
    let head = serde_json::to_string_pretty(&head).unwrap_or_default();
    let home = std::env::var("HOME").unwrap_or_default();
    private.extend([app.data_dir().display().to_string(), home]);
    let text = format!("{head}\n\n--- log ---\n{}", redacted(&log, &private));
    Ok(SupportReport { text })
}

fn tail(path: &Path) -> String {
    let read = || -> std::io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(LOG_TAIL_LEN)))?;
        let mut bytes = Vec::new();
        file.take(LOG_TAIL_LEN).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    String::from_utf8_lossy(&read().unwrap_or_default()).into_owned()
}

fn size_of(path: &Path) -> u64 {
    match std::fs::symlink_metadata(path) {
        Ok(file) if file.is_dir() => {
            let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
            entries.map(|entry| size_of(&entry.path())).sum()
        }
        Ok(file) => file.len(),
        Err(_) => 0,
    }
}
