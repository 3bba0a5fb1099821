//! Keeps the broker's image up to date and its replicas in the parts the metadata gives them.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use super::messages::{MetadataReply, PeerMessage, ask};
use super::{Broker, CONSUMER_OFFSETS, TRANSACTION_STATE};
use crate::config::ConfigResource;
use crate::controller::image::CONFIG_TOPIC;
use crate::controller::{BrokerImage, MetadataImage, PartitionImage};
use crate::partition::{PartitionConfig, PartitionId};
use crate::protocol::Uuid;
use crate::protocol::records::framing::MetadataRecord;
use crate::seams::CONTROLLER;

/// Pause before the controller is asked again after it could not be reached.
const RETRY: Duration = Duration::from_millis(50);
/// How long an answer waits for this broker's own image to show a change it asked for.
const SHOW_MAX: Duration = Duration::from_secs(2);

/// Registers with the controller and then follows the metadata log for this life.
pub async fn follow(broker: Rc<Broker>) {
    while !broker.stopping.get() {
        let followed = match broker.register().await {
            Ok(()) => broker.follow_records().await,
            Err(err) => Err(err),
        };
        if followed.is_err() {
            tokio::time::sleep(RETRY).await;
        }
    }
}

impl Broker {
    async fn register(&self) -> Result<(), crate::seams::LinkDown> {
        let setup = &self.setup;
        let broker = BrokerImage {
            id: setup.id,
            epoch: -1,
            incarnation: self.incarnation,
            endpoints: setup.endpoints.clone(),
            rack: setup.rack.clone(),
            fenced: false,
        };
        let clean = self.last_life.borrow().clean;
        ask(&setup.network, setup.id, CONTROLLER, |reply| PeerMessage::Register { broker, clean, reply })
            .await?;
        Ok(())
    }

    /// Applies records until the controller is gone or has fenced this broker.
    async fn follow_records(self: &Rc<Self>) -> Result<(), crate::seams::LinkDown> {
        let (network, broker, incarnation) = (&self.setup.network, self.setup.id, self.incarnation);
        loop {
            let after = self.metadata_offset.get();
            let question = |reply| PeerMessage::Metadata { broker, incarnation, after, reply };
            match ask(network, broker, CONTROLLER, question).await? {
                MetadataReply::Fenced => return Ok(()),
                MetadataReply::Records { offset, records } => {
                    self.take_records(offset, records.iter().flat_map(|batch| batch.iter()));
                }
                MetadataReply::Snapshot { offset, records } => self.take_snapshot(offset, &records),
            }
        }
    }

    fn take_records<'a>(self: &Rc<Self>, offset: i64, records: impl Iterator<Item = &'a MetadataRecord>) {
        let mut touched = BTreeSet::new();
        {
            let mut image = self.image.borrow_mut();
            let mut configs_moved = false;
            for record in records {
                touched.extend(topic_of(record, &image));
                configs_moved |=
                    matches!(record, MetadataRecord::Config(r) if r.resource_type != CONFIG_TOPIC);
                image.apply(record);
            }
            if configs_moved {
                self.take_configs(&image);
                touched.extend(image.topic_names.keys());
            }
        }
        self.show(offset, touched);
    }

    /// What a snapshot does not name was removed while this broker was away: topics and configs alike.
    fn take_snapshot(self: &Rc<Self>, offset: i64, records: &[MetadataRecord]) {
        let mut image = MetadataImage::default();
        records.iter().for_each(|record| image.apply(record));
        self.take_configs(&image);
        let mut touched: BTreeSet<Uuid> = image.topic_names.keys().copied().collect();
        let before = self.image.replace(image);
        touched.extend(before.topic_names.into_keys());
        self.show(offset, touched);
    }

    /// The image has the metadata up to `offset`, which moved these topics.
    fn show(self: &Rc<Self>, offset: i64, touched: BTreeSet<Uuid>) {
        self.metadata_offset.set(offset);
        self.reconcile(touched);
        self.metadata_moved.notify_waiters();
    }

    /// Broker configs that change while it runs have changed.
    fn take_configs(&self, image: &MetadataImage) {
        let of = |id| image.configs_of(&ConfigResource::Broker(id));
        let config = self.setup.config.with_dynamic(of(None), of(Some(self.setup.id)));
        *self.config.borrow_mut() = Rc::new(config);
    }

    /// Waits, within reason, until this broker's image has the metadata up to `offset`.
    pub async fn metadata_reaches(&self, offset: i64) {
        let shown = async {
            while self.metadata_offset.get() < offset {
                let moved = self.metadata_moved.notified();
                if self.metadata_offset.get() >= offset {
                    break;
                }
                moved.await;
            }
        };
        if tokio::time::timeout(SHOW_MAX, shown).await.is_err() {
            tracing::warn!(broker = self.setup.id, offset, "metadata is late");
        }
    }

    /// Whether this broker has registered and seen itself in the metadata.
    pub fn is_ready(&self) -> bool {
        let image = self.image.borrow();
        image.brokers.get(&self.setup.id).is_some_and(|me| me.incarnation == self.incarnation && !me.fenced)
    }

    /// Waits until [`Broker::is_ready`].
    pub async fn ready(&self) {
        while !self.is_ready() {
            let moved = self.metadata_moved.notified();
            if self.is_ready() {
                return;
            }
            moved.await;
        }
    }

    /// Brings the replicas of these topics in line with the image.
    pub(super) fn reconcile(self: &Rc<Self>, topics: BTreeSet<Uuid>) {
        let configured = |own: &BTreeMap<_, _>| Arc::new(PartitionConfig::of(&self.config(), own));
        let plain = LazyCell::new(|| configured(&BTreeMap::new()));
        for topic in topics {
            let found = self.image.borrow().topic_by_id(topic).cloned();
            let Some(topic) = found else {
                self.drop_topic(topic);
                continue;
            };
            let config =
                if topic.configs.is_empty() { Arc::clone(&plain) } else { configured(&topic.configs) };
            for (index, partition) in topic.partitions.iter().enumerate() {
                let id = PartitionId { topic: topic.id, index: index as i32 };
                if !partition.replicas.contains(&self.setup.id) {
                    self.drop_replica(id);
                    continue;
                }
                if !self.has_replica(id, &topic.name, partition, &config) {
                    continue;
                }
                self.assume(id, partition, Arc::clone(&config));
                let leads = partition.leader == self.setup.id;
                match topic.name.as_str() {
                    CONSUMER_OFFSETS => self.host_shard(id, leads),
                    TRANSACTION_STATE => self.host_transactions(id, leads),
                    _ => {}
                }
            }
        }
    }

    fn assume(self: &Rc<Self>, id: PartitionId, image: &Arc<PartitionImage>, config: Arc<PartitionConfig>) {
        let now = self.now();
        let mut partitions = self.partitions.borrow_mut();
        let Some(partition) = partitions.get_mut(&id) else { return };
        let leads = partition.assume(now, image, config);
        self.care.borrow_mut().note(id, Some(partition));
        let followers = partition.followers();
        drop(partitions);
        self.follow_leader(id, (!leads && image.leader > 0).then_some(image.leader));
        for follower in followers {
            self.peer(follower).offer(id);
        }
        self.wake(id);
    }
}

/// The topic a record is about.
fn topic_of(record: &MetadataRecord, image: &MetadataImage) -> Option<Uuid> {
    match record {
        MetadataRecord::Topic(record) => Some(record.topic_id),
        MetadataRecord::Partition(record) => Some(record.topic_id),
        MetadataRecord::PartitionChange(record) => Some(record.topic_id),
        MetadataRecord::RemoveTopic(record) => Some(record.topic_id),
        MetadataRecord::Config(record) if record.resource_type == CONFIG_TOPIC => {
            image.topics.get(&record.resource_name).map(|topic| topic.id)
        }
        MetadataRecord::Config(_)
        | MetadataRecord::RegisterBroker(_)
        | MetadataRecord::BrokerRegistrationChange(_)
        | MetadataRecord::FeatureLevel(_)
        | MetadataRecord::ProducerIds(_) => None,
    }
}
