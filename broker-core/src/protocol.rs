//! Bytes <-> messages: Kafka's wire protocol and record batches. No tokio, no files, no time.
//!
//! A newcomer starts at [`api`]: one line per API key, from which the `ApiVersions` answer is made.
//! Each message is described once in [`messages`]; the records of internal topics in [`records`].

#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

pub mod api;
pub mod batch;
pub mod error_code;
pub mod header;
pub mod messages;
pub mod records;
pub mod wire;

pub use api::ApiKey;
pub use error_code::ErrorCode;
pub use wire::{Chunk, Message, Reader, Records, Uuid, WireError, Writer};
