//! Finding out what answers at an address, step by step, before any Kafka client is let near it.

use std::net::SocketAddr;
use std::time::Duration;

use broker_core::protocol::messages::api_versions::ApiVersionsResponse;
use broker_core::protocol::{ApiKey, Reader};
use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::bootstrap::Server;
use super::wire::api_versions_probe;
use super::{release, tls_hello};
use crate::dto::AppError;
use crate::error::AppResult;

const NAME_DEADLINE: Duration = Duration::from_millis(1_500);
pub const TCP_DEADLINE: Duration = Duration::from_millis(2_000);
const ANSWER_DEADLINE: Duration = Duration::from_millis(1_500);
/// An ApiVersions answer is some 500 bytes; whatever a peer claims, no more than this is read.
const ANSWER_LEN_MAX: usize = 64 << 10;
/// How every TLS handshake record begins.
const TLS_RECORD: [u8; 2] = [0x16, 0x03];
const CORRELATION_ID: i32 = 0x4857;

/// Returns the addresses of a host name.
pub async fn resolve(server: &Server) -> AppResult<Vec<SocketAddr>> {
    let what = format!("The name {} cannot be resolved", server.host);
    let lookup = timeout(NAME_DEADLINE, lookup_host((server.host.as_str(), server.port))).await;
    let found: Vec<SocketAddr> = match lookup {
        Ok(Ok(found)) => found.collect(),
        Ok(Err(error)) => {
            // The resolver's own words differ from system to system, and name its functions.
            let detail = error.to_string();
            let silent = detail.contains("Temporary failure") || detail.contains("EAI_AGAIN");
            let why = if silent { "No name server answers." } else { "The name server knows no such name." };
            return Err(AppError::new(what, why)
                .detail(detail)
                .at_broker(server.to_string())
                .remedy("Check the spelling of the host name")
                .remedy(
                    "If it is a name inside a container network, use the address published on this machine",
                )
                .retriable());
        }
        Err(_) => {
            return Err(AppError::new(what, "The name server did not answer in 1.5 s.")
                .at_broker(server.to_string())
                .remedy("Check the network or VPN of this machine")
                .retriable());
        }
    };
    if found.is_empty() {
        return Err(AppError::new(what, "The name has no address.").at_broker(server.to_string()));
    }
    Ok(found)
}

/// Connects to the first address that takes it.
pub async fn connect(server: &Server, addresses: &[SocketAddr]) -> AppResult<TcpStream> {
    let what = format!("{server} cannot be reached");
    match timeout(TCP_DEADLINE, TcpStream::connect(addresses)).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            Err(AppError::new(what, "Nothing listens on that port: the connection was refused.")
                .at_broker(server.to_string())
                .remedy("Check that Kafka runs and that the port is right")
                .retriable())
        }
        Ok(Err(error)) => Err(AppError::new(what, super::errors::sentence(&error.to_string()))
            .at_broker(server.to_string())
            .retriable()),
        Err(_) => Err(AppError::new(what, "No answer in 2 s: packets are dropped on the way.")
            .at_broker(server.to_string())
            .remedy("Check firewalls, security groups and whether a VPN is needed")
            .retriable()),
    }
}

/// Asks which protocol versions the peer speaks, and says what it is when it is no plaintext Kafka.
pub async fn ask_versions(server: &Server, mut stream: TcpStream) -> AppResult<ApiVersionsResponse> {
    let address = stream.peer_addr();
    let asked = timeout(ANSWER_DEADLINE, async {
        stream.write_all(&api_versions_probe(CORRELATION_ID)).await?;
        read_answer(&mut stream).await
    });
    let answer = match asked.await {
        Ok(Ok(answer)) => Some(answer),
        Ok(Err(_)) => Some(Bytes::new()),
        Err(_) => None,
    };
    drop(stream);
    if let Some(versions) = answer.as_ref().and_then(read_versions) {
        return Ok(versions);
    }
    let wordless = answer.as_ref().is_none_or(Bytes::is_empty);
    if wordless
        && let Ok(address) = address
        && tls_hello::speaks_tls(&server.host, address).await
    {
        return Err(recognise(server, Some(&TLS_RECORD)));
    }
    Err(recognise(server, answer.as_deref()))
}

/// Reads what comes: one framed answer, or the first bytes of something else.
async fn read_answer(stream: &mut TcpStream) -> std::io::Result<Bytes> {
    let mut answer = BytesMut::with_capacity(1_024);
    loop {
        if stream.read_buf(&mut answer).await? == 0 {
            return Ok(answer.freeze());
        }
        let Some(head) = answer.first_chunk::<4>() else {
            continue;
        };
        let claimed = u32::from_be_bytes(*head) as usize;
        if claimed > ANSWER_LEN_MAX || answer.len() >= claimed + 4 {
            return Ok(answer.freeze());
        }
    }
}

fn read_versions(answer: &Bytes) -> Option<ApiVersionsResponse> {
    let length = usize::try_from(i32::from_be_bytes(*answer.first_chunk::<4>()?)).ok()?;
    let body = answer.get(4..4 + length)?;
    if body.get(..4)? != CORRELATION_ID.to_be_bytes() {
        return None;
    }
    let frame = Bytes::copy_from_slice(body.get(4..)?);
    let versions: ApiVersionsResponse = Reader::read(frame, 0, ApiKey::ApiVersions.flexible(0)).ok()?;
    (versions.error_code == 0 && !versions.api_keys.is_empty()).then_some(versions)
}

/// Says what a peer is from the first bytes it sent; `None` means it kept silent.
fn recognise(server: &Server, answer: Option<&[u8]>) -> AppError {
    let what = format!("{server} does not answer as Kafka without TLS");
    let error = match answer {
        None => AppError::new(what, "The connection was made, but nothing came back in 1.5 s.")
            .remedy("The port may belong to another program, or to a listener that waits for TLS")
            .remedy("A proxy or load balancer may accept connections for a broker that is down"),
        Some([]) => AppError::new(what, "The connection was closed at once.")
            .remedy("The listener may want TLS or SASL: ask for the PLAINTEXT port")
            .remedy("A broker's controller port (often 9093) does not serve clients"),
        Some(bytes) if tls_hello::is_record(bytes) => AppError::new(what, "The listener speaks TLS.")
            .remedy("Use the port of the PLAINTEXT listener; connections with TLS come in a later version"),
        Some(bytes) if bytes.starts_with(b"HTTP/") => {
            AppError::new(what, "A web server answered: this is an HTTP port.")
                .remedy("Use Kafka's own port, usually 9092, not that of a REST proxy or a web page")
        }
        Some(bytes) if bytes.starts_with(b"SSH-") => {
            AppError::new(what, "An SSH server answered.").remedy("Use Kafka's own port, usually 9092")
        }
        Some(_) => AppError::new(what, "The answer is not in Kafka's protocol.")
            .remedy("Check that the port is that of a Kafka broker, usually 9092"),
    };
    error.at_broker(server.to_string()).retriable()
}

/// Names the Kafka release whose protocol the answer shows.
pub fn release_name(versions: &ApiVersionsResponse) -> String {
    release::name(|api| {
        let found = versions.api_keys.iter().find(|entry| entry.api_key == api.code());
        found.map_or(-1, |entry| entry.max_version)
    })
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    /// A peer that answers TLS clients, and closes on all others without a word.
    const TLS_ONLY: &[u8] = b"tls";

    /// A peer that reads the probe and answers these bytes, or nothing and stays.
    async fn peer(answer: Option<&'static [u8]>) -> AppError {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let serving = tokio::spawn(async move {
            let mut held = Vec::new();
            loop {
                let (mut stream, _) = listener.accept().await.expect("a client");
                let mut probe = [0u8; 64];
                let _ = stream.read(&mut probe).await;
                match answer {
                    Some(TLS_ONLY) if probe.starts_with(&TLS_RECORD) => {
                        stream.write_all(&[0x16, 3, 3, 0, 58]).await.expect("written");
                    }
                    Some(TLS_ONLY) => {}
                    Some(bytes) => stream.write_all(bytes).await.expect("written"),
                    None => held.push(stream),
                }
            }
        });
        let server = Server { host: "127.0.0.1".into(), port: address.port() };
        let stream = connect(&server, &[address]).await.expect("connects");
        let error = ask_versions(&server, stream).await.expect_err("no Kafka");
        serving.abort();
        error
    }

    #[tokio::test]
    async fn a_tls_alert_is_recognised() {
        assert!(peer(Some(&[0x15, 3, 3, 0, 2, 2, 80])).await.why.contains("TLS"));
    }

    #[tokio::test]
    async fn a_tls_server_that_closes_without_a_word_is_recognised() {
        assert!(peer(Some(TLS_ONLY)).await.why.contains("TLS"));
    }

    #[tokio::test]
    async fn a_web_server_is_recognised() {
        assert!(peer(Some(b"HTTP/1.1 400 Bad Request\r\n\r\n")).await.why.contains("web server"));
    }

    #[tokio::test]
    async fn an_immediate_close_is_recognised() {
        assert!(peer(Some(b"")).await.why.contains("closed at once"));
    }

    #[tokio::test]
    async fn silence_is_recognised() {
        assert!(peer(None).await.why.contains("nothing came back"));
    }

    #[tokio::test]
    async fn a_claimed_length_takes_no_memory() {
        assert!(peer(Some(&[0x7f, 0xff, 0xff, 0xff, 1, 2, 3])).await.why.contains("not in Kafka's protocol"));
    }

    #[tokio::test]
    async fn a_refused_port_is_named() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        drop(listener);
        let server = Server { host: "127.0.0.1".into(), port: address.port() };
        let error = connect(&server, &[address]).await.expect_err("refused");
        assert!(error.why.contains("refused"));
    }
}
