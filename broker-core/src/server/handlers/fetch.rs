//! Fetch (key 1), versions 4–18.
//! Source: Kafka 4.3.1 FetchRequest.json; KafkaApis.handleFetchRequest; KIP-74 (size), KIP-227 (sessions),
//! KIP-516 (topic ids), KIP-951 (new leader in errors).
//! Needs: leader of the partition, or from version 11 on any replica of it (KIP-392). Followers inside the cluster do
//! not come this way.
//! Answers: whole batches from the one that holds the offset, below the high watermark; waits up to max_wait_ms
//! for min_bytes. An incremental fetch leaves out partitions without news.
//! Versions: 7 sessions · 9 leader epoch · 11 rack of the reader, preferred replica · 12 last fetched epoch, diverging
//! epoch · 13 topic ids · 16 endpoints.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use crate::broker::{FetchRead, FetchReader, FetchWanted, SessionPartition, SessionStart};
use crate::partition::PartitionId;
use crate::protocol::messages::fetch::{
    AbortedTransaction, EpochEndOffset, FetchPartition, FetchRequest, FetchResponse, FetchableTopicResponse,
    LeaderIdAndEpoch, NodeEndpoint, PartitionData,
};
use crate::protocol::{ErrorCode, Records, Uuid};
use crate::server::Ctx;
use crate::server::endpoints::endpoints_of;

/// The version from which on a consumer knows that it may read from followers.
const FOLLOWERS_SINCE: i16 = 11;

/// A partition of the request or of its session.
type Wanted = (PartitionId, SessionPartition);

pub async fn handle(ctx: Ctx, request: FetchRequest) -> FetchResponse {
    let (session_id, epoch) =
        if ctx.version >= 7 { (request.session_id, request.session_epoch) } else { (0, -1) };
    let start = match ctx.broker.with_sessions(|sessions, rng| sessions.begin(rng, session_id, epoch)) {
        Ok(start) => start,
        Err(code) => return FetchResponse { error_code: code.code(), ..Default::default() },
    };
    let named = named_partitions(&ctx, &request);
    let wanted = remember(&ctx, start, named, &request);
    let committed = request.isolation_level == 1;
    let asked: Vec<FetchWanted> = wanted.iter().map(|(id, wanted)| to_read(*id, wanted, committed)).collect();
    let bytes_max =
        clamp(request.max_bytes).min(ctx.broker.config().number("fetch.max.bytes").max(0) as usize);
    let wait = Duration::from_millis(request.max_wait_ms.max(0) as u64);
    let reader = FetchReader { of_followers: ctx.version >= FOLLOWERS_SINCE, rack: request.rack_id };
    let reads = ctx.broker.fetch(&reader, &asked, clamp(request.min_bytes), bytes_max, wait).await;
    respond(&ctx, start, wanted, reads)
}

fn clamp(bytes: i32) -> usize {
    usize::try_from(bytes).unwrap_or(0)
}

/// The partitions this request names. A topic id nobody knows keeps its place, to be answered with the error.
fn named_partitions(ctx: &Ctx, request: &FetchRequest) -> Vec<Wanted> {
    let mut named = Vec::new();
    for topic in &request.topics {
        let id = topic_of(ctx, &topic.topic, topic.topic_id);
        let name: Rc<str> = ctx.broker.topic_name(id).as_ref().unwrap_or(&topic.topic).as_str().into();
        for partition in &topic.partitions {
            let key = PartitionId { topic: id, index: partition.partition };
            named.push((key, session_partition(&name, partition)));
        }
    }
    named
}

/// By name, an unknown topic has no id; the zero id is unknown too and gives the right error.
fn topic_of(ctx: &Ctx, name: &str, id: Uuid) -> Uuid {
    if ctx.version >= 13 { id } else { ctx.broker.topic_id(name, Uuid::ZERO).unwrap_or(Uuid::ZERO) }
}

fn session_partition(topic: &Rc<str>, partition: &FetchPartition) -> SessionPartition {
    SessionPartition {
        topic: Rc::clone(topic),
        offset: partition.fetch_offset,
        leader_epoch: partition.current_leader_epoch,
        last_epoch: partition.last_fetched_epoch,
        bytes_max: partition.partition_max_bytes,
        sent: None,
    }
}

/// Takes the named partitions into the session and returns all that the session wants.
fn remember(ctx: &Ctx, start: SessionStart, named: Vec<Wanted>, request: &FetchRequest) -> Vec<Wanted> {
    let (SessionStart::New(session) | SessionStart::Continue(session)) = start else { return named };
    let mut forgotten = BTreeSet::new();
    for topic in &request.forgotten_topics_data {
        let id = topic_of(ctx, &topic.topic, topic.topic_id);
        forgotten.extend(topic.partitions.iter().map(|&index| PartitionId { topic: id, index }));
    }
    ctx.broker.with_sessions(|sessions, _| {
        let Some(partitions) = sessions.partitions(session) else { return named.clone() };
        partitions.retain(|id, _| !forgotten.contains(id));
        for (id, mut partition) in named {
            partition.sent = partitions.get(&id).and_then(|known| known.sent);
            partitions.insert(id, partition);
        }
        partitions.iter().map(|(id, partition)| (*id, partition.clone())).collect()
    })
}

fn to_read(id: PartitionId, wanted: &SessionPartition, read_committed: bool) -> FetchWanted {
    let SessionPartition { offset, leader_epoch, last_epoch, .. } = *wanted;
    FetchWanted { id, offset, leader_epoch, last_epoch, bytes_max: clamp(wanted.bytes_max), read_committed }
}

fn respond(ctx: &Ctx, start: SessionStart, wanted: Vec<Wanted>, reads: Vec<FetchRead>) -> FetchResponse {
    let mut response = FetchResponse::default();
    let (session, incremental) = match start {
        SessionStart::None => (0, false),
        SessionStart::New(id) => (id, false),
        SessionStart::Continue(id) => (id, true),
    };
    response.session_id = session;
    let mut leaders = Vec::new();
    let mut told = Vec::new();
    for ((id, wanted), read) in wanted.into_iter().zip(reads) {
        let now = (read.high_watermark, read.log_start_offset);
        let quiet = read.is_empty() && !read.is_news();
        if incremental && quiet && wanted.sent == Some(now) {
            continue;
        }
        told.push((id, now));
        let mut data = to_data(ctx, id, read);
        if !data.records.is_empty() {
            ctx.broker.clients().reads(ctx.connection, &wanted.topic, data.records.len());
        }
        if data.error_code == ErrorCode::UnknownTopicId.code() {
            data.error_code = why_unknown(ctx, &wanted).code();
        }
        if ctx.version >= 12 && data.current_leader.leader_id >= 0 {
            leaders.push(data.current_leader.leader_id);
        }
        let same =
            |topic: &&mut FetchableTopicResponse| topic.topic_id == id.topic && topic.topic == *wanted.topic;
        match response.responses.last_mut().filter(same) {
            Some(topic) => topic.partitions.push(data),
            None => response.responses.push(FetchableTopicResponse {
                topic: wanted.topic.to_string(),
                topic_id: id.topic,
                partitions: vec![data],
            }),
        }
    }
    ctx.broker.with_sessions(|sessions, _| {
        let Some(partitions) = sessions.partitions(session) else { return };
        for (id, now) in told {
            if let Some(partition) = partitions.get_mut(&id) {
                partition.sent = Some(now);
            }
        }
    });
    let endpoint = |(node_id, host, port, rack)| NodeEndpoint { node_id, host, port, rack };
    response.node_endpoints = endpoints_of(ctx, leaders).into_iter().map(endpoint).collect();
    response
}

fn to_data(ctx: &Ctx, id: PartitionId, read: FetchRead) -> PartitionData {
    let moved = matches!(read.error, ErrorCode::NotLeaderOrFollower | ErrorCode::FencedLeaderEpoch);
    let leader = if moved { ctx.broker.leader_of(id) } else { None };
    PartitionData {
        partition_index: id.index,
        error_code: read.error.code(),
        high_watermark: read.high_watermark,
        last_stable_offset: read.last_stable_offset,
        log_start_offset: read.log_start_offset,
        diverging_epoch: read
            .diverging
            .map_or_else(EpochEndOffset::default, |(epoch, end_offset)| EpochEndOffset { epoch, end_offset }),
        current_leader: leader.map_or_else(LeaderIdAndEpoch::default, |(leader_id, leader_epoch)| {
            LeaderIdAndEpoch { leader_id, leader_epoch }
        }),
        aborted_transactions: read.aborted.map(|aborted| {
            let row = |txn: crate::broker::AbortedInfo| AbortedTransaction {
                producer_id: txn.producer_id,
                first_offset: txn.first_offset,
            };
            aborted.into_iter().map(row).collect()
        }),
        preferred_read_replica: read.preferred.unwrap_or(-1),
        // librdkafka refuses null records.
        records: read.chunk.map_or_else(Records::empty, |chunk| Records(Some(vec![chunk]))),
        ..Default::default()
    }
}

/// What to say of a topic id that nobody has now. A session remembers which name it had.
fn why_unknown(ctx: &Ctx, wanted: &SessionPartition) -> ErrorCode {
    match ctx.version {
        13.. if wanted.topic.is_empty() => ErrorCode::UnknownTopicId,
        13.. if ctx.broker.topic_id(&wanted.topic, Uuid::ZERO).is_some() => ErrorCode::InconsistentTopicId,
        _ => ErrorCode::UnknownTopicOrPartition,
    }
}
