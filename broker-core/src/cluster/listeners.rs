//! The listeners of the brokers: where they are bound, and what clients who come there are told.
//! Source: Kafka's `listeners` and `advertised.listeners`.

use std::collections::BTreeSet;

use crate::controller::Endpoint;

/// The name of a cluster's first listener, unless it is given another.
pub const PLAINTEXT: &str = "PLAINTEXT";

/// A listener of every broker. A client is told the addresses of the listener it came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenerConfig {
    /// Its name, which clients never see.
    pub name: String,
    /// Host that is bound. `localhost` binds both loopback addresses.
    pub host: String,
    /// Port of the first broker, the others follow; 0 for any free ones.
    pub port: u16,
    /// Host that clients are told; by default the one that is bound, or the machine's name if all are.
    pub advertised_host: Option<String>,
    /// Port of the first broker that clients are told, the others follow; by default the one that is bound.
    pub advertised_port: Option<u16>,
}

impl ListenerConfig {
    /// A listener whose clients are told where it is bound.
    pub fn new(name: impl Into<String>, host: impl Into<String>, port: u16) -> Self {
        Self { name: name.into(), host: host.into(), port, advertised_host: None, advertised_port: None }
    }

    /// What clients are told of the broker at a place, 0 for the first.
    pub(super) fn endpoint(&self, at: u16) -> Endpoint {
        let all = self.host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_unspecified());
        let own = || if all { machine_name() } else { self.host.clone() };
        Endpoint {
            listener: self.name.clone(),
            host: self.advertised_host.clone().unwrap_or_else(own),
            port: self.advertised_port.unwrap_or(self.port).saturating_add(at),
        }
    }
}

#[cfg(unix)]
fn machine_name() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

#[cfg(not(unix))]
fn machine_name() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_else(|_| "localhost".to_owned())
}

/// What makes these impossible for so many brokers. A client's listener is found by its name, and each broker has the
/// next port.
pub(super) fn check(listeners: &[ListenerConfig], brokers: u8) -> Result<(), String> {
    let apart = u16::from(brokers);
    if listeners.is_empty() {
        return Err("a cluster needs one".to_owned());
    }
    let names: BTreeSet<&str> = listeners.iter().map(|one| one.name.as_str()).collect();
    if names.len() < listeners.len() {
        return Err("each needs a name of its own".to_owned());
    }
    for (at, one) in listeners.iter().enumerate().filter(|(_, one)| one.port > 0) {
        let named = |one: &ListenerConfig| format!("{}:{}", one.name, one.port);
        if one.port.checked_add(apart - 1).is_none() {
            let last = u16::MAX - (apart - 1);
            return Err(format!(
                "{} leaves no port for each of {brokers} brokers: the first may be {last} at most",
                named(one)
            ));
        }
        let overlaps = |other: &&ListenerConfig| other.port > 0 && one.port.abs_diff(other.port) < apart;
        if let Some(other) = listeners.iter().skip(at + 1).find(overlaps) {
            return Err(format!(
                "{} and {} overlap: each takes {brokers} ports in a row, one a broker",
                named(one),
                named(other)
            ));
        }
    }
    Ok(())
}
