//! Topics that should be there: made if they are missing, brought in line if they are not as wanted.
//! Doing it again changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use tokio::sync::oneshot;

use super::Cluster;
use crate::broker::messages::{Change, Changed, MorePartitions, Outcome, PeerMessage, ask};
use crate::config::ConfigResource;
use crate::controller::{ConfigChange, ConfigOp, NewTopic, TopicError};
use crate::protocol::ErrorCode;
use crate::seams::CONTROLLER;

/// The sender of what the cluster's owner asks of the controller.
const OWNER: i32 = -2;

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

impl Cluster {
    /// Makes sure that these topics are there as wanted. Stops at the first that cannot be; names one that is listed
    /// twice before it begins.
    pub fn ensure_topics(&self, topics: &[TopicSpec]) -> Result<(), TopicsError> {
        let mut names = BTreeSet::new();
        if let Some(twice) = topics.iter().find(|topic| !names.insert(&topic.name)) {
            return Err(TopicsError { topic: twice.name.clone(), reason: "it is listed twice".to_owned() });
        }
        let network = self.lock().running.as_ref().map(|running| running.network.clone());
        let gone =
            |topic: &str| TopicsError { topic: topic.to_owned(), reason: "the cluster has ended".into() };
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let runtime = runtime.map_err(|err| TopicsError { topic: String::new(), reason: err.to_string() })?;
        for topic in topics {
            let network = network.as_ref().ok_or_else(|| gone(&topic.name))?;
            let send = |change: Change| {
                let question = |reply: oneshot::Sender<Changed>| PeerMessage::Change(change, reply);
                let answer = runtime.block_on(ask(network, OWNER, CONTROLLER, question));
                answer.map(|changed| changed.outcome).map_err(|_| gone(&topic.name))
            };
            ensure(topic, send)?;
        }
        Ok(())
    }
}

fn ensure(
    topic: &TopicSpec,
    send: impl Fn(Change) -> Result<Outcome, TopicsError>,
) -> Result<(), TopicsError> {
    let failed = |err: TopicError| TopicsError { topic: topic.name.clone(), reason: err.message };
    let settings = topic.configs.iter().map(|(name, value)| (name.clone(), Some(value.to_string())));
    let new = NewTopic {
        name: topic.name.clone(),
        partitions: topic.partitions.unwrap_or(-1),
        replication_factor: topic.replication_factor.unwrap_or(-1),
        assignments: Vec::new(),
        configs: settings.clone().collect(),
    };
    if let Outcome::Created(mut results) = send(Change::CreateTopics(vec![new], false))? {
        match results.pop() {
            Some(Err(err)) if err.code == ErrorCode::TopicAlreadyExists => {}
            Some(Err(err)) => return Err(failed(err)),
            Some(Ok(_)) | None => return Ok(()),
        }
    }
    if let Some(total) = topic.partitions {
        let more = MorePartitions { topic: topic.name.clone(), total, by_hand: None };
        if let Outcome::Done(mut results) = send(Change::CreatePartitions(vec![more], false))?
            && let Some(Err(err)) = results.pop()
            && err.code != ErrorCode::InvalidPartitions
        {
            return Err(failed(err));
        }
    }
    let ops = settings.map(|(name, value)| (name, ConfigOp::Set, value)).collect();
    let change = ConfigChange { resource: ConfigResource::Topic(topic.name.clone()), ops, replace: false };
    match send(Change::Configs(vec![change], false))? {
        Outcome::Done(mut results) => results.pop().unwrap_or(Ok(())).map_err(failed),
        Outcome::Created(_) | Outcome::Isr(_) | Outcome::Shutdown | Outcome::ProducerIds(_) => Ok(()),
    }
}
