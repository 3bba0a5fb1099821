//! AlterReplicaLogDirs (key 34): moves replicas between the log directories of a broker.
//! Source: Kafka 4.3.1 AlterReplicaLogDirsRequest.json, AlterReplicaLogDirsResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// AlterReplicaLogDirsRequest, versions 1–2.
    pub struct AlterReplicaLogDirsRequest {
        dirs: Vec<AlterReplicaLogDir> [v(0)],
    }

    /// A part of [`AlterReplicaLogDirsRequest`].
    pub struct AlterReplicaLogDir {
        path: String [v(0)],
        topics: Vec<AlterReplicaLogDirTopic> [v(0)],
    }

    /// A part of [`AlterReplicaLogDirsRequest`].
    pub struct AlterReplicaLogDirTopic {
        name: String [v(0)],
        partitions: Vec<i32> [v(0)],
    }

    /// AlterReplicaLogDirsResponse, versions 1–2.
    pub struct AlterReplicaLogDirsResponse {
        throttle_time_ms: i32 [v(0)],
        results: Vec<AlterReplicaLogDirTopicResult> [v(0)],
    }

    /// A part of [`AlterReplicaLogDirsResponse`].
    pub struct AlterReplicaLogDirTopicResult {
        topic_name: String [v(0)],
        partitions: Vec<AlterReplicaLogDirPartitionResult> [v(0)],
    }

    /// A part of [`AlterReplicaLogDirsResponse`].
    pub struct AlterReplicaLogDirPartitionResult {
        partition_index: i32 [v(0)],
        error_code: i16 [v(0)],
    }
}
