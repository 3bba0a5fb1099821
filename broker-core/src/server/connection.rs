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

use tokio::net::TcpStream;
use tokio::net::tcp::OwnedWriteHalf;

use super::frames::{Frame, Frames};
use super::{Admission, Ctx, dispatch, respond};
use crate::protocol::{ApiKey, Chunk};

/// Produce requests of one connection whose acknowledgements may wait at once.
const PIPELINE_MAX: usize = 64;
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
    /// Nothing was asked, or no answer taken, for too long.
    #[error("idle for too long")]
    Idle,
    /// A request was begun and did not come to its end.
    #[error("{arrived} of {needed} bytes of a request arrived within {within_s} s")]
    Slow {
        /// Bytes that arrived.
        arrived: usize,
        /// Bytes the request has, as far as is known.
        needed: usize,
        /// How long it had, in seconds.
        within_s: u64,
    },
}

/// Serves a connection to its end.
pub(super) async fn serve(
    admission: &Rc<Admission>,
    listener: Rc<str>,
    stream: TcpStream,
    address: SocketAddr,
) {
    let broker = Rc::clone(admission.broker());
    let present = broker.clients().connected(address.to_string(), broker.clock());
    let ctx = Ctx {
        broker: Rc::clone(&broker),
        version: 0,
        client_id: String::new(),
        client_host: format!("/{}", address.ip()),
        listener,
        connection: present.id,
        appends: Rc::default(),
    };
    match run(ctx, admission, stream).await {
        Ok(()) | Err(Closed::Lost(_) | Closed::Idle) => {}
        Err(reason @ Closed::Refused(dispatch::Refused::SilentProduce)) => {
            tracing::info!(broker = broker.id(), peer = %address, %reason, "connection closed");
        }
        Err(reason @ (Closed::NotKafka(_) | Closed::Slow { .. } | Closed::Refused(_))) => {
            tracing::warn!(broker = broker.id(), peer = %address, %reason, "connection closed");
        }
    }
}

async fn run(ctx: Ctx, admission: &Rc<Admission>, stream: TcpStream) -> Result<(), Closed> {
    stream.set_nodelay(true)?;
    let (read, write) = stream.into_split();
    let mut frames = Frames::new(read, Rc::clone(admission));
    let mut write = Answers { write, idle_max: frames.idle_max() };
    let mut waiting: VecDeque<Answer> = VecDeque::new();
    let mut held: Option<Frame> = None;
    loop {
        let may_read = held.is_none() && waiting.len() < PIPELINE_MAX;
        if !may_read {
            frames.pause();
        }
        let front = waiting.front_mut();
        let has_front = front.is_some();
        tokio::select! {
            biased;
            answered = poll_front(front), if has_front => {
                waiting.pop_front();
                write.send(answered?).await?;
            }
            frame = frames.next(), if may_read => match frame? {
                None => return Ok(()),
                Some(frame) => held = Some(frame),
            },
        }
        while held.is_some() && ctx.broker.is_cut_off_from_clients() {
            tokio::time::sleep(CUT_OFF_CHECK).await;
        }
        let start = held.as_ref().is_some_and(|frame| waiting.is_empty() || frame.is_of(ApiKey::Produce));
        if start && let Some(frame) = held.take() {
            let Frame { bytes, room } = frame;
            let mut answer: Answer = Box::pin(dispatch::answer(ctx.clone(), bytes));
            // The first step appends, or takes its turn to; it must happen before the next frame is looked at.
            match step(&mut answer).await {
                Some(answered) if waiting.is_empty() => write.send(answered?).await?,
                Some(answered) => waiting.push_back(Box::pin(std::future::ready(answered))),
                None => waiting.push_back(answer),
            }
            drop(room);
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

/// The way back to the client.
struct Answers {
    write: OwnedWriteHalf,
    idle_max: Duration,
}

impl Answers {
    async fn send(&mut self, answer: Option<Vec<Chunk>>) -> Result<(), Closed> {
        // acks=0 takes no answer and must not leave a gap either.
        let Some(chunks) = answer else { return Ok(()) };
        match respond::write(&mut self.write, &chunks, self.idle_max).await {
            Err(err) if err.kind() == std::io::ErrorKind::TimedOut => Err(Closed::Idle),
            done => Ok(done?),
        }
    }
}
