//! ConsumerGroupDescribe (key 69): state, members and assignments of consumer groups.
//! Source: Kafka 4.3.1 ConsumerGroupDescribeRequest.json, ConsumerGroupDescribeResponse.json.

use crate::protocol::wire::{Uuid, message, v};

message! {
    /// ConsumerGroupDescribeRequest, versions 0–1.
    pub struct ConsumerGroupDescribeRequest {
        group_ids: Vec<String> [v(0)],
        include_authorized_operations: bool [v(0)],
    }

    /// ConsumerGroupDescribeResponse, versions 0–1.
    pub struct ConsumerGroupDescribeResponse {
        throttle_time_ms: i32 [v(0)],
        groups: Vec<DescribedGroup> [v(0)],
    }

    /// A part of [`ConsumerGroupDescribeResponse`].
    pub struct DescribedGroup {
        error_code: i16 [v(0)],
        error_message: Option<String> [v(0).null(0)],
        group_id: String [v(0)],
        group_state: String [v(0)],
        group_epoch: i32 [v(0)],
        assignment_epoch: i32 [v(0)],
        assignor_name: String [v(0)],
        members: Vec<Member> [v(0)],
        authorized_operations: i32 [v(0)] = -2147483648,
    }

    /// A part of [`ConsumerGroupDescribeResponse`].
    pub struct Member {
        member_id: String [v(0)],
        instance_id: Option<String> [v(0).null(0)],
        rack_id: Option<String> [v(0).null(0)],
        member_epoch: i32 [v(0)],
        client_id: String [v(0)],
        client_host: String [v(0)],
        subscribed_topic_names: Vec<String> [v(0)],
        subscribed_topic_regex: Option<String> [v(0).null(0)],
        assignment: Assignment [v(0)],
        target_assignment: Assignment [v(0)],
        member_type: i8 [v(1)] = -1,
    }

    /// A part of [`ConsumerGroupDescribeResponse`].
    pub struct Assignment {
        topic_partitions: Vec<TopicPartitions> [v(0)],
    }

    /// A part of [`ConsumerGroupDescribeResponse`].
    pub struct TopicPartitions {
        topic_id: Uuid [v(0)],
        topic_name: String [v(0)],
        partitions: Vec<i32> [v(0)],
    }
}
