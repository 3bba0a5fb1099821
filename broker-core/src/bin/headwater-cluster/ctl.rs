//! `ctl`: one HTTP request to a running cluster.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use broker_core::cluster::control::{ControlFile, SnapshotAt};

use super::args::{Action, Ctl, Fault};

/// Longest wait for an answer: a broker with much to recover takes a while to start.
const ANSWER_MAX: Duration = Duration::from_secs(60);
/// The same where all files are copied.
const COPY_MAX: Duration = Duration::from_secs(3600);
/// How long a shutdown may take until the directory is free.
const END_MAX: Duration = Duration::from_secs(300);

pub fn run(args: &Ctl) -> Result<ExitCode, String> {
    let dir = args.data_dir.display();
    let control =
        ControlFile::read(&args.data_dir).map_err(|err| format!("no cluster runs in {dir} ({err})"))?;
    let (method, path) = match &args.action {
        Action::Status => ("GET", "/status".to_owned()),
        Action::Stop { broker } => ("POST", format!("/broker/{broker}/stop")),
        Action::Crash { broker } => ("POST", format!("/broker/{broker}/crash")),
        Action::Start { broker } => ("POST", format!("/broker/{broker}/start")),
        Action::Powercut { broker } => ("POST", format!("/broker/{broker}/powercut")),
        Action::Pause { broker } => ("POST", format!("/broker/{broker}/pause")),
        Action::Resume { broker } => ("POST", format!("/broker/{broker}/resume")),
        Action::Isolate { a, b } => ("POST", format!("/isolate/{}/{}", word(a)?, word(b)?)),
        Action::Delay { milliseconds } => ("POST", format!("/delay/{milliseconds}")),
        Action::Heal => ("POST", "/heal".to_owned()),
        Action::Disk { broker, fault } => ("POST", format!("/broker/{broker}/{}", fault_path(*fault))),
        Action::Clock { by } => ("POST", format!("/clock/{by}")),
        Action::Snapshot { .. } => ("POST", "/snapshot".to_owned()),
        Action::Restore { .. } => ("POST", "/restore".to_owned()),
        Action::Reset => ("POST", "/reset".to_owned()),
        Action::Shutdown => ("POST", "/shutdown".to_owned()),
    };
    let (mut sent, mut answer_max) = (String::new(), ANSWER_MAX);
    if let Action::Snapshot { directory } | Action::Restore { snapshot: directory } = &args.action {
        (sent, answer_max) = (directory_sent(directory)?, COPY_MAX);
    }
    let answered = request(&control, method, &path, &sent, answer_max);
    let (status, body) = answered.map_err(|err| {
        if err.kind() == std::io::ErrorKind::ConnectionRefused {
            let pid = control.pid;
            return format!(
                "no cluster runs in {dir}: process {pid} ended without a word. `start` goes on from what is there"
            );
        }
        format!("the cluster in {dir} does not answer: {err}")
    })?;
    if status == 0 {
        return Err(format!("the cluster in {dir} ended before it had answered"));
    }
    if !(200..300).contains(&status) {
        return Err(body.trim().to_owned());
    }
    if !body.is_empty() {
        super::run::say(&body);
    }
    if matches!(args.action, Action::Shutdown) {
        wait_for_end(args)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The cluster may run in another directory than this program.
fn directory_sent(directory: &Path) -> Result<String, String> {
    let directory =
        std::path::absolute(directory).map_err(|err| format!("{}: {err}", directory.display()))?;
    serde_json::to_string(&SnapshotAt { directory }).map_err(|err| err.to_string())
}

fn fault_path(fault: Fault) -> &'static str {
    match fault {
        Fault::FailWrite => "fail-write",
        Fault::FailSync => "fail-sync",
        Fault::Full => "disk-full",
        Fault::Room => "disk-room",
    }
}

/// A word that may stand in a path as it is.
fn word(text: &str) -> Result<&str, String> {
    let plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric());
    if plain { Ok(text) } else { Err(format!("{text:?} is neither a broker, nor controller, nor clients")) }
}

/// A request with an answer of known length is all that is needed here.
fn request(
    control: &ControlFile,
    method: &str,
    path: &str,
    body: &str,
    answer_max: Duration,
) -> std::io::Result<(u16, String)> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, control.port))?;
    stream.set_read_timeout(Some(answer_max))?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        control.token,
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
    Ok((status, body.to_owned()))
}

/// Returns once the directory is no longer locked.
fn wait_for_end(args: &Ctl) -> Result<(), String> {
    let path = args.data_dir.join(".lock");
    let begun = std::time::Instant::now();
    while begun.elapsed() < END_MAX {
        let free = std::fs::File::open(&path).is_ok_and(|file| file.try_lock().is_ok());
        if free {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Err("the cluster was told to end but still runs".to_owned())
}
