//! librdkafka in this process, by rdkafka.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rdkafka::ClientContext;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use rdkafka::message::{DeliveryResult, Message};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer, ProducerContext};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use super::promise::{self, Client, Member, key};
use super::{PARTITIONS, Three};

const TOPIC: &str = "parcels";
const LIMIT: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(50);

struct Librdkafka {
    bootstrap: String,
    strategy: &'static str,
}

/// Counts what is acknowledged; a record that is refused stops the test with the reason.
#[derive(Clone, Default)]
struct Acknowledged(Arc<Mutex<Vec<Result<(), String>>>>);

impl ClientContext for Acknowledged {}

impl ProducerContext for Acknowledged {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        let outcome = result.as_ref().map(|_| ()).map_err(|(err, _)| err.to_string());
        self.0.lock().unwrap().push(outcome);
    }
}

impl Librdkafka {
    fn config(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", &self.bootstrap);
        config
    }

    fn consumer(&self, group: &str) -> BaseConsumer {
        let mut config = self.config();
        config.set("group.id", group).set("auto.offset.reset", "earliest");
        config.set("partition.assignment.strategy", self.strategy);
        config.create().unwrap()
    }
}

fn text(message: &impl Message) -> String {
    String::from_utf8(message.payload().unwrap().to_vec()).unwrap()
}

impl Client for Librdkafka {
    fn topic(&self) -> &'static str {
        TOPIC
    }

    fn create(&self) {
        let admin: AdminClient<DefaultClientContext> = self.config().create().unwrap();
        let options = AdminOptions::new().operation_timeout(Some(LIMIT));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let create = || {
            let topic = NewTopic::new(TOPIC, PARTITIONS, TopicReplication::Fixed(3));
            runtime.block_on(admin.create_topics(&[topic], &options)).unwrap()
        };
        assert_eq!(create(), [Ok(TOPIC.to_owned())]);
        let again = create();
        assert!(again[0].is_err(), "a topic is made once: {again:?}");
    }

    fn produce(&self, codec: &str, values: &[String]) {
        let acknowledged = Acknowledged::default();
        let mut config = self.config();
        config.set("compression.type", codec).set("acks", "all").set("enable.idempotence", "true");
        let producer: BaseProducer<Acknowledged> = config.create_with_context(acknowledged.clone()).unwrap();
        for (n, value) in values.iter().enumerate() {
            producer.send(BaseRecord::to(TOPIC).key(&key(n)).payload(value)).map_err(|(err, _)| err).unwrap();
        }
        producer.flush(LIMIT).unwrap();
        assert_eq!(*acknowledged.0.lock().unwrap(), vec![Ok(()); values.len()]);
    }

    fn by_assignment(&self) -> Vec<Vec<String>> {
        // librdkafka commits by itself for manual assignments too, in the group that it must have a name of.
        let consumer = self.consumer("nobody");
        let mut wanted = TopicPartitionList::new();
        let mut left = 0;
        for partition in 0..PARTITIONS {
            wanted.add_partition_offset(TOPIC, partition, Offset::Beginning).unwrap();
            left += consumer.fetch_watermarks(TOPIC, partition, LIMIT).unwrap().1;
        }
        consumer.assign(&wanted).unwrap();
        let mut read = vec![Vec::new(); PARTITIONS as usize];
        let begun = Instant::now();
        while left > 0 {
            assert!(begun.elapsed() < LIMIT, "{left} records are not read by assignment");
            let Some(message) = consumer.poll(POLL) else { continue };
            let message = message.unwrap();
            read[message.partition() as usize].push(text(&message));
            left -= 1;
        }
        read
    }

    fn join(&self, _name: &str) -> Box<dyn Member> {
        let consumer = self.consumer("couriers");
        consumer.subscribe(&[TOPIC]).unwrap();
        let seen = Arc::new(Seen::default());
        let shared = Arc::clone(&seen);
        Box::new(Reader { seen, thread: std::thread::spawn(move || shared.follow(&consumer)) })
    }

    fn read_on(&self, count: usize) -> Vec<String> {
        let member = self.join("later");
        suites::wait_for("what came after the restart", LIMIT, || {
            (member.values().len() >= count).then_some(())
        });
        let read = member.values().into_iter().collect();
        member.leave();
        read
    }
}

/// What a member has read and has been assigned.
#[derive(Default)]
struct Seen {
    values: Mutex<BTreeSet<String>>,
    assigned: Mutex<BTreeSet<i32>>,
    leaving: AtomicBool,
}

impl Seen {
    /// Polls until told to leave; dropping the consumer closes it, which leaves the group.
    fn follow(&self, consumer: &BaseConsumer) {
        while !self.leaving.load(Ordering::SeqCst) {
            if let Some(message) = consumer.poll(POLL) {
                self.values.lock().unwrap().insert(text(&message.unwrap()));
            }
            let assigned = consumer.assignment().unwrap();
            *self.assigned.lock().unwrap() =
                assigned.elements().iter().map(|part| part.partition()).collect();
        }
        consumer.commit_consumer_state(CommitMode::Sync).unwrap();
    }
}

struct Reader {
    seen: Arc<Seen>,
    thread: JoinHandle<()>,
}

impl Member for Reader {
    fn values(&self) -> BTreeSet<String> {
        self.seen.values.lock().unwrap().clone()
    }

    fn assigned(&self) -> BTreeSet<i32> {
        self.seen.assigned.lock().unwrap().clone()
    }

    fn leave(self: Box<Self>) {
        self.seen.leaving.store(true, Ordering::SeqCst);
        self.thread.join().expect("a member reads without an error");
    }
}

fn check(strategy: &'static str) {
    let three = Three::new();
    promise::keep(&Librdkafka { bootstrap: three.bootstrap(), strategy }, three);
}

#[test]
fn librdkafka_is_kept_every_promise_with_ranges() {
    check("range,roundrobin");
}

#[test]
fn librdkafka_is_kept_every_promise_with_cooperative_rebalances() {
    check("cooperative-sticky");
}
