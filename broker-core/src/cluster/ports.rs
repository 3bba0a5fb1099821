//! Which ports the brokers listen on, and who has them if they are taken.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, ToSocketAddrs};

use super::{ListenerConfig, StartError};

/// From one base that is tried to the next: they end in the same digits.
const NEXT_BASE: u16 = 10_000;
/// Only the system's own may listen on ports below this one.
const LOW: u16 = 1024;
/// Attempts to find neighbouring free ports when any will do.
const ATTEMPTS: usize = 50;

/// Connections that may wait to be accepted; the system may allow fewer.
#[cfg(unix)]
const BACKLOG: i32 = 4096;

/// A listener of one broker, on every address its host stands for.
#[derive(Debug)]
pub(super) struct Bound {
    pub listener: String,
    pub port: u16,
    pub sockets: Vec<TcpListener>,
}

/// A base port from which enough ports are free.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortChoice {
    /// The base port.
    pub base: u16,
    /// The port that kept the preferred base from being used, and who has it if the system tells.
    pub taken: Option<(u16, Option<String>)>,
}

/// The preferred base port if `brokers` ports from there are free on loopback, otherwise the next one.
pub fn free_base_port(preferred: u16, brokers: u8) -> PortChoice {
    let taken = match bind_range("localhost", preferred, brokers) {
        Ok(_) => return PortChoice { base: preferred, taken: None },
        Err((port, _)) => (port, owner(port)),
    };
    let others = std::iter::successors(Some(preferred % NEXT_BASE), |base| base.checked_add(NEXT_BASE));
    let mut above = others.clone().filter(|&base| base > preferred).chain(others.filter(|&base| base > LOW));
    let base = above.find(|&base| bind_range("localhost", base, brokers).is_ok());
    PortChoice { base: base.unwrap_or(0), taken: Some(taken) }
}

/// Binds every listener of every broker, or names the first port that is taken. Returns those of each broker.
pub(super) fn bind_all(listeners: &[ListenerConfig], brokers: u8) -> Result<Vec<Vec<Bound>>, StartError> {
    let mut all: Vec<Vec<Bound>> = (0..brokers).map(|_| Vec::new()).collect();
    for one in listeners {
        let bound = bind_listener(&one.host, one.port, brokers)?;
        for (broker, (port, sockets)) in all.iter_mut().zip(bound) {
            broker.push(Bound { listener: one.name.clone(), port, sockets });
        }
    }
    Ok(all)
}

/// Binds the listeners of the broker at a place again, at the ports it had.
pub(super) fn bind_one(listeners: &[ListenerConfig], at: u16) -> Result<Vec<Bound>, StartError> {
    let bound = listeners.iter().map(|one| {
        let (host, port) = (&one.host, one.port.saturating_add(at));
        let sockets = bind(host, port)
            .map_err(|source| StartError::Listen { address: format!("{host}:{port}"), source })?;
        Ok(Bound { listener: one.name.clone(), port, sockets })
    });
    bound.collect()
}

type Sockets = (u16, Vec<TcpListener>);

fn bind_listener(host: &str, base: u16, brokers: u8) -> Result<Vec<Sockets>, StartError> {
    if base == 0 {
        return bind_any(host, brokers);
    }
    bind_range(host, base, brokers).map_err(|(port, source)| {
        if source.kind() != io::ErrorKind::AddrInUse {
            return StartError::Listen { address: format!("{host}:{port}"), source };
        }
        let free = free_base_port(base, brokers).base;
        StartError::PortTaken { port, owner: owner(port), free_base: (free > 0).then_some(free) }
    })
}

fn bind_any(host: &str, brokers: u8) -> Result<Vec<Sockets>, StartError> {
    let failed = |source| StartError::Listen { address: host.to_owned(), source };
    let mut last: io::Error = io::ErrorKind::AddrInUse.into();
    for _ in 0..ATTEMPTS {
        let probe = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(failed)?;
        let base = probe.local_addr().map_err(failed)?.port();
        drop(probe);
        if base.checked_add(brokers.into()).is_none() {
            continue;
        }
        match bind_range(host, base, brokers) {
            Ok(bound) => return Ok(bound),
            // Other ports may be free.
            Err((_, err)) if err.kind() == io::ErrorKind::AddrInUse => last = err,
            Err((_, err)) => return Err(failed(err)),
        }
    }
    Err(failed(last))
}

fn bind_range(host: &str, base: u16, brokers: u8) -> Result<Vec<Sockets>, (u16, io::Error)> {
    let mut bound = Vec::new();
    for at in 0..u16::from(brokers) {
        let Some(port) = base.checked_add(at) else {
            return Err((base, io::Error::other("ports end at 65535")));
        };
        bound.push((port, bind(host, port).map_err(|err| (port, err))?));
    }
    Ok(bound)
}

/// Listens on every address the host name stands for; `localhost` is both loopback addresses, whatever the
/// resolver says, because clients try either.
fn bind(host: &str, port: u16) -> io::Result<Vec<TcpListener>> {
    let addresses: Vec<SocketAddr> = if host == "localhost" {
        vec![(IpAddr::V4(Ipv4Addr::LOCALHOST), port).into(), (IpAddr::V6(Ipv6Addr::LOCALHOST), port).into()]
    } else {
        (host, port).to_socket_addrs()?.collect()
    };
    let mut listeners = Vec::new();
    for address in addresses {
        match TcpListener::bind(address) {
            Ok(listener) => {
                listener.set_nonblocking(true)?;
                deepen_backlog(&listener)?;
                listeners.push(listener);
            }
            // A machine without IPv6 has no ::1 to listen on.
            Err(err)
                if address.is_ipv6() && err.kind() != io::ErrorKind::AddrInUse && !listeners.is_empty() => {}
            Err(err) => return Err(err),
        }
    }
    if listeners.is_empty() { Err(io::ErrorKind::AddrNotAvailable.into()) } else { Ok(listeners) }
}

/// std lets 128 connections wait to be accepted. When a large group reconnects at once the system drops the others'
/// first packets, and they come again after a second.
#[cfg(unix)]
fn deepen_backlog(listener: &TcpListener) -> io::Result<()> {
    Ok(rustix::net::listen(listener, BACKLOG)?)
}

#[cfg(not(unix))]
fn deepen_backlog(_: &TcpListener) -> io::Result<()> {
    Ok(())
}

/// Who listens on a port, such as `java (pid 4312)`.
#[cfg(target_os = "linux")]
fn owner(port: u16) -> Option<String> {
    let inodes: Vec<String> = ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .filter_map(|path| std::fs::read_to_string(path).ok())
        .flat_map(|table| listening_inodes(&table, port))
        .collect();
    for entry in std::fs::read_dir("/proc").ok()?.flatten() {
        let name = entry.file_name();
        let Some(pid) = name.to_str().filter(|name| name.bytes().all(|b| b.is_ascii_digit())) else {
            continue;
        };
        let Ok(files) = std::fs::read_dir(entry.path().join("fd")) else { continue };
        let holds = files.flatten().filter_map(|fd| std::fs::read_link(fd.path()).ok()).any(|target| {
            let target = target.to_string_lossy().into_owned();
            inodes.iter().any(|inode| target == format!("socket:[{inode}]"))
        });
        if holds {
            let command = std::fs::read_to_string(entry.path().join("comm")).unwrap_or_default();
            return Some(format!("{} (pid {pid})", command.trim()));
        }
    }
    None
}

#[cfg(not(target_os = "linux"))]
fn owner(_: u16) -> Option<String> {
    None
}

/// Socket inodes in state LISTEN (0A) on a port, from a table of /proc/net.
#[cfg(target_os = "linux")]
fn listening_inodes(table: &str, port: u16) -> Vec<String> {
    let suffix = format!(":{port:04X}");
    let rows = table.lines().skip(1).map(|line| line.split_whitespace().collect::<Vec<_>>());
    rows.filter(|row| row.get(1).is_some_and(|local| local.ends_with(&suffix)) && row.get(3) == Some(&"0A"))
        .filter_map(|row| row.get(9).map(|inode| (*inode).to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_named_with_its_owner_and_the_next_free_base() {
        let taken = bind_any("localhost", 2).unwrap();
        let base = taken[0].0;
        let Err(StartError::PortTaken { port, owner, free_base }) = bind_listener("localhost", base, 3)
        else {
            panic!("the port is taken by this very test");
        };
        assert_eq!(port, base);
        assert!(free_base.is_some_and(|free| free != base));
        if cfg!(target_os = "linux") {
            let me = format!("(pid {})", std::process::id());
            assert!(owner.is_some_and(|owner| owner.ends_with(&me)));
        }
    }
}
