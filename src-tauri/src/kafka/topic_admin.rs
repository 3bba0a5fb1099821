//! Changes to what a topic holds and how: settings, and records deleted from its beginning.

use broker_core::protocol::messages::delete_records::{
    DeleteRecordsPartition, DeleteRecordsRequest, DeleteRecordsTopic,
};
use broker_core::protocol::messages::incremental_alter_configs::{
    AlterConfigsResource, AlterableConfig, IncrementalAlterConfigsRequest,
};

use super::client::KafkaClient;
use super::configs::TOPIC;
use super::errors::{explain_code, explain_link};
use crate::dto::{AppError, ConfigSet};
use crate::error::AppResult;
use crate::policy::{Destructive, Permit, Write};

/// Names of the operations permits are for.
pub const SET_CONFIGS: &str = "setTopicConfigs";
pub const DELETE_RECORDS: &str = "deleteRecords";

const TIMEOUT_MS: i32 = 7_000;
/// Source: Kafka `AlterConfigOp.OpType`.
const SET: i8 = 0;
const DELETE: i8 = 1;

/// Where a partition is to begin.
#[derive(Clone, Copy, Debug)]
pub struct BeginAt {
    pub leader: i32,
    pub partition: i32,
    pub offset: i64,
}

impl KafkaClient {
    /// Asks the cluster whether it would take these settings; nothing is changed.
    pub async fn check_topic_configs(&self, topic: &str, entries: &[ConfigSet]) -> AppResult<()> {
        self.ask_configs(topic, entries, true).await
    }

    /// Changes settings of a topic: all of them, or none.
    pub async fn set_topic_configs(
        &self,
        permit: Permit<Write>,
        topic: &str,
        entries: &[ConfigSet],
    ) -> AppResult<()> {
        permit.spend(self.connection, SET_CONFIGS, &[topic.to_owned()])?;
        self.ask_configs(topic, entries, false).await
    }

    async fn ask_configs(&self, topic: &str, entries: &[ConfigSet], validate_only: bool) -> AppResult<()> {
        const WHAT: &str = "The settings were not changed";
        let configs = entries.iter().map(|entry| AlterableConfig {
            name: entry.name.clone(),
            config_operation: if entry.value.is_some() { SET } else { DELETE },
            value: entry.value.clone(),
        });
        let request = IncrementalAlterConfigsRequest {
            resources: vec![AlterConfigsResource {
                resource_type: TOPIC,
                resource_name: topic.to_owned(),
                configs: configs.collect(),
            }],
            validate_only,
        };
        let answer = self.pool().ask_any(&request).await.map_err(|error| explain_link(WHAT, &error))?;
        match answer.responses.first() {
            Some(outcome) if outcome.error_code == 0 => Ok(()),
            Some(outcome) => {
                Err(explain_code(WHAT, outcome.error_code, outcome.error_message.as_deref()).at_topic(topic))
            }
            None => Err(AppError::new(WHAT, "The broker answered nothing about this topic.").at_topic(topic)),
        }
    }

    /// Deletes the records before the given offsets, asked of each leader.
    /// Errors: the first that a leader names; the others may have been deleted.
    pub async fn delete_records(
        &self,
        permit: Permit<Destructive>,
        topic: &str,
        places: &[BeginAt],
    ) -> AppResult<()> {
        const WHAT: &str = "The topic was not emptied";
        permit.spend(self.connection, DELETE_RECORDS, &[topic.to_owned()])?;
        let mut leaders: Vec<i32> = places.iter().map(|place| place.leader).collect();
        leaders.sort_unstable();
        leaders.dedup();
        for leader in leaders {
            let partitions = places.iter().filter(|place| place.leader == leader);
            let request = DeleteRecordsRequest {
                topics: vec![DeleteRecordsTopic {
                    name: topic.to_owned(),
                    partitions: partitions
                        .map(|place| DeleteRecordsPartition {
                            partition_index: place.partition,
                            offset: place.offset,
                        })
                        .collect(),
                }],
                timeout_ms: TIMEOUT_MS,
            };
            let answer =
                self.pool().ask_broker(leader, &request).await.map_err(|error| explain_link(WHAT, &error))?;
            let failed = answer
                .topics
                .iter()
                .flat_map(|of| &of.partitions)
                .find(|partition| partition.error_code != 0);
            if let Some(partition) = failed {
                return Err(explain_code(WHAT, partition.error_code, None)
                    .at_topic(topic)
                    .at_partition(partition.partition_index));
            }
        }
        Ok(())
    }
}
