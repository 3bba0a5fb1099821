//! The records of the metadata log and of the internal topics, described the same way as messages.
#![expect(missing_docs, reason = "fields carry Kafka's names and are documented by its message definitions")]

pub mod consumer_group;
pub mod framing;
pub mod group;
pub mod metadata;
pub mod state;
pub mod transaction;
