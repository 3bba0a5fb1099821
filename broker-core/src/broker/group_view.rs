//! What groups see of topics and configs: this broker's own image of the metadata.

use regex::Regex;

use super::Broker;
use crate::config::{BrokerConfig, ConfigResource};
use crate::controller::MetadataImage;
use crate::group::{View, assignors_of};
use crate::protocol::Uuid;

struct ImageView<'a> {
    image: &'a MetadataImage,
    config: &'a BrokerConfig,
    version: i64,
}

impl Broker {
    /// Runs `act` on what groups see.
    pub(super) fn with_view<T>(&self, act: impl FnOnce(&dyn View) -> T) -> T {
        let (config, version) = (self.config(), self.metadata_offset());
        self.with_image(|image| act(&ImageView { image, config: &config, version }))
    }
}

impl View for ImageView<'_> {
    fn version(&self) -> i64 {
        self.version
    }

    fn topic(&self, name: &str) -> Option<(Uuid, i32)> {
        self.image.topics.get(name).map(|topic| (topic.id, topic.partitions.len() as i32))
    }

    fn topic_name(&self, id: Uuid) -> Option<String> {
        self.image.topic_names.get(&id).cloned()
    }

    fn matching(&self, pattern: &Regex) -> Vec<String> {
        self.image.topics.keys().filter(|name| pattern.is_match(name)).cloned().collect()
    }

    fn group_number(&self, group: &str, config: &str) -> i64 {
        let resource = ConfigResource::Group(group.to_owned());
        let Some(def) = resource.config(config) else { return 0 };
        let none = std::collections::BTreeMap::new();
        let own = self.image.configs_of(&resource).unwrap_or(&none);
        self.config.topic_value(def, own).0.parse().unwrap_or(0)
    }

    fn assignors(&self) -> Vec<&'static str> {
        assignors_of(self.config)
    }
}
