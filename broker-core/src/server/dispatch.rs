//! The one match: from an API key to the handler that answers it.

use std::future::Future;

use bytes::Bytes;

use super::{Ctx, handlers};
use crate::protocol::api::Request;
use crate::protocol::header::RequestHeader;
use crate::protocol::wire::{Dump, Field, Message, v};
use crate::protocol::{ApiKey, Chunk, Reader, WireError, Writer};

/// The chunks of an answer; `None` if the request takes none.
pub(crate) type Answered = Result<Option<Vec<Chunk>>, Refused>;

/// A request that can only be answered by closing the connection.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    /// The bytes are not the request they claim to be.
    #[error("{api} v{version} is malformed: {source}")]
    Malformed {
        /// The API's name or number.
        api: String,
        /// Its version.
        version: i16,
        /// What is wrong.
        #[source]
        source: WireError,
    },
    /// Kafka closes the connection here too.
    #[error("API key {key} version {version} is not served")]
    Unserved {
        /// The API key.
        key: i16,
        /// The version.
        version: i16,
    },
    /// A produce request with acks=0 failed, and this is the only way to say so.
    #[error("a produce request without acknowledgement failed")]
    SilentProduce,
}

/// Answers the request in `frame`.
pub(crate) async fn answer(mut ctx: Ctx, frame: Bytes) -> Answered {
    let mut reader = Reader::new(frame, 0, false);
    let header = RequestHeader::read(&mut reader).map_err(|source| Refused::Malformed {
        api: "header".to_owned(),
        version: 0,
        source,
    })?;
    let unserved = Refused::Unserved { key: header.api_key, version: header.api_version };
    let Some(api) = ApiKey::from_code(header.api_key) else { return Err(unserved) };
    ctx.version = header.api_version;
    ctx.client_id = header.client_id.clone().unwrap_or_default();
    if !api.serves(header.api_version) {
        return if api == ApiKey::ApiVersions {
            handlers::api_versions::unknown_version(&ctx, header.correlation_id).map(Some)
        } else {
            Err(unserved)
        };
    }
    note_client(&ctx);
    let call = Call { ctx, reader, header, api };
    match api {
        ApiKey::Produce => call.run_maybe(handlers::produce::handle).await,
        ApiKey::Fetch => call.run(handlers::fetch::handle).await,
        ApiKey::ListOffsets => call.run(handlers::list_offsets::handle).await,
        ApiKey::Metadata => call.run(handlers::metadata::handle).await,
        ApiKey::OffsetCommit => call.run(handlers::offset_commit::handle).await,
        ApiKey::OffsetFetch => call.run(handlers::offset_fetch::handle).await,
        ApiKey::FindCoordinator => call.run(handlers::find_coordinator::handle).await,
        ApiKey::JoinGroup => call.run(handlers::join_group::handle).await,
        ApiKey::Heartbeat => call.run(handlers::heartbeat::handle).await,
        ApiKey::LeaveGroup => call.run(handlers::leave_group::handle).await,
        ApiKey::SyncGroup => call.run(handlers::sync_group::handle).await,
        ApiKey::DescribeGroups => call.run(handlers::describe_groups::handle).await,
        ApiKey::ListGroups => call.run(handlers::list_groups::handle).await,
        ApiKey::SaslHandshake => call.run(handlers::sasl_handshake::handle).await,
        ApiKey::ApiVersions => call.run(handlers::api_versions::handle).await,
        ApiKey::CreateTopics => call.run(handlers::create_topics::handle).await,
        ApiKey::DeleteTopics => call.run(handlers::delete_topics::handle).await,
        ApiKey::DeleteRecords => call.run(handlers::delete_records::handle).await,
        ApiKey::InitProducerId => call.run(handlers::init_producer_id::handle).await,
        ApiKey::OffsetForLeaderEpoch => call.run(handlers::offset_for_leader_epoch::handle).await,
        ApiKey::AddPartitionsToTxn => call.run(handlers::add_partitions_to_txn::handle).await,
        ApiKey::AddOffsetsToTxn => call.run(handlers::add_offsets_to_txn::handle).await,
        ApiKey::EndTxn => call.run(handlers::end_txn::handle).await,
        ApiKey::WriteTxnMarkers => call.run(handlers::write_txn_markers::handle).await,
        ApiKey::UpdateFeatures => call.run(handlers::update_features::handle).await,
        ApiKey::TxnOffsetCommit => call.run(handlers::txn_offset_commit::handle).await,
        ApiKey::DescribeAcls => call.run(handlers::describe_acls::handle).await,
        ApiKey::CreateAcls => call.run(handlers::create_acls::handle).await,
        ApiKey::DeleteAcls => call.run(handlers::delete_acls::handle).await,
        ApiKey::DescribeConfigs => call.run(handlers::describe_configs::handle).await,
        ApiKey::AlterConfigs => call.run(handlers::alter_configs::handle).await,
        ApiKey::AlterReplicaLogDirs => call.run(handlers::alter_replica_log_dirs::handle).await,
        ApiKey::DescribeLogDirs => call.run(handlers::describe_log_dirs::handle).await,
        ApiKey::SaslAuthenticate => call.run(handlers::sasl_authenticate::handle).await,
        ApiKey::CreatePartitions => call.run(handlers::create_partitions::handle).await,
        ApiKey::DeleteGroups => call.run(handlers::delete_groups::handle).await,
        ApiKey::ElectLeaders => call.run(handlers::elect_leaders::handle).await,
        ApiKey::IncrementalAlterConfigs => call.run(handlers::incremental_alter_configs::handle).await,
        ApiKey::AlterPartitionReassignments => {
            call.run(handlers::alter_partition_reassignments::handle).await
        }
        ApiKey::ListPartitionReassignments => call.run(handlers::list_partition_reassignments::handle).await,
        ApiKey::OffsetDelete => call.run(handlers::offset_delete::handle).await,
        ApiKey::DescribeClientQuotas => call.run(handlers::describe_client_quotas::handle).await,
        ApiKey::DescribeUserScramCredentials => {
            call.run(handlers::describe_user_scram_credentials::handle).await
        }
        ApiKey::DescribeQuorum => call.run(handlers::describe_quorum::handle).await,
        ApiKey::DescribeCluster => call.run(handlers::describe_cluster::handle).await,
        ApiKey::DescribeProducers => call.run(handlers::describe_producers::handle).await,
        ApiKey::DescribeTransactions => call.run(handlers::describe_transactions::handle).await,
        ApiKey::ListTransactions => call.run(handlers::list_transactions::handle).await,
        ApiKey::ConsumerGroupHeartbeat => call.run(handlers::consumer_group_heartbeat::handle).await,
        ApiKey::ConsumerGroupDescribe => call.run(handlers::consumer_group_describe::handle).await,
        ApiKey::ListConfigResources => call.run(handlers::list_config_resources::handle).await,
        ApiKey::DescribeTopicPartitions => call.run(handlers::describe_topic_partitions::handle).await,
    }
}

/// Who looks at the cluster sees who asks.
fn note_client(ctx: &Ctx) {
    let (seen, id) = (ctx.broker.now().wall_ms, ctx.client_id.clone());
    ctx.broker.clients().note(ctx.connection, |client| {
        client.last_seen_ms = seen;
        client.client_id = id;
    });
}

struct Call {
    ctx: Ctx,
    reader: Reader,
    header: RequestHeader,
    api: ApiKey,
}

impl Call {
    fn request<Q: Message>(&mut self) -> Result<Q, Refused> {
        let mut request = Q::default();
        request.wire(&mut self.reader).map_err(|source| malformed(self.api, &self.header, source))?;
        // Kafka does not look behind the last field, and librdkafka 2.12 leaves three bytes there when it asks
        // for the metadata of all topics.
        let left = self.reader.left();
        if left > 0 {
            tracing::debug!(
                api = self.api.name(),
                version = self.header.api_version,
                left,
                "bytes left over"
            );
        }
        tracing::trace!(
            target: "wire",
            api = self.api.name(),
            version = self.header.api_version,
            request = %Dump::print(&mut request, self.header.api_version),
        );
        Ok(request)
    }

    async fn run<Q: Request, F>(self, handle: impl FnOnce(Ctx, Q) -> F) -> Answered
    where
        F: Future<Output = Q::Response>,
    {
        self.run_maybe(|ctx, request| async { Ok(Some(handle(ctx, request).await)) }).await
    }

    async fn run_maybe<Q: Request, F>(mut self, handle: impl FnOnce(Ctx, Q) -> F) -> Answered
    where
        F: Future<Output = Result<Option<Q::Response>, Refused>>,
    {
        let request = self.request::<Q>()?;
        let Self { ctx, reader, header, api } = self;
        // The answer may wait for long, as that to a produce for the followers: the request is not kept meanwhile.
        drop(reader);
        let Some(mut response) = handle(ctx, request).await? else { return Ok(None) };
        let chunks = encode(api, header.api_version, header.correlation_id, &mut response);
        chunks.map(Some).map_err(|source| malformed(api, &header, source))
    }
}

fn malformed(api: ApiKey, header: &RequestHeader, source: WireError) -> Refused {
    Refused::Malformed { api: api.name().to_owned(), version: header.api_version, source }
}

/// A response behind its header.
pub(super) fn encode<R: Message>(
    api: ApiKey,
    version: i16,
    mut correlation_id: i32,
    response: &mut R,
) -> Result<Vec<Chunk>, WireError> {
    let mut writer = Writer::new(version, false);
    correlation_id.walk(&mut writer, &v(0).named("correlation_id"))?;
    if api.response_header_flexible(version) {
        writer.uvarint(0);
    }
    writer.switch(version, api.flexible(version));
    response.wire(&mut writer)?;
    Ok(writer.finish())
}
