//! Changes to topics. Each takes a permit and gives the broker's own words when it refuses.

use broker_core::protocol::messages::create_partitions::{CreatePartitionsRequest, CreatePartitionsTopic};
use broker_core::protocol::messages::create_topics::{
    CreatableTopic, CreatableTopicConfig, CreateTopicsRequest,
};
use broker_core::protocol::messages::delete_topics::{DeleteTopicState, DeleteTopicsRequest};

use super::client::KafkaClient;
use super::errors::{explain_code, explain_link};
use crate::dto::{AppError, ConfigEntry};
use crate::error::AppResult;
use crate::policy::{Destructive, Permit, Write};

const TIMEOUT_MS: i32 = 7_000;

/// A topic to be made.
#[derive(Clone, Debug)]
pub struct NewTopic {
    pub name: String,
    pub partitions: i32,
    pub replication_factor: i16,
    pub configs: Vec<ConfigEntry>,
}

/// Names of the operations permits are for.
pub const CREATE_TOPIC: &str = "createTopic";
pub const DELETE_TOPIC: &str = "deleteTopic";
pub const ADD_PARTITIONS: &str = "addPartitions";

impl KafkaClient {
    /// Asks the cluster whether it would make this topic; nothing is made.
    pub async fn check_new_topic(&self, topic: &NewTopic) -> AppResult<()> {
        self.ask_create(topic, true).await
    }

    /// Makes a topic.
    pub async fn create_topic(&self, permit: Permit<Write>, topic: &NewTopic) -> AppResult<()> {
        permit.spend(self.connection, CREATE_TOPIC, std::slice::from_ref(&topic.name))?;
        self.ask_create(topic, false).await
    }

    /// Deletes a topic and its records.
    pub async fn delete_topic(&self, permit: Permit<Destructive>, name: &str) -> AppResult<()> {
        const WHAT: &str = "The topic was not deleted";
        permit.spend(self.connection, DELETE_TOPIC, &[name.to_owned()])?;
        // Versions up to 5 carry names, those from 6 on names or ids; the other field is not sent.
        let request = DeleteTopicsRequest {
            topics: vec![DeleteTopicState { name: Some(name.to_owned()), ..Default::default() }],
            topic_names: vec![name.to_owned()],
            timeout_ms: TIMEOUT_MS,
        };
        let answer = self.pool().ask_any(&request).await.map_err(|error| explain_link(WHAT, &error))?;
        let outcome = answer.responses.first().map(|of| (of.error_code, of.error_message.clone()));
        settle(WHAT, name, outcome)
    }

    /// Adds partitions, up to `total`.
    pub async fn add_partitions(&self, permit: Permit<Write>, name: &str, total: i32) -> AppResult<()> {
        permit.spend(self.connection, ADD_PARTITIONS, &[name.to_owned()])?;
        self.ask_partitions(name, total, false).await
    }

    /// Asks the cluster whether it would add these partitions; nothing is added.
    pub async fn check_partitions(&self, name: &str, total: i32) -> AppResult<()> {
        self.ask_partitions(name, total, true).await
    }

    async fn ask_partitions(&self, name: &str, total: i32, validate_only: bool) -> AppResult<()> {
        const WHAT: &str = "No partitions were added";
        let request = CreatePartitionsRequest {
            topics: vec![CreatePartitionsTopic { name: name.to_owned(), count: total, assignments: None }],
            timeout_ms: TIMEOUT_MS,
            validate_only,
        };
        let answer = self.pool().ask_any(&request).await.map_err(|error| explain_link(WHAT, &error))?;
        let outcome = answer.results.first().map(|of| (of.error_code, of.error_message.clone()));
        settle(WHAT, name, outcome)
    }

    async fn ask_create(&self, topic: &NewTopic, validate_only: bool) -> AppResult<()> {
        const WHAT: &str = "The topic was not created";
        let configs = topic.configs.iter().map(|config| CreatableTopicConfig {
            name: config.name.clone(),
            value: Some(config.value.clone()),
        });
        let request = CreateTopicsRequest {
            topics: vec![CreatableTopic {
                name: topic.name.clone(),
                num_partitions: topic.partitions,
                replication_factor: topic.replication_factor,
                assignments: Vec::new(),
                configs: configs.collect(),
            }],
            timeout_ms: TIMEOUT_MS,
            validate_only,
        };
        let answer = self.pool().ask_any(&request).await.map_err(|error| explain_link(WHAT, &error))?;
        let outcome = answer.topics.first().map(|of| (of.error_code, of.error_message.clone()));
        settle(WHAT, &topic.name, outcome)
    }
}

fn settle(what: &str, topic: &str, outcome: Option<(i16, Option<String>)>) -> AppResult<()> {
    match outcome {
        Some((0, _)) => Ok(()),
        Some((code, message)) => Err(explain_code(what, code, message.as_deref()).at_topic(topic)),
        None => Err(AppError::new(what, "The broker answered nothing about this topic.").at_topic(topic)),
    }
}
