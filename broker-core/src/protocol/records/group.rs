//! Records of `__consumer_offsets` for classic groups.
//! Source: Kafka 4.3.1 `group-coordinator/src/main/resources/common/message/*.json`.

use bytes::Bytes;

use crate::protocol::wire::{Uuid, message, v};

message! {
    /// OffsetCommitKey, versions 0.
    pub struct OffsetCommitKey {
        group: String [v(0).until(0)],
        topic: String [v(0).until(0)],
        partition: i32 [v(0).until(0)],
    }

    /// OffsetCommitValue, versions 0–4.
    pub struct OffsetCommitValue {
        offset: i64 [v(0)],
        leader_epoch: i32 [v(3)] = -1,
        metadata: String [v(0)],
        commit_timestamp: i64 [v(0)],
        expire_timestamp: i64 [v(1).until(1)] = -1,
        topic_id: Uuid [v(4).tag(0)],
    }

    /// GroupMetadataKey, versions 0.
    pub struct GroupMetadataKey {
        group: String [v(0).until(0)],
    }

    /// GroupMetadataValue, versions 0–4.
    pub struct GroupMetadataValue {
        protocol_type: String [v(0)],
        generation: i32 [v(0)],
        protocol: Option<String> [v(0).null(0)],
        leader: Option<String> [v(0).null(0)],
        current_state_timestamp: i64 [v(2)] = -1,
        members: Vec<MemberMetadata> [v(0)],
    }

    /// A part of [`GroupMetadataValue`].
    pub struct MemberMetadata {
        member_id: String [v(0)],
        group_instance_id: Option<String> [v(3).null(3)],
        client_id: String [v(0)],
        client_host: String [v(0)],
        rebalance_timeout: i32 [v(1)] = -1,
        session_timeout: i32 [v(0)],
        subscription: Bytes [v(0)],
        assignment: Bytes [v(0)],
    }
}
