//! Records of `__cluster_metadata-0`.
//! Source: Kafka 4.3.1 `metadata/src/main/resources/common/metadata/*.json`.

use crate::protocol::wire::{Uuid, message, v};

message! {
    /// RegisterBrokerRecord, versions 0–4.
    pub struct RegisterBrokerRecord {
        broker_id: i32 [v(0)],
        is_migrating_zk_broker: bool [v(2)],
        incarnation_id: Uuid [v(0)],
        broker_epoch: i64 [v(0)],
        end_points: Vec<BrokerEndpoint> [v(0)],
        features: Vec<BrokerFeature> [v(0)],
        rack: Option<String> [v(0).null(0)],
        fenced: bool [v(0)] = true,
        in_controlled_shutdown: bool [v(1)],
        log_dirs: Vec<Uuid> [v(3).tag(0)],
        cordoned_log_dirs: Option<Vec<Uuid>> [v(4).null(4).tag(1)],
    }

    /// A part of [`RegisterBrokerRecord`].
    pub struct BrokerEndpoint {
        name: String [v(0)],
        host: String [v(0)],
        port: u16 [v(0)],
        security_protocol: i16 [v(0)],
    }

    /// A part of [`RegisterBrokerRecord`].
    pub struct BrokerFeature {
        name: String [v(0)],
        min_supported_version: i16 [v(0)],
        max_supported_version: i16 [v(0)],
    }

    /// TopicRecord, versions 0.
    pub struct TopicRecord {
        name: String [v(0)],
        topic_id: Uuid [v(0)],
    }

    /// PartitionRecord, versions 0–2.
    pub struct PartitionRecord {
        partition_id: i32 [v(0)] = -1,
        topic_id: Uuid [v(0)],
        replicas: Vec<i32> [v(0)],
        isr: Vec<i32> [v(0)],
        removing_replicas: Vec<i32> [v(0)],
        adding_replicas: Vec<i32> [v(0)],
        leader: i32 [v(0)] = -1,
        leader_recovery_state: i8 [v(0).tag(0)],
        leader_epoch: i32 [v(0)] = -1,
        partition_epoch: i32 [v(0)] = -1,
        directories: Vec<Uuid> [v(1)],
        eligible_leader_replicas: Option<Vec<i32>> [v(2).null(2).tag(1)],
        last_known_elr: Option<Vec<i32>> [v(2).null(2).tag(2)],
    }

    /// ConfigRecord, versions 0.
    pub struct ConfigRecord {
        resource_type: i8 [v(0)],
        resource_name: String [v(0)],
        name: String [v(0)],
        value: Option<String> [v(0).null(0)],
    }

    /// PartitionChangeRecord, versions 0–2.
    pub struct PartitionChangeRecord {
        partition_id: i32 [v(0)] = -1,
        topic_id: Uuid [v(0)],
        isr: Option<Vec<i32>> [v(0).null(0).tag(0)],
        leader: i32 [v(0).tag(1)] = -2,
        replicas: Option<Vec<i32>> [v(0).null(0).tag(2)],
        removing_replicas: Option<Vec<i32>> [v(0).null(0).tag(3)],
        adding_replicas: Option<Vec<i32>> [v(0).null(0).tag(4)],
        leader_recovery_state: i8 [v(0).tag(5)] = -1,
        directories: Option<Vec<Uuid>> [v(1).null(1).tag(8)],
        eligible_leader_replicas: Option<Vec<i32>> [v(2).null(2).tag(6)],
        last_known_elr: Option<Vec<i32>> [v(2).null(2).tag(7)],
    }

    /// RemoveTopicRecord, versions 0.
    pub struct RemoveTopicRecord {
        topic_id: Uuid [v(0)],
    }

    /// FeatureLevelRecord, versions 0.
    pub struct FeatureLevelRecord {
        name: String [v(0)],
        feature_level: i16 [v(0)],
    }

    /// ProducerIdsRecord, versions 0.
    pub struct ProducerIdsRecord {
        broker_id: i32 [v(0)],
        broker_epoch: i64 [v(0)] = -1,
        next_producer_id: i64 [v(0)],
    }

    /// BrokerRegistrationChangeRecord, versions 0–3.
    pub struct BrokerRegistrationChangeRecord {
        broker_id: i32 [v(0)],
        broker_epoch: i64 [v(0)],
        fenced: i8 [v(0).tag(0)],
        in_controlled_shutdown: i8 [v(1).tag(1)],
        log_dirs: Vec<Uuid> [v(2).tag(2)],
        cordoned_log_dirs: Option<Vec<Uuid>> [v(3).null(3).tag(3)],
    }
}
