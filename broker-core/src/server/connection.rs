//! One connection: reads frames, starts requests, writes answers in request order.
//!
//! Kafka serves one request of a connection at a time. So do we, but for produce requests: they are appended in
//! order as they arrive and only their acknowledgements wait, which keeps a pipelining producer moving.

use std::collections::VecDeque;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedReadHalf;

use super::{Ctx, dispatch, respond};
use crate::broker::Broker;
use crate::protocol::{ApiKey, Chunk};

/// Produce requests of one connection whose acknowledgements may wait at once.
const PIPELINE_MAX: usize = 64;
/// Bytes asked of the socket at a time, until a large frame asks for more.
const READ_BYTES: usize = 64 << 10;
/// The smallest frame: key, version, correlation id.
const FRAME_MIN: usize = 8;

/// How often a request that a fault keeps waiting looks whether the link is mended.
const CUT_OFF_CHECK: Duration = Duration::from_millis(50);

type Answer = Pin<Box<dyn Future<Output = dispatch::Answered>>>;

/// Why a connection was closed from our side.
#[derive(Debug, thiserror::Error)]
pub(super) enum Closed {
    /// The peer is not speaking Kafka's protocol.
    #[error("{0}")]
    NotKafka(String),
    /// The request cannot be answered.
    #[error(transparent)]
    Refused(#[from] dispatch::Refused),
    /// The socket failed; the other side is gone.
    #[error("connection lost")]
    Lost(#[from] std::io::Error),
    /// Nothing was asked for too long.
    #[error("idle for too long")]
    Idle,
}

/// Serves a connection to its end.
pub(super) async fn serve(broker: Rc<Broker>, listener: Rc<str>, stream: TcpStream, address: SocketAddr) {
    let connection = broker.clients().connected(address.to_string(), broker.now().wall_ms);
    let ctx = Ctx {
        broker: Rc::clone(&broker),
        version: 0,
        client_id: String::new(),
        client_host: format!("/{}", address.ip()),
        listener,
        connection,
        appends: Rc::default(),
    };
    match run(ctx, stream).await {
        Ok(()) | Err(Closed::Lost(_) | Closed::Idle) => {}
        Err(reason @ Closed::Refused(dispatch::Refused::SilentProduce)) => {
            tracing::info!(broker = broker.id(), peer = %address, %reason, "connection closed");
        }
        Err(reason @ (Closed::NotKafka(_) | Closed::Refused(_))) => {
            tracing::warn!(broker = broker.id(), peer = %address, %reason, "connection closed");
        }
    }
    broker.clients().disconnected(connection);
}

async fn run(ctx: Ctx, stream: TcpStream) -> Result<(), Closed> {
    stream.set_nodelay(true)?;
    let (read, mut write) = stream.into_split();
    let mut frames = Frames::new(read, &ctx.broker);
    let mut waiting: VecDeque<Answer> = VecDeque::new();
    let mut held: Option<Bytes> = None;
    loop {
        let may_read = held.is_none() && waiting.len() < PIPELINE_MAX;
        let front = waiting.front_mut();
        let has_front = front.is_some();
        tokio::select! {
            biased;
            answered = poll_front(front), if has_front => {
                waiting.pop_front();
                send(&mut write, answered?).await?;
            }
            frame = frames.next(), if may_read => match frame? {
                None => return Ok(()),
                Some(frame) => held = Some(frame),
            },
        }
        while held.is_some() && ctx.broker.is_cut_off_from_clients() {
            tokio::time::sleep(CUT_OFF_CHECK).await;
        }
        let start = held.as_ref().is_some_and(|frame| waiting.is_empty() || is_produce(frame));
        if start && let Some(frame) = held.take() {
            let mut answer: Answer = Box::pin(dispatch::answer(ctx.clone(), frame));
            // The first step appends; it must happen before the next frame is looked at.
            match step(&mut answer).await {
                Some(answered) if waiting.is_empty() => send(&mut write, answered?).await?,
                Some(answered) => waiting.push_back(Box::pin(std::future::ready(answered))),
                None => waiting.push_back(answer),
            }
        }
    }
}

async fn poll_front(front: Option<&mut Answer>) -> dispatch::Answered {
    match front {
        Some(answer) => answer.await,
        None => std::future::pending().await,
    }
}

/// Polls once; `None` if the answer is not there yet.
async fn step(answer: &mut Answer) -> Option<dispatch::Answered> {
    std::future::poll_fn(|cx| match answer.as_mut().poll(cx) {
        Poll::Ready(answered) => Poll::Ready(Some(answered)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

async fn send(
    write: &mut tokio::net::tcp::OwnedWriteHalf,
    answer: Option<Vec<Chunk>>,
) -> Result<(), std::io::Error> {
    match answer {
        Some(chunks) => respond::write(write, &chunks).await,
        // acks=0 takes no answer and must not leave a gap either.
        None => Ok(()),
    }
}

fn is_produce(frame: &Bytes) -> bool {
    frame.get(..2).is_some_and(|key| key == ApiKey::Produce.code().to_be_bytes())
}

/// Cuts the byte stream into frames. Memory grows with what has arrived, never with what a length claims.
struct Frames {
    read: OwnedReadHalf,
    buffer: BytesMut,
    frame_max: usize,
    idle_max: Duration,
}

impl Frames {
    fn new(read: OwnedReadHalf, broker: &Broker) -> Self {
        let config = broker.config();
        let idle = config.number("connections.max.idle.ms");
        Self {
            read,
            buffer: BytesMut::new(),
            frame_max: config.number("socket.request.max.bytes").max(0) as usize,
            // A negative value turns the limit off in Kafka; a year is as good.
            idle_max: Duration::from_millis(if idle < 0 { 31_536_000_000 } else { idle as u64 }),
        }
    }

    /// The next whole frame without its length; `None` at the end of the stream. May be dropped and called again.
    async fn next(&mut self) -> Result<Option<Bytes>, Closed> {
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
                return Ok(Some(self.buffer.split_to(needed - 4).freeze()));
            }
            let missing = needed - self.buffer.len().min(needed);
            self.buffer.reserve(missing.min(self.buffer.len()).max(READ_BYTES));
            let read = tokio::time::timeout(self.idle_max, self.read.read_buf(&mut self.buffer)).await;
            if read.map_err(|_| Closed::Idle)?? == 0 {
                return Ok(None);
            }
        }
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
