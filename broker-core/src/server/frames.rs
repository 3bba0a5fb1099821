//! The byte stream of a connection cut into frames.

use std::rc::Rc;
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use tokio::io::AsyncReadExt;
use tokio::net::tcp::OwnedReadHalf;
use tokio::sync::OwnedSemaphorePermit;

use super::Admission;
use super::connection::Closed;
use crate::protocol::ApiKey;

/// Bytes asked of the socket at a time: few at first, and four times as many whenever all of them came, up to the
/// larger, until a large frame asks for more.
const READ_BYTES_FIRST: usize = 512;
const READ_BYTES: usize = 64 << 10;
/// The smallest frame: key, version, correlation id.
const FRAME_MIN: usize = 8;
/// A frame that has begun must be whole after this, and a second more for each of its MiB. Clients themselves give a
/// request up after 30 s (Java) or 60 s (librdkafka).
const FRAME_TIME: Duration = Duration::from_secs(30);
const BYTES_PER_SECOND: usize = 1 << 20;

/// A request without its length.
#[derive(Debug)]
pub(super) struct Frame {
    /// Its bytes.
    pub bytes: Bytes,
    /// Its share of what a broker holds of requests that nobody has looked at yet, if it is large.
    pub room: Option<OwnedSemaphorePermit>,
}

impl Frame {
    /// Whether it asks for this API.
    pub fn is_of(&self, api: ApiKey) -> bool {
        self.bytes.get(..2).is_some_and(|key| key == api.code().to_be_bytes())
    }
}

/// Cuts the byte stream into frames. Memory grows with what has arrived, never with what a length claims, and of
/// large frames no further than all connections together may hold.
#[derive(Debug)]
pub(super) struct Frames {
    read: OwnedReadHalf,
    admission: Rc<Admission>,
    buffer: BytesMut,
    read_bytes: usize,
    frame_max: usize,
    idle_max: Duration,
    /// Since when there is a part of a frame, on the broker's own clock.
    begun: Option<Duration>,
    room: Option<OwnedSemaphorePermit>,
}

impl Frames {
    pub fn new(read: OwnedReadHalf, admission: Rc<Admission>) -> Self {
        let config = admission.broker().config();
        let idle = config.number("connections.max.idle.ms");
        Self {
            read,
            admission,
            buffer: BytesMut::new(),
            read_bytes: READ_BYTES_FIRST,
            frame_max: config.number("socket.request.max.bytes").max(0) as usize,
            // A negative value turns the limit off in Kafka; a year is as good.
            idle_max: Duration::from_millis(if idle < 0 { 31_536_000_000 } else { idle as u64 }),
            begun: None,
            room: None,
        }
    }

    /// How long neither side may be silent.
    pub fn idle_max(&self) -> Duration {
        self.idle_max
    }

    /// The next whole frame; `None` at the end of the stream. May be dropped and called again.
    pub async fn next(&mut self) -> Result<Option<Frame>, Closed> {
        loop {
            let needed = match self.buffer.get(..4) {
                None => 4,
                Some(mut head) => {
                    let length = head.get_i32();
                    4 + self.check(length)?
                }
            };
            if needed > 4 && self.buffer.len() >= needed {
                self.buffer.advance(4);
                let bytes = self.buffer.split_to(needed - 4).freeze();
                self.begun = None;
                return Ok(Some(Frame { bytes, room: self.room.take() }));
            }
            if needed > READ_BYTES && self.room.is_none() {
                self.room = self.admission.reserve(needed).await;
                // Waiting for others is not its fault.
                self.begun = None;
            }
            if !self.read_some(needed).await? {
                return Ok(None);
            }
        }
    }

    /// We do not read now: the time does not count.
    pub fn pause(&mut self) {
        self.begun = None;
    }

    /// Reads what there is, in time; false at the end of the stream.
    async fn read_some(&mut self, needed: usize) -> Result<bool, Closed> {
        let arrived = self.buffer.len();
        let missing = needed - arrived.min(needed);
        let room = missing.min(arrived).max(self.read_bytes);
        let now = self.admission.broker().now().mono;
        let within = FRAME_TIME + Duration::from_secs((needed / BYTES_PER_SECOND) as u64);
        let begun = if arrived == 0 { None } else { Some(*self.begun.get_or_insert(now)) };
        let (left, late) = match begun {
            None => (self.idle_max, Closed::Idle),
            Some(begun) => {
                let late = Closed::Slow { arrived, needed, within_s: within.as_secs() };
                ((begun + within).saturating_sub(now), late)
            }
        };
        match tokio::time::timeout(left, self.read_into(room)).await {
            Err(_) => Err(late),
            Ok(read) => Ok(read? > 0),
        }
    }

    /// Bytes read. Whoever says nothing holds no memory.
    async fn read_into(&mut self, room: usize) -> std::io::Result<usize> {
        if self.buffer.is_empty() {
            self.buffer = BytesMut::new();
            self.read.readable().await?;
        }
        self.buffer.reserve(room);
        let read = self.read.read_buf(&mut self.buffer).await?;
        if read >= self.read_bytes {
            self.read_bytes = (read * 4).min(READ_BYTES);
        }
        Ok(read)
    }

    fn check(&self, length: i32) -> Result<usize, Closed> {
        match usize::try_from(length) {
            Ok(length) if (FRAME_MIN..=self.frame_max).contains(&length) => Ok(length),
            Ok(_) | Err(_) => Err(Closed::NotKafka(what_it_is(length, self.frame_max))),
        }
    }
}

/// Names the usual mistakes by their first bytes.
fn what_it_is(length: i32, frame_max: usize) -> String {
    match length.to_be_bytes() {
        [0x16, 0x03, ..] => "the client speaks TLS but this port is PLAINTEXT".to_owned(),
        [b'G', b'E', b'T', b' ']
        | [b'P', b'O', b'S', b'T']
        | [b'H', b'E', b'A', b'D']
        | [b'P', b'U', b'T', b' '] => "the client speaks HTTP but this port is Kafka's".to_owned(),
        _ => format!("frame length {length} is not between {FRAME_MIN} and {frame_max}"),
    }
}
