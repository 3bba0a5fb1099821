//! Pitfalls 1, 2, 14 and 15: what is said first, and in which order answers come.

use std::collections::BTreeSet;
use std::io::Read;

use broker_core::protocol::ApiKey;
use broker_core::protocol::messages::api_versions::{ApiVersionsRequest, ApiVersionsResponse};
use broker_core::protocol::messages::fetch::FetchRequest;
use broker_core::protocol::messages::find_coordinator::FindCoordinatorRequest;
use broker_core::protocol::messages::metadata::{MetadataRequest, MetadataRequestTopic};
use broker_core::protocol::messages::produce::ProduceRequest;
use suites::wait_for;
use suites::wire::{ask, receive, send};

use suites::peer::{FETCH, PRODUCE, Peer, batch, batches, fetch, fetched, produce};

fn of_acks_0(topic: &str) -> ProduceRequest {
    ProduceRequest { acks: 0, ..produce(topic, &batch(1)) }
}

pub fn acks_0_takes_no_answer(peer: &Peer) {
    let id = peer.create("unanswered", 1);
    let mut stream = peer.leader();
    send(&mut stream, PRODUCE, 1, of_acks_0("unanswered"));
    send(&mut stream, 12, 2, MetadataRequest::default());
    send(&mut stream, PRODUCE, 3, of_acks_0("unanswered"));
    send(&mut stream, 12, 4, MetadataRequest::default());
    let order = [2, 4].map(|_| receive::<MetadataRequest>(&mut stream, 12).0);
    assert_eq!(order, [2, 4]);
    assert_eq!(batches(&fetched(&mut stream, fetch(id, &[(0, 0)]))[0].records).len(), 2);
}

pub fn an_error_of_acks_0_closes_the_connection(peer: &Peer) {
    let mut stream = peer.leader();
    send(&mut stream, PRODUCE, 1, of_acks_0("nowhere"));
    assert_eq!(stream.read(&mut [0; 1]).unwrap(), 0, "the end, and no answer");
}

pub fn answers_come_in_the_order_of_the_requests(peer: &Peer) {
    let id = peer.create("in-order", 1);
    let mut stream = peer.leader();
    let slow = FetchRequest { max_wait_ms: 700, min_bytes: 1, ..fetch(id, &[(0, 0)]) };
    send(&mut stream, FETCH, 11, slow);
    send(&mut stream, 12, 12, MetadataRequest::default());
    assert_eq!(receive::<FetchRequest>(&mut stream, FETCH).0, 11);
    assert_eq!(receive::<MetadataRequest>(&mut stream, 12).0, 12);
}

fn versions(peer: &Peer, version: i16) -> ApiVersionsResponse {
    let request =
        ApiVersionsRequest { client_software_name: "pitfalls".into(), client_software_version: "1".into() };
    ask(&mut peer.leader(), version, request)
}

pub fn features_with_a_minimum_of_0_are_told_from_version_4_on(peer: &Peer) {
    let minima = |version| -> BTreeSet<i16> {
        versions(peer, version).supported_features.iter().map(|feature| feature.min_version).collect()
    };
    assert!(!minima(3).contains(&0), "{:?}", minima(3));
    assert!(minima(4).contains(&0), "{:?}", minima(4));
}

pub fn every_version_of_produce_is_told(peer: &Peer) {
    let rows = versions(peer, 3).api_keys;
    let row = rows.iter().find(|row| row.api_key == ApiKey::Produce.code()).unwrap();
    assert_eq!(row.min_version, 0, "librdkafka takes gzip, snappy and lz4 for unknown otherwise");
}

/// All brokers are asked at once for a coordinator, before anybody has been.
pub fn an_internal_topic_is_made_once(peer: &Peer) {
    let mut streams: Vec<_> = (1..=3).chain(1..=3).map(|node| peer.connect(node)).collect();
    let request =
        FindCoordinatorRequest { key_type: 0, coordinator_keys: vec!["first".into()], ..Default::default() };
    for stream in &mut streams {
        send(stream, 4, 1, request.clone());
    }
    for stream in &mut streams {
        receive::<FindCoordinatorRequest>(stream, 4);
    }
    let name = Some("__consumer_offsets".to_owned());
    let topics = Some(vec![MetadataRequestTopic { name, ..Default::default() }]);
    let question = MetadataRequest { topics, allow_auto_topic_creation: false, ..Default::default() };
    let ids = wait_for("every broker to know it", std::time::Duration::from_secs(60), || {
        let answers = streams.iter_mut().map(|stream| ask(stream, 12, question.clone()).topics.remove(0));
        let known: Vec<_> = answers.collect();
        let ready = known.iter().all(|topic| topic.error_code == 0);
        ready.then(|| known.iter().map(|topic| topic.topic_id).collect::<BTreeSet<_>>())
    });
    assert_eq!(ids.len(), 1, "{ids:?}");
}
