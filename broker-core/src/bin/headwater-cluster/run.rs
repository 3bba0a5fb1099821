//! `start`, and what it shares with `exec`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use broker_core::cluster::TopicSpec;
use broker_core::cluster::control::ControlServer;
use broker_core::protocol::Uuid;
use broker_core::{Cluster, ClusterConfig, StartError};

use super::args::{Shape, Start};
use super::{environment, ephemeral, listeners, properties};

/// How often `--exit-with-parent` looks whether the parent is still there.
const PARENT_CHECK: Duration = Duration::from_millis(500);
/// How often it is looked whether the data directory is still there.
const DIRECTORY_CHECK: Duration = Duration::from_secs(2);

pub fn start(args: &Start) -> Result<ExitCode, String> {
    let temporary = match args.ephemeral {
        true => Some(ephemeral::directory()?),
        false => None,
    };
    let data_dir: PathBuf = match (&args.data_dir, &temporary) {
        (Some(dir), _) => dir.clone(),
        (None, Some(dir)) => dir.path().to_owned(),
        (None, None) => return Err("--data-dir DIR or --ephemeral is needed".to_owned()),
    };
    let config = listening(args, shaped(data_dir, &args.shape, args.from_env)?)?;
    let cluster = started(&args.shape, config)?;
    if let Err(err) = init(&cluster, &args.shape) {
        end(cluster)?;
        return Err(err);
    }
    if args.from_env {
        // Kafka's own words, for which those wait who start its container images (Testcontainers does).
        say("The broker has been unfenced. Transitioning from RECOVERY to RUNNING.");
    }
    let runtime = runtime()?;
    let outcome = runtime.block_on(serve(Arc::clone(&cluster), args.exit_with_parent));
    drop(runtime);
    end(cluster)?;
    outcome?;
    Ok(ExitCode::SUCCESS)
}

/// A cluster that runs, with the snapshot that is named in its directory. One that does not start leaves no copy of it.
pub(super) fn started(shape: &Shape, config: ClusterConfig) -> Result<Arc<Cluster>, String> {
    let dir = config.data_dir.clone();
    if let Some(snapshot) = &shape.fork {
        // Before all that is copied.
        config.check().map_err(|err| explain(&err))?;
        broker_core::fork(snapshot, &dir, &mut |_, _| true)
            .map_err(|err| format!("--fork: {}", err.explained()))?;
    }
    let cluster = Cluster::start(config).map_err(|err| {
        if shape.fork.is_some()
            && let Err(err) = broker_core::reset(&dir)
        {
            tracing::warn!(%err, "the copy of the snapshot stays");
        }
        explain(&err)
    })?;
    Ok(Arc::new(cluster))
}

/// The listeners that the command line names go before all others.
fn listening(args: &Start, mut config: ClusterConfig) -> Result<ClusterConfig, String> {
    if !args.listen.is_empty() {
        config.listeners.clone_from(&args.listen);
    }
    for told in &args.advertise {
        told.apply(&mut config.listeners).map_err(|err| format!("--advertise: {err}"))?;
    }
    for warning in listeners::unreachable(&config.listeners) {
        tracing::warn!("{warning}");
    }
    Ok(config)
}

async fn serve(cluster: Arc<Cluster>, exit_with_parent: bool) -> Result<(), String> {
    let (asked, mut asks) = tokio::sync::mpsc::channel(1);
    let control = ControlServer::start(Arc::clone(&cluster), asked)
        .await
        .map_err(|err| format!("the control API does not start: {err}"))?;
    say(&format!("READY {}", ready(&cluster, &control)));
    let parent = async {
        match exit_with_parent {
            true => parent_gone().await,
            false => std::future::pending().await,
        }
    };
    tokio::select! {
        never = watch_directory(&cluster) => match never {},
        _ = asks.recv() => {}
        ended = told_to_end() => ended.map_err(|err| format!("signals are not delivered: {err}"))?,
        () = parent => {}
    }
    Ok(())
}

/// Says it once when the data directory is taken away: the brokers themselves notice nothing, since files that are
/// open live on without a name.
async fn watch_directory(cluster: &Cluster) -> std::convert::Infallible {
    loop {
        tokio::time::sleep(DIRECTORY_CHECK).await;
        if cluster.data_dir_is_gone() {
            let dir = cluster.data_dir().display();
            tracing::error!(
                "{dir} was removed: what is written now ends with this process. Stop it, and start it again"
            );
            return std::future::pending().await;
        }
    }
}

/// Prints a line. Whoever closed the other end wanted no more of them, and the cluster goes on.
pub(super) fn say(line: &str) {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    if let Err(err) = writeln!(out, "{line}").and_then(|()| out.flush()) {
        tracing::debug!(%err, "nobody reads what is printed");
    }
}

fn ready(cluster: &Cluster, control: &ControlServer) -> serde_json::Value {
    serde_json::json!({
        "bootstrap": cluster.bootstrap(),
        "data_dir": cluster.data_dir(),
        "listeners": cluster.listeners().into_iter().collect::<BTreeMap<_, _>>(),
        "registry": null,
        "metrics": null,
        "control": format!("http://{}", control.address),
        "pid": std::process::id(),
        "ready_ms": cluster.ready_in().as_millis() as u64,
    })
}

/// What `--init` names.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Init {
    topics: Vec<TopicSpec>,
}

pub(super) fn init(cluster: &Cluster, shape: &Shape) -> Result<(), String> {
    let Some(path) = &shape.init else { return Ok(()) };
    let name = path.display();
    let text = std::fs::read_to_string(path).map_err(|err| format!("{name}: {err}"))?;
    let init: Init = serde_norway::from_str(&text).map_err(|err| format!("{name}: {err}"))?;
    let notes = cluster.ensure_topics(&init.topics).map_err(|err| format!("{name}: {err}"))?;
    notes.iter().for_each(|note| tracing::warn!("{name}: {note}"));
    Ok(())
}

pub(super) fn end(cluster: Arc<Cluster>) -> Result<(), String> {
    let cluster = Arc::into_inner(cluster).ok_or("the cluster is still in use")?;
    cluster.shutdown().map_err(|err| err.to_string())
}

pub(super) fn runtime() -> Result<tokio::runtime::Runtime, String> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|err| format!("no runtime: {err}"))
}

/// What a real Kafka's settings describe, the environment's before the file's, and the command line's before both.
pub(super) fn shaped(data_dir: PathBuf, shape: &Shape, from_env: bool) -> Result<ClusterConfig, String> {
    let mut described = Vec::new();
    if let Some(path) = &shape.config {
        let raw = std::fs::read(path).map_err(|err| format!("{}: {err}", path.display()))?;
        described.extend(properties::parse(raw).map_err(|err| format!("{}: {err}", path.display()))?);
    }
    let mut cluster_id = None;
    if from_env {
        described.extend(environment::broker_configs(std::env::vars()));
        cluster_id = environment::cluster_id(std::env::vars()).map(|id| named_id(&id)).transpose()?;
    }
    let mut config = ClusterConfig::new(data_dir);
    if let Some(listeners) = properties::listeners(&described, from_env)? {
        config.listeners = listeners;
    }
    if !shape.rack.is_empty() && shape.rack.len() < usize::from(shape.brokers) {
        return Err(format!(
            "--rack: {} for {} brokers; name one for each, such as a,b,b",
            shape.rack.join(","),
            shape.brokers
        ));
    }
    let mut overrides: Vec<_> = properties::others(described).filter(is_known).collect();
    overrides.extend(shape.overrides.iter().cloned());
    Ok(ClusterConfig {
        brokers: shape.brokers,
        overrides,
        racks: shape.rack.clone(),
        disk_bytes_max: shape.max_disk,
        cluster_id,
        ..config
    })
}

fn named_id(text: &str) -> Result<Uuid, String> {
    Uuid::parse(text)
        .ok_or_else(|| format!("CLUSTER_ID {text:?} is not 16 bytes in base64url, as Kafka's are"))
}

/// Kafka goes on without a config that it does not know, and says so. `--override` is typed by somebody, who wants to
/// hear of a slip.
fn is_known((name, _): &(String, String)) -> bool {
    let known = broker_core::config::broker_config(name).is_some();
    if !known {
        tracing::warn!(name, "no broker config of this name is served; it is ignored");
    }
    known
}

/// One line that names cause and remedy.
pub(super) fn explain(err: &StartError) -> String {
    use std::error::Error;
    let mut text = err.to_string();
    if let Some(source) = err.source() {
        text.push_str(&format!(": {source}"));
    }
    match err {
        StartError::PortTaken { free_base: Some(base), .. } => {
            text.push_str(&format!("; --listen PLAINTEXT://localhost:{base} is free"));
        }
        StartError::Locked { .. } => text.push_str("; use `ctl` with this directory, or another --data-dir"),
        StartError::NewerFormat { .. } => {
            text.push_str("; use the version that wrote it, or another --data-dir")
        }
        StartError::NotWritable { .. } => {
            text.push_str("; choose another --data-dir or change its permissions")
        }
        StartError::Unfit { remedy, .. } => text.push_str(&format!(". {remedy}")),
        StartError::Listen { source, .. } if source.kind() == std::io::ErrorKind::PermissionDenied => {
            text.push_str("; ports below 1024 are the system's, choose another with --listen");
        }
        StartError::Listen { .. } => text.push_str("; name an address of this machine with --listen"),
        StartError::PortTaken { .. } | StartError::Config { .. } | StartError::Io { .. } => {}
    }
    text
}

#[cfg(unix)]
pub(super) async fn told_to_end() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    // The terminal was closed.
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = hangup.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
pub(super) async fn told_to_end() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

#[cfg(unix)]
async fn parent_gone() {
    let parent = std::os::unix::process::parent_id();
    while std::os::unix::process::parent_id() == parent {
        tokio::time::sleep(PARENT_CHECK).await;
    }
}

#[cfg(not(unix))]
async fn parent_gone() {
    // Windows keeps no link to a parent that could be watched without system calls of our own.
    tracing::warn!("--exit-with-parent has no effect here");
    let _ = PARENT_CHECK;
    std::future::pending().await
}
