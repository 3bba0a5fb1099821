//! Our codec beside the crate kafka-protocol, which is generated from Kafka's own definitions: the same bytes
//! for the same values, at every key and version both know; and every prefix of them is an error.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fall where it stands")]

mod common;

use broker_core::protocol::api::Request;
use broker_core::protocol::wire::{Message, Reader, Writer};
use bytes::{Bytes, BytesMut};
use common::Fill;
use kafka_protocol::messages as theirs;
use kafka_protocol::protocol::{Decodable, Encodable, Message as TheirMessage};

/// Seeded values per message and version.
const VALUES: u64 = 200;
/// Of those, the ones whose every prefix is tried.
const PREFIXED: u64 = 10;

fn check<Ours, Theirs>(name: &str, version: i16, flexible: bool)
where
    Ours: Message,
    Theirs: Decodable + Encodable + TheirMessage,
{
    let known = Theirs::VERSIONS;
    for seed in 0..VALUES {
        let mut value: Ours = Fill::message(seed ^ (i64::from(version) as u64) << 32, version);
        let bytes = Writer::write(&mut value, version, flexible).unwrap();
        let back: Ours = Reader::read(bytes.clone(), version, flexible)
            .unwrap_or_else(|err| panic!("{name} v{version} seed {seed}: {err}"));
        assert_eq!(back, value, "{name} v{version} seed {seed}");
        if version >= known.min && version <= known.max {
            assert_eq!(through::<Theirs>(&bytes, version), bytes, "{name} v{version} seed {seed}: {value:?}");
        }
        if seed < PREFIXED {
            for cut in 0..bytes.len() {
                let short = Reader::read::<Ours>(bytes.slice(..cut), version, flexible);
                assert!(short.is_err(), "{name} v{version} seed {seed} cut at {cut} of {}", bytes.len());
            }
        }
    }
}

/// The bytes, decoded and encoded again by the other crate.
fn through<T: Decodable + Encodable>(bytes: &Bytes, version: i16) -> Bytes {
    let mut input = bytes.clone();
    let value = T::decode(&mut input, version).expect("the oracle reads what we write");
    assert!(input.is_empty(), "the oracle leaves {} bytes", input.len());
    let mut out = BytesMut::new();
    value.encode(&mut out, version).expect("the oracle writes what it read");
    out.freeze()
}

macro_rules! pairs {
    ($($module:ident: $request:ident, $response:ident;)*) => {$(
        #[test]
        fn $module() {
            use broker_core::protocol::messages::$module as ours;
            let key = <ours::$request as Request>::KEY;
            let (min, max) = key.versions();
            for version in min..=max {
                let flexible = key.flexible(version);
                check::<ours::$request, theirs::$request>(stringify!($request), version, flexible);
                check::<ours::$response, theirs::$response>(stringify!($response), version, flexible);
            }
        }
    )*};
}

pairs! {
    add_offsets_to_txn: AddOffsetsToTxnRequest, AddOffsetsToTxnResponse;
    add_partitions_to_txn: AddPartitionsToTxnRequest, AddPartitionsToTxnResponse;
    alter_configs: AlterConfigsRequest, AlterConfigsResponse;
    alter_partition_reassignments: AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse;
    api_versions: ApiVersionsRequest, ApiVersionsResponse;
    create_acls: CreateAclsRequest, CreateAclsResponse;
    create_partitions: CreatePartitionsRequest, CreatePartitionsResponse;
    create_topics: CreateTopicsRequest, CreateTopicsResponse;
    delete_acls: DeleteAclsRequest, DeleteAclsResponse;
    delete_groups: DeleteGroupsRequest, DeleteGroupsResponse;
    delete_records: DeleteRecordsRequest, DeleteRecordsResponse;
    delete_topics: DeleteTopicsRequest, DeleteTopicsResponse;
    describe_acls: DescribeAclsRequest, DescribeAclsResponse;
    describe_client_quotas: DescribeClientQuotasRequest, DescribeClientQuotasResponse;
    describe_cluster: DescribeClusterRequest, DescribeClusterResponse;
    describe_configs: DescribeConfigsRequest, DescribeConfigsResponse;
    describe_groups: DescribeGroupsRequest, DescribeGroupsResponse;
    alter_replica_log_dirs: AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse;
    describe_log_dirs: DescribeLogDirsRequest, DescribeLogDirsResponse;
    describe_producers: DescribeProducersRequest, DescribeProducersResponse;
    describe_quorum: DescribeQuorumRequest, DescribeQuorumResponse;
    describe_topic_partitions: DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse;
    describe_transactions: DescribeTransactionsRequest, DescribeTransactionsResponse;
    describe_user_scram_credentials: DescribeUserScramCredentialsRequest, DescribeUserScramCredentialsResponse;
    elect_leaders: ElectLeadersRequest, ElectLeadersResponse;
    end_txn: EndTxnRequest, EndTxnResponse;
    fetch: FetchRequest, FetchResponse;
    find_coordinator: FindCoordinatorRequest, FindCoordinatorResponse;
    heartbeat: HeartbeatRequest, HeartbeatResponse;
    incremental_alter_configs: IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse;
    init_producer_id: InitProducerIdRequest, InitProducerIdResponse;
    join_group: JoinGroupRequest, JoinGroupResponse;
    leave_group: LeaveGroupRequest, LeaveGroupResponse;
    list_config_resources: ListConfigResourcesRequest, ListConfigResourcesResponse;
    list_groups: ListGroupsRequest, ListGroupsResponse;
    list_offsets: ListOffsetsRequest, ListOffsetsResponse;
    list_partition_reassignments: ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse;
    list_transactions: ListTransactionsRequest, ListTransactionsResponse;
    metadata: MetadataRequest, MetadataResponse;
    offset_commit: OffsetCommitRequest, OffsetCommitResponse;
    offset_delete: OffsetDeleteRequest, OffsetDeleteResponse;
    offset_fetch: OffsetFetchRequest, OffsetFetchResponse;
    offset_for_leader_epoch: OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse;
    produce: ProduceRequest, ProduceResponse;
    sasl_authenticate: SaslAuthenticateRequest, SaslAuthenticateResponse;
    sasl_handshake: SaslHandshakeRequest, SaslHandshakeResponse;
    sync_group: SyncGroupRequest, SyncGroupResponse;
    txn_offset_commit: TxnOffsetCommitRequest, TxnOffsetCommitResponse;
    update_features: UpdateFeaturesRequest, UpdateFeaturesResponse;
    write_txn_markers: WriteTxnMarkersRequest, WriteTxnMarkersResponse;
}
