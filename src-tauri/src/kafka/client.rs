//! One connection: a pool of links for everything that asks, and librdkafka's producers by codec and acks.

use std::collections::HashMap;
use std::sync::Mutex;

use rdkafka::ClientContext;
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::error::KafkaError;
use rdkafka::producer::FutureProducer;
use tracing::debug;

use super::bootstrap;
use super::errors::explain_rdkafka;
use super::wire::Pool;
use crate::dto::{Acks, ClusterId, Codec};
use crate::error::AppResult;

/// librdkafka's log lines go to ours, as debug: they may come twice a second while a broker is away.
#[derive(Debug, Default)]
pub struct Witness;

impl ClientContext for Witness {
    fn log(&self, _level: RDKafkaLogLevel, facility: &str, message: &str) {
        debug!(facility, message, "librdkafka");
    }

    fn error(&self, error: KafkaError, reason: &str) {
        debug!(%error, reason, "librdkafka");
    }
}

/// The handles of one connection.
pub struct KafkaClient {
    pub(super) connection: ClusterId,
    bootstrap: String,
    pool: Pool,
    producers: Mutex<HashMap<(Codec, Acks), FutureProducer<Witness>>>,
}

impl std::fmt::Debug for KafkaClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KafkaClient").field("bootstrap", &self.bootstrap).finish_non_exhaustive()
    }
}

impl KafkaClient {
    /// Makes the handles; nothing is asked of the cluster yet.
    /// Errors: the bootstrap text cannot be read.
    pub fn new(connection: ClusterId, bootstrap_text: &str) -> AppResult<KafkaClient> {
        let servers = bootstrap::parse(bootstrap_text)?;
        Ok(KafkaClient {
            connection,
            bootstrap: bootstrap::join(&servers),
            pool: Pool::new(servers),
            producers: Mutex::new(HashMap::new()),
        })
    }

    pub(super) fn bootstrap(&self) -> &str {
        &self.bootstrap
    }

    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// Returns the producer for that codec and acks. No topic is ever made by sending to it.
    pub(super) fn producer(&self, codec: Codec, acks: Acks) -> AppResult<FutureProducer<Witness>> {
        let mut producers = self.producers.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(known) = producers.get(&(codec, acks)) {
            return Ok(known.clone());
        }
        let made: FutureProducer<Witness> = ClientConfig::new()
            .set("bootstrap.servers", &self.bootstrap)
            .set("client.id", "headwater")
            .set("allow.auto.create.topics", "false")
            .set("socket.connection.setup.timeout.ms", "3000")
            .set("reconnect.backoff.max.ms", "2000")
            .set("socket.nagle.disable", "true")
            .set("acks", acks_text(acks))
            .set("compression.type", codec_text(codec))
            .set("enable.idempotence", if acks == Acks::All { "true" } else { "false" })
            // The Java client's partitioner, so that a key lands where other programs put it.
            .set("partitioner", "murmur2_random")
            .set("linger.ms", "0")
            .set("message.timeout.ms", "10000")
            .set("message.max.bytes", "16777216")
            .set_log_level(RDKafkaLogLevel::Info)
            .create_with_context(Witness)
            .map_err(|error| explain_rdkafka("The producer could not be made", &error))?;
        producers.insert((codec, acks), made.clone());
        Ok(made)
    }
}

pub(super) fn codec_text(codec: Codec) -> &'static str {
    match codec {
        Codec::None => "none",
        Codec::Gzip => "gzip",
        Codec::Snappy => "snappy",
        Codec::Lz4 => "lz4",
        Codec::Zstd => "zstd",
    }
}

fn acks_text(acks: Acks) -> &'static str {
    match acks {
        Acks::All => "all",
        Acks::One => "1",
    }
}
