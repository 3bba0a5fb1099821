//! Requests over a bad network: late, lost on the way there or on the way back.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::sync::oneshot;

use super::world::{BROKERS, World};
use crate::protocol::api::Request;
use crate::protocol::header::RequestHeader;
use crate::protocol::messages::find_coordinator::FindCoordinatorRequest;
use crate::protocol::messages::metadata::{MetadataRequest, MetadataRequestTopic};
use crate::protocol::wire::{Reader, Writer};
use crate::protocol::{Chunk, ErrorCode};
use crate::seams::CLIENTS;

/// After this long a client takes its request for lost.
const PATIENCE: Duration = Duration::from_secs(4);
/// The slowest way to a broker, and the longest that it stands still.
const LATEST: Duration = Duration::from_secs(16);
const RETRY: Duration = Duration::from_millis(100);

/// Nobody knows what became of the request.
#[derive(Debug, Clone, Copy)]
pub struct Lost;

/// What a coordinator is looked for.
#[derive(Debug, Clone, Copy)]
pub enum Coordinates {
    Group = 0,
    Transaction = 1,
}

/// A client's view of the cluster.
#[derive(Debug, Clone)]
pub struct Client {
    pub world: Rc<World>,
    pub name: String,
    /// The newest leader epochs it has heard of: a broker that is cut off tells of older ones (KIP-320).
    epochs: Rc<RefCell<BTreeMap<(String, i32), i32>>>,
}

impl Client {
    pub fn new(world: &Rc<World>, name: &str) -> Self {
        Self { world: Rc::clone(world), name: name.to_owned(), epochs: Rc::default() }
    }

    pub fn note(&self, text: impl std::fmt::Display) {
        self.world.note(format!("{}: {text}", self.name));
    }

    pub async fn pause(&self) {
        tokio::time::sleep(RETRY).await;
    }

    /// Until a request that was lost sight of has surely come or gone. Commits without a number of their own have no
    /// other protection from one that comes late.
    pub async fn let_late_ones_arrive(&self) {
        tokio::time::sleep(LATEST).await;
    }

    async fn wire(&self) -> Result<(), Lost> {
        let (stormy, world) = (self.world.stormy.get(), &self.world);
        let slowest = if stormy && world.chance(40) { 6_000 } else { 8 };
        tokio::time::sleep(Duration::from_millis(world.below(slowest))).await;
        if stormy && world.chance(60) { Err(Lost) } else { Ok(()) }
    }

    /// Asks a broker, and waits for its answer. What is late may yet arrive there.
    pub async fn ask<Q: Request>(
        &self,
        node: i32,
        version: i16,
        mut request: Q,
    ) -> Result<Q::Response, Lost> {
        let frame = framed(version, &mut request);
        let (reply, answer) = oneshot::channel();
        let this = self.clone();
        tokio::task::spawn_local(async move {
            let arrives = this.wire().await.is_ok() && !this.world.shared.network.is_cut(node, CLIENTS);
            let socket =
                this.world.nodes.borrow().get(node as usize - 1).and_then(super::machine::Node::socket);
            if let Some(socket) = socket.filter(|_| arrives) {
                let _ = socket.send((frame, reply));
            }
        });
        let answer = tokio::time::timeout(PATIENCE, answer).await.map_err(|_| Lost)?.map_err(|_| Lost)?;
        self.wire().await?;
        if self.world.shared.network.is_cut(node, CLIENTS) {
            return Err(Lost);
        }
        // Correlation id, and an empty tagged section in the newer header.
        let header = if Q::KEY.response_header_flexible(version) { 5 } else { 4 };
        Ok(Reader::read(answer.slice(header..), version, Q::KEY.flexible(version)).unwrap())
    }

    fn any_broker(&self) -> i32 {
        1 + self.world.below(BROKERS as u64) as i32
    }

    /// The leader of a partition, as some broker knows it.
    pub async fn leader(&self, topic: &str, partition: i32) -> Option<i32> {
        self.leader_and_epoch(topic, partition).await.map(|(leader, _)| leader)
    }

    /// The same with its epoch.
    pub async fn leader_and_epoch(&self, topic: &str, partition: i32) -> Option<(i32, i32)> {
        let name = Some(topic.to_owned());
        let topics = Some(vec![MetadataRequestTopic { name, ..Default::default() }]);
        let request = MetadataRequest { topics, allow_auto_topic_creation: false, ..Default::default() };
        let answer = self.ask(self.any_broker(), 12, request).await.ok()?;
        let topic = answer.topics.into_iter().next()?;
        let found = topic.partitions.into_iter().find(|known| known.partition_index == partition)?;
        let mut epochs = self.epochs.borrow_mut();
        let newest = epochs.entry((topic.name?, partition)).or_insert(-1);
        let is_new = found.leader_epoch >= *newest;
        *newest = found.leader_epoch.max(*newest);
        (is_new && found.leader_id > 0).then_some((found.leader_id, found.leader_epoch))
    }

    /// The broker that coordinates a group or a transactional id.
    pub async fn coordinator(&self, key: &str, of: Coordinates) -> Option<i32> {
        let coordinator_keys = vec![key.to_owned()];
        let request = FindCoordinatorRequest { key_type: of as i8, coordinator_keys, ..Default::default() };
        let answer = self.ask(self.any_broker(), 4, request).await.ok()?;
        let found = answer.coordinators.into_iter().next()?;
        (found.error_code == 0).then_some(found.node_id)
    }

    /// Asks the coordinator until `settle` has something to say about its answer.
    pub async fn insist<Q: Request + Clone, T>(
        &self,
        key: &str,
        of: Coordinates,
        (version, request): (i16, Q),
        mut settle: impl FnMut(Result<Q::Response, Lost>) -> Option<T>,
    ) -> T {
        loop {
            if let Some(node) = self.coordinator(key, of).await {
                let answer = self.ask(node, version, request.clone()).await;
                if let Some(settled) = settle(answer) {
                    return settled;
                }
            }
            self.pause().await;
        }
    }
}

/// Whether a client asks again after this code.
pub fn passes(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::NotLeaderOrFollower
            | ErrorCode::LeaderNotAvailable
            | ErrorCode::UnknownTopicOrPartition
            | ErrorCode::NotEnoughReplicas
            | ErrorCode::NotEnoughReplicasAfterAppend
            | ErrorCode::RequestTimedOut
            | ErrorCode::NotCoordinator
            | ErrorCode::CoordinatorNotAvailable
            | ErrorCode::CoordinatorLoadInProgress
            | ErrorCode::ConcurrentTransactions
            | ErrorCode::KafkaStorageError
            | ErrorCode::FencedLeaderEpoch
            | ErrorCode::UnknownLeaderEpoch
            // From a leader that was cut off and does not know its end yet. From a true one it says so for ever, and the
            // run does not come to rest.
            | ErrorCode::OutOfOrderSequenceNumber
    )
}

fn framed<Q: Request>(version: i16, request: &mut Q) -> Bytes {
    let api_key = Q::KEY.code();
    let header = RequestHeader { api_key, api_version: version, correlation_id: 7, client_id: None };
    let mut writer = Writer::new(1, false);
    header.write(&mut writer).unwrap();
    request.wire(&mut writer).unwrap();
    let mut whole = BytesMut::new();
    for chunk in writer.finish() {
        if let Chunk::Bytes(bytes) = chunk {
            whole.extend_from_slice(&bytes);
        }
    }
    whole.freeze()
}
