//! Broker configs of Kafka that have no effect here: taken, checked and shown, and said to be without effect.
//! Source: Kafka 4.3.1 `AbstractKafkaConfig.java`, what neither `broker.rs` nor `identity.rs` has.

use super::ConfigDef;

mod groups;
mod process;
mod security;
mod storage;

/// Every such config, by subject.
pub const INERT_BROKER_CONFIGS: &[&[ConfigDef]] =
    &[security::SECURITY, groups::GROUPS, storage::STORAGE, process::PROCESS];

/// What DescribeConfigs and the documentation say of each.
pub const NO_EFFECT: &str = "Without effect here.";
