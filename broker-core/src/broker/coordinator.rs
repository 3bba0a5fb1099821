//! Hosts the group shards whose partitions this broker leads: loads them, appends what they emit, lets their
//! answers out once it is committed.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::time::Duration;

use tokio::sync::oneshot;

use super::state_log::Replayed;
use super::{Broker, CONSUMER_OFFSETS, ProduceOutcome};
use crate::group::{Answer, Effects, Event, GroupConfig, GroupRecord, Refusal, Shard, Token, partition_of};
use crate::log::LogError;
use crate::partition::PartitionId;
use crate::protocol::batch::{BatchBuilder, Codec, EndMarker};
use crate::protocol::{ErrorCode, Uuid};
use crate::seams::Now;

/// How long a group's records may take to be committed.
const COMMIT_MAX: Duration = Duration::from_secs(5);

/// The shards of one broker.
#[derive(Debug, Default)]
pub(super) struct Coordinator {
    pub(super) shards: BTreeMap<PartitionId, Hosted>,
    /// Who waits for an answer, and on which shard.
    waiting: BTreeMap<Token, (PartitionId, oneshot::Sender<Answer>)>,
    next_token: Token,
}

#[derive(Debug)]
pub(super) struct Hosted {
    leader_epoch: i32,
    /// `None` while it loads.
    shard: Option<Shard>,
    /// While it loads: the part that is committed, to look at.
    committed: Option<Shard>,
    /// What is appended and not yet committed, in order.
    pending: VecDeque<Pending>,
}

#[derive(Debug)]
struct Pending {
    outcome: ProduceOutcome,
    change: Written,
    held: Vec<(Token, Answer)>,
}

/// What was appended to a shard's partition.
#[derive(Debug)]
enum Written {
    /// Records, in the transaction of a producer if it has an id.
    Records(Vec<GroupRecord>, Option<i64>),
    /// The end of a producer's transaction.
    End(EndMarker),
}

impl Broker {
    /// Loads the shard of a partition this broker now leads, or drops it if it no longer does.
    pub(super) fn host_shard(self: &Rc<Self>, id: PartitionId, leads: bool) {
        let epoch = self.partitions.borrow().get(&id).map_or(-1, |partition| partition.image().leader_epoch);
        let known = self.coordinator.borrow().shards.get(&id).map(|hosted| hosted.leader_epoch);
        if leads && known == Some(epoch) {
            return;
        }
        self.drop_shard(id);
        if leads {
            let hosted =
                Hosted { leader_epoch: epoch, shard: None, committed: None, pending: VecDeque::new() };
            self.coordinator.borrow_mut().shards.insert(id, hosted);
            // Ends when the log is read, or with this broker's runtime.
            tokio::task::spawn_local(Rc::clone(self).load_shard(id, epoch));
        }
    }

    /// Whoever waits on this shard looks for its new place.
    fn drop_shard(&self, id: PartitionId) {
        let mut coordinator = self.coordinator.borrow_mut();
        let Some(hosted) = coordinator.shards.remove(&id) else { return };
        let held = hosted.pending.into_iter().flat_map(|pending| pending.held);
        for (token, answer) in held {
            coordinator.give(token, refused_like(&answer, ErrorCode::NotCoordinator));
        }
        // The others wait inside the shard, for members to join or for the leader's assignment.
        coordinator.waiting.retain(|_, (shard, _)| *shard != id);
    }

    async fn load_shard(self: Rc<Self>, id: PartitionId, epoch: i32) {
        match self.read_shard(id, epoch).await {
            Ok(mut shard) => {
                let mut coordinator = self.coordinator.borrow_mut();
                if let Some(hosted) = coordinator.hosted(id, epoch) {
                    shard.loaded(self.now());
                    hosted.shard = Some(shard);
                    hosted.committed = None;
                }
            }
            Err(err) => {
                tracing::error!(broker = self.id(), partition = id.index, %err, "groups not loaded");
                self.drop_shard(id);
                self.give_up_if_damaged(id, &err);
            }
        }
    }

    /// Reads a shard from its log. As long as not all of it is committed, what is can be looked at.
    async fn read_shard(self: &Rc<Self>, id: PartitionId, epoch: i32) -> Result<Shard, LogError> {
        let mut shard = Shard::new(GroupConfig::of(&self.config()));
        let start = self.log_start_offset(id).max(0);
        let (committed, end) = match self.partitions.borrow().get(&id) {
            Some(partition) => (partition.high_watermark(), partition.log().end_offset()),
            None => (start, start),
        };
        let take = &mut |now: Now, replayed: Replayed<'_>| take_in(&mut shard, id, now, replayed);
        let next = self.replay_until(id, start, committed, take).await?;
        if committed < end
            && let Some(hosted) = self.coordinator.borrow_mut().hosted(id, epoch)
        {
            hosted.committed = Some(shard.clone());
        }
        self.replay(id, next, |now, replayed| take_in(&mut shard, id, now, replayed)).await?;
        Ok(shard)
    }

    /// The partition of `__consumer_offsets` that holds this group; `None` while the topic does not exist.
    pub fn group_partition(&self, group: &str) -> Option<PartitionId> {
        self.with_image(|image| {
            let topic = image.topics.get(CONSUMER_OFFSETS)?;
            let index = partition_of(group, topic.partitions.len() as i32);
            Some(PartitionId { topic: topic.id, index })
        })
    }

    /// Creates an internal topic if there is none yet. Whoever needs it asks again if that failed.
    pub async fn ensure_internal_topic(&self, name: &str) {
        if self.topic_id(name, Uuid::ZERO).is_some() {
            return;
        }
        let topic = self.automatic_topic(name.to_owned());
        if let Err(err) = self.create_topics(vec![topic], false).await {
            tracing::warn!(broker = self.id(), topic = name, %err, "internal topic not created");
        }
    }

    /// Runs `act` on the shard of `group`, or says why it cannot.
    pub(super) fn with_shard<T>(
        &self,
        group: &str,
        act: impl FnOnce(PartitionId, &mut Shard) -> T,
    ) -> Result<T, ErrorCode> {
        let id = self.group_partition(group).ok_or(ErrorCode::NotCoordinator)?;
        let mut coordinator = self.coordinator.borrow_mut();
        let hosted = coordinator.shards.get_mut(&id).ok_or(ErrorCode::NotCoordinator)?;
        let shard = hosted.shard.as_mut().ok_or(ErrorCode::CoordinatorLoadInProgress)?;
        Ok(act(id, shard))
    }

    /// Asks something of a group and waits for the answer.
    pub async fn ask_group(self: &Rc<Self>, group: &str, event: Event) -> Result<Answer, ErrorCode> {
        let now = self.now();
        let shard = self.group_partition(group).ok_or(ErrorCode::NotCoordinator)?;
        let (token, answer) = {
            let mut coordinator = self.coordinator.borrow_mut();
            coordinator.next_token += 1;
            let token = coordinator.next_token;
            let (sender, answer) = oneshot::channel();
            coordinator.waiting.insert(token, (shard, sender));
            (token, answer)
        };
        let handled = self.with_shard(group, |id, shard| {
            self.with_view(|view| (id, shard.handle(now, view, group, token, event)))
        });
        match handled {
            Ok((id, effects)) => self.perform(id, effects),
            Err(code) => {
                self.coordinator.borrow_mut().waiting.remove(&token);
                return Err(code);
            }
        }
        answer.await.map_err(|_| ErrorCode::NotCoordinator)
    }

    fn perform(self: &Rc<Self>, id: PartitionId, effects: Effects) {
        self.deadlines.note();
        for (token, answer) in effects.now {
            self.coordinator.borrow_mut().give(token, answer);
        }
        if effects.records.is_empty() {
            return self.hold(id, effects.held);
        }
        match self.append_records(id, &effects.records, effects.transaction) {
            Ok(outcome) => {
                let producer = effects.transaction.map(|(producer_id, _)| producer_id);
                self.await_commit(id, outcome, Written::Records(effects.records, producer), effects.held);
            }
            Err(code) => {
                // Too few replicas in sync, as while a cluster stops: its clients hear that and try again.
                if code == ErrorCode::CoordinatorNotAvailable {
                    tracing::info!(broker = self.id(), partition = id.index, %code, "group records not written");
                } else {
                    tracing::warn!(broker = self.id(), partition = id.index, %code, "group records not written");
                }
                for (token, answer) in effects.held {
                    self.coordinator.borrow_mut().give(token, refused_like(&answer, code));
                }
                // The machine has gone ahead of its log; what the log says is what counts.
                self.reload_shard(id);
            }
        }
    }

    /// Answers that write nothing rest on all that was written before them.
    fn hold(&self, id: PartitionId, held: Vec<(Token, Answer)>) {
        let mut coordinator = self.coordinator.borrow_mut();
        let last = coordinator.shards.get_mut(&id).and_then(|hosted| hosted.pending.back_mut());
        match last {
            Some(last) => last.held.extend(held),
            None => held.into_iter().for_each(|(token, answer)| coordinator.give(token, answer)),
        }
    }

    /// A marker has been appended to a partition that holds offsets.
    pub(super) fn end_pending_offsets(self: &Rc<Self>, outcome: ProduceOutcome, marker: EndMarker) {
        self.await_commit(outcome.id, outcome, Written::End(marker), Vec::new());
    }

    fn await_commit(
        self: &Rc<Self>,
        id: PartitionId,
        outcome: ProduceOutcome,
        change: Written,
        held: Vec<(Token, Answer)>,
    ) {
        if let Some(hosted) = self.coordinator.borrow_mut().shards.get_mut(&id) {
            hosted.pending.push_back(Pending { outcome, change, held });
        }
        // Ends with the commit or its deadline.
        tokio::task::spawn_local(Rc::clone(self).settle(id, outcome));
    }

    fn reload_shard(self: &Rc<Self>, id: PartitionId) {
        let leads = self.partitions.borrow().get(&id).is_some_and(|partition| partition.is_leader());
        self.drop_shard(id);
        self.host_shard(id, leads);
    }

    fn append_records(
        self: &Rc<Self>,
        id: PartitionId,
        records: &[GroupRecord],
        transaction: Option<(i64, i16)>,
    ) -> Result<ProduceOutcome, ErrorCode> {
        let now_ms = self.now().wall_ms;
        let mut builder = BatchBuilder::new(Codec::None);
        if let Some((producer_id, epoch)) = transaction {
            // Sequences are the producer's; what the coordinator writes for it has none.
            builder = builder.producer(producer_id, epoch, -1).transactional();
        }
        for record in records {
            builder.push(&record.encode(now_ms).map_err(|_| ErrorCode::UnknownServerError)?);
        }
        self.append_state(id, builder)
    }

    /// Waits for a commit, then applies everything that is committed by now, in order.
    async fn settle(self: Rc<Self>, id: PartitionId, outcome: ProduceOutcome) {
        let committed = self.committed(&[outcome], COMMIT_MAX).await;
        let now = self.now();
        if let Some(Err(code)) = committed.first() {
            tracing::warn!(broker = self.id(), partition = id.index, %code, "group records not committed");
            self.reload_shard(id);
            return;
        }
        let reached = outcome.appended.next_offset;
        let mut coordinator = self.coordinator.borrow_mut();
        let mut ready = Vec::new();
        if let Some(hosted) = coordinator.shards.get_mut(&id) {
            while hosted.pending.front().is_some_and(|p| p.outcome.appended.next_offset <= reached) {
                let Some(pending) = hosted.pending.pop_front() else { break };
                if let Some(shard) = &mut hosted.shard {
                    pending.change.apply(now, shard);
                }
                ready.extend(pending.held);
            }
        }
        for (token, answer) in ready {
            coordinator.give(token, answer);
        }
    }

    /// Lets time pass for the groups led here.
    pub(super) fn tick_groups(self: &Rc<Self>) {
        let now = self.now();
        let mut due = Vec::new();
        self.with_view(|view| {
            for (id, hosted) in &mut self.coordinator.borrow_mut().shards {
                if let Some(shard) = &mut hosted.shard {
                    due.push((*id, shard.tick(now, view)));
                }
            }
        });
        for (id, effects) in due {
            self.perform(id, effects);
        }
    }

    /// How often members of a consumer group should heartbeat (milliseconds).
    pub fn heartbeat_interval_ms(&self, group: &str) -> i32 {
        let wanted = self.with_view(|view| view.group_number(group, "consumer.heartbeat.interval.ms"));
        i32::try_from(wanted).unwrap_or(i32::MAX)
    }

    /// A member id nobody has: the client's name and a random part.
    pub fn fresh_member_id(&self, client_id: &str) -> String {
        format!("{client_id}-{}", self.fresh_uuid())
    }

    /// A random UUID in the usual text form.
    pub fn fresh_uuid(&self) -> String {
        let raw = self.rng.borrow_mut().bytes16();
        let hex: String = raw.iter().map(|byte| format!("{byte:02x}")).collect();
        let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default().to_owned();
        [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
    }
}

impl Written {
    fn apply(self, now: Now, shard: &mut Shard) {
        match self {
            Self::Records(records, None) => {
                records.into_iter().for_each(|record| shard.apply(now, record, false));
            }
            Self::Records(records, Some(producer_id)) => {
                records.into_iter().for_each(|record| shard.apply_pending(producer_id, record));
            }
            Self::End(marker) => shard.end_transaction(marker.producer_id, marker.committed),
        }
    }
}

impl Hosted {
    /// What can be looked at by now.
    pub fn known(&self) -> Result<&Shard, ErrorCode> {
        self.shard.as_ref().or(self.committed.as_ref()).ok_or(ErrorCode::CoordinatorLoadInProgress)
    }
}

impl Coordinator {
    /// Whether time decides about one of its groups soon.
    pub fn has_deadlines(&self) -> bool {
        self.shards.values().filter_map(|hosted| hosted.shard.as_ref()).any(Shard::has_deadlines)
    }

    /// What is hosted for a partition, if it still is of this leader epoch.
    fn hosted(&mut self, id: PartitionId, leader_epoch: i32) -> Option<&mut Hosted> {
        self.shards.get_mut(&id).filter(|hosted| hosted.leader_epoch == leader_epoch)
    }

    fn give(&mut self, token: Token, answer: Answer) {
        if let Some((_, waiting)) = self.waiting.remove(&token) {
            // A client that hung up no longer listens.
            let _ = waiting.send(answer);
        }
    }
}

/// Applies what was read from the log of a shard.
fn take_in(shard: &mut Shard, id: PartitionId, now: Now, replayed: Replayed<'_>) {
    match replayed {
        Replayed::End(marker) => shard.end_transaction(marker.producer_id, marker.committed),
        Replayed::Record(header, key, value) => match GroupRecord::decode(key, value) {
            Ok(Some(record)) if header.is_transactional() => {
                shard.apply_pending(header.producer_id, record);
            }
            Ok(Some(record)) => shard.apply(now, record, true),
            Ok(None) => {}
            Err(err) => {
                let offset = header.next_offset();
                tracing::warn!(partition = id.index, offset, %err, "group record not read");
            }
        },
    }
}

/// The refusal that whoever expected `answer` understands.
fn refused_like(answer: &Answer, code: ErrorCode) -> Answer {
    match answer {
        Answer::Joined(joined) => Answer::JoinRefused(code, joined.member_id.clone()),
        Answer::JoinRefused(_, id) => Answer::JoinRefused(code, id.clone()),
        Answer::Beaten(_) => {
            let message = format!("the coordinator has moved: {}", code.name());
            Answer::Beaten(Err(Refusal { code, message }))
        }
        Answer::Synced(..) | Answer::Code(_) => Answer::Code(code),
        Answer::Codes(codes) => Answer::Codes(vec![code; codes.len()]),
    }
}
