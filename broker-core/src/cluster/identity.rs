//! What a broker's configs say of the broker itself (`config/identity.rs`).

use std::path::Path;

use super::ListenerConfig;

/// The values for the broker of this id; the ports of its listeners follow those of the broker before it.
pub(super) fn given(
    id: i32,
    dir: &Path,
    rack: Option<&str>,
    listeners: &[ListenerConfig],
) -> Vec<(&'static str, String)> {
    let at = u16::try_from(id - 1).unwrap_or_default();
    let each =
        |text: &dyn Fn(&ListenerConfig) -> String| listeners.iter().map(text).collect::<Vec<_>>().join(",");
    let bound = |one: &ListenerConfig| format!("{}://{}:{}", one.name, one.host, one.port.saturating_add(at));
    let told = |one: &ListenerConfig| {
        let endpoint = one.endpoint(at);
        format!("{}://{}:{}", endpoint.listener, endpoint.host, endpoint.port)
    };
    let mut given = vec![
        ("advertised.listeners", each(&told)),
        ("broker.id", id.to_string()),
        ("listener.security.protocol.map", each(&|one| format!("{}:PLAINTEXT", one.name))),
        ("listeners", each(&bound)),
        ("log.dirs", dir.display().to_string()),
        ("node.id", id.to_string()),
        ("process.roles", "broker".to_owned()),
    ];
    given.extend(rack.map(|rack| ("broker.rack", rack.to_owned())));
    given
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broker_says_where_it_listens_and_what_it_tells() {
        let inside = ListenerConfig {
            advertised_host: Some("kafka".to_owned()),
            ..ListenerConfig::new("INSIDE", "0.0.0.0", 29092)
        };
        let listeners = [ListenerConfig::new("PLAINTEXT", "localhost", 9092), inside];
        let given = given(2, Path::new("data/broker-2"), Some("b"), &listeners);
        let value = |name| given.iter().find(|(given, _)| *given == name).map(|(_, value)| value.as_str());
        assert_eq!(value("listeners"), Some("PLAINTEXT://localhost:9093,INSIDE://0.0.0.0:29093"));
        assert_eq!(value("advertised.listeners"), Some("PLAINTEXT://localhost:9093,INSIDE://kafka:29093"));
        assert_eq!(value("listener.security.protocol.map"), Some("PLAINTEXT:PLAINTEXT,INSIDE:PLAINTEXT"));
        assert_eq!((value("node.id"), value("broker.rack")), (Some("2"), Some("b")));
        assert_eq!(value("log.dirs"), Some("data/broker-2"));
    }
}
