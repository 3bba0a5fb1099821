//! AlterReplicaLogDirs (key 34), versions 1–2.
//! Source: Kafka 4.3.1 AlterReplicaLogDirsRequest.json; ReplicaManager.alterReplicaLogDirs; KIP-113.
//! Needs: nothing.
//! Answers: a code for each partition. A broker has one log directory, so a replica is where it is asked to be, or the
//! directory is LOG_DIR_NOT_FOUND; without a replica here REPLICA_NOT_AVAILABLE.

use crate::partition::PartitionId;
use crate::protocol::messages::alter_replica_log_dirs::{
    AlterReplicaLogDirPartitionResult, AlterReplicaLogDirTopicResult, AlterReplicaLogDirsRequest,
    AlterReplicaLogDirsResponse,
};
use crate::protocol::{ErrorCode, Uuid};
use crate::server::Ctx;

pub async fn handle(ctx: Ctx, request: AlterReplicaLogDirsRequest) -> AlterReplicaLogDirsResponse {
    let here = ctx.broker.log_dir();
    let mut response = AlterReplicaLogDirsResponse::default();
    for dir in request.dirs {
        for topic in dir.topics {
            let rows = topic.partitions.iter().map(|&partition_index| {
                let code = match dir.path == here {
                    true => of_replica(&ctx, &topic.name, partition_index),
                    false => ErrorCode::LogDirNotFound,
                };
                AlterReplicaLogDirPartitionResult { partition_index, error_code: code.code() }
            });
            let partitions = rows.collect();
            response.results.push(AlterReplicaLogDirTopicResult { topic_name: topic.name, partitions });
        }
    }
    response
}

fn of_replica(ctx: &Ctx, topic: &str, index: i32) -> ErrorCode {
    let id = ctx.broker.topic_id(topic, Uuid::ZERO).filter(|_| ctx.broker.has_partition(topic, index));
    match id {
        None => ErrorCode::UnknownTopicOrPartition,
        Some(topic) if ctx.broker.log_start_offset(PartitionId { topic, index }) < 0 => {
            ErrorCode::ReplicaNotAvailable
        }
        Some(_) => ErrorCode::None,
    }
}
