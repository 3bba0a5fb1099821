//! One window a data directory: a second launch asks the first, over loopback, to come to the front.
//!
//! The first writes its port and a token beside the lock (0600); whoever can read that file may ask, and all it
//! may ask is this one thing.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tracing::warn;

use crate::clock::random_token;
use crate::data_dir::owner_only;

const FILE: &str = "window.json";
const LINE_LEN_MAX: u64 = 200;
const PATIENCE: Duration = Duration::from_secs(3);
const RAISED: &str = "raised";

#[derive(Serialize, Deserialize)]
struct Address {
    port: u16,
    token: String,
    pid: u32,
}

/// The first window's ear. Dropping it removes the address.
#[derive(Debug)]
pub struct Instance {
    path: PathBuf,
}

impl Instance {
    /// Listens for later launches on `data_dir`, and calls `raise` for each.
    /// A machine that refuses a loopback port costs the raising, not the window.
    pub fn listen(data_dir: &Path, raise: impl Fn() + Send + 'static) -> Option<Instance> {
        let path = data_dir.join(FILE);
        match bind(&path) {
            Ok((listener, token)) => {
                let name = "second-launch".to_owned();
                let spawned = std::thread::Builder::new().name(name).spawn(move || {
                    for stream in listener.incoming().flatten() {
                        answer(stream, &token, &raise);
                    }
                });
                spawned.ok().map(|_| Instance { path })
            }
            Err(error) => {
                warn!(%error, "a second launch will not find this window");
                None
            }
        }
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

fn bind(path: &Path) -> std::io::Result<(TcpListener, String)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let token = random_token();
    let address =
        Address { port: listener.local_addr()?.port(), token: token.clone(), pid: std::process::id() };
    // What a killed window left behind names a port that may be somebody else's by now.
    let _ = std::fs::remove_file(path);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    owner_only(&mut options);
    options.open(path)?.write_all(&serde_json::to_vec(&address)?)?;
    Ok((listener, token))
}

fn answer(mut stream: TcpStream, token: &str, raise: &impl Fn()) {
    let _ = stream.set_read_timeout(Some(PATIENCE));
    let mut line = String::new();
    let read = BufReader::new((&stream).take(LINE_LEN_MAX)).read_line(&mut line);
    if read.is_ok() && line.trim_end() == token {
        raise();
        let _ = writeln!(stream, "{RAISED}");
    }
}

/// Asks the window that uses `data_dir` to come to the front. Returns its process id when it said that it did.
pub fn raise_first(data_dir: &Path) -> Option<u32> {
    let text = std::fs::read(data_dir.join(FILE)).ok()?;
    let address: Address = serde_json::from_slice(&text).ok()?;
    let place = SocketAddr::from((Ipv4Addr::LOCALHOST, address.port));
    let mut stream = TcpStream::connect_timeout(&place, PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    writeln!(stream, "{}", address.token).ok()?;
    let mut line = String::new();
    BufReader::new(stream.take(LINE_LEN_MAX)).read_line(&mut line).ok()?;
    (line.trim_end() == RAISED).then_some(address.pid)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn a_second_launch_raises_the_first_and_learns_its_pid() {
        let dir = tempfile::tempdir().expect("temp dir");
        let raised = Arc::new(AtomicU32::new(0));
        let count = raised.clone();
        let first = Instance::listen(dir.path(), move || {
            count.fetch_add(1, Ordering::SeqCst);
        });
        assert_eq!(raise_first(dir.path()), Some(std::process::id()));
        assert_eq!(raise_first(dir.path()), Some(std::process::id()));
        assert_eq!(raised.load(Ordering::SeqCst), 2);
        drop(first);
        assert_eq!(raise_first(dir.path()), None, "a window that ended leaves no address");
    }

    #[test]
    fn a_wrong_token_raises_nothing_and_a_dead_address_is_nobody() {
        let dir = tempfile::tempdir().expect("temp dir");
        let raised = Arc::new(AtomicU32::new(0));
        let count = raised.clone();
        let _first = Instance::listen(dir.path(), move || {
            count.fetch_add(1, Ordering::SeqCst);
        });
        let path = dir.path().join(FILE);
        let mut address: Address =
            serde_json::from_slice(&std::fs::read(&path).expect("read")).expect("an address");
        address.token = "0".repeat(64);
        std::fs::write(&path, serde_json::to_vec(&address).expect("text")).expect("written");
        assert_eq!(raise_first(dir.path()), None);
        assert_eq!(raised.load(Ordering::SeqCst), 0);
        address.port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .and_then(|free| free.local_addr())
            .expect("a port")
            .port();
        std::fs::write(&path, serde_json::to_vec(&address).expect("text")).expect("written");
        assert_eq!(raise_first(dir.path()), None);
    }
}
