//! WriteTxnMarkers (key 27), versions 1–2.
//! Source: Kafka 4.3.1 WriteTxnMarkersRequest.json; KafkaApis.handleWriteTxnMarkersRequest; KIP-98, KIP-664.
//! Needs: leader of the partitions. Between our brokers markers take the link; this is for the tool that aborts a
//! transaction whose coordinator has lost it.
//! Answers: a code for each partition once the marker is committed.
//! Versions: 2 the transaction version, which decides whether a marker's epoch must lie above that of the data.

use crate::broker::messages::Marking;
use crate::partition::PartitionId;
use crate::protocol::batch::EndMarker;
use crate::protocol::messages::write_txn_markers::{
    WritableTxnMarker, WritableTxnMarkerPartitionResult, WritableTxnMarkerResult,
    WritableTxnMarkerTopicResult, WriteTxnMarkersRequest, WriteTxnMarkersResponse,
};
use crate::protocol::{ErrorCode, Uuid};
use crate::server::Ctx;

pub async fn handle(ctx: Ctx, request: WriteTxnMarkersRequest) -> WriteTxnMarkersResponse {
    let mut response = WriteTxnMarkersResponse::default();
    for marker in request.markers {
        response.markers.push(write(&ctx, marker).await);
    }
    response
}

async fn write(ctx: &Ctx, wanted: WritableTxnMarker) -> WritableTxnMarkerResult {
    let marker = EndMarker {
        producer_id: wanted.producer_id,
        producer_epoch: wanted.producer_epoch,
        committed: wanted.transaction_result,
        coordinator_epoch: wanted.coordinator_epoch,
    };
    let bumped = wanted.transaction_version >= 2;
    let mut topics = Vec::with_capacity(wanted.topics.len());
    for topic in wanted.topics {
        let id = ctx.broker.topic_id(&topic.name, Uuid::ZERO);
        let to = |topic| move |&index: &i32| Marking { id: PartitionId { topic, index }, marker, bumped };
        let markings: Vec<Marking> =
            id.into_iter().flat_map(|id| topic.partition_indexes.iter().map(to(id))).collect();
        let mut results = ctx.broker.write_markers(&markings).await.into_iter();
        let rows = topic.partition_indexes.iter().map(|&partition_index| {
            let result = results.next().unwrap_or(Err(ErrorCode::UnknownTopicOrPartition));
            let code = match (result, id) {
                (Err(ErrorCode::NotLeaderOrFollower), Some(topic)) => {
                    ctx.broker.why_not_leader(PartitionId { topic, index: partition_index })
                }
                (result, _) => result.err().unwrap_or(ErrorCode::None),
            };
            let error_code = code.code();
            WritableTxnMarkerPartitionResult { partition_index, error_code }
        });
        let partitions = rows.collect();
        topics.push(WritableTxnMarkerTopicResult { name: topic.name, partitions });
    }
    WritableTxnMarkerResult { producer_id: wanted.producer_id, topics }
}
