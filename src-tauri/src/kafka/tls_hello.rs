//! The first words of a TLS client, sent only to find out whether a port speaks TLS. Nothing is negotiated:
//! any TLS record that comes back is the answer. A TLS server closes without a word on Kafka's own bytes.
//! Source: RFC 8446, section 4.1.2, and RFC 5246; the hello offers 1.2 and 1.3 as both describe it.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// For the second connection as a whole.
const DEADLINE: Duration = Duration::from_millis(1_200);

const GROUPS: [u8; 8] = [0, 6, 0x00, 0x1d, 0x00, 0x17, 0x00, 0x18];
const SIGNATURES: [u8; 14] = [0, 12, 0x04, 0x03, 0x08, 0x04, 0x04, 0x01, 0x05, 0x03, 0x08, 0x05, 0x08, 0x07];
const POINTS: [u8; 2] = [1, 0];
const VERSIONS: [u8; 5] = [4, 0x03, 0x04, 0x03, 0x03];
/// No share yet: a 1.3 server asks for one, which is answer enough.
const SHARES: [u8; 2] = [0, 0];
const CIPHERS: [u8; 20] = [
    0x13, 0x01, 0x13, 0x02, 0x13, 0x03, 0xc0, 0x2b, 0xc0, 0x2f, 0xc0, 0x2c, 0xc0, 0x30, 0x00, 0x9c, 0x00,
    0x2f, 0x00, 0x35,
];

/// Whether the port answers a TLS client with a TLS record.
pub async fn speaks_tls(host: &str, address: SocketAddr) -> bool {
    let asked = timeout(DEADLINE, async {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(&client_hello(host)).await?;
        let mut head = [0u8; 3];
        stream.read_exact(&mut head).await?;
        std::io::Result::Ok(head)
    });
    matches!(asked.await, Ok(Ok(head)) if is_record(&head))
}

/// Whether bytes begin as an alert or a handshake of TLS, or of the SSL before it.
pub fn is_record(bytes: &[u8]) -> bool {
    matches!(bytes, [0x15 | 0x16, 0x03, ..])
}

fn client_hello(host: &str) -> Vec<u8> {
    let mut extensions = Vec::new();
    // A proxy may choose by the name; an address is none (RFC 6066, section 3).
    if host.parse::<IpAddr>().is_err() {
        let name = sized(2, host.as_bytes());
        extend(&mut extensions, 0, &sized(2, &[&[0], name.as_slice()].concat()));
    }
    extend(&mut extensions, 10, &GROUPS);
    extend(&mut extensions, 11, &POINTS);
    extend(&mut extensions, 13, &SIGNATURES);
    extend(&mut extensions, 43, &VERSIONS);
    extend(&mut extensions, 51, &SHARES);
    let random = [0x48; 32];
    let body = [
        [0x03, 0x03].as_slice(),
        &random,
        &sized(1, &random),
        &sized(2, &CIPHERS),
        &sized(1, &[0]),
        &sized(2, &extensions),
    ];
    let handshake = [[0x01].as_slice(), &sized(3, &body.concat())].concat();
    [[0x16, 0x03, 0x01].as_slice(), &sized(2, &handshake)].concat()
}

fn extend(extensions: &mut Vec<u8>, kind: u16, body: &[u8]) {
    extensions.extend(kind.to_be_bytes());
    extensions.extend(sized(2, body));
}

/// Returns the bytes after their length in so many bytes. A host name has at most 253.
fn sized(width: usize, bytes: &[u8]) -> Vec<u8> {
    let length = (bytes.len() as u64).to_be_bytes();
    [length.get(8 - width..).unwrap_or_default(), bytes].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_add_up() {
        for host in ["127.0.0.1", "::1", "kafka.example"] {
            let hello = client_hello(host);
            assert_eq!(hello.len(), 5 + usize::from(u16::from_be_bytes([hello[3], hello[4]])), "{host}");
            assert_eq!(hello.len(), 9 + usize::from(u16::from_be_bytes([hello[7], hello[8]])), "{host}");
            assert_eq!(hello.windows(host.len()).any(|part| part == host.as_bytes()), host.contains('e'));
        }
    }
}
