//! Listeners as they are written: `NAME://HOST:PORT`.

use broker_core::ListenerConfig;
use broker_core::cluster::PLAINTEXT;

/// What clients of a listener are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advertised {
    /// The listener; without a name it is the first.
    pub name: Option<String>,
    pub host: String,
    pub port: Option<u16>,
}

impl Advertised {
    pub fn apply(&self, listeners: &mut [ListenerConfig]) -> Result<(), String> {
        let wanted = |one: &&mut ListenerConfig| self.name.as_ref().is_none_or(|name| *name == one.name);
        let listener = listeners.iter_mut().find(wanted);
        let listener = listener.ok_or_else(|| {
            let name = self.name.as_deref().unwrap_or_default();
            format!("{name}://{} belongs to no listener", self.host)
        })?;
        listener.advertised_host = Some(self.host.clone());
        listener.advertised_port = self.port;
        Ok(())
    }
}

/// `NAME://HOST:PORT` or `HOST:PORT`. Without a host it is this machine alone.
pub fn bound(text: &str) -> Result<ListenerConfig, String> {
    let (name, address) = named(text)?;
    let (host, port) = address.rsplit_once(':').ok_or("expected NAME://HOST:PORT")?;
    let host = bare(host);
    let host = if host.is_empty() { "localhost" } else { host };
    Ok(ListenerConfig::new(name.unwrap_or(PLAINTEXT), host, port_number(port)?))
}

/// `NAME://HOST:PORT`, `NAME://HOST`, `HOST:PORT` or `HOST`.
pub fn advertised(text: &str) -> Result<Advertised, String> {
    let (name, address) = named(text)?;
    let name = name.map(str::to_owned);
    // An IPv6 address in brackets ends with one, or with a port after it.
    let (host, port) = match address.rsplit_once(':') {
        Some((host, port)) if !address.ends_with(']') && (!host.contains(':') || host.ends_with(']')) => {
            (host, Some(port_number(port)?))
        }
        Some(_) | None => (address, None),
    };
    if host.is_empty() {
        return Err("expected a host that clients can reach".to_owned());
    }
    Ok(Advertised { name, host: bare(host).to_owned(), port })
}

/// What is said of listeners that tell clients to come from elsewhere and let nobody in but this machine.
pub fn unreachable(listeners: &[ListenerConfig]) -> Vec<String> {
    let elsewhere = |one: &&ListenerConfig| {
        is_here(&one.host) && one.advertised_host.as_deref().is_some_and(|told| !is_here(told))
    };
    let words = |one: &ListenerConfig| {
        format!(
            "{} tells clients to come to {}, and lets in this machine alone; bind {}://0.0.0.0:{} to let others in",
            one.name,
            one.advertised_host.as_deref().unwrap_or_default(),
            one.name,
            one.port,
        )
    };
    listeners.iter().filter(elsewhere).map(words).collect()
}

fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn named(text: &str) -> Result<(Option<&str>, &str), String> {
    let Some((name, address)) = text.trim().split_once("://") else { return Ok((None, text.trim())) };
    if name.is_empty() {
        return Err("expected a name before ://".to_owned());
    }
    // Kafka takes a listener of such a name to speak that protocol.
    if name == "SSL" || name.starts_with("SASL_") {
        return Err(format!("{name} listeners are not served yet; PLAINTEXT is"));
    }
    Ok((Some(name), address))
}

fn bare(host: &str) -> &str {
    host.trim_start_matches('[').trim_end_matches(']')
}

fn port_number(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| format!("{text:?} is not a port"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_with_and_without_name_host_and_port() {
        assert_eq!(bound("0.0.0.0:9092"), Ok(ListenerConfig::new("PLAINTEXT", "0.0.0.0", 9092)));
        assert_eq!(bound("IN://[::1]:0"), Ok(ListenerConfig::new("IN", "::1", 0)));
        assert_eq!(bound("PLAINTEXT://:9092"), Ok(ListenerConfig::new("PLAINTEXT", "localhost", 9092)));
        assert!(bound("SASL_SSL://localhost:9092").is_err());
        assert!(bound("localhost").is_err());
        let told = |name: Option<&str>, host: &str, port| {
            Ok(Advertised { name: name.map(str::to_owned), host: host.to_owned(), port })
        };
        assert_eq!(advertised("broker"), told(None, "broker", None));
        assert_eq!(advertised("IN://broker:29092"), told(Some("IN"), "broker", Some(29092)));
        assert_eq!(advertised("[fe80::1]"), told(None, "fe80::1", None));
        assert_eq!(advertised("fe80::1"), told(None, "fe80::1", None));
        assert_eq!(advertised("[fe80::1]:7"), told(None, "fe80::1", Some(7)));
        assert!(advertised("host:ninety").is_err());
    }

    #[test]
    fn who_is_told_to_come_and_not_let_in_is_warned_of() {
        let told = |host: &str, advertised: Option<&str>| {
            let advertised_host = advertised.map(str::to_owned);
            unreachable(&[ListenerConfig { advertised_host, ..ListenerConfig::new("IN", host, 9092) }])
        };
        let warning = "IN tells clients to come to kafka, and lets in this machine alone; bind IN://0.0.0.0:9092 to let others in";
        assert_eq!(told("localhost", Some("kafka")), [warning]);
        assert_eq!(told("127.0.0.1", Some("kafka")).len(), 1);
        for (host, advertised) in
            [("0.0.0.0", Some("kafka")), ("localhost", Some("127.0.0.1")), ("localhost", None)]
        {
            assert!(told(host, advertised).is_empty(), "{host} {advertised:?}");
        }
    }
}
