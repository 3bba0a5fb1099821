//! THE table: one line per API this cluster serves. The `ApiVersions` answer, version checks and the
//! flexible-header rule all come from it.
//! Source: Kafka 4.3.1 `ApiKeys.java` and the message definitions.

use super::messages::{
    add_offsets_to_txn, add_partitions_to_txn, alter_configs, alter_partition_reassignments,
    alter_replica_log_dirs, api_versions, consumer_group_describe, consumer_group_heartbeat, create_acls,
    create_partitions, create_topics, delete_acls, delete_groups, delete_records, delete_topics,
    describe_acls, describe_client_quotas, describe_cluster, describe_configs, describe_groups,
    describe_log_dirs, describe_producers, describe_quorum, describe_topic_partitions, describe_transactions,
    describe_user_scram_credentials, elect_leaders, end_txn, fetch, find_coordinator, heartbeat,
    incremental_alter_configs, init_producer_id, join_group, leave_group, list_config_resources, list_groups,
    list_offsets, list_partition_reassignments, list_transactions, metadata, offset_commit, offset_delete,
    offset_fetch, offset_for_leader_epoch, produce, sasl_authenticate, sasl_handshake, sync_group,
    txn_offset_commit, update_features, write_txn_markers,
};
use super::wire::Message;

/// A request type: its key, and the response that answers it.
pub trait Request: Message {
    /// The API key.
    const KEY: ApiKey;
    /// The answer.
    type Response: Message;
}

/// Something done with each request type.
pub trait RequestVisitor {
    /// Does it with one.
    fn visit<Q: Request>(&mut self);
}

macro_rules! api {
    ($($key:literal $name:ident $min:literal..=$max:literal advertised $advertised:literal flexible $flexible:literal
        $request:ty => $response:ty;)*) => {
        /// An API this cluster serves.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "Kafka's own names")]
        pub enum ApiKey { $($name = $key,)* }

        impl ApiKey {
            /// Every API, by key.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The API with this number; `None` if it is not served.
            pub const fn from_code(code: i16) -> Option<Self> {
                match code { $($key => Some(Self::$name),)* _ => None }
            }

            /// Kafka's name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }

            /// The versions that are served, both ends included.
            pub const fn versions(self) -> (i16, i16) {
                match self { $(Self::$name => ($min, $max),)* }
            }

            /// The lowest version that `ApiVersions` names.
            pub const fn advertised_min(self) -> i16 {
                match self { $(Self::$name => $advertised,)* }
            }

            /// The first flexible version.
            const fn flexible_since(self) -> i16 {
                match self { $(Self::$name => $flexible,)* }
            }
        }

        /// Shows every request type to `visitor`, by key.
        pub fn visit_requests(visitor: &mut impl RequestVisitor) {
            $(visitor.visit::<$request>();)*
        }

        $(impl Request for $request {
            const KEY: ApiKey = ApiKey::$name;
            type Response = $response;
        })*
    };
}

// Produce advertises 0: librdkafka turns compression off when it sees a minimum of 3 (KAFKA-18659).
// InitProducerId 6 is unstable in 4.3 (KIP-939) and not served.
api! {
    0  Produce                      3..=13 advertised 0 flexible 9  produce::ProduceRequest => produce::ProduceResponse;
    1  Fetch                        4..=18 advertised 4 flexible 12 fetch::FetchRequest => fetch::FetchResponse;
    2  ListOffsets                  1..=11 advertised 1 flexible 6  list_offsets::ListOffsetsRequest => list_offsets::ListOffsetsResponse;
    3  Metadata                     0..=13 advertised 0 flexible 9  metadata::MetadataRequest => metadata::MetadataResponse;
    8  OffsetCommit                 2..=10 advertised 2 flexible 8  offset_commit::OffsetCommitRequest => offset_commit::OffsetCommitResponse;
    9  OffsetFetch                  1..=10 advertised 1 flexible 6  offset_fetch::OffsetFetchRequest => offset_fetch::OffsetFetchResponse;
    10 FindCoordinator              0..=6  advertised 0 flexible 3  find_coordinator::FindCoordinatorRequest => find_coordinator::FindCoordinatorResponse;
    11 JoinGroup                    0..=9  advertised 0 flexible 6  join_group::JoinGroupRequest => join_group::JoinGroupResponse;
    12 Heartbeat                    0..=4  advertised 0 flexible 4  heartbeat::HeartbeatRequest => heartbeat::HeartbeatResponse;
    13 LeaveGroup                   0..=5  advertised 0 flexible 4  leave_group::LeaveGroupRequest => leave_group::LeaveGroupResponse;
    14 SyncGroup                    0..=5  advertised 0 flexible 4  sync_group::SyncGroupRequest => sync_group::SyncGroupResponse;
    15 DescribeGroups               0..=6  advertised 0 flexible 5  describe_groups::DescribeGroupsRequest => describe_groups::DescribeGroupsResponse;
    16 ListGroups                   0..=5  advertised 0 flexible 3  list_groups::ListGroupsRequest => list_groups::ListGroupsResponse;
    17 SaslHandshake                0..=1  advertised 0 flexible 99 sasl_handshake::SaslHandshakeRequest => sasl_handshake::SaslHandshakeResponse;
    18 ApiVersions                  0..=4  advertised 0 flexible 3  api_versions::ApiVersionsRequest => api_versions::ApiVersionsResponse;
    19 CreateTopics                 2..=7  advertised 2 flexible 5  create_topics::CreateTopicsRequest => create_topics::CreateTopicsResponse;
    20 DeleteTopics                 1..=6  advertised 1 flexible 4  delete_topics::DeleteTopicsRequest => delete_topics::DeleteTopicsResponse;
    21 DeleteRecords                0..=2  advertised 0 flexible 2  delete_records::DeleteRecordsRequest => delete_records::DeleteRecordsResponse;
    22 InitProducerId               0..=5  advertised 0 flexible 2  init_producer_id::InitProducerIdRequest => init_producer_id::InitProducerIdResponse;
    23 OffsetForLeaderEpoch         2..=4  advertised 2 flexible 4  offset_for_leader_epoch::OffsetForLeaderEpochRequest => offset_for_leader_epoch::OffsetForLeaderEpochResponse;
    24 AddPartitionsToTxn           0..=5  advertised 0 flexible 3  add_partitions_to_txn::AddPartitionsToTxnRequest => add_partitions_to_txn::AddPartitionsToTxnResponse;
    25 AddOffsetsToTxn              0..=4  advertised 0 flexible 3  add_offsets_to_txn::AddOffsetsToTxnRequest => add_offsets_to_txn::AddOffsetsToTxnResponse;
    26 EndTxn                       0..=5  advertised 0 flexible 3  end_txn::EndTxnRequest => end_txn::EndTxnResponse;
    27 WriteTxnMarkers              1..=2  advertised 1 flexible 1  write_txn_markers::WriteTxnMarkersRequest => write_txn_markers::WriteTxnMarkersResponse;
    28 TxnOffsetCommit              0..=5  advertised 0 flexible 3  txn_offset_commit::TxnOffsetCommitRequest => txn_offset_commit::TxnOffsetCommitResponse;
    29 DescribeAcls                 1..=3  advertised 1 flexible 2  describe_acls::DescribeAclsRequest => describe_acls::DescribeAclsResponse;
    30 CreateAcls                   1..=3  advertised 1 flexible 2  create_acls::CreateAclsRequest => create_acls::CreateAclsResponse;
    31 DeleteAcls                   1..=3  advertised 1 flexible 2  delete_acls::DeleteAclsRequest => delete_acls::DeleteAclsResponse;
    32 DescribeConfigs              1..=4  advertised 1 flexible 4  describe_configs::DescribeConfigsRequest => describe_configs::DescribeConfigsResponse;
    33 AlterConfigs                 0..=2  advertised 0 flexible 2  alter_configs::AlterConfigsRequest => alter_configs::AlterConfigsResponse;
    34 AlterReplicaLogDirs         1..=2  advertised 1 flexible 2  alter_replica_log_dirs::AlterReplicaLogDirsRequest => alter_replica_log_dirs::AlterReplicaLogDirsResponse;
    35 DescribeLogDirs              1..=5  advertised 1 flexible 2  describe_log_dirs::DescribeLogDirsRequest => describe_log_dirs::DescribeLogDirsResponse;
    36 SaslAuthenticate             0..=2  advertised 0 flexible 2  sasl_authenticate::SaslAuthenticateRequest => sasl_authenticate::SaslAuthenticateResponse;
    37 CreatePartitions             0..=3  advertised 0 flexible 2  create_partitions::CreatePartitionsRequest => create_partitions::CreatePartitionsResponse;
    42 DeleteGroups                 0..=2  advertised 0 flexible 2  delete_groups::DeleteGroupsRequest => delete_groups::DeleteGroupsResponse;
    43 ElectLeaders                 0..=2  advertised 0 flexible 2  elect_leaders::ElectLeadersRequest => elect_leaders::ElectLeadersResponse;
    44 IncrementalAlterConfigs      0..=1  advertised 0 flexible 1  incremental_alter_configs::IncrementalAlterConfigsRequest => incremental_alter_configs::IncrementalAlterConfigsResponse;
    45 AlterPartitionReassignments  0..=1  advertised 0 flexible 0  alter_partition_reassignments::AlterPartitionReassignmentsRequest => alter_partition_reassignments::AlterPartitionReassignmentsResponse;
    46 ListPartitionReassignments   0..=0  advertised 0 flexible 0  list_partition_reassignments::ListPartitionReassignmentsRequest => list_partition_reassignments::ListPartitionReassignmentsResponse;
    47 OffsetDelete                 0..=0  advertised 0 flexible 999 offset_delete::OffsetDeleteRequest => offset_delete::OffsetDeleteResponse;
    48 DescribeClientQuotas         0..=1  advertised 0 flexible 1  describe_client_quotas::DescribeClientQuotasRequest => describe_client_quotas::DescribeClientQuotasResponse;
    50 DescribeUserScramCredentials 0..=0  advertised 0 flexible 0  describe_user_scram_credentials::DescribeUserScramCredentialsRequest => describe_user_scram_credentials::DescribeUserScramCredentialsResponse;
    55 DescribeQuorum               0..=2  advertised 0 flexible 0  describe_quorum::DescribeQuorumRequest => describe_quorum::DescribeQuorumResponse;
    57 UpdateFeatures               0..=2  advertised 0 flexible 0  update_features::UpdateFeaturesRequest => update_features::UpdateFeaturesResponse;
    60 DescribeCluster              0..=2  advertised 0 flexible 0  describe_cluster::DescribeClusterRequest => describe_cluster::DescribeClusterResponse;
    61 DescribeProducers            0..=0  advertised 0 flexible 0  describe_producers::DescribeProducersRequest => describe_producers::DescribeProducersResponse;
    65 DescribeTransactions         0..=0  advertised 0 flexible 0  describe_transactions::DescribeTransactionsRequest => describe_transactions::DescribeTransactionsResponse;
    66 ListTransactions             0..=2  advertised 0 flexible 0  list_transactions::ListTransactionsRequest => list_transactions::ListTransactionsResponse;
    68 ConsumerGroupHeartbeat       0..=1  advertised 0 flexible 0  consumer_group_heartbeat::ConsumerGroupHeartbeatRequest => consumer_group_heartbeat::ConsumerGroupHeartbeatResponse;
    69 ConsumerGroupDescribe        0..=1  advertised 0 flexible 0  consumer_group_describe::ConsumerGroupDescribeRequest => consumer_group_describe::ConsumerGroupDescribeResponse;
    74 ListConfigResources          0..=1  advertised 0 flexible 0  list_config_resources::ListConfigResourcesRequest => list_config_resources::ListConfigResourcesResponse;
    75 DescribeTopicPartitions      0..=0  advertised 0 flexible 0  describe_topic_partitions::DescribeTopicPartitionsRequest => describe_topic_partitions::DescribeTopicPartitionsResponse;
}

impl ApiKey {
    /// The number on the wire.
    pub const fn code(self) -> i16 {
        self as i16
    }

    /// Whether `version` is served.
    pub const fn serves(self, version: i16) -> bool {
        let (min, max) = self.versions();
        min <= version && version <= max
    }

    /// Whether bodies of `version` are flexible (compact lengths and tagged fields).
    pub const fn flexible(self, version: i16) -> bool {
        version >= self.flexible_since()
    }

    /// Whether the response header carries tags. `ApiVersions` never does: the client does not yet know the
    /// broker's versions when it reads it (KIP-511).
    pub const fn response_header_flexible(self, version: i16) -> bool {
        !matches!(self, Self::ApiVersions) && self.flexible(version)
    }
}
