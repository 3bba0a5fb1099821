//! Records of `__consumer_offsets` for consumer groups (KIP-848).
//! Source: Kafka 4.3.1 `group-coordinator/src/main/resources/common/message/ConsumerGroup*.json`.

use bytes::Bytes;

use crate::protocol::wire::{Uuid, message, v};

message! {
    /// ConsumerGroupMetadataKey and ConsumerGroupTargetAssignmentMetadataKey, versions 0.
    pub struct GroupKey {
        group_id: String [v(0).until(0)],
    }

    /// ConsumerGroupMemberMetadataKey and the two other keys that name a member, versions 0.
    pub struct MemberKey {
        group_id: String [v(0).until(0)],
        member_id: String [v(0).until(0)],
    }

    /// ConsumerGroupMetadataValue, version 0.
    pub struct EpochValue {
        epoch: i32 [v(0)],
        metadata_hash: i64 [v(0).tag(0)],
    }

    /// ConsumerGroupMemberMetadataValue, version 0.
    pub struct MemberValue {
        instance_id: Option<String> [v(0).null(0)],
        rack_id: Option<String> [v(0).null(0)],
        client_id: String [v(0)],
        client_host: String [v(0)],
        subscribed_topic_names: Vec<String> [v(0)],
        subscribed_topic_regex: Option<String> [v(0).null(0)],
        rebalance_timeout_ms: i32 [v(0)] = -1,
        server_assignor: Option<String> [v(0).null(0)],
        classic_member_metadata: Option<ClassicMemberMetadata> [v(0).null(0).tag(0)],
    }

    /// A part of [`MemberValue`].
    pub struct ClassicMemberMetadata {
        session_timeout_ms: i32 [v(0)],
        supported_protocols: Vec<ClassicProtocol> [v(0)],
    }

    /// A part of [`MemberValue`].
    pub struct ClassicProtocol {
        name: String [v(0)],
        metadata: Bytes [v(0)],
    }

    /// ConsumerGroupTargetAssignmentMetadataValue, version 0.
    pub struct TargetEpochValue {
        assignment_epoch: i32 [v(0)],
        assignment_timestamp: i64 [v(0).tag(0)],
    }

    /// ConsumerGroupTargetAssignmentMemberValue, version 0.
    pub struct TargetValue {
        topic_partitions: Vec<TopicPartition> [v(0)],
    }

    /// A part of [`TargetValue`].
    pub struct TopicPartition {
        topic_id: Uuid [v(0)],
        partitions: Vec<i32> [v(0)],
    }

    /// ConsumerGroupCurrentMemberAssignmentValue, version 0.
    pub struct CurrentValue {
        member_epoch: i32 [v(0)],
        previous_member_epoch: i32 [v(0)],
        state: i8 [v(0)],
        assigned_partitions: Vec<TopicPartitions> [v(0)],
        partitions_pending_revocation: Vec<TopicPartitions> [v(0)],
    }

    /// A part of [`CurrentValue`].
    pub struct TopicPartitions {
        topic_id: Uuid [v(0)],
        partitions: Vec<i32> [v(0)],
        assignment_epochs: Option<Vec<i32>> [v(0).null(0).tag(0)],
    }
}
