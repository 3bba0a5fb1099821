//! Which topics each member wants, names and patterns alike.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use regex::Regex;

use super::ConsumerGroup;
use super::assign::{Wish, Wishes};
use crate::group::view::View;

/// Kafka's patterns match whole names.
pub(super) fn pattern(text: &str) -> Result<Regex, regex::Error> {
    Regex::new(text)?;
    Regex::new(&format!("^(?:{text})$"))
}

impl ConsumerGroup {
    /// The topics every member wants that exist, with their partitions.
    pub(super) fn wishes(&self, view: &dyn View) -> Wishes {
        let mut matched: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for text in self.members.values().filter_map(|member| member.regex.as_deref()) {
            if !matched.contains_key(text) {
                let topics = pattern(text).map(|pattern| view.matching(&pattern)).unwrap_or_default();
                matched.insert(text, topics);
            }
        }
        let mut wishes = Wishes::default();
        for (id, member) in &self.members {
            let by_pattern = member.regex.as_deref().and_then(|text| matched.get(text));
            let names = member.topics.iter().chain(by_pattern.into_iter().flatten());
            let mut wish = Wish { instance_id: member.instance_id.clone(), ..Wish::default() };
            for (topic, partitions) in names.filter_map(|name| view.topic(name)) {
                wishes.partitions.insert(topic, partitions);
                wish.topics.insert(topic);
            }
            wishes.members.insert(id.clone(), wish);
        }
        wishes
    }
}

impl Wishes {
    /// Differs when the topics or their partitions do. Zero without topics.
    pub(super) fn hash(&self) -> i64 {
        if self.partitions.is_empty() {
            return 0;
        }
        let mut hasher = std::hash::DefaultHasher::new();
        self.partitions.hash(&mut hasher);
        i64::from_be_bytes(hasher.finish().to_be_bytes())
    }
}
