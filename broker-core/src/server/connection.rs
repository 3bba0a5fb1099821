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
use super::respond::Answers;
use super::{Admission, Ctx, dispatch};
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
    Lost(std::io::Error),
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

impl From<std::io::Error> for Closed {
    fn from(err: std::io::Error) -> Self {
        if err.kind() == std::io::ErrorKind::TimedOut { Self::Idle } else { Self::Lost(err) }
    }
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
    let mut answers = Answers::new(write, frames.idle_max());
    let ended = converse(&ctx, &mut frames, &mut answers).await;
    if !matches!(ended, Err(Closed::Lost(_) | Closed::Idle)) {
        answers.flush().await?;
    }
    ended
}

async fn converse(
    ctx: &Ctx,
    frames: &mut Frames,
    answers: &mut Answers<OwnedWriteHalf>,
) -> Result<(), Closed> {
    let mut waiting: VecDeque<Answer> = VecDeque::new();
    let mut held: Option<Frame> = None;
    loop {
        let may_read = held.is_none() && waiting.len() < PIPELINE_MAX && !appends(ctx);
        if !may_read {
            frames.pause();
        }
        let (has_front, holds_some) = (!waiting.is_empty(), answers.holds_some());
        tokio::select! {
            biased;
            answered = first(ctx, &mut waiting), if has_front => if let Some(answered) = answered {
                put(answers, answered?).await?;
            },
            frame = frames.next(), if may_read => match frame? {
                None => return Ok(()),
                Some(frame) => held = Some(frame),
            },
            // Nothing else is to be done at once: what is answered goes out.
            flushed = answers.flush(), if holds_some => flushed?,
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
                Some(answered) if waiting.is_empty() => put(answers, answered?).await?,
                Some(answered) => waiting.push_back(Box::pin(std::future::ready(answered))),
                None => waiting.push_back(answer),
            }
            drop(room);
        }
    }
}

async fn put(answers: &mut Answers<OwnedWriteHalf>, answer: Option<Vec<Chunk>>) -> Result<(), Closed> {
    // acks=0 takes no answer and must not leave a gap either.
    let Some(chunks) = answer else { return Ok(()) };
    Ok(answers.put(&chunks).await?)
}

/// Whether a request of this connection has not appended yet. The next one is not looked at until it has.
fn appends(ctx: &Ctx) -> bool {
    ctx.appends.try_lock().is_err()
}

/// The first answer, or nothing once the last request has appended, if it had not.
async fn first(ctx: &Ctx, waiting: &mut VecDeque<Answer>) -> Option<dispatch::Answered> {
    let last_appends = appends(ctx);
    std::future::poll_fn(|cx| {
        if let Some(front) = waiting.front_mut()
            && let Poll::Ready(answered) = front.as_mut().poll(cx)
        {
            waiting.pop_front();
            return Poll::Ready(Some(answered));
        }
        if waiting.len() > 1
            && last_appends
            && let Some(last) = waiting.back_mut()
            && let Poll::Ready(answered) = last.as_mut().poll(cx)
        {
            *last = Box::pin(std::future::ready(answered));
        }
        if last_appends && !appends(ctx) { Poll::Ready(None) } else { Poll::Pending }
    })
    .await
}

/// Polls once; `None` if the answer is not there yet.
async fn step(answer: &mut Answer) -> Option<dispatch::Answered> {
    std::future::poll_fn(|cx| match answer.as_mut().poll(cx) {
        Poll::Ready(answered) => Poll::Ready(Some(answered)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}
