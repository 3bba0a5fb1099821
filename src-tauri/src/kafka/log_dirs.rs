//! How much of each partition lies on the disks of each broker.

use std::collections::HashMap;

use broker_core::protocol::messages::describe_log_dirs::{DescribeLogDirsRequest, DescribeLogDirsResult};
use futures_util::future::join_all;

use super::client::KafkaClient;
use super::errors::{explain_code, explain_link};
use crate::dto::{AppError, LogDir};
use crate::error::AppResult;

const WHAT: &str = "The sizes on disk could not be read";

/// What lies on one broker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BrokerDisk {
    pub bytes: u64,
    /// Of all its log directories; brokers before Kafka 3.3 do not tell.
    pub total: Option<u64>,
    pub usable: Option<u64>,
}

/// Sizes on disk of a whole cluster.
#[derive(Debug, Default)]
pub struct Sizes {
    /// The largest replica of each partition.
    pub partitions: HashMap<(String, i32), u64>,
    /// All replicas of each topic.
    pub topics: HashMap<String, u64>,
    pub brokers: HashMap<i32, Result<BrokerDisk, AppError>>,
}

impl KafkaClient {
    /// Asks every broker for its log directories. One that does not answer costs its own part only.
    pub async fn sizes(&self, brokers: &[i32]) -> Sizes {
        let asks = brokers.iter().map(|broker| async move { (*broker, self.sizes_of(*broker).await) });
        let mut sizes = Sizes::default();
        for (broker, answer) in join_all(asks).await {
            let disk = answer.map(|(disk, replicas)| {
                for (topic, partition, bytes) in replicas {
                    *sizes.topics.entry(topic.clone()).or_default() += bytes;
                    let largest = sizes.partitions.entry((topic, partition)).or_default();
                    *largest = bytes.max(*largest);
                }
                disk
            });
            sizes.brokers.insert(broker, disk);
        }
        sizes
    }

    /// Returns the log directories of one broker. One that has failed is among them, with its reason.
    pub async fn log_dirs_of(&self, broker: i32) -> AppResult<Vec<LogDir>> {
        let results = self.ask_log_dirs(broker).await?;
        let dirs = results.into_iter().map(|dir| {
            let partitions = || dir.topics.iter().flat_map(|topic| &topic.partitions);
            let told = |bytes: i64| u64::try_from(bytes).ok();
            LogDir {
                bytes: partitions().filter_map(|one| told(one.partition_size)).sum(),
                replicas: crate::count(partitions().count()),
                total: told(dir.total_bytes),
                usable: told(dir.usable_bytes),
                error: (dir.error_code != 0).then(|| explain_code(WHAT, dir.error_code, None).why),
                path: dir.log_dir.clone(),
            }
        });
        Ok(dirs.collect())
    }

    async fn ask_log_dirs(&self, broker: i32) -> AppResult<Vec<DescribeLogDirsResult>> {
        let request = DescribeLogDirsRequest { topics: None };
        let answer =
            self.pool().ask_broker(broker, &request).await.map_err(|error| explain_link(WHAT, &error))?;
        if answer.error_code != 0 {
            return Err(explain_code(WHAT, answer.error_code, None).at_broker(broker.to_string()));
        }
        Ok(answer.results)
    }

    async fn sizes_of(&self, broker: i32) -> AppResult<(BrokerDisk, Vec<(String, i32, u64)>)> {
        let results = self.ask_log_dirs(broker).await?;
        let mut disk = BrokerDisk::default();
        let mut replicas = Vec::new();
        for dir in results {
            if dir.error_code != 0 {
                return Err(explain_code(WHAT, dir.error_code, None)
                    .at_broker(broker.to_string())
                    .detail(dir.log_dir));
            }
            // −1 is not told.
            add(&mut disk.total, dir.total_bytes);
            add(&mut disk.usable, dir.usable_bytes);
            for topic in dir.topics {
                for partition in topic.partitions {
                    let bytes = u64::try_from(partition.partition_size).unwrap_or(0);
                    disk.bytes += bytes;
                    if !partition.is_future_key {
                        replicas.push((topic.name.clone(), partition.partition_index, bytes));
                    }
                }
            }
        }
        Ok((disk, replicas))
    }
}

fn add(sum: &mut Option<u64>, told: i64) {
    if let Ok(told) = u64::try_from(told) {
        *sum = Some(sum.unwrap_or(0) + told);
    }
}
