//! DescribeLogDirs (key 35), versions 1–5.
//! Source: Kafka 4.3.1 DescribeLogDirsRequest.json; KIP-113, KIP-827 (total and usable bytes).
//! Needs: nothing.
//! Answers: this broker's one log directory with the size of every replica asked for; null asks for all.
//! Versions: 3 top-level error · 4 volume bytes · 5 cordoned.

use std::collections::BTreeMap;

use crate::protocol::messages::describe_log_dirs::{
    DescribeLogDirsPartition, DescribeLogDirsRequest, DescribeLogDirsResponse, DescribeLogDirsResult,
    DescribeLogDirsTopic,
};
use crate::server::Ctx;

pub async fn handle(ctx: Ctx, request: DescribeLogDirsRequest) -> DescribeLogDirsResponse {
    let is_wanted = |topic: &str, index: i32| match &request.topics {
        None => true,
        Some(topics) => topics.iter().any(|t| t.topic == topic && t.partitions.contains(&index)),
    };
    let mut topics: BTreeMap<String, Vec<DescribeLogDirsPartition>> = BTreeMap::new();
    for replica in ctx.broker.replicas() {
        if is_wanted(&replica.topic, replica.index) {
            topics.entry(replica.topic).or_default().push(DescribeLogDirsPartition {
                partition_index: replica.index,
                partition_size: replica.size_bytes as i64,
                offset_lag: replica.lag,
                is_future_key: false,
            });
        }
    }
    let topics = topics.into_iter().map(|(name, mut partitions)| {
        partitions.sort_by_key(|partition| partition.partition_index);
        DescribeLogDirsTopic { name, partitions }
    });
    let (total_bytes, usable_bytes) = ctx.broker.volume_bytes();
    let result = DescribeLogDirsResult {
        log_dir: ctx.broker.log_dir(),
        topics: topics.collect(),
        total_bytes,
        usable_bytes,
        ..Default::default()
    };
    DescribeLogDirsResponse { results: vec![result], ..Default::default() }
}
