//! `start` and `exec`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use broker_core::cluster::TopicSpec;
use broker_core::cluster::control::ControlServer;
use broker_core::{Cluster, ClusterConfig, StartError};

use super::args::{Exec, Shape, Start};

/// How often `--exit-with-parent` looks whether the parent is still there.
const PARENT_CHECK: Duration = Duration::from_millis(500);

pub fn start(args: &Start) -> Result<ExitCode, String> {
    let temporary = match args.ephemeral {
        true => Some(tempfile::tempdir().map_err(|err| format!("no temporary directory: {err}"))?),
        false => None,
    };
    let data_dir: PathBuf = match (&args.data_dir, &temporary) {
        (Some(dir), _) => dir.clone(),
        (None, Some(dir)) => dir.path().to_owned(),
        (None, None) => return Err("--data-dir or --ephemeral is needed".to_owned()),
    };
    let config = ClusterConfig {
        base_port: args.listen.port,
        host: args.listen.host.clone(),
        ..shaped(data_dir, &args.shape)?
    };
    let cluster = Arc::new(Cluster::start(config).map_err(|err| explain(&err))?);
    if let Err(err) = init(&cluster, &args.shape) {
        end(cluster)?;
        return Err(err);
    }
    let runtime = runtime()?;
    let outcome = runtime.block_on(serve(Arc::clone(&cluster), args.exit_with_parent));
    drop(runtime);
    end(cluster)?;
    outcome?;
    Ok(ExitCode::SUCCESS)
}

async fn serve(cluster: Arc<Cluster>, exit_with_parent: bool) -> Result<(), String> {
    let (asked, mut asks) = tokio::sync::mpsc::channel(1);
    let control = ControlServer::start(Arc::clone(&cluster), asked)
        .await
        .map_err(|err| format!("the control API does not start: {err}"))?;
    println!("READY {}", ready(&cluster, &control));
    let parent = async {
        match exit_with_parent {
            true => parent_gone().await,
            false => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = asks.recv() => {}
        ended = told_to_end() => ended.map_err(|err| format!("signals are not delivered: {err}"))?,
        () = parent => {}
    }
    Ok(())
}

fn ready(cluster: &Cluster, control: &ControlServer) -> serde_json::Value {
    serde_json::json!({
        "bootstrap": cluster.bootstrap(),
        "listeners": { "PLAINTEXT": cluster.bootstrap() },
        "registry": null,
        "metrics": null,
        "control": format!("http://{}", control.address),
        "pid": std::process::id(),
        "ready_ms": cluster.ready_in().as_millis() as u64,
    })
}

pub fn exec(args: &Exec) -> Result<ExitCode, String> {
    let dir = tempfile::tempdir().map_err(|err| format!("no temporary directory: {err}"))?;
    let config = ClusterConfig { base_port: 0, ..shaped(dir.path().to_owned(), &args.shape)? };
    let cluster = Arc::new(Cluster::start(config).map_err(|err| explain(&err))?);
    if let Err(err) = init(&cluster, &args.shape) {
        end(cluster)?;
        return Err(err);
    }
    let (program, rest) = args.command.split_first().ok_or("a command is needed")?;
    let status = std::process::Command::new(program)
        .args(rest)
        .env("KAFKA_BOOTSTRAP_SERVERS", cluster.bootstrap())
        .status()
        .map_err(|err| format!("{program} does not run: {err}"));
    end(cluster)?;
    let code = status?.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// What `--init` names.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Init {
    topics: Vec<TopicSpec>,
}

fn init(cluster: &Cluster, shape: &Shape) -> Result<(), String> {
    let Some(path) = &shape.init else { return Ok(()) };
    let name = path.display();
    let text = std::fs::read_to_string(path).map_err(|err| format!("{name}: {err}"))?;
    let init: Init = serde_norway::from_str(&text).map_err(|err| format!("{name}: {err}"))?;
    cluster.ensure_topics(&init.topics).map_err(|err| format!("{name}: {err}"))
}

fn end(cluster: Arc<Cluster>) -> Result<(), String> {
    let cluster = Arc::into_inner(cluster).ok_or("the cluster is still in use")?;
    cluster.shutdown().map_err(|err| err.to_string())
}

fn runtime() -> Result<tokio::runtime::Runtime, String> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|err| format!("no runtime: {err}"))
}

fn shaped(data_dir: PathBuf, shape: &Shape) -> Result<ClusterConfig, String> {
    let mut overrides = Vec::new();
    if let Some(path) = &shape.config {
        let text = std::fs::read_to_string(path).map_err(|err| format!("{}: {err}", path.display()))?;
        overrides.extend(properties(&text));
    }
    overrides.extend(shape.overrides.iter().cloned());
    Ok(ClusterConfig {
        brokers: shape.brokers,
        overrides,
        racks: shape.rack.clone(),
        ..ClusterConfig::new(data_dir)
    })
}

/// The lines of a Java properties file, as far as Kafka's use of them goes.
fn properties(text: &str) -> Vec<(String, String)> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['#', '!']));
    lines
        .filter_map(|line| line.split_once(['=', ':']))
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect()
}

/// One line that names cause and remedy.
fn explain(err: &StartError) -> String {
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
        StartError::PortTaken { .. } | StartError::Config { .. } | StartError::Io { .. } => {}
    }
    text
}

#[cfg(unix)]
async fn told_to_end() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn told_to_end() -> std::io::Result<()> {
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
