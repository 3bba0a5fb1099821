//! ConsumerGroupHeartbeat (key 68): members of consumer groups join, report, learn their partitions and leave.
//! Source: Kafka 4.3.1 ConsumerGroupHeartbeatRequest.json, ConsumerGroupHeartbeatResponse.json.

use crate::protocol::wire::{Uuid, message, v};

message! {
    /// ConsumerGroupHeartbeatRequest, versions 0–1.
    pub struct ConsumerGroupHeartbeatRequest {
        group_id: String [v(0)],
        member_id: String [v(0)],
        member_epoch: i32 [v(0)],
        instance_id: Option<String> [v(0).null(0)],
        rack_id: Option<String> [v(0).null(0)],
        rebalance_timeout_ms: i32 [v(0)] = -1,
        subscribed_topic_names: Option<Vec<String>> [v(0).null(0)],
        subscribed_topic_regex: Option<String> [v(1).null(1)],
        server_assignor: Option<String> [v(0).null(0)],
        topic_partitions: Option<Vec<TopicPartitions>> [v(0).null(0)],
    }

    /// ConsumerGroupHeartbeatResponse, versions 0–1.
    pub struct ConsumerGroupHeartbeatResponse {
        throttle_time_ms: i32 [v(0)],
        error_code: i16 [v(0)],
        error_message: Option<String> [v(0).null(0)],
        member_id: Option<String> [v(0).null(0)],
        member_epoch: i32 [v(0)],
        heartbeat_interval_ms: i32 [v(0)],
        assignment: Option<Assignment> [v(0).null(0)],
    }

    /// A part of [`ConsumerGroupHeartbeatResponse`].
    pub struct Assignment {
        topic_partitions: Vec<TopicPartitions> [v(0)],
    }

    /// Partitions of one topic, in request and response.
    pub struct TopicPartitions {
        topic_id: Uuid [v(0)],
        partitions: Vec<i32> [v(0)],
    }
}
