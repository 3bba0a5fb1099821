//! Pitfall 12: committed offsets, offsets by time, ends of epochs.

use std::time::Duration;

use broker_core::protocol::batch::{BatchBuilder, Codec, NewRecord};
use broker_core::protocol::messages::alter_partition_reassignments::{
    AlterPartitionReassignmentsRequest, ReassignablePartition, ReassignableTopic,
};
use broker_core::protocol::messages::metadata::{MetadataRequest, MetadataRequestTopic};
use broker_core::protocol::messages::offset_commit::{
    OffsetCommitRequest, OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use broker_core::protocol::messages::offset_fetch::{
    OffsetFetchRequest, OffsetFetchRequestGroup, OffsetFetchRequestTopics,
};
use broker_core::protocol::messages::offset_for_leader_epoch::{
    OffsetForLeaderEpochRequest, OffsetForLeaderPartition, OffsetForLeaderTopic,
};
use suites::wait_for;
use suites::wire::{ask, now_ms};

use suites::peer::{LATEST, Peer, batch, listed, produce, produced, value};

const WAIT: Duration = Duration::from_secs(30);
const UNKNOWN_TOPIC_OR_PARTITION: i16 = 3;
const OFFSET_METADATA_TOO_LARGE: i16 = 12;
const FENCED_LEADER_EPOCH: i16 = 74;
const UNKNOWN_LEADER_EPOCH: i16 = 75;
const EARLIEST: i64 = -2;
const MAX_TIMESTAMP: i64 = -3;

fn commit(group: &str, topic: &str, partition: OffsetCommitRequestPartition) -> OffsetCommitRequest {
    let topics = vec![OffsetCommitRequestTopic {
        name: topic.into(),
        partitions: vec![partition],
        ..Default::default()
    }];
    OffsetCommitRequest { group_id: group.into(), topics, ..Default::default() }
}

fn committed(peer: &Peer, group: &str, topic: &str, version: i16) -> i16 {
    let mut stream = peer.coordinator(group, 0);
    let partition = OffsetCommitRequestPartition { committed_offset: 5, ..Default::default() };
    wait_for("the coordinator", WAIT, || {
        let code = ask(&mut stream, version, commit(group, topic, partition.clone())).topics[0].partitions[0]
            .error_code;
        (![14, 15, 16].contains(&code)).then_some(code)
    })
}

pub fn metadata_comes_back_as_it_was(peer: &Peer) {
    peer.create("noted", 1);
    // Versions 2 to 4 may say how long to keep it; −1 is the broker's own.
    for version in [2, 4, 8] {
        assert_eq!(committed(peer, "noting", "noted", version), 0, "version {version}");
    }
    let mut stream = peer.coordinator("noting", 0);
    for (text, code) in [
        ("plain".to_owned(), 0),
        (String::new(), 0),
        ("{\"ä\": \"\u{1f680}\"}".to_owned(), 0),
        ("x".repeat(4096), 0),
        ("x".repeat(4097), OFFSET_METADATA_TOO_LARGE),
    ] {
        let partition = OffsetCommitRequestPartition {
            committed_offset: 7,
            committed_metadata: Some(text.clone()),
            ..Default::default()
        };
        let answer = ask(&mut stream, 8, commit("noting", "noted", partition));
        assert_eq!(answer.topics[0].partitions[0].error_code, code, "{} bytes", text.len());
        let topics = vec![OffsetFetchRequestTopics {
            name: "noted".into(),
            partition_indexes: vec![0],
            ..Default::default()
        }];
        let group =
            OffsetFetchRequestGroup { group_id: "noting".into(), topics: Some(topics), ..Default::default() };
        let request = OffsetFetchRequest { groups: vec![group], ..Default::default() };
        let found = ask(&mut stream, 8, request).groups[0].topics[0].partitions[0].metadata.clone().unwrap();
        assert_eq!(found == text, code == 0, "{} bytes", text.len());
    }
}

pub fn what_is_not_there_is_not_committed(peer: &Peer) {
    peer.create("there", 1);
    assert_eq!(committed(peer, "careful", "not-there", 8), UNKNOWN_TOPIC_OR_PARTITION);
    let mut stream = peer.coordinator("careful", 0);
    let beyond =
        OffsetCommitRequestPartition { partition_index: 4, committed_offset: 5, ..Default::default() };
    let code = ask(&mut stream, 8, commit("careful", "there", beyond)).topics[0].partitions[0].error_code;
    assert_eq!(code, UNKNOWN_TOPIC_OR_PARTITION);
}

pub fn a_time_is_answered_with_the_record(peer: &Peer) {
    peer.create("timed", 1);
    let mut stream = peer.leader();
    let none = (0, -1, -1, -1);
    let mut at = |timestamp| {
        let found = listed(&mut stream, "timed", timestamp);
        (found.error_code, found.timestamp, found.offset, found.leader_epoch)
    };
    assert_eq!(at(MAX_TIMESTAMP), none, "an empty log has no greatest time");
    assert_eq!(at(1_000), none);
    let base = now_ms() - 100_000;
    let mut builder = BatchBuilder::new(Codec::None);
    // The second is the latest; times need not rise.
    for after in [10, 40, 20, 30] {
        builder.push(&NewRecord { timestamp: base + after, ..value("then") });
    }
    assert_eq!(produced(&mut peer.leader(), produce("timed", &builder.build().unwrap())).error_code, 0);
    assert_eq!(at(base), (0, base + 10, 0, 0));
    assert_eq!(at(base + 10), (0, base + 10, 0, 0));
    assert_eq!(at(base + 11), (0, base + 40, 1, 0));
    assert_eq!(at(base + 41), none, "later than everything");
    assert_eq!(at(MAX_TIMESTAMP), (0, base + 40, 1, 0));
    assert_eq!((at(EARLIEST), at(LATEST)), ((0, -1, 0, 0), (0, -1, 4, 0)));
}

/// Moves a topic of one replica from broker 1 to another, and returns its new leader epoch.
fn moved(peer: &Peer, topic: &str, to: i32) -> i32 {
    let partition = ReassignablePartition { partition_index: 0, replicas: Some(vec![to]) };
    let topics = vec![ReassignableTopic { name: topic.into(), partitions: vec![partition] }];
    let request = AlterPartitionReassignmentsRequest { topics, ..Default::default() };
    let answer = ask(&mut peer.leader(), 0, request);
    assert_eq!((answer.error_code, answer.responses[0].partitions[0].error_code), (0, 0));
    let mut stream = peer.connect(to);
    let name = Some(topic.to_owned());
    let question = MetadataRequest {
        topics: Some(vec![MetadataRequestTopic { name, ..Default::default() }]),
        ..Default::default()
    };
    wait_for("the move", WAIT, || {
        let found = ask(&mut stream, 12, question.clone()).topics.remove(0).partitions.remove(0);
        (found.leader_id == to && found.replica_nodes == [to]).then_some(found.leader_epoch)
    })
}

pub fn an_epoch_is_answered_with_its_end(peer: &Peer) {
    peer.create("epochal", 1);
    assert_eq!(produced(&mut peer.leader(), produce("epochal", &batch(3))).error_code, 0);
    let epoch = moved(peer, "epochal", 2);
    assert!(epoch > 0);
    let mut stream = peer.connect(2);
    let written = wait_for("a write", WAIT, || {
        let answer = produced(&mut stream, produce("epochal", &batch(2)));
        (answer.error_code == 0).then_some(answer.base_offset)
    });
    assert_eq!(written, 3);
    assert_eq!(listed(&mut stream, "epochal", LATEST).leader_epoch, epoch);
    assert_eq!(listed(&mut stream, "epochal", 0).leader_epoch, 0, "the epoch is the record's");
    let mut end = |current_leader_epoch, leader_epoch| {
        let partition = OffsetForLeaderPartition { partition: 0, current_leader_epoch, leader_epoch };
        let topics = vec![OffsetForLeaderTopic { topic: "epochal".into(), partitions: vec![partition] }];
        let request = OffsetForLeaderEpochRequest { replica_id: -2, topics };
        let found = ask(&mut stream, 4, request).topics.remove(0).partitions.remove(0);
        (found.error_code, found.leader_epoch, found.end_offset)
    };
    assert_eq!(end(-1, 0), (0, 0, 3));
    assert_eq!(end(epoch, 0), (0, 0, 3));
    assert_eq!(end(-1, epoch), (0, epoch, 5));
    assert_eq!(end(-1, -1), (0, -1, -1), "no epoch");
    assert_eq!(end(-1, epoch + 7), (0, -1, -1), "one that is still to come");
    assert_eq!(end(epoch - 1, 0).0, FENCED_LEADER_EPOCH);
    assert_eq!(end(epoch + 1, 0).0, UNKNOWN_LEADER_EPOCH);
}
