//! `exec`: a cluster for as long as a command runs.

use std::process::{ExitCode, ExitStatus};
use std::time::Duration;

use broker_core::{ClusterConfig, ListenerConfig};
use tokio::process::{Child, Command};

use super::args::Exec;
use super::ephemeral;
use super::run::{end, init, runtime, shaped, started, told_to_end};

/// What shells answer for a command that is not there.
const NOT_FOUND: u8 = 127;
/// What shells answer for a command that is there and cannot be run.
const NOT_RUN: u8 = 126;
/// What shells add to the number of the signal that ended a command.
const SIGNALLED: i32 = 128;
/// How long a command may take to end after it was told to.
const GRACE: Duration = Duration::from_secs(5);

pub fn exec(args: &Exec) -> Result<ExitCode, String> {
    let dir = ephemeral::directory()?;
    let config = on_free_ports(shaped(dir.path().to_owned(), &args.shape, false)?);
    let cluster = started(&args.shape, config)?;
    let outcome = init(&cluster, &args.shape).and_then(|()| command(&cluster.bootstrap(), &args.command));
    end(cluster)?;
    outcome
}

/// The same listeners where they are in nobody's way, for clients on this machine.
fn on_free_ports(config: ClusterConfig) -> ClusterConfig {
    let listeners = config.listeners.iter().map(|one| ListenerConfig::new(&one.name, "localhost", 0));
    ClusterConfig { listeners: listeners.collect(), ..config }
}

fn command(bootstrap: &str, command: &[String]) -> Result<ExitCode, String> {
    let (program, rest) = command.split_first().ok_or("a command is needed")?;
    let runtime = runtime()?;
    runtime.block_on(async {
        let child = Command::new(program).args(rest).env("KAFKA_BOOTSTRAP_SERVERS", bootstrap).spawn();
        let mut child = match child {
            Ok(child) => child,
            Err(err) => {
                eprintln!("headwater-cluster: {program} does not run: {err}");
                let code = if err.kind() == std::io::ErrorKind::NotFound { NOT_FOUND } else { NOT_RUN };
                return Ok(ExitCode::from(code));
            }
        };
        let status = tokio::select! {
            status = child.wait() => status,
            told = told_to_end() => {
                told.map_err(|err| format!("signals are not delivered: {err}"))?;
                ended(&mut child).await
            }
        };
        status.map(code).map_err(|err| format!("{program} was lost: {err}"))
    })
}

/// Who runs this wants it to end: so must the command, in order if it can.
async fn ended(child: &mut Child) -> std::io::Result<ExitStatus> {
    tell(child)?;
    match tokio::time::timeout(GRACE, child.wait()).await {
        Ok(status) => status,
        Err(_) => {
            child.start_kill()?;
            child.wait().await
        }
    }
}

#[cfg(unix)]
fn tell(child: &mut Child) -> std::io::Result<()> {
    use rustix::process::{Pid, Signal, kill_process};
    let pid = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
    pid.map_or(Ok(()), |pid| kill_process(pid, Signal::TERM).map_err(Into::into))
}

#[cfg(not(unix))]
fn tell(child: &mut Child) -> std::io::Result<()> {
    child.start_kill()
}

fn code(status: ExitStatus) -> ExitCode {
    let code = status.code().or_else(|| signal(status).map(|signal| SIGNALLED + signal));
    code.and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}
