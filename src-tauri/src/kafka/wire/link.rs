//! One TCP connection to one broker: versions agreed, then one request at a time.

use std::collections::HashMap;
use std::io;

use broker_core::protocol::api::Request;
use broker_core::protocol::header::RequestHeader;
use broker_core::protocol::messages::api_versions::{ApiVersionsRequest, ApiVersionsResponse};
use broker_core::protocol::{ApiKey, Chunk, ErrorCode, Message, Reader, WireError, Writer};
use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};

use crate::kafka::bootstrap::Server;
use crate::kafka::release;

/// The longest answer that is read; Kafka's own request limit is 100 MiB.
const FRAME_LEN_MAX: usize = 128 << 20;
/// Memory taken before the peer has sent anything, whatever length it claims.
const FIRST_READ_LEN: usize = 64 << 10;
/// How long one attempt to connect may take.
const CONNECT_DEADLINE: std::time::Duration = std::time::Duration::from_secs(3);

#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    #[error("{server} cannot be reached: {source}")]
    Connect { server: Server, source: io::Error },
    #[error("{server} did not answer in time")]
    Deadline { server: Server },
    #[error("the connection to {server} broke: {source}")]
    Broken { server: Server, source: io::Error },
    #[error("the answer of {server} is no Kafka answer: {reason}")]
    Malformed { server: Server, reason: String },
    #[error("{server} does not know {} in a version known here", api.name())]
    Unsupported { server: Server, api: ApiKey },
    #[error("broker {broker} is not in the cluster's listing")]
    UnknownBroker { broker: i32 },
    #[error("the cluster has no server to ask")]
    NoServer,
}

impl LinkError {
    /// Whether the link is of no more use, so that a new one may do better.
    pub fn broke_the_link(&self) -> bool {
        match self {
            LinkError::Connect { .. } | LinkError::Broken { .. } | LinkError::Malformed { .. } => true,
            LinkError::Deadline { .. }
            | LinkError::Unsupported { .. }
            | LinkError::UnknownBroker { .. }
            | LinkError::NoServer => false,
        }
    }
}

/// An open connection. A question that was given up in the middle leaves it unusable.
#[derive(Debug)]
pub struct Link {
    server: Server,
    stream: TcpStream,
    versions: HashMap<i16, (i16, i16)>,
    correlation_id: i32,
    in_flight: bool,
}

impl Link {
    /// Connects and learns which versions the broker speaks.
    pub async fn open(server: &Server, until: Instant) -> Result<Link, LinkError> {
        let connect_until = until.min(Instant::now() + CONNECT_DEADLINE);
        let connecting = TcpStream::connect((server.host.as_str(), server.port));
        let stream = timeout_at(connect_until, connecting)
            .await
            .map_err(|_| LinkError::Deadline { server: server.clone() })?
            .map_err(|source| LinkError::Connect { server: server.clone(), source })?;
        let _ = stream.set_nodelay(true);
        let mut link = Link {
            server: server.clone(),
            stream,
            versions: HashMap::new(),
            correlation_id: 0,
            in_flight: false,
        };
        let versions = link.agree(until).await?;
        link.versions =
            versions.api_keys.iter().map(|api| (api.api_key, (api.min_version, api.max_version))).collect();
        Ok(link)
    }

    pub fn usable(&self) -> bool {
        !self.in_flight
    }

    /// Names the Kafka release whose protocol the broker speaks.
    pub fn release(&self) -> String {
        release::name(|api| self.versions.get(&api.code()).map_or(-1, |(_, max)| *max))
    }

    /// Sends a request in the highest version both sides know and [`version_cap`] allows.
    pub async fn ask<R: Request>(&mut self, request: &R, until: Instant) -> Result<R::Response, LinkError> {
        let version = self.version(R::KEY)?;
        let frame = self.exchange(R::KEY, version, request, until).await?;
        self.read(frame, R::KEY, version)
    }

    /// Returns the version in which this broker is asked.
    pub fn version(&self, api: ApiKey) -> Result<i16, LinkError> {
        let unsupported = || LinkError::Unsupported { server: self.server.clone(), api };
        let (their_min, their_max) = self.versions.get(&api.code()).copied().ok_or_else(unsupported)?;
        let (our_min, our_max) = api.versions();
        let version = their_max.min(our_max).min(version_cap(api));
        if version < their_min || version < our_min { Err(unsupported()) } else { Ok(version) }
    }

    async fn agree(&mut self, until: Instant) -> Result<ApiVersionsResponse, LinkError> {
        let request = ApiVersionsRequest {
            client_software_name: "headwater".to_owned(),
            client_software_version: env!("CARGO_PKG_VERSION").to_owned(),
        };
        let frame = self.exchange(ApiKey::ApiVersions, 3, &request, until).await?;
        // A broker that does not know the version says so in the form of version 0 (KIP-511).
        if frame.get(..2) == Some(&ErrorCode::UnsupportedVersion.code().to_be_bytes()) {
            let frame = self.exchange(ApiKey::ApiVersions, 0, &request, until).await?;
            return self.read(frame, ApiKey::ApiVersions, 0);
        }
        self.read(frame, ApiKey::ApiVersions, 3)
    }

    async fn exchange<M: Message>(
        &mut self,
        api: ApiKey,
        version: i16,
        request: &M,
        until: Instant,
    ) -> Result<Bytes, LinkError> {
        self.correlation_id = self.correlation_id.wrapping_add(1);
        let correlation_id = self.correlation_id;
        let frame = encode(api, version, correlation_id, request)
            .map_err(|error| self.malformed(error.to_string()))?;
        self.in_flight = true;
        let server = self.server.clone();
        let answer = match timeout_at(until, self.send_and_receive(frame)).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(source)) => return Err(LinkError::Broken { server, source }),
            Err(_) => return Err(LinkError::Deadline { server }),
        };
        let body = self.strip_header(answer, api, version, correlation_id)?;
        self.in_flight = false;
        Ok(body)
    }

    async fn send_and_receive(&mut self, frame: Bytes) -> io::Result<Bytes> {
        self.stream.write_all(&frame).await?;
        let length = self.stream.read_i32().await?;
        let length = usize::try_from(length).ok().filter(|length| (4..=FRAME_LEN_MAX).contains(length));
        let length = length.ok_or_else(|| io::Error::other("the answer has an impossible length"))?;
        let mut answer = BytesMut::with_capacity(length.min(FIRST_READ_LEN));
        let mut limited = (&mut self.stream).take(length as u64);
        while answer.len() < length {
            // Grows with what has come, so that a claimed length takes no memory by itself.
            if answer.len() == answer.capacity() {
                answer.reserve(answer.len().min(length - answer.len()).max(1));
            }
            if limited.read_buf(&mut answer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(answer.freeze())
    }

    fn strip_header(
        &self,
        mut answer: Bytes,
        api: ApiKey,
        version: i16,
        correlation_id: i32,
    ) -> Result<Bytes, LinkError> {
        let head = answer.split_to(4);
        if head[..] != correlation_id.to_be_bytes() {
            return Err(self.malformed("it answers another request".to_owned()));
        }
        if !api.response_header_flexible(version) {
            return Ok(answer);
        }
        let mut reader = Reader::new(answer.clone(), version, true);
        reader.skip_tags().map_err(|error| self.malformed(error.to_string()))?;
        Ok(answer.split_off(answer.len() - reader.left()))
    }

    fn read<M: Message>(&self, body: Bytes, api: ApiKey, version: i16) -> Result<M, LinkError> {
        Reader::read(body, version, api.flexible(version)).map_err(|error| self.malformed(error.to_string()))
    }

    fn malformed(&self, reason: String) -> LinkError {
        LinkError::Malformed { server: self.server.clone(), reason }
    }
}

/// Versions above these name topics by id only, which the callers here do not.
fn version_cap(api: ApiKey) -> i16 {
    #[expect(clippy::wildcard_enum_match_arm, reason = "a cap is the exception; a new API has none")]
    match api {
        ApiKey::Fetch => 12,
        ApiKey::OffsetFetch => 9,
        _ => i16::MAX,
    }
}

fn encode<M: Message>(
    api: ApiKey,
    version: i16,
    correlation_id: i32,
    request: &M,
) -> Result<Bytes, WireError> {
    let header = RequestHeader {
        api_key: api.code(),
        api_version: version,
        correlation_id,
        client_id: Some("headwater".to_owned()),
    };
    let mut writer = Writer::new(version, false);
    header.write(&mut writer)?;
    request.clone().wire(&mut writer)?;
    let mut frame = BytesMut::from(&[0u8; 4][..]);
    for chunk in writer.finish() {
        if let Chunk::Bytes(bytes) = chunk {
            frame.extend_from_slice(&bytes);
        }
    }
    let length =
        i32::try_from(frame.len() - 4).map_err(|_| WireError::Length { field: "frame", length: -1 })?;
    frame[..4].copy_from_slice(&length.to_be_bytes());
    Ok(frame.freeze())
}

/// The bytes of an ApiVersions request in version 0, for a server nobody has spoken to yet.
pub fn api_versions_probe(correlation_id: i32) -> Bytes {
    encode(ApiKey::ApiVersions, 0, correlation_id, &ApiVersionsRequest::default())
        .expect("an empty request always encodes")
}
