//! The listeners of the brokers: where they are bound, and what clients who come there are told.
//! Source: Kafka's `listeners` and `advertised.listeners`.

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
