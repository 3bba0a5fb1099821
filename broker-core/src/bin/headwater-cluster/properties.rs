//! The settings of a real Kafka, from its `server.properties` or from the environment: which listeners they describe.

use broker_core::ListenerConfig;

use super::listeners::{self, Advertised};

/// The listener where none is named.
const DEFAULT: &str = "PLAINTEXT://:9092";
/// What a listener is called, by default, that only other Kafka controllers use.
const CONTROLLER: &str = "CONTROLLER";

/// What is read here, and what only says which of several processes this is.
const TAKEN: &[&str] = &[
    "advertised.listeners",
    "broker.id",
    "controller.listener.names",
    "controller.quorum.bootstrap.servers",
    "controller.quorum.voters",
    "inter.broker.listener.name",
    "listener.security.protocol.map",
    "listeners",
    "node.id",
    "process.roles",
];

/// Who a broker is.
const IDS: &[&str] = &["broker.id", "node.id"];

/// What a Java properties file says: UTF-8, or what it was before, Latin-1.
pub fn parse(raw: Vec<u8>) -> Result<Vec<(String, String)>, String> {
    let text =
        String::from_utf8(raw).unwrap_or_else(|err| err.into_bytes().into_iter().map(char::from).collect());
    let mut said = Vec::new();
    java_properties::PropertiesIter::new_with_encoding(text.as_bytes(), encoding_rs::UTF_8)
        .read_into(|name, value| said.push((name, value.trim_end().to_owned())))
        .map_err(|err| err.to_string())?;
    Ok(said)
}

/// The listeners that `listeners` and `advertised.listeners` describe; those of controllers are left out.
/// `every_interface` is bound where a listener names no host; else this machine alone.
pub fn listeners(
    configs: &[(String, String)],
    every_interface: bool,
) -> Result<Option<Vec<ListenerConfig>>, String> {
    // The last one counts, as in a properties file.
    let find =
        |wanted: &str| configs.iter().rfind(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let told = find("advertised.listeners");
    let Some(described) = find("listeners").or(told.map(|_| DEFAULT)) else { return Ok(None) };
    let controllers: Vec<&str> = names(find("controller.listener.names").unwrap_or(CONTROLLER)).collect();
    let protocols: Vec<_> = names(find("listener.security.protocol.map").unwrap_or_default())
        .filter_map(|entry| entry.split_once(':'))
        .collect();
    let is_controller =
        |text: &str| text.split_once("://").is_some_and(|(name, _)| controllers.contains(&name));
    let mut all = Vec::new();
    for text in names(described).filter(|text| !is_controller(text)) {
        let name = text.split_once("://").map_or("", |(name, _)| name);
        let protocol =
            protocols.iter().find(|(listener, _)| *listener == name).map(|&(_, protocol)| protocol);
        if let Some(protocol) = protocol.filter(|&protocol| protocol != "PLAINTEXT") {
            return Err(format!(
                "listeners: {text} speaks {protocol}, which is not served yet; PLAINTEXT is"
            ));
        }
        let text = if every_interface { text.replace("://:", "://0.0.0.0:") } else { text.to_owned() };
        all.push(listeners::bound(&text).map_err(|err| format!("listeners: {text}: {err}"))?);
    }
    if all.is_empty() {
        return Err(format!("listeners: {described} names none that clients could use"));
    }
    for text in names(told.unwrap_or_default()).filter(|text| !is_controller(text)) {
        let told: Advertised =
            listeners::advertised(text).map_err(|err| format!("advertised.listeners: {text}: {err}"))?;
        told.apply(&mut all).map_err(|err| format!("advertised.listeners: {err}"))?;
    }
    Ok(Some(all))
}

/// The broker configs that remain.
pub fn others(configs: Vec<(String, String)>) -> impl Iterator<Item = (String, String)> {
    for (name, value) in configs.iter().filter(|(name, value)| IDS.contains(&name.as_str()) && value != "1") {
        tracing::warn!(name, value, "this config has no effect here: brokers are numbered from 1");
    }
    configs.into_iter().filter(|(name, _)| !TAKEN.contains(&name.as_str()))
}

fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, every_interface: bool) -> Result<Option<Vec<ListenerConfig>>, String> {
        listeners(&parse(text.into()).unwrap(), every_interface)
    }

    #[test]
    fn listeners_are_those_of_brokers_with_what_their_clients_are_told() {
        let text = "
            listeners=PLAINTEXT://:9092,BROKER://:9093,CONTROLLER://:9094
            advertised.listeners=PLAINTEXT://localhost:32771,BROKER://a1b2c3:9093
            listener.security.protocol.map=BROKER:PLAINTEXT,PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SSL:SSL";
        let listener = |name: &str, port, host: &str, told| ListenerConfig {
            advertised_host: Some(host.to_owned()),
            advertised_port: Some(told),
            ..ListenerConfig::new(name, "0.0.0.0", port)
        };
        let wanted =
            vec![listener("PLAINTEXT", 9092, "localhost", 32771), listener("BROKER", 9093, "a1b2c3", 9093)];
        assert_eq!(read(text, true), Ok(Some(wanted)));
        assert_eq!(read("", true), Ok(None));
    }

    #[test]
    fn a_file_is_read_as_java_reads_it() {
        for (text, value) in [
            ("a=b", "b"),
            ("  a : b ", "b"),
            ("a b", "b"),
            ("a=b,\\\n   c", "b,c"),
            ("a\\\n  = b", "b"),
            ("a=b\\://c\\:1", "b://c:1"),
            ("# a=c\n! a=d\na=\\u00e4", "ä"),
            ("a=ü", "ü"),
        ] {
            assert_eq!(parse(text.into()), Ok(vec![("a".to_owned(), value.to_owned())]), "{text}");
        }
        assert_eq!(parse(vec![b'a', b'=', 0xe4]), Ok(vec![("a".to_owned(), "ä".to_owned())]));
        assert!(parse("a=\\u12".into()).is_err(), "half a character");
    }

    #[test]
    fn a_file_binds_this_machine_alone_unless_it_names_a_host() {
        let host = |text: &str| read(text, false).unwrap().unwrap()[0].host.clone();
        assert_eq!(host("listeners=PLAINTEXT://:9092"), "localhost");
        assert_eq!(host("listeners=PLAINTEXT://0.0.0.0:9092"), "0.0.0.0");
        let told = read("advertised.listeners=PLAINTEXT://kafka:9092", false).unwrap().unwrap();
        assert_eq!(told[0].advertised_host.as_deref(), Some("kafka"));
    }

    #[test]
    fn what_is_not_served_is_refused_by_name() {
        for (text, named) in [
            ("listeners=A://:1\nlistener.security.protocol.map=A:SSL", "A://:1 speaks SSL"),
            ("listeners=SASL_SSL://:9092", "SASL_SSL"),
            ("listeners=CONTROLLER://:9093", "CONTROLLER"),
            ("listeners=A://:1\nadvertised.listeners=B://h:1", "B://h"),
        ] {
            let err = read(text, false).unwrap_err();
            assert!(err.contains(named), "{err}");
        }
    }
}
