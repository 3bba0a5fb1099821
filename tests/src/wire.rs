//! Kafka's protocol by hand, for peers that no client library would be.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{SystemTime, UNIX_EPOCH};

use broker_core::protocol::api::Request;
use broker_core::protocol::batch::{BatchBuilder, Codec, NewRecord};
use broker_core::protocol::header::RequestHeader;
use broker_core::protocol::messages::create_topics::{CreatableTopic, CreateTopicsRequest};
use broker_core::protocol::messages::fetch::{FetchPartition, FetchRequest, FetchTopic};
use broker_core::protocol::messages::produce::{
    PartitionProduceData, PartitionProduceResponse, ProduceRequest, ProduceResponse, TopicProduceData,
};
use broker_core::protocol::{ApiKey, Message, Reader, Records, Writer};
use bytes::Bytes;

/// A request with a version 1 header.
pub fn frame(key: i16, version: i16, body: &[u8]) -> Vec<u8> {
    let mut inner = Vec::new();
    inner.extend_from_slice(&key.to_be_bytes());
    inner.extend_from_slice(&version.to_be_bytes());
    inner.extend_from_slice(&7_i32.to_be_bytes());
    inner.extend_from_slice(&2_i16.to_be_bytes());
    inner.extend_from_slice(b"me");
    inner.extend_from_slice(body);
    let mut out = (inner.len() as i32).to_be_bytes().to_vec();
    out.extend_from_slice(&inner);
    out
}

/// A produce request, acks=1, of one batch for partition 0.
pub fn produce(topic: &str, batch: Bytes) -> Vec<u8> {
    let partition = PartitionProduceData { index: 0, records: Records::from_bytes(batch) };
    let topic =
        TopicProduceData { name: topic.into(), partition_data: vec![partition], ..Default::default() };
    let mut request =
        ProduceRequest { acks: 1, timeout_ms: 1000, topic_data: vec![topic], ..Default::default() };
    frame(ApiKey::Produce.code(), 8, &Writer::write(&mut request, 8, false).expect("it can be written"))
}

/// A question for the metadata of everything.
pub fn metadata() -> Vec<u8> {
    frame(ApiKey::Metadata.code(), 1, &(-1_i32).to_be_bytes())
}

/// A fetch of partition 0 from its begin, of so many bytes.
pub fn fetch(topic: &str, bytes: i32) -> Vec<u8> {
    let partition = FetchPartition { partition_max_bytes: bytes, ..Default::default() };
    let topic = FetchTopic { topic: topic.into(), partitions: vec![partition], ..Default::default() };
    let mut request = FetchRequest { max_bytes: bytes, topics: vec![topic], ..Default::default() };
    frame(ApiKey::Fetch.code(), 4, &Writer::write(&mut request, 4, false).expect("it can be written"))
}

/// The answer to [`produce`].
pub fn produced(stream: &mut TcpStream) -> PartitionProduceResponse {
    let mut response: ProduceResponse = answer(stream, 8);
    response.responses.remove(0).partition_responses.remove(0)
}

/// The same, unless the connection ends before it.
pub fn try_produced(stream: &mut TcpStream) -> Option<PartitionProduceResponse> {
    let answer = try_next_frame(stream).ok()?;
    let mut response: ProduceResponse = Reader::read(answer.get(4..)?.to_vec().into(), 8, false).ok()?;
    Some(response.responses.pop()?.partition_responses.remove(0))
}

/// The next answer, of an API and version whose headers are not flexible.
pub fn answer<M: Message>(stream: &mut TcpStream, version: i16) -> M {
    let answer = next_frame(stream);
    Reader::read(answer.get(4..).unwrap_or_default().to_vec().into(), version, false).expect("it can be read")
}

/// The time, as records carry it.
pub fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970").as_millis() as i64
}

/// One record of so many zeros.
pub fn zeros(codec: Codec, len: usize) -> Bytes {
    let mut builder = BatchBuilder::new(codec);
    let value = Some(Bytes::from(vec![0; len]));
    builder.push(&NewRecord { timestamp: now_ms(), value, ..Default::default() });
    builder.build().expect("it can be compressed").to_bytes()
}

/// Asks, and waits for the answer.
pub fn ask<Q: Request>(stream: &mut TcpStream, version: i16, request: Q) -> Q::Response {
    send(stream, version, 7, request);
    receive::<Q>(stream, version).1
}

/// Asks, and does not wait.
pub fn send<Q: Request>(stream: &mut TcpStream, version: i16, correlation_id: i32, mut request: Q) {
    let (api_key, client_id) = (Q::KEY.code(), Some("me".to_owned()));
    let header = RequestHeader { api_key, api_version: version, correlation_id, client_id };
    let mut writer = Writer::new(version, false);
    header.write(&mut writer).expect("it can be written");
    request.wire(&mut writer).expect("it can be written");
    let mut body = Vec::new();
    for chunk in writer.finish() {
        body.extend_from_slice(&chunk.load().expect("a request has no records in files"));
    }
    let mut frame = (body.len() as i32).to_be_bytes().to_vec();
    frame.append(&mut body);
    stream.write_all(&frame).expect("the broker listens");
}

/// The next answer, and the correlation id that it carries.
pub fn receive<Q: Request>(stream: &mut TcpStream, version: i16) -> (i32, Q::Response) {
    let frame = next_frame(stream);
    let correlation = i32::from_be_bytes(frame[..4].try_into().expect("four bytes"));
    let header = if Q::KEY.response_header_flexible(version) { 5 } else { 4 };
    let body = Bytes::from(frame).slice(header..);
    (correlation, Reader::read(body, version, Q::KEY.flexible(version)).expect("it can be read"))
}

/// The next answer as it comes.
pub fn next_frame(stream: &mut TcpStream) -> Vec<u8> {
    try_next_frame(stream).expect("an answer comes")
}

fn try_next_frame(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let mut answer = vec![0; u32::from_be_bytes(length) as usize];
    stream.read_exact(&mut answer)?;
    Ok(answer)
}

/// Makes a topic of one partition and one replica.
pub fn create_topic(stream: &mut TcpStream, name: &str) {
    let topic =
        CreatableTopic { name: name.into(), num_partitions: 1, replication_factor: 1, ..Default::default() };
    let request = CreateTopicsRequest { topics: vec![topic], timeout_ms: 5_000, ..Default::default() };
    let response = ask(stream, 2, request);
    assert!(response.topics.iter().all(|topic| topic.error_code == 0), "{response:?}");
}
