//! Metadata (key 3): brokers, topics, partitions and their leaders.
//! Source: Kafka 4.3.1 MetadataRequest.json, MetadataResponse.json.

use crate::protocol::wire::{Uuid, message, v};

message! {
    /// MetadataRequest, versions 0–13.
    pub struct MetadataRequest {
        topics: Option<Vec<MetadataRequestTopic>> [v(0).null(1)],
        allow_auto_topic_creation: bool [v(4)] = true,
        include_cluster_authorized_operations: bool [v(8).until(10)],
        include_topic_authorized_operations: bool [v(8)],
    }

    /// A part of [`MetadataRequest`].
    pub struct MetadataRequestTopic {
        topic_id: Uuid [v(10)],
        name: Option<String> [v(0).null(10)],
    }

    /// MetadataResponse, versions 0–13.
    pub struct MetadataResponse {
        throttle_time_ms: i32 [v(3)],
        brokers: Vec<MetadataResponseBroker> [v(0)],
        cluster_id: Option<String> [v(2).null(2)],
        controller_id: i32 [v(1)] = -1,
        topics: Vec<MetadataResponseTopic> [v(0)],
        cluster_authorized_operations: i32 [v(8).until(10)] = -2147483648,
        error_code: i16 [v(13)],
    }

    /// A part of [`MetadataResponse`].
    pub struct MetadataResponseBroker {
        node_id: i32 [v(0)],
        host: String [v(0)],
        port: i32 [v(0)],
        rack: Option<String> [v(1).null(1)],
    }

    /// A part of [`MetadataResponse`].
    pub struct MetadataResponseTopic {
        error_code: i16 [v(0)],
        name: Option<String> [v(0).null(12)],
        topic_id: Uuid [v(10)],
        is_internal: bool [v(1)],
        partitions: Vec<MetadataResponsePartition> [v(0)],
        topic_authorized_operations: i32 [v(8)] = -2147483648,
    }

    /// A part of [`MetadataResponse`].
    pub struct MetadataResponsePartition {
        error_code: i16 [v(0)],
        partition_index: i32 [v(0)],
        leader_id: i32 [v(0)],
        leader_epoch: i32 [v(7)] = -1,
        replica_nodes: Vec<i32> [v(0)],
        isr_nodes: Vec<i32> [v(0)],
        offline_replicas: Vec<i32> [v(5)],
    }
}
