//! ListOffsets (key 2), versions 1–11.
//! Source: Kafka 4.3.1 ListOffsetsRequest.json; KIP-79, KIP-734 (max timestamp), KIP-405 (local start).
//! Needs: leader of the partition.
//! Answers: −1 high watermark, or LSO when read_committed · −2 and −4 log start · −3 offset of the largest
//! timestamp · −5 and −6 nothing, as there is no remote storage · other negative ones UNSUPPORTED_VERSION ·
//! else the first record at or after the time. OFFSET_NOT_AVAILABLE while a leader just elected does not know yet how
//! far its predecessor had committed; before version 5, LEADER_NOT_AVAILABLE (KIP-207).
//! Versions: 2 isolation level · 4 leader epochs · 5 OFFSET_NOT_AVAILABLE · 6 flexible · 7 −3 · 8 −4 · 9 −5 · 11 −6.

use crate::broker::OffsetSpec;
use crate::partition::PartitionId;
use crate::protocol::messages::list_offsets::{
    ListOffsetsPartition, ListOffsetsPartitionResponse, ListOffsetsRequest, ListOffsetsResponse,
    ListOffsetsTopicResponse,
};
use crate::protocol::{ErrorCode, Uuid};
use crate::server::Ctx;

pub async fn handle(ctx: Ctx, request: ListOffsetsRequest) -> ListOffsetsResponse {
    let read_committed = request.isolation_level == 1;
    let mut response = ListOffsetsResponse::default();
    for topic in request.topics {
        let id = ctx.broker.topic_id(&topic.name, Uuid::ZERO);
        let mut partitions = Vec::with_capacity(topic.partitions.len());
        for wanted in &topic.partitions {
            let found = match id {
                None => Err(ErrorCode::UnknownTopicOrPartition),
                Some(topic) => {
                    let id = PartitionId { topic, index: wanted.partition_index };
                    match spec_of(&ctx, wanted) {
                        Ok(spec) => {
                            let epoch = wanted.current_leader_epoch;
                            ctx.broker.offset_for(id, epoch, spec, read_committed).await
                        }
                        Err(code) => Err(code),
                    }
                }
            };
            partitions.push(row(ctx.version, wanted.partition_index, found));
        }
        response.topics.push(ListOffsetsTopicResponse { name: topic.name, partitions });
    }
    response
}

fn spec_of(ctx: &Ctx, wanted: &ListOffsetsPartition) -> Result<OffsetSpec, ErrorCode> {
    let since = |version: i16, spec| {
        if ctx.version >= version { Ok(spec) } else { Err(ErrorCode::UnsupportedVersion) }
    };
    match wanted.timestamp {
        -1 => Ok(OffsetSpec::Latest),
        -2 => Ok(OffsetSpec::Earliest),
        -3 => since(7, OffsetSpec::MaxTimestamp),
        -4 => since(8, OffsetSpec::Earliest),
        -5 => since(9, OffsetSpec::Tiered),
        -6 => since(11, OffsetSpec::Tiered),
        time if time < 0 => Err(ErrorCode::UnsupportedVersion),
        time => Ok(OffsetSpec::At(time)),
    }
}

fn row(
    version: i16,
    partition_index: i32,
    found: Result<(i64, i64, i32), ErrorCode>,
) -> ListOffsetsPartitionResponse {
    match found {
        Ok((timestamp, offset, leader_epoch)) => {
            ListOffsetsPartitionResponse { partition_index, error_code: 0, timestamp, offset, leader_epoch }
        }
        Err(code) => {
            let code = if code == ErrorCode::OffsetNotAvailable && version < 5 {
                ErrorCode::LeaderNotAvailable
            } else {
                code
            };
            ListOffsetsPartitionResponse { partition_index, error_code: code.code(), ..Default::default() }
        }
    }
}
