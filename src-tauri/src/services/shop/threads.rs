//! The people of the shop: one thread that sells, two that fulfil, one that analyses and does not keep up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tracing::warn;

use super::records::{self, Dice, Made};
use crate::dto::Codec;
use crate::error::AppResult;
use crate::kafka::shop_clients::{ShopClients, ShopConsumer, ShopProducer, ShopRecord, Taken};

/// A step of the seller; what it sells in a step adds up to the rates below.
const STEP: Duration = Duration::from_millis(50);
/// Records a second of each kind, in steps: page views, orders, payments, customers.
const PAGE_VIEWS_EVERY: u64 = 2;
const ORDERS_EVERY: u64 = 5;
const PAYMENTS_EVERY: u64 = 6;
const CUSTOMERS_EVERY: u64 = 40;
/// Codecs that somebody needs.
const SELLING: [Codec; 5] = [Codec::None, Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd];
const FULFILLING: [Codec; 2] = [Codec::None, Codec::Gzip];
/// Page views that were there before analytics came to work, so that it is behind from the start.
const BACKLOG: u64 = 400;
/// A page view takes analytics so long.
const ANALYSIS: Duration = Duration::from_millis(250);
/// One order in so many is shipped at once.
const SHIPPED_ONE_IN: u64 = 3;
const PATIENCE: Duration = Duration::from_millis(200);
const COMMIT_EVERY: Duration = Duration::from_millis(1_000);
const BACKLOG_MAX: Duration = Duration::from_secs(5);
const FLUSH_MAX: Duration = Duration::from_secs(2);

/// What the threads share with the shop.
#[derive(Debug, Default)]
pub struct Shared {
    pub paused: AtomicBool,
    pub closed: AtomicBool,
    /// Records that were acknowledged.
    pub sold: Arc<AtomicU64>,
}

impl Shared {
    fn closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    fn paused(&self) -> bool {
        self.paused.load(Ordering::SeqCst)
    }
}

/// Begins all threads. They end when `shared` is closed.
/// Errors: a client could not be made.
pub fn begin(clients: &ShopClients, shared: &Arc<Shared>, fresh: bool) -> AppResult<Vec<JoinHandle<()>>> {
    let seller = clients.producer("checkout", &SELLING, &shared.sold)?;
    if fresh {
        let mut dice = Dice::new(crate::clock::random_id());
        for _ in 0..BACKLOG {
            send(&seller, &records::page_view(&mut dice));
        }
        seller.flush(BACKLOG_MAX);
    }
    let mut threads = Vec::new();
    let of = shared.clone();
    threads.extend(spawn("checkout", move || sell(&seller, &of)));
    let reads = [records::ORDERS, records::PAYMENTS, records::RETRY];
    for member in 1..=2u64 {
        let name = format!("{}-{member}", records::FULFILMENT);
        let consumer = clients.consumer(records::FULFILMENT, &name, &reads)?;
        let producer = clients.producer(&name, &FULFILLING, &shared.sold)?;
        let of = shared.clone();
        threads.extend(spawn(&name, move || fulfil(&consumer, &producer, &of)));
    }
    let consumer = clients.consumer(records::ANALYTICS, "analytics-1", &[records::PAGE_VIEWS])?;
    let of = shared.clone();
    threads.extend(spawn("analytics", move || analyse(&consumer, &of)));
    Ok(threads)
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Option<JoinHandle<()>> {
    let started = std::thread::Builder::new().name(format!("shop-{name}")).spawn(work);
    started.map_err(|error| warn!(%error, name, "the sample shop is short of a thread")).ok()
}

fn sell(producer: &ShopProducer, shared: &Shared) {
    let mut dice = Dice::new(crate::clock::random_id());
    // Numbers go on where an earlier run of this shop stopped, as near as a clock can tell.
    let begun = crate::clock::now_ms().unsigned_abs() / 1_000;
    let mut step = 0u64;
    let mut next = Instant::now();
    while !shared.closed() {
        producer.poll();
        next += STEP;
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
        if shared.paused() {
            next = Instant::now();
            continue;
        }
        step += 1;
        let number = begun + step;
        if step.is_multiple_of(PAGE_VIEWS_EVERY) {
            send(producer, &records::page_view(&mut dice));
        }
        if step.is_multiple_of(ORDERS_EVERY) {
            send(producer, &records::order(&mut dice, number / ORDERS_EVERY));
        }
        if step.is_multiple_of(PAYMENTS_EVERY) {
            send(producer, &records::payment(&mut dice, number / PAYMENTS_EVERY));
        }
        if step.is_multiple_of(CUSTOMERS_EVERY) {
            send(producer, &records::customer(&mut dice, number / CUSTOMERS_EVERY));
        }
    }
    producer.flush(FLUSH_MAX);
}

fn send(producer: &ShopProducer, made: &Made) {
    let headers: Vec<(&str, Option<&str>)> =
        made.headers.iter().map(|(name, value)| (*name, value.as_deref())).collect();
    producer.send(&ShopRecord {
        topic: made.topic,
        key: made.key.as_deref(),
        value: made.value.as_deref().map(str::as_bytes),
        headers: &headers,
        codec: made.codec,
    });
}

fn fulfil(consumer: &ShopConsumer, producer: &ShopProducer, shared: &Shared) {
    let mut commits = Commits::default();
    let mut dice = Dice::new(crate::clock::random_id());
    while !shared.closed() {
        producer.poll();
        let Some(taken) = consumer.next(PATIENCE) else {
            commits.maybe(consumer);
            continue;
        };
        if taken.topic == records::RETRY {
            pass_on(producer, &taken, records::DEAD_LETTERS);
        } else if taken.topic == records::ORDERS && !records::readable(taken.value.as_deref()) {
            pass_on(producer, &taken, records::RETRY);
        } else if taken.topic == records::ORDERS && dice.below(SHIPPED_ONE_IN) == 0 {
            ship(producer, &taken);
        }
        commits.maybe(consumer);
    }
    commits.now(consumer);
    producer.flush(FLUSH_MAX);
}

/// Sends a record that cannot be read on, with where it came from and what was wrong.
fn pass_on(producer: &ShopProducer, taken: &Taken, topic: &str) {
    let (partition, offset) = (taken.partition.to_string(), taken.offset.to_string());
    let attempt = (taken.attempt + 1).to_string();
    let headers = [
        ("x-original-topic", Some(taken.topic.as_str())),
        ("x-original-partition", Some(partition.as_str())),
        ("x-original-offset", Some(offset.as_str())),
        ("x-attempt", Some(attempt.as_str())),
        ("x-exception", Some("JsonSyntaxError: the order ends in the middle")),
    ];
    let value = taken.value.as_deref();
    producer.send(&ShopRecord {
        topic,
        key: taken.key.as_deref(),
        value,
        headers: &headers,
        codec: Codec::None,
    });
}

fn ship(producer: &ShopProducer, taken: &Taken) {
    let key = taken.key.as_deref();
    let value = format!(
        r#"{{"order":"{}","from":{{"partition":{},"offset":{}}},"carrier":"post"}}"#,
        key.unwrap_or_default(),
        taken.partition,
        taken.offset
    );
    let value = Some(value.as_bytes());
    let record = ShopRecord { topic: records::SHIPMENTS, key, value, headers: &[], codec: Codec::Gzip };
    producer.send(&record);
}

fn analyse(consumer: &ShopConsumer, shared: &Shared) {
    let mut commits = Commits::default();
    while !shared.closed() {
        if consumer.next(PATIENCE).is_some() {
            std::thread::sleep(ANALYSIS);
        }
        commits.maybe(consumer);
    }
    commits.now(consumer);
}

#[derive(Default)]
struct Commits {
    last: Option<Instant>,
    claimed: bool,
}

impl Commits {
    fn maybe(&mut self, consumer: &ShopConsumer) {
        if self.last.is_none_or(|last| last.elapsed() >= COMMIT_EVERY) {
            self.now(consumer);
        }
    }

    fn now(&mut self, consumer: &ShopConsumer) {
        self.last = Some(Instant::now());
        self.claimed = self.claimed || consumer.claim();
        consumer.commit();
    }
}
