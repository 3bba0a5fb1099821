//! Followers pull from leaders over the links.
//!
//! Per pair of brokers there is one pull at a time, for all partitions between them. It carries the positions
//! that changed; the leader answers when one of its partitions has something new, or after half a second. An
//! idle partition costs nothing on either side.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use tokio::sync::Notify;

use super::Broker;
use super::messages::{PeerMessage, Position, Pull, PullAnswer, PullEntry, PullReply, ask};
use crate::partition::{Followed, Partition, PartitionId};
use crate::protocol::batch::Batch;

/// Longest wait of a pull when nothing is new.
const WAIT_MAX: Duration = Duration::from_millis(500);
/// Pause after a leader could not be reached, or did not yet know that it leads.
const RETRY: Duration = Duration::from_millis(20);
/// Bytes per partition and per answer; the first batch comes whole.
const PARTITION_BYTES: usize = 1 << 20;
const REPLY_BYTES: usize = 8 << 20;

/// What is between this broker and one other.
#[derive(Debug, Default)]
pub(super) struct Peer {
    /// Partitions that this broker follows there.
    follows: RefCell<BTreeSet<PartitionId>>,
    /// Of those, the ones whose position the leader has not been told.
    untold: RefCell<BTreeSet<PartitionId>>,
    told: Notify,
    /// Partitions that this broker leads and that have something new for the other.
    ready: RefCell<BTreeSet<PartitionId>>,
    /// Partitions that this broker leads and of which the other wants nothing for now.
    held_back: RefCell<BTreeSet<PartitionId>>,
    woken: Notify,
}

impl Peer {
    /// The other broker should be given what is new in `id`.
    pub fn offer(&self, id: PartitionId) {
        self.ready.borrow_mut().insert(id);
        self.woken.notify_one();
    }

    fn tell(&self, id: PartitionId) {
        self.untold.borrow_mut().insert(id);
        self.told.notify_one();
    }

    /// Tells the position of a partition again, unless it is followed elsewhere by now.
    pub fn tell_if_followed(&self, id: PartitionId) {
        if self.follows.borrow().contains(&id) {
            self.tell(id);
        }
    }
}

impl Broker {
    pub(super) fn peer(self: &Rc<Self>, other: i32) -> Rc<Peer> {
        if let Some(peer) = self.peers.borrow().get(&other) {
            return Rc::clone(peer);
        }
        let peer = Rc::new(Peer::default());
        self.peers.borrow_mut().insert(other, Rc::clone(&peer));
        // The pull task ends with this broker's runtime, which owns every task of its life.
        tokio::task::spawn_local(pull_from(Rc::clone(self), other, Rc::clone(&peer)));
        peer
    }

    /// Follows `leader` in this partition from now on, or nobody.
    pub(super) fn follow_leader(self: &Rc<Self>, id: PartitionId, leader: Option<i32>) {
        for (other, peer) in self.peers.borrow().iter() {
            if Some(*other) != leader {
                peer.follows.borrow_mut().remove(&id);
                peer.untold.borrow_mut().remove(&id);
            }
        }
        let Some(leader) = leader else { return };
        let peer = self.peer(leader);
        peer.follows.borrow_mut().insert(id);
        peer.tell(id);
    }

    fn positions(&self, untold: BTreeSet<PartitionId>) -> Vec<Position> {
        let partitions = self.partitions.borrow();
        let position = |id: PartitionId| {
            let partition = partitions.get(&id).filter(|partition| !partition.is_leader())?;
            let (end_offset, last_epoch) = partition.position();
            let start_offset = partition.log().start_offset();
            let leader_epoch = partition.image().leader_epoch;
            let high_watermark = partition.high_watermark();
            let holds_back = self.holds_back(id, partition);
            Some(Position {
                id,
                leader_epoch,
                end_offset,
                start_offset,
                high_watermark,
                last_epoch,
                holds_back,
            })
        };
        untold.into_iter().filter_map(position).collect()
    }

    /// Answers a pull: notes what the follower has, then hands over what is new, waiting for it if need be.
    pub async fn serve_pull(self: Rc<Self>, pull: Pull) -> PullReply {
        let peer = self.peer(pull.follower);
        let mut reply = PullReply::default();
        let mut left = REPLY_BYTES;
        for position in &pull.positions {
            self.note_start(pull.follower, position);
            if position.holds_back {
                peer.held_back.borrow_mut().insert(position.id);
            } else {
                peer.held_back.borrow_mut().remove(&position.id);
            }
            if let Some(entry) = self.serve_position(pull.follower, position, &mut left) {
                let (leader_epoch, from) = (position.leader_epoch, position.end_offset);
                reply.answers.push(PullAnswer { id: position.id, leader_epoch, from, entry });
            }
        }
        if reply.answers.is_empty() && peer.ready.borrow().is_empty() {
            let _ = tokio::time::timeout(WAIT_MAX, peer.woken.notified()).await;
        }
        let ready = std::mem::take(&mut *peer.ready.borrow_mut());
        let answered: BTreeSet<PartitionId> = reply.answers.iter().map(|answer| answer.id).collect();
        for id in ready {
            // What was just answered comes back with its new position; answering twice would send it twice.
            if !answered.contains(&id)
                && let Some(answer) = self.serve_ready(pull.follower, id, &mut left)
            {
                reply.answers.push(answer);
            }
        }
        reply
    }

    /// Whoever deletes records waits until the followers have moved their log start offset.
    fn note_start(&self, follower: i32, position: &Position) {
        let mut partitions = self.partitions.borrow_mut();
        let news = partitions
            .get_mut(&position.id)
            .is_some_and(|partition| partition.note_start(follower, position.start_offset));
        drop(partitions);
        if news && position.start_offset > 0 {
            self.wake(position.id);
        }
    }

    fn serve_position(
        self: &Rc<Self>,
        follower: i32,
        position: &Position,
        left: &mut usize,
    ) -> Option<PullEntry> {
        let now = self.now();
        let mut partitions = self.partitions.borrow_mut();
        let Some(partition) = partitions.get_mut(&position.id) else { return Some(PullEntry::NotLeader) };
        if !partition.is_leader() || partition.image().leader_epoch != position.leader_epoch {
            return Some(PullEntry::NotLeader);
        }
        let wanted = PARTITION_BYTES.min(*left);
        let allowed = self.may_hand(position.id, partition, follower, wanted);
        let bytes = allowed.filter(|_| !position.holds_back);
        let served = partition.serve_pull(now, follower, position.end_offset, position.last_epoch, bytes);
        let (high_watermark, end_offset) = (partition.high_watermark(), partition.log().end_offset());
        let start_offset = partition.log().start_offset();
        let lag_max = self.lag_max();
        let ask_isr = partition.isr_to_ask(now, lag_max, |id| self.is_live(id));
        if let Ok((_, Followed::Batches(batches))) = &served {
            let bytes = bytes_of(batches);
            self.handed(position.id, partition, follower, bytes);
            *left = left.saturating_sub(bytes);
        }
        drop(partitions);
        if allowed.is_none() && position.end_offset < end_offset {
            self.offer_later(position.id, follower);
        }
        if let Some(isr) = ask_isr {
            self.ask_isr(position.id, isr);
        }
        match served {
            Ok((progress, Followed::Batches(batches))) => {
                if progress.advanced {
                    self.advanced(position.id, Some(follower));
                }
                // Silence says "nothing new". An answer with a moved high watermark may have been lost.
                let news = !batches.is_empty()
                    || progress.advanced
                    || position.start_offset < start_offset
                    || position.high_watermark < high_watermark;
                news.then_some(PullEntry::Batches { batches, high_watermark, start_offset })
            }
            Ok((_, Followed::Diverged { epoch, end_offset })) => {
                Some(PullEntry::Diverged { epoch, end_offset })
            }
            Ok((_, Followed::OutOfRange { start_offset })) => {
                Some(PullEntry::OutOfRange { start_offset, end_offset })
            }
            Err(err) if self.give_up_if_damaged(position.id, &err) => Some(PullEntry::NotLeader),
            Err(err) => {
                self.disk_refused(position.id, "follower not served", &err);
                None
            }
        }
    }

    /// The same for a partition whose follower has told its position before.
    fn serve_ready(self: &Rc<Self>, follower: i32, id: PartitionId, left: &mut usize) -> Option<PullAnswer> {
        let position = {
            let partitions = self.partitions.borrow();
            let partition = partitions.get(&id).filter(|partition| partition.is_leader())?;
            let holds_back = self.peer(follower).held_back.borrow().contains(&id);
            let end_offset = partition.told_position(follower)?;
            let start_offset = partition.log().start_offset();
            let leader_epoch = partition.image().leader_epoch;
            let high_watermark = partition.high_watermark();
            let last_epoch = None;
            Position { id, leader_epoch, end_offset, start_offset, high_watermark, last_epoch, holds_back }
        };
        let Position { start_offset, high_watermark, .. } = position;
        let entry = self.serve_position(follower, &position, left);
        let nothing_new = || PullEntry::Batches { batches: Vec::new(), high_watermark, start_offset };
        let (leader_epoch, from) = (position.leader_epoch, position.end_offset);
        Some(PullAnswer { id, leader_epoch, from, entry: entry.unwrap_or_else(nothing_new) })
    }

    /// The high watermark moved: consumers and producers wait for it, followers should learn it.
    pub(super) fn advanced(self: &Rc<Self>, id: PartitionId, except: Option<i32>) {
        self.wake(id);
        let followers = self.partitions.borrow().get(&id).map(|p| p.followers()).unwrap_or_default();
        let at_once = self.consumers_read_followers();
        for follower in followers.into_iter().filter(|&follower| Some(follower) != except) {
            let peer = self.peer(follower);
            if at_once {
                peer.offer(id);
            } else {
                // Not woken: it is told with the next thing it is told.
                peer.ready.borrow_mut().insert(id);
            }
        }
    }

    fn apply(self: &Rc<Self>, peer: &Peer, reply: PullReply) -> bool {
        let now = self.now();
        let mut retry = false;
        for PullAnswer { id, leader_epoch, from, entry } in reply.answers {
            let mut partitions = self.partitions.borrow_mut();
            // An answer from before an election says nothing of the log that is followed now.
            let is_current =
                |p: &&mut Box<Partition>| !p.is_leader() && p.image().leader_epoch == leader_epoch;
            let Some(partition) = partitions.get_mut(&id).filter(is_current) else { continue };
            if from != partition.log().end_offset() {
                // An answer to the log that was here before it was given up.
                peer.untold.borrow_mut().insert(id);
                continue;
            }
            let mut advanced = false;
            let applied = match entry {
                PullEntry::Batches { batches, high_watermark, start_offset } => {
                    self.took(id, partition, bytes_of(&batches));
                    let replicated = partition.replicate(now, &batches, high_watermark);
                    advanced = replicated.as_ref().is_ok_and(|done| done.advanced);
                    // Also where there is no room for records: this may make some.
                    let followed =
                        partition.follow_start(start_offset).and_then(|moved| replicated.map(|_| moved));
                    if !batches.is_empty() || matches!(followed, Ok(true)) {
                        peer.untold.borrow_mut().insert(id);
                    }
                    followed.map(|_| ())
                }
                PullEntry::Diverged { epoch, end_offset } => {
                    peer.untold.borrow_mut().insert(id);
                    partition.diverge(epoch, end_offset)
                }
                PullEntry::OutOfRange { start_offset, end_offset } => {
                    peer.untold.borrow_mut().insert(id);
                    partition.realign(start_offset, end_offset)
                }
                PullEntry::NotLeader => {
                    peer.untold.borrow_mut().insert(id);
                    retry = true;
                    Ok(())
                }
            };
            let seals = partition.log_mut().take_seals();
            drop(partitions);
            self.run_seals(seals);
            if let Err(err) = applied {
                self.disk_refused(id, "replication stopped", &err);
                if self.is_usable(id) {
                    // There may be room again after a while, and the leader is to send the same once more.
                    peer.untold.borrow_mut().insert(id);
                    retry = true;
                } else {
                    peer.untold.borrow_mut().remove(&id);
                }
                self.give_up_if_offline(id);
            }
            if advanced {
                self.wake(id);
            }
        }
        retry
    }
}

fn bytes_of(batches: &[Batch]) -> usize {
    batches.iter().map(|batch| batch.header.size_bytes()).sum()
}

/// Pulls from one other broker for as long as this broker lives.
async fn pull_from(broker: Rc<Broker>, leader: i32, peer: Rc<Peer>) {
    let (network, me) = (broker.setup.network.clone(), broker.setup.id);
    loop {
        if peer.follows.borrow().is_empty() {
            peer.told.notified().await;
            continue;
        }
        let untold = std::mem::take(&mut *peer.untold.borrow_mut());
        let positions = broker.positions(untold);
        for held in positions.iter().filter(|position| position.holds_back) {
            broker.ask_later(held.id, &peer);
        }
        let pull = Pull { follower: me, positions };
        let answer = ask(&network, me, leader, |reply| PeerMessage::Pull(pull, reply));
        tokio::pin!(answer);
        let reply = loop {
            tokio::select! {
                biased;
                reply = &mut answer => break reply,
                () = peer.told.notified() => {
                    // A new position should not wait for the pull under way to run out.
                    if !peer.untold.borrow().is_empty() {
                        let _ = network.send(me, leader, PeerMessage::Nudge { follower: me }).await;
                    }
                }
            }
        };
        let retry = match reply {
            Ok(reply) => broker.apply(&peer, reply),
            Err(_) => {
                let follows = peer.follows.borrow().clone();
                peer.untold.borrow_mut().extend(follows);
                true
            }
        };
        if retry {
            tokio::time::sleep(RETRY).await;
        }
    }
}

/// Serves what arrives in this broker's mailbox.
pub async fn serve_mailbox(broker: Rc<Broker>, mut mailbox: tokio::sync::mpsc::Receiver<PeerMessage>) {
    while let Some(message) = mailbox.recv().await {
        match message {
            PeerMessage::Pull(pull, reply) => {
                let broker = Rc::clone(&broker);
                // One per follower at most, ended by its own deadline or with the runtime.
                tokio::task::spawn_local(async move {
                    let _ = reply.send(broker.serve_pull(pull).await);
                });
            }
            PeerMessage::Nudge { follower } => broker.peer(follower).woken.notify_one(),
            PeerMessage::Markers(markings, reply) => {
                let broker = Rc::clone(&broker);
                // Ends with the commit of the markers or its deadline.
                tokio::task::spawn_local(async move {
                    let _ = reply.send(broker.write_markers(&markings).await);
                });
            }
            PeerMessage::Transact { id, event, reply } => {
                let broker = Rc::clone(&broker);
                // Ends with the commit of what is decided or its deadline.
                tokio::task::spawn_local(async move {
                    let _ = reply.send(broker.transact(&id, event).await);
                });
            }
            PeerMessage::Register { .. }
            | PeerMessage::Metadata { .. }
            | PeerMessage::Quorum(_)
            | PeerMessage::Image(_)
            | PeerMessage::Change(..) => {
                tracing::warn!(broker = broker.id(), "a message for the controller came to a broker");
            }
        }
    }
}
