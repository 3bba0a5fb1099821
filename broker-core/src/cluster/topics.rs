//! Topics that should be there: made if they are missing, brought in line if they are not as wanted.
//! Doing it again changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Cluster;
use super::owner::Owner;
use crate::broker::messages::{Change, MorePartitions, Outcome};
use crate::config::ConfigResource;
use crate::controller::{ConfigChange, ConfigOp, NewTopic, TopicError, TopicImage};
use crate::protocol::ErrorCode;
use serde::Deserialize;

/// A topic as somebody wants it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopicSpec {
    /// Its name.
    pub name: String,
    /// Partitions it should have at least; the cluster's default if not said.
    pub partitions: Option<i32>,
    /// Replicas of each, when it is made; the cluster's default if not said.
    pub replication_factor: Option<i16>,
    /// Configs by Kafka's names.
    #[serde(default)]
    pub configs: BTreeMap<String, Scalar>,
}

/// A config's value as YAML or JSON has it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged, expecting = "a config is a text, a number, true or false, or a list of those")]
pub enum Scalar {
    /// A switch.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// Another number.
    Fraction(f64),
    /// Anything else.
    Text(String),
    /// A list, as `cleanup.policy` is one.
    List(Vec<Scalar>),
}

impl std::fmt::Display for Scalar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Fraction(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
            Self::List(all) => f.write_str(&all.iter().map(Self::to_string).collect::<Vec<_>>().join(",")),
        }
    }
}

/// Why a topic is not as wanted.
#[derive(Debug, thiserror::Error)]
#[error("topic {topic}: {reason}")]
pub struct TopicsError {
    /// The topic.
    pub topic: String,
    /// What is wrong.
    pub reason: String,
}

/// What was otherwise than wanted with a topic that was there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TopicNote {
    /// A config had another value, and has the wanted one now.
    #[error("topic {topic}: {name} is {now} now, it was {was}")]
    Config {
        /// The topic.
        topic: String,
        /// The config.
        name: String,
        /// Its value before.
        was: String,
        /// Its value now.
        now: String,
    },
    /// Partitions were added.
    #[error("topic {topic}: has {now} partitions now, it had {was}")]
    Grown {
        /// The topic.
        topic: String,
        /// Partitions before.
        was: usize,
        /// Partitions now.
        now: i32,
    },
    /// It has something else than wanted, which stays.
    #[error("topic {topic}: it has {has} {what} and keeps them; {wanted} were wanted")]
    Kept {
        /// The topic.
        topic: String,
        /// Of what it has another number.
        what: &'static str,
        /// How many it has.
        has: usize,
        /// How many were wanted.
        wanted: i32,
    },
}

impl Cluster {
    /// Makes sure that these topics are there as wanted; returns what was otherwise with those that were there. Stops at
    /// the first that cannot be; names one that is listed twice before it begins.
    pub fn ensure_topics(&self, topics: &[TopicSpec]) -> Result<Vec<TopicNote>, TopicsError> {
        let mut names = BTreeSet::new();
        if let Some(twice) = topics.iter().find(|topic| !names.insert(&topic.name)) {
            return Err(TopicsError { topic: twice.name.clone(), reason: "it is listed twice".to_owned() });
        }
        let mut notes = Vec::new();
        let owner = Owner::of(self);
        for topic in topics {
            let gone = || TopicsError { topic: topic.name.clone(), reason: "the cluster has ended".into() };
            let owner = owner.as_ref().ok_or_else(gone)?;
            let send = |change: Change| owner.change(change).ok_or_else(gone);
            let look = || owner.image().ok_or_else(gone).map(|image| image.topics.get(&topic.name).cloned());
            if look()?.is_none() && create(topic, send)? {
                continue;
            }
            if let Some(before) = look()? {
                change(topic, &before, send)?;
                let after = look()?.unwrap_or_else(|| Arc::clone(&before));
                notes.extend(differences(topic, &before, &after));
            }
        }
        Ok(notes)
    }
}

fn failed(topic: &TopicSpec) -> impl Fn(TopicError) -> TopicsError {
    |err| TopicsError { topic: topic.name.clone(), reason: err.message }
}

/// False if somebody else has just made it.
fn create(
    topic: &TopicSpec,
    send: impl Fn(Change) -> Result<Outcome, TopicsError>,
) -> Result<bool, TopicsError> {
    let new = NewTopic {
        name: topic.name.clone(),
        partitions: topic.partitions.unwrap_or(-1),
        replication_factor: topic.replication_factor.unwrap_or(-1),
        assignments: Vec::new(),
        configs: topic.configs.iter().map(|(name, value)| (name.clone(), Some(value.to_string()))).collect(),
    };
    let Outcome::Created(mut results) = send(Change::CreateTopics(vec![new], false))? else {
        return Ok(false);
    };
    match results.pop() {
        Some(Err(err)) if err.code == ErrorCode::TopicAlreadyExists => Ok(false),
        Some(Err(err)) => Err(failed(topic)(err)),
        Some(Ok(_)) | None => Ok(true),
    }
}

/// Brings a topic in line as far as that can be done: it gets partitions and configs.
fn change(
    topic: &TopicSpec,
    found: &TopicImage,
    send: impl Fn(Change) -> Result<Outcome, TopicsError>,
) -> Result<(), TopicsError> {
    let done = |change: Change| match send(change)? {
        Outcome::Done(mut results) => results.pop().unwrap_or(Ok(())).map_err(failed(topic)),
        Outcome::Created(_) | Outcome::Isr(_) | Outcome::Shutdown | Outcome::ProducerIds(_) => Ok(()),
    };
    if let Some(total) = topic.partitions.filter(|&total| grows(found, total)) {
        let more = MorePartitions { topic: topic.name.clone(), total, by_hand: None };
        done(Change::CreatePartitions(vec![more], false))?;
    }
    let set = |(name, value): (&String, &Scalar)| (name.clone(), ConfigOp::Set, Some(value.to_string()));
    let ops = topic.configs.iter().map(set).collect();
    let change = ConfigChange { resource: ConfigResource::Topic(topic.name.clone()), ops, replace: false };
    done(Change::Configs(vec![change], false))
}

fn grows(found: &TopicImage, total: i32) -> bool {
    usize::try_from(total).is_ok_and(|total| total > found.partitions.len())
}

/// What is to be said of a topic that was there.
fn differences(topic: &TopicSpec, before: &TopicImage, after: &TopicImage) -> Vec<TopicNote> {
    let name = || topic.name.clone();
    let mut notes = Vec::new();
    let has = before.partitions.len();
    match topic.partitions {
        Some(now) if grows(before, now) => notes.push(TopicNote::Grown { topic: name(), was: has, now }),
        Some(wanted) if usize::try_from(wanted) != Ok(has) => {
            notes.push(TopicNote::Kept { topic: name(), what: "partitions", has, wanted });
        }
        Some(_) | None => {}
    }
    let has = before.partitions.first().map_or(0, |partition| partition.replicas.len());
    if let Some(wanted) =
        topic.replication_factor.map(i32::from).filter(|&wanted| usize::try_from(wanted) != Ok(has))
    {
        notes.push(TopicNote::Kept { topic: name(), what: "replicas of each partition", has, wanted });
    }
    let value = |of: &TopicImage, config: &String| {
        of.configs.get(config).cloned().unwrap_or_else(|| "the cluster's default".to_owned())
    };
    for config in topic.configs.keys() {
        let (was, now) = (value(before, config), value(after, config));
        if was != now {
            notes.push(TopicNote::Config { topic: name(), name: config.clone(), was, now });
        }
    }
    notes
}
