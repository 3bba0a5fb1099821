//! Keeps the broker's image up to date and its replicas in the parts the metadata gives them.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use super::messages::{MetadataReply, PeerMessage, ask};
use super::{Broker, CONSUMER_OFFSETS, TRANSACTION_STATE};
use crate::config::ConfigResource;
use crate::controller::image::CONFIG_TOPIC;
use crate::controller::{BrokerImage, MetadataImage};
use crate::log::{Log, LogError};
use crate::partition::{Partition, PartitionConfig, PartitionId};
use crate::protocol::Uuid;
use crate::protocol::records::framing::MetadataRecord;
use crate::seams::{CONTROLLER, Disk};

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
            host: setup.host.clone(),
            port: setup.port,
            rack: setup.rack.clone(),
            fenced: false,
        };
        let clean = self.last_life.clean;
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
                MetadataReply::Snapshot { offset, records } => {
                    let known: Vec<Uuid> = self.image.borrow().topic_names.keys().copied().collect();
                    *self.image.borrow_mut() = MetadataImage::default();
                    self.take_records(offset, records.iter());
                    self.reconcile(known.into_iter().collect());
                }
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
    fn reconcile(self: &Rc<Self>, topics: BTreeSet<Uuid>) {
        for topic in topics {
            let found = self.image.borrow().topic_by_id(topic).cloned();
            let Some(topic) = found else {
                self.drop_topic(topic);
                continue;
            };
            let config = PartitionConfig::of(&self.config(), &topic.configs);
            for (index, partition) in topic.partitions.iter().enumerate() {
                let id = PartitionId { topic: topic.id, index: index as i32 };
                if !partition.replicas.contains(&self.setup.id) {
                    self.drop_replica(id);
                    continue;
                }
                if let Err(err) = self.ensure_replica(id, &topic.name, &config) {
                    tracing::error!(broker = self.setup.id, topic = topic.name, index, %err, "replica is offline");
                    continue;
                }
                self.assume(id, partition, config.clone());
                let leads = partition.leader == self.setup.id;
                match topic.name.as_str() {
                    CONSUMER_OFFSETS => self.host_shard(id, leads),
                    TRANSACTION_STATE => self.host_transactions(id, leads),
                    _ => {}
                }
            }
        }
    }

    fn assume(
        self: &Rc<Self>,
        id: PartitionId,
        image: &crate::controller::PartitionImage,
        config: PartitionConfig,
    ) {
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

    fn ensure_replica(&self, id: PartitionId, topic: &str, config: &PartitionConfig) -> Result<(), LogError> {
        if self.partitions.borrow().contains_key(&id) {
            return Ok(());
        }
        let dir = self.setup.dir.join(format!("{topic}-{}", id.index));
        self.clear_stray(&dir, id.topic);
        let last_life = self.last_life.last_life(topic, id.index);
        let log = Log::open(dir, self.disk(), config.log.clone(), id.topic.to_string(), last_life)?;
        let high_watermark = self.last_life.high_watermark(topic, id.index);
        let partition = Partition::new(self.setup.id, log, high_watermark, config.clone());
        self.partitions.borrow_mut().insert(id, partition);
        Ok(())
    }

    /// Removes a directory that an earlier topic of the same name left behind while this broker was away.
    fn clear_stray(&self, dir: &std::path::Path, topic: Uuid) {
        let Ok(raw) = self.setup.disk.read(&dir.join("partition.metadata")) else { return };
        let text = String::from_utf8_lossy(&raw);
        let found = text.lines().find_map(|line| line.strip_prefix("topic_id: "));
        if found.is_some_and(|found| found.trim() != topic.to_string())
            && let Err(err) = self.setup.disk.remove_dir(dir)
        {
            tracing::warn!(dir = %dir.display(), %err, "directory of a deleted topic not removed");
        }
    }

    fn drop_topic(self: &Rc<Self>, topic: Uuid) {
        let gone: Vec<PartitionId> =
            self.partitions.borrow().keys().filter(|id| id.topic == topic).copied().collect();
        gone.into_iter().for_each(|id| self.drop_replica(id));
    }

    /// Removes a replica that this broker should not have (any more), with its files.
    fn drop_replica(self: &Rc<Self>, id: PartitionId) {
        let Some(partition) = self.partitions.borrow_mut().remove(&id) else { return };
        self.care.borrow_mut().note(id, None);
        self.follow_leader(id, None);
        self.host_shard(id, false);
        self.host_transactions(id, false);
        if let Err(err) = partition.log().remove() {
            tracing::warn!(broker = self.setup.id, partition = id.index, %err, "log of a replica not removed");
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
