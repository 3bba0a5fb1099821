//! Kafka behind our nouns. Records are sent through librdkafka; everything else goes over [`wire`], our own
//! client on broker_core's codec: librdkafka's consumer looks up a group coordinator as soon as it reads, which
//! makes a fresh Kafka create `__consumer_offsets`, and its binding has no topic ids, racks, leader epochs,
//! offsets of a whole group, documentation of settings or the broker's own words in an error.
//!
//! Invariant: looking changes nothing. Nothing here joins a group, commits, or names a topic in a metadata
//! request; what mutates takes a permit.

pub mod admin;
pub mod bootstrap;
pub mod client;
pub mod configs;
pub mod consume;
mod consumer_groups;
pub mod errors;
pub mod group_admin;
pub mod groups;
pub mod listing;
pub mod log_dirs;
pub mod offsets;
pub mod probe;
pub mod produce;
mod release;
pub mod shop_clients;
mod tls_hello;
pub mod topic_admin;
pub mod wire;

pub use client::KafkaClient;
