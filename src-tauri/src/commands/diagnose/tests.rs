//! The diagnosis against peers made for it.

use broker_core::protocol::header::RequestHeader;
use broker_core::protocol::messages::api_versions::{ApiVersion, ApiVersionsResponse};
use broker_core::protocol::messages::metadata::{MetadataResponse, MetadataResponseBroker};
use broker_core::protocol::{ApiKey, Message, Reader, Writer};
use bytes::{BufMut, Bytes, BytesMut};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::app::App;
use crate::commands::dispatch;
use crate::data_dir::DataDir;
use crate::dto::HostKind;

/// A broker that answers two questions and says that it lives at `advertised`.
async fn broker(advertised: (&'static str, i32)) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound").to_string();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, advertised));
        }
    });
    address
}

async fn serve(mut stream: TcpStream, advertised: (&'static str, i32)) -> std::io::Result<()> {
    loop {
        let mut frame = vec![0; stream.read_u32().await? as usize];
        stream.read_exact(&mut frame).await?;
        let mut reader = Reader::new(Bytes::from(frame), 0, false);
        let header = RequestHeader::read(&mut reader).expect("a header");
        let api = ApiKey::from_code(header.api_key).expect("a known key");
        let body = if api == ApiKey::ApiVersions {
            encode(api, header.api_version, &mut versions())
        } else {
            assert_eq!(api, ApiKey::Metadata, "nothing else is asked");
            encode(api, header.api_version, &mut metadata(advertised))
        };
        let mut answer = BytesMut::new();
        answer.put_u32(4 + body.len() as u32);
        answer.put_i32(header.correlation_id);
        answer.extend_from_slice(&body);
        stream.write_all(&answer).await?;
    }
}

fn encode<M: Message>(api: ApiKey, version: i16, message: &mut M) -> Vec<u8> {
    let body = Writer::write(message, version, api.flexible(version)).expect("encodes");
    let tags: &[u8] = if api.response_header_flexible(version) { &[0] } else { &[] };
    [tags, &body].concat()
}

fn versions() -> ApiVersionsResponse {
    let keys = [(ApiKey::ApiVersions, 4), (ApiKey::Metadata, 13), (ApiKey::Fetch, 16)];
    let api_keys = keys
        .into_iter()
        .map(|(api, max_version)| ApiVersion { api_key: api.code(), min_version: 0, max_version })
        .collect();
    ApiVersionsResponse { api_keys, ..ApiVersionsResponse::default() }
}

fn metadata((host, port): (&str, i32)) -> MetadataResponse {
    let broker = MetadataResponseBroker { node_id: 7, host: host.to_owned(), port, rack: None };
    MetadataResponse { brokers: vec![broker], ..MetadataResponse::default() }
}

async fn diagnose(bootstrap: &str) -> Value {
    let dir = tempfile::tempdir().expect("temp dir");
    let app = App::open(HostKind::Http, DataDir::open(dir.path().join("data")).expect("data")).expect("app");
    let started = dispatch::call(&app, "connect.diagnose", json!({ "bootstrap": bootstrap }), None).await;
    let job = started.expect("started");
    let mut feed = dispatch::open_feed(&app, "diagnosis", job).await.expect("a feed");
    loop {
        let message = feed.next().await.expect("goes on").value.expect("a diagnosis").tree();
        if message["verdict"] != "running" {
            return message;
        }
    }
}

fn stage<'a>(server: &'a Value, name: &str) -> &'a Value {
    let stages = server["stages"].as_array().expect("stages");
    stages.iter().find(|stage| stage["name"] == name).expect("the stage")
}

#[tokio::test]
async fn an_advertised_address_that_cannot_be_reached_is_the_verdict() {
    let bootstrap = broker(("127.0.0.1", 1)).await;
    let diagnosis = diagnose(&bootstrap).await;
    assert_eq!(diagnosis["verdict"], "failed");
    assert_eq!(stage(&diagnosis["servers"][0], "metadata")["state"], "ok");
    assert_eq!(diagnosis["advertised"][0]["stage"]["state"], "failed");
    assert_eq!(diagnosis["kafka"], "Kafka 3.7 – 3.8 protocol");
    let remedies = diagnosis["error"]["remedies"].to_string();
    assert!(remedies.contains("advertised.listeners"), "{remedies}");
}

#[tokio::test]
async fn one_good_server_of_two_is_enough() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let reachable = i32::from(listener.local_addr().expect("bound").port());
    let bootstrap = broker(("127.0.0.1", reachable)).await;
    let diagnosis = diagnose(&format!("127.0.0.1:1, {bootstrap}")).await;
    assert_eq!((&diagnosis["verdict"], &diagnosis["error"]), (&json!("ok"), &Value::Null));
    assert_eq!(stage(&diagnosis["servers"][0], "tcp")["state"], "failed");
    assert_eq!(stage(&diagnosis["servers"][0], "metadata")["state"], "skipped");
    assert_eq!(stage(&diagnosis["servers"][1], "apiversions")["state"], "ok");
}

#[tokio::test]
async fn a_name_that_is_none_is_said_so() {
    let diagnosis = diagnose("no-such-host.invalid:9092").await;
    assert_eq!(diagnosis["verdict"], "failed");
    assert_eq!(stage(&diagnosis["servers"][0], "name")["state"], "failed");
    assert_eq!(stage(&diagnosis["servers"][0], "tcp")["state"], "skipped");
}
