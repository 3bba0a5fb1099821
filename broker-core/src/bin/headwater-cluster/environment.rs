//! Settings from the environment, as Kafka's container images take them: `KAFKA_LOG_RETENTION_MS` is
//! `log.retention.ms`. Source: Apache Kafka's docker/resources, KIP-975.

use std::collections::BTreeSet;

use broker_core::ListenerConfig;

use super::listeners::{self, Advertised};

/// Variables that are not broker configs.
const NO_CONFIGS: &[&str] = &[
    "KAFKA_BOOTSTRAP_SERVERS",
    "KAFKA_CLUSTER_ID",
    "KAFKA_GC_LOG_OPTS",
    "KAFKA_HEAP_OPTS",
    "KAFKA_HOME",
    "KAFKA_JMX_OPTS",
    "KAFKA_JVM_PERFORMANCE_OPTS",
    "KAFKA_OPTS",
    "KAFKA_TOOLS_LOG4J_LOGLEVEL",
    "KAFKA_VERSION",
];
/// What every image names and one process has no use for, beside what [`listeners`] reads.
const WHO_IT_IS: &[&str] = &[
    "advertised.listeners",
    "broker.id",
    "controller.listener.names",
    "controller.quorum.voters",
    "inter.broker.listener.name",
    "listener.security.protocol.map",
    "listeners",
    "node.id",
    "process.roles",
];
/// What a listener is for that only other Kafka controllers use.
const CONTROLLER: &str = "CONTROLLER";

/// The broker configs among variables, by their own names.
pub fn broker_configs(variables: impl Iterator<Item = (String, String)>) -> Vec<(String, String)> {
    let configs = variables.filter_map(|(variable, value)| {
        if NO_CONFIGS.contains(&variable.as_str()) || variable.starts_with("KAFKA_LOG4J") {
            return None;
        }
        let name = variable.strip_prefix("KAFKA_")?.to_lowercase();
        // One underscore is a dot, two are an underscore, three a hyphen.
        let name = name.replace("___", "-").replace("__", "\0").replace('_', ".").replace('\0', "_");
        Some((name, value))
    });
    let mut configs: Vec<_> = configs.collect();
    configs.sort();
    configs
}

/// The broker configs that remain beside those.
pub fn others(configs: Vec<(String, String)>) -> impl Iterator<Item = (String, String)> {
    configs.into_iter().filter(|(name, _)| !WHO_IT_IS.contains(&name.as_str()))
}

/// The listeners that `listeners` and `advertised.listeners` describe; those of controllers are left out.
pub fn listeners(configs: &[(String, String)]) -> Result<Option<Vec<ListenerConfig>>, String> {
    let find =
        |wanted: &str| configs.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let Some(described) = find("listeners") else { return Ok(None) };
    let controllers: BTreeSet<&str> =
        names(find("controller.listener.names").unwrap_or(CONTROLLER)).collect();
    let protocols = find("listener.security.protocol.map").unwrap_or_default();
    if let Some(entry) = names(protocols).find(|entry| !entry.ends_with(":PLAINTEXT")) {
        return Err(format!("listener.security.protocol.map: {entry} is not served yet; PLAINTEXT is"));
    }
    let is_controller =
        |text: &str| text.split_once("://").is_some_and(|(name, _)| controllers.contains(name));
    let mut all = Vec::new();
    for text in names(described).filter(|text| !is_controller(text)) {
        // Kafka binds every interface where no host stands; that is what a container is for.
        let text = text.replace("://:", "://0.0.0.0:");
        all.push(listeners::bound(&text).map_err(|err| format!("listeners: {text}: {err}"))?);
    }
    for text in names(find("advertised.listeners").unwrap_or_default()).filter(|text| !is_controller(text)) {
        let told: Advertised =
            listeners::advertised(text).map_err(|err| format!("advertised.listeners: {text}: {err}"))?;
        told.apply(&mut all)?;
    }
    Ok(Some(all))
}

fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        broker_configs(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn variables_become_configs_as_in_kafkas_images() {
        let configs = of(&[
            ("KAFKA_LOG_RETENTION_MS", "60000"),
            ("KAFKA_A__B___C", "1"),
            ("KAFKA_HEAP_OPTS", "-Xmx1g"),
            ("KAFKA_LOG4J_LOGGERS", "kafka=INFO"),
            ("PATH", "/bin"),
        ]);
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(configs, [pair("a_b-c", "1"), pair("log.retention.ms", "60000")]);
    }

    #[test]
    fn listeners_are_those_of_brokers_with_what_their_clients_are_told() {
        let configs = of(&[
            ("KAFKA_LISTENERS", "PLAINTEXT://:9092,BROKER://:9093,CONTROLLER://:9094"),
            ("KAFKA_ADVERTISED_LISTENERS", "PLAINTEXT://localhost:32771,BROKER://a1b2c3:9093"),
            ("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER"),
            (
                "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
                "BROKER:PLAINTEXT,PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            ),
        ]);
        let listener = |name: &str, port, host: &str, told| ListenerConfig {
            advertised_host: Some(host.to_owned()),
            advertised_port: Some(told),
            ..ListenerConfig::new(name, "0.0.0.0", port)
        };
        let wanted =
            vec![listener("PLAINTEXT", 9092, "localhost", 32771), listener("BROKER", 9093, "a1b2c3", 9093)];
        assert_eq!(listeners(&configs), Ok(Some(wanted)));
        assert_eq!(listeners(&[]), Ok(None));
        let secure = of(&[("KAFKA_LISTENERS", "A://:1"), ("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "A:SSL")]);
        assert!(listeners(&secure).unwrap_err().contains("A:SSL"));
    }
}
