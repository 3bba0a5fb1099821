//! Settings from the environment, as Kafka's container images take them: `KAFKA_LOG_RETENTION_MS` is
//! `log.retention.ms`. Source: Apache Kafka's docker/resources, KIP-975.

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
/// The variable in which Kafka's images take the id of the cluster.
const CLUSTER_ID: &str = "CLUSTER_ID";

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

/// The cluster id that the variables name.
pub fn cluster_id(mut variables: impl Iterator<Item = (String, String)>) -> Option<String> {
    variables.find(|(name, _)| name == CLUSTER_ID).map(|(_, id)| id)
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
}
