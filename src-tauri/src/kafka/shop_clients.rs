//! The sample shop's own clients: real producers and group members of librdkafka, as any app would use them.
//! They mutate, so they are made only from a permit that was spent for the shop.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer, ConsumerContext};
use rdkafka::error::KafkaError;
use rdkafka::message::{Header, Headers, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use rdkafka::producer::{DeliveryResult, ProducerContext};
use rdkafka::{ClientContext, Message, Offset};

use super::client::{KafkaClient, Witness, codec_text};
use super::errors::explain_rdkafka;
use crate::dto::Codec;
use crate::error::AppResult;
use crate::policy::{Permit, Write};

/// Name of the operation the permit is for.
pub const RUN_SHOP: &str = "shop.start";
const CLAIM_MAX: Duration = Duration::from_secs(3);
/// Client ids of the shop begin so; the screens tell them from a person's own apps by it.
pub const CLIENT_PREFIX: &str = "sample-shop";

impl ConsumerContext for Witness {}

/// Counts the records that every in-sync replica has.
struct Till(Arc<AtomicU64>);

impl ClientContext for Till {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        Witness.log(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        Witness.error(error, reason);
    }
}

impl ProducerContext for Till {
    type DeliveryOpaque = ();

    fn delivery(&self, delivered: &DeliveryResult<'_>, (): ()) {
        if delivered.is_ok() {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// The right to make the shop's clients; it was paid for with a permit.
#[derive(Clone, Debug)]
pub struct ShopClients {
    bootstrap: String,
}

/// A record on its way.
pub struct ShopRecord<'a> {
    pub topic: &'a str,
    pub key: Option<&'a str>,
    pub value: Option<&'a [u8]>,
    pub headers: &'a [(&'a str, Option<&'a str>)],
    pub codec: Codec,
}

/// One producer a codec: librdkafka compresses all of a producer's batches alike.
pub struct ShopProducer {
    by_codec: Vec<(Codec, BaseProducer<Till>)>,
}

/// A member of a group.
pub struct ShopConsumer {
    consumer: BaseConsumer<Witness>,
}

/// What a member took.
pub struct Taken {
    pub topic: String,
    pub partition: i32,
    pub offset: i64,
    pub key: Option<String>,
    pub value: Option<Vec<u8>>,
    pub attempt: u32,
}

impl KafkaClient {
    /// Errors: the permit is for something else.
    pub fn shop_clients(&self, permit: Permit<Write>, topics: &[String]) -> AppResult<ShopClients> {
        permit.spend(self.connection, RUN_SHOP, topics)?;
        Ok(ShopClients { bootstrap: self.bootstrap().to_owned() })
    }
}

impl ShopClients {
    /// `sold` counts what was acknowledged.
    /// Errors: librdkafka cannot make a producer here.
    pub fn producer(&self, name: &str, codecs: &[Codec], sold: &Arc<AtomicU64>) -> AppResult<ShopProducer> {
        let mut by_codec = Vec::with_capacity(codecs.len());
        for codec in codecs.iter().copied() {
            let made = base(&self.bootstrap, &format!("{CLIENT_PREFIX}-{name}-{}", codec_text(codec)))
                .set("compression.type", codec_text(codec))
                .set("enable.idempotence", "true")
                .set("partitioner", "murmur2_random")
                .set("linger.ms", "20")
                .set("allow.auto.create.topics", "false")
                .create_with_context(Till(sold.clone()))
                .map_err(|error| explain_rdkafka("The sample shop has no producer", &error))?;
            by_codec.push((codec, made));
        }
        Ok(ShopProducer { by_codec })
    }

    /// Errors: librdkafka cannot make a consumer here.
    pub fn consumer(&self, group: &str, name: &str, topics: &[&str]) -> AppResult<ShopConsumer> {
        const WHAT: &str = "The sample shop has no consumer";
        let consumer: BaseConsumer<Witness> = base(&self.bootstrap, &format!("{CLIENT_PREFIX}-{name}"))
            .set("group.id", group)
            .set("auto.offset.reset", "earliest")
            .set("enable.auto.commit", "false")
            .set("session.timeout.ms", "6000")
            .set("fetch.wait.max.ms", "200")
            // A slow member would otherwise fill its queue with everything there is.
            .set("queued.min.messages", "20")
            .set("allow.auto.create.topics", "false")
            .create_with_context(Witness)
            .map_err(|error| explain_rdkafka(WHAT, &error))?;
        consumer.subscribe(topics).map_err(|error| explain_rdkafka(WHAT, &error))?;
        Ok(ShopConsumer { consumer })
    }
}

impl ShopProducer {
    /// Hands a record over; it is sent by itself. With a full queue it is not sold.
    pub fn send(&self, record: &ShopRecord<'_>) {
        let Some((_, producer)) = self.by_codec.iter().find(|(codec, _)| *codec == record.codec) else {
            return;
        };
        let mut headers = OwnedHeaders::new_with_capacity(record.headers.len());
        for (name, value) in record.headers {
            headers = headers.insert(Header { key: name, value: *value });
        }
        let mut outgoing: BaseRecord<'_, str, [u8]> = BaseRecord::to(record.topic).headers(headers);
        outgoing.key = record.key;
        outgoing.payload = record.value;
        let _ = producer.send(outgoing);
    }

    /// Lets librdkafka tell what became of records.
    pub fn poll(&self) {
        for (_, producer) in &self.by_codec {
            producer.poll(Duration::ZERO);
        }
    }

    /// Waits for what is on its way, but not for ever.
    pub fn flush(&self, patience: Duration) {
        for (_, producer) in &self.by_codec {
            let _ = producer.flush(patience);
        }
    }
}

impl ShopConsumer {
    /// Returns the next record, or nothing within that time.
    pub fn next(&self, patience: Duration) -> Option<Taken> {
        let message = self.consumer.poll(patience)?.ok()?;
        let attempt = message.headers().and_then(|headers| {
            let found = headers.iter().find(|header| header.key == "x-attempt")?;
            std::str::from_utf8(found.value?).ok()?.parse().ok()
        });
        Some(Taken {
            topic: message.topic().to_owned(),
            partition: message.partition(),
            offset: message.offset(),
            key: message.key().map(|key| String::from_utf8_lossy(key).into_owned()),
            value: message.payload().map(<[u8]>::to_vec),
            attempt: attempt.unwrap_or(0),
        })
    }

    /// Waits for partitions, and commits where it begins on those that were never read: its lag is then known from
    /// the first record on. Returns false while there are none.
    pub fn claim(&self) -> bool {
        let claim = || -> Result<bool, KafkaError> {
            let mut places = self.consumer.committed(CLAIM_MAX)?;
            let fresh = places.elements().iter().any(|place| place.offset() == Offset::Invalid);
            if places.count() == 0 || !fresh {
                return Ok(places.count() > 0);
            }
            for (topic, partition) in places
                .elements()
                .iter()
                .map(|one| (one.topic().to_owned(), one.partition()))
                .collect::<Vec<_>>()
            {
                let known = places.find_partition(&topic, partition).map(|place| place.offset());
                if known == Some(Offset::Invalid) {
                    let (low, _) = self.consumer.fetch_watermarks(&topic, partition, CLAIM_MAX)?;
                    places.set_partition_offset(&topic, partition, Offset::Offset(low))?;
                }
            }
            self.consumer.commit(&places, CommitMode::Sync)?;
            Ok(true)
        };
        // A group that is still forming is asked again.
        claim().unwrap_or(false)
    }

    /// Commits what was taken so far.
    pub fn commit(&self) {
        // Nothing to commit is an error to librdkafka and none to us.
        let _ = self.consumer.commit_consumer_state(CommitMode::Async);
    }
}

fn base(bootstrap: &str, client_id: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config
        .set("bootstrap.servers", bootstrap)
        .set("client.id", client_id)
        .set("socket.connection.setup.timeout.ms", "3000")
        .set("reconnect.backoff.max.ms", "2000")
        .set_log_level(RDKafkaLogLevel::Info);
    config
}
