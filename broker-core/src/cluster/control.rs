//! The control API of a running cluster: HTTP on loopback, found through `control.json` in its directory.
//! Everything needs the token from that file, which only its owner can read.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path as UrlPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use super::{BrokerError, Cluster, DiskFault, Side, SnapshotError, SnapshotInfo};

const FILE: &str = "control.json";
/// Partitions without a leader that are named.
const OFFLINE_SHOWN: usize = 20;

/// Where the control API of a cluster is, and the token it asks for.
#[derive(Clone, Serialize, Deserialize)]
pub struct ControlFile {
    /// The process that runs the cluster.
    pub pid: u32,
    /// Its port on loopback.
    pub port: u16,
    /// The token; never logged.
    pub token: String,
    /// The bootstrap servers.
    pub bootstrap: String,
}

impl std::fmt::Debug for ControlFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ControlFile")
            .field("pid", &self.pid)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

impl ControlFile {
    /// Reads the file of the cluster in `data_dir`.
    pub fn read(data_dir: &Path) -> std::io::Result<Self> {
        let raw = std::fs::read(data_dir.join(FILE))?;
        serde_json::from_slice(&raw).map_err(std::io::Error::other)
    }

    fn write(&self, data_dir: &Path) -> std::io::Result<()> {
        let path = data_dir.join(FILE);
        let _ = std::fs::remove_file(&path);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path)?.write_all(&serde_json::to_vec(self)?)
    }
}

/// What is asked of the program that runs the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// To end in order.
    Shutdown,
}

/// Serves the control API until dropped.
#[derive(Debug)]
pub struct ControlServer {
    /// The address it listens on.
    pub address: SocketAddr,
    file: PathBuf,
    task: tokio::task::JoinHandle<std::io::Result<()>>,
}

struct Control {
    cluster: Arc<Cluster>,
    token: String,
    asked: mpsc::Sender<Asked>,
}

impl ControlServer {
    /// Starts serving on a runtime of the caller's and writes `control.json`.
    pub async fn start(cluster: Arc<Cluster>, asked: mpsc::Sender<Asked>) -> std::io::Result<Self> {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let mut raw = [0; 32];
        getrandom::fill(&mut raw).map_err(|err| std::io::Error::other(err.to_string()))?;
        let token: String = raw.iter().map(|byte| format!("{byte:02x}")).collect();
        let file = ControlFile {
            pid: std::process::id(),
            port: address.port(),
            token: token.clone(),
            bootstrap: cluster.bootstrap(),
        };
        file.write(cluster.data_dir())?;
        let path = cluster.data_dir().join(FILE);
        let control = Arc::new(Control { cluster, token, asked });
        let routes = Router::new()
            .route("/status", get(status))
            .route("/broker/{id}/{action}", post(broker))
            .route("/isolate/{a}/{b}", post(isolate))
            .route("/delay/{ms}", post(delay))
            .route("/heal", post(heal))
            .route("/clock/{seconds}", post(clock))
            .route("/reset", post(reset))
            .route("/snapshot", post(snapshot))
            .route("/restore", post(restore))
            .route("/shutdown", post(shutdown))
            .layer(middleware::from_fn_with_state(Arc::clone(&control), authorize))
            .with_state(control);
        let task = tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok(Self { address, file: path, task })
    }
}

impl Drop for ControlServer {
    fn drop(&mut self) {
        self.task.abort();
        let _ = std::fs::remove_file(&self.file);
    }
}

async fn authorize(State(control): State<Arc<Control>>, request: Request, next: Next) -> Response {
    let given = request.headers().get(header::AUTHORIZATION).map(|value| value.as_bytes());
    let wanted = format!("Bearer {}", control.token);
    if given.is_some_and(|given| same(given, wanted.as_bytes())) {
        next.run(request).await
    } else {
        (StatusCode::UNAUTHORIZED, "the token in control.json is needed\n").into_response()
    }
}

/// Compares in a time that does not depend on where the first difference is.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differs, (x, y)| differs | (x ^ y)) == 0
}

async fn status(State(control): State<Arc<Control>>) -> Json<serde_json::Value> {
    let cluster = Arc::clone(&control.cluster);
    let found = tokio::task::spawn_blocking(move || (cluster.status().brokers, cluster.partitions())).await;
    let (brokers, partitions) = found.unwrap_or_default();
    let partitions = partitions.unwrap_or_default();
    let offline_shown = partitions.offline.get(..OFFLINE_SHOWN).unwrap_or(&partitions.offline);
    let rows = brokers.into_iter().map(|broker| {
        serde_json::json!({
            "id": broker.id,
            "address": broker.address,
            "state": broker.state.to_string(),
            "log_bytes": broker.log_bytes,
            "bytes_in": broker.bytes_in,
            "bytes_out": broker.bytes_out,
        })
    });
    Json(serde_json::json!({
        "cluster_id": control.cluster.cluster_id(),
        "bootstrap": control.cluster.bootstrap(),
        "pid": std::process::id(),
        "brokers": rows.collect::<Vec<_>>(),
        "topics": partitions.topics,
        "partitions": partitions.partitions,
        "partitions_offline": partitions.offline.len(),
        "partitions_under_replicated": partitions.under_replicated,
        "offline": offline_shown,
        "faults": control.cluster.faults().into_iter().map(|fault| fault.words).collect::<Vec<_>>(),
    }))
}

async fn broker(
    State(control): State<Arc<Control>>,
    UrlPath((id, action)): UrlPath<(i32, String)>,
) -> Response {
    let cluster = Arc::clone(&control.cluster);
    let work = tokio::task::spawn_blocking(move || match action.as_str() {
        "stop" => cluster.stop_broker(id).map(|()| true),
        "crash" => cluster.crash_broker(id).map(|()| true),
        "start" => cluster.start_broker(id).map(|()| true),
        "powercut" => cluster.power_cut_broker(id).map(|()| true),
        "pause" => cluster.pause_broker(id).map(|()| true),
        "resume" => cluster.resume_broker(id).map(|()| true),
        "fail-write" => cluster.disk_fault(id, DiskFault::Write).map(|()| true),
        "fail-sync" => cluster.disk_fault(id, DiskFault::Sync).map(|()| true),
        "disk-full" => cluster.disk_fault(id, DiskFault::Full).map(|()| true),
        "disk-room" => cluster.disk_fault(id, DiskFault::Room).map(|()| true),
        _ => Ok(false),
    });
    match work.await {
        Ok(Ok(true)) => StatusCode::OK.into_response(),
        Ok(Ok(false)) => (StatusCode::NOT_FOUND, "a broker cannot do that\n").into_response(),
        Ok(Err(err @ BrokerError::Unknown(_))) => (StatusCode::NOT_FOUND, format!("{err}\n")).into_response(),
        Ok(Err(err)) => (StatusCode::CONFLICT, format!("{err}\n")).into_response(),
        Err(err) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{err}\n")).into_response(),
    }
}

async fn isolate(
    State(control): State<Arc<Control>>,
    UrlPath((a, b)): UrlPath<(String, String)>,
) -> Response {
    done(match (a.parse::<Side>(), b.parse::<Side>()) {
        (Ok(a), Ok(b)) if a != b => control.cluster.isolate(a, b).map_err(|err| err.to_string()),
        (Ok(_), Ok(_)) => Err("a link has two ends".to_owned()),
        (Err(err), _) | (_, Err(err)) => Err(err),
    })
}

async fn delay(State(control): State<Arc<Control>>, UrlPath(ms): UrlPath<u64>) -> Response {
    done(control.cluster.delay(Duration::from_millis(ms)))
}

fn done(outcome: Result<(), String>) -> Response {
    match outcome {
        Ok(()) => StatusCode::OK.into_response(),
        Err(reason) => (StatusCode::BAD_REQUEST, format!("{reason}\n")).into_response(),
    }
}

async fn heal(State(control): State<Arc<Control>>) -> StatusCode {
    control.cluster.heal();
    StatusCode::OK
}

async fn clock(State(control): State<Arc<Control>>, UrlPath(seconds): UrlPath<u64>) -> Response {
    done(control.cluster.advance_clock(Duration::from_secs(seconds)))
}

async fn reset(State(control): State<Arc<Control>>) -> Response {
    let cluster = Arc::clone(&control.cluster);
    match tokio::task::spawn_blocking(move || cluster.reset()).await {
        Ok(Ok(())) => StatusCode::OK.into_response(),
        Ok(Err(err)) => (StatusCode::CONFLICT, format!("{err}\n")).into_response(),
        Err(err) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{err}\n")).into_response(),
    }
}

/// A directory on this machine, by its whole path.
#[derive(Debug, Serialize, Deserialize)]
pub struct SnapshotAt {
    /// The path.
    pub directory: PathBuf,
}

async fn snapshot(State(control): State<Arc<Control>>, Json(at): Json<SnapshotAt>) -> Response {
    copied(control, move |cluster| cluster.snapshot(&at.directory, &mut |_, _| true)).await
}

async fn restore(State(control): State<Arc<Control>>, Json(at): Json<SnapshotAt>) -> Response {
    copied(control, move |cluster| cluster.restore(&at.directory, &mut |_, _| true)).await
}

async fn copied(
    control: Arc<Control>,
    work: impl FnOnce(&Cluster) -> Result<SnapshotInfo, SnapshotError> + Send + 'static,
) -> Response {
    let cluster = Arc::clone(&control.cluster);
    match tokio::task::spawn_blocking(move || work(&cluster)).await {
        Ok(Ok(info)) => Json(info).into_response(),
        Ok(Err(err)) => (StatusCode::CONFLICT, format!("{}\n", err.explained())).into_response(),
        Err(err) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{err}\n")).into_response(),
    }
}

async fn shutdown(State(control): State<Arc<Control>>) -> StatusCode {
    match control.asked.send(Asked::Shutdown).await {
        Ok(()) => StatusCode::ACCEPTED,
        Err(_) => StatusCode::CONFLICT,
    }
}
