//! Settings of topics and brokers. Sensitive values never come back from the broker, and are dropped if they did.

use std::collections::HashMap;

use broker_core::protocol::messages::describe_configs::{
    DescribeConfigsRequest, DescribeConfigsResource, DescribeConfigsResourceResult, DescribeConfigsResponse,
};

use super::client::KafkaClient;
use super::errors::{explain_code, explain_link};
use crate::dto::{AppError, ConfigRow, ConfigSource};
use crate::error::AppResult;

/// Source: Kafka `ConfigResource.Type`.
pub(super) const TOPIC: i8 = 2;
const WHAT: &str = "The settings could not be read";
/// Source: Kafka `ConfigResource.Type`.
const BROKER: i8 = 4;
/// Source: Kafka `DescribeConfigsResponse.ConfigSource`.
const TOPIC_SOURCE: i8 = 1;
/// Topics of one request.
const TOPICS_PER_ASK: usize = 500;

impl KafkaClient {
    /// Returns all settings of a topic, sorted by name.
    pub async fn topic_configs(&self, topic: &str) -> AppResult<Vec<ConfigRow>> {
        let resource = DescribeConfigsResource {
            resource_type: TOPIC,
            resource_name: topic.to_owned(),
            configuration_keys: None,
        };
        let answer = self.pool().ask_first(&all_of(resource)).await;
        let answer = answer.map_err(|error| explain_link(WHAT, &error))?;
        rows_of(answer).map_err(|error| error.at_topic(topic))
    }

    /// Returns all settings of a broker, which only that broker knows, sorted by name.
    pub async fn broker_configs(&self, broker: i32) -> AppResult<Vec<ConfigRow>> {
        let resource = DescribeConfigsResource {
            resource_type: BROKER,
            resource_name: broker.to_string(),
            configuration_keys: None,
        };
        let answer = self.pool().ask_broker(broker, &all_of(resource)).await;
        let answer = answer.map_err(|error| explain_link(WHAT, &error))?;
        rows_of(answer).map_err(|error| error.at_broker(broker.to_string()))
    }

    /// Returns the named settings of many topics; a topic that is refused is left out.
    pub async fn configs_of_topics(
        &self,
        topics: &[String],
        names: &[&str],
    ) -> AppResult<HashMap<String, HashMap<String, String>>> {
        let keys: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut all = HashMap::new();
        for slice in topics.chunks(TOPICS_PER_ASK) {
            let resources = slice.iter().map(|topic| DescribeConfigsResource {
                resource_type: TOPIC,
                resource_name: topic.clone(),
                configuration_keys: Some(keys.clone()),
            });
            let request = DescribeConfigsRequest {
                resources: resources.collect(),
                include_synonyms: false,
                include_documentation: false,
            };
            let answer = self.pool().ask_first(&request).await.map_err(|error| explain_link(WHAT, &error))?;
            for result in answer.results.into_iter().filter(|result| result.error_code == 0) {
                let values =
                    result.configs.into_iter().filter_map(|config| Some((config.name, config.value?)));
                all.insert(result.resource_name, values.collect());
            }
        }
        Ok(all)
    }
}

fn all_of(resource: DescribeConfigsResource) -> DescribeConfigsRequest {
    DescribeConfigsRequest { resources: vec![resource], include_synonyms: true, include_documentation: true }
}

fn rows_of(answer: DescribeConfigsResponse) -> AppResult<Vec<ConfigRow>> {
    let Some(result) = answer.results.into_iter().next() else {
        return Err(AppError::new(WHAT, "The broker answered nothing about it."));
    };
    if result.error_code != 0 {
        return Err(explain_code(WHAT, result.error_code, result.error_message.as_deref()));
    }
    let mut rows: Vec<_> = result.configs.into_iter().map(read_config).collect();
    rows.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(rows)
}

fn read_config(config: DescribeConfigsResourceResult) -> ConfigRow {
    let source = match config.config_source {
        1 => ConfigSource::Topic,
        2 => ConfigSource::Broker,
        3 => ConfigSource::Cluster,
        4 => ConfigSource::Static,
        _ => ConfigSource::Default,
    };
    let sensitive = config.is_sensitive || config.config_type == 9;
    let mut below = config.synonyms.into_iter().filter(|synonym| synonym.source != TOPIC_SOURCE);
    let inherited = below.next().filter(|_| source == ConfigSource::Topic && !sensitive);
    ConfigRow {
        default: source == ConfigSource::Default,
        source,
        inherited: inherited.and_then(|synonym| synonym.value),
        value: config.value.filter(|_| !sensitive),
        sensitive,
        read_only: config.read_only,
        kind: type_name(config.config_type).to_owned(),
        doc: config.documentation.map(|text| without_tags(&text)).filter(|text| !text.is_empty()),
        name: config.name,
    }
}

/// Kafka's documentation is HTML; the UI shows text.
fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        // A sign that opens no tag is text.
        let named = tag.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/');
        match tag.split_once('>').filter(|_| named) {
            Some((_, after)) => rest = after,
            None => {
                text.push('<');
                rest = tag;
            }
        }
    }
    text.push_str(rest);
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// Source: Kafka `DescribeConfigsResponse.ConfigType`.
fn type_name(config_type: i8) -> &'static str {
    match config_type {
        1 => "boolean",
        2 => "string",
        3 => "int",
        4 => "short",
        5 => "long",
        6 => "double",
        7 => "list",
        8 => "class",
        9 => "password",
        _ => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::without_tags;

    #[test]
    fn documentation_is_text() {
        assert_eq!(without_tags("see <a href=\"#x\">log</a>, a < b &lt; c<br/>"), "see log, a < b < c");
        assert_eq!(without_tags("<"), "<");
    }
}
