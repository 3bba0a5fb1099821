//! Our own Kafka client: one request and its answer at a time over a [`Link`], and a pool of links by broker.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use broker_core::protocol::api::Request;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::time::{Instant, timeout};

use super::bootstrap::Server;

mod link;

pub use link::{Link, LinkError, api_versions_probe};

/// How long one question to the cluster may take, connecting included.
pub const ASK_DEADLINE: Duration = Duration::from_secs(8);

/// After so long without an answer another broker is asked too: the first may stand still.
const ANOTHER_AFTER: Duration = Duration::from_secs(1);

type Slot = Arc<tokio::sync::Mutex<Option<Link>>>;

/// The links of one connection, opened when first needed and again when they broke.
#[derive(Debug)]
pub struct Pool {
    bootstrap: Vec<Server>,
    brokers: Mutex<HashMap<i32, Server>>,
    slots: Mutex<HashMap<Server, Slot>>,
    /// Answered last; asked first.
    preferred: Mutex<Option<Server>>,
    release: Mutex<Option<String>>,
}

impl Pool {
    pub fn new(bootstrap: Vec<Server>) -> Pool {
        Pool {
            bootstrap,
            brokers: Mutex::default(),
            slots: Mutex::default(),
            preferred: Mutex::default(),
            release: Mutex::default(),
        }
    }

    /// Remembers where the brokers are, as the last listing said.
    pub fn learn(&self, brokers: HashMap<i32, Server>) {
        let known: Vec<Server> = self.bootstrap.iter().chain(brokers.values()).cloned().collect();
        lock(&self.slots).retain(|server, _| known.contains(server));
        *lock(&self.brokers) = brokers;
    }

    /// Asks a question that changes nothing of any broker: the one that answered last, and another each time that none
    /// has answered for a while.
    pub async fn ask_first<R: Request>(&self, request: &R) -> Result<R::Response, LinkError> {
        let until = Instant::now() + ASK_DEADLINE;
        let mut failure = LinkError::NoServer;
        let mut left = self.candidates().into_iter();
        let mut asked = FuturesUnordered::new();
        loop {
            match left.next() {
                Some(server) => asked.push(async move {
                    let answer = self.ask_server(&server, request, until).await;
                    (server, answer)
                }),
                None if asked.is_empty() => return Err(failure),
                None => {}
            }
            let patience = if left.len() > 0 { ANOTHER_AFTER } else { ASK_DEADLINE };
            match timeout(patience, asked.next()).await {
                Ok(Some((server, Ok(answer)))) => {
                    *lock(&self.preferred) = Some(server);
                    return Ok(answer);
                }
                Ok(Some((_, Err(error)))) => failure = error,
                Ok(None) | Err(_) => {}
            }
        }
    }

    /// Asks one broker after another until one answers, the one that answered last first.
    pub async fn ask_any<R: Request>(&self, request: &R) -> Result<R::Response, LinkError> {
        let until = Instant::now() + ASK_DEADLINE;
        let mut failure = LinkError::NoServer;
        for server in self.candidates() {
            match self.ask_server(&server, request, until).await {
                Ok(answer) => {
                    *lock(&self.preferred) = Some(server);
                    return Ok(answer);
                }
                Err(error) => failure = error,
            }
            if Instant::now() >= until {
                break;
            }
        }
        Err(failure)
    }

    /// Asks one broker.
    pub async fn ask_broker<R: Request>(&self, broker: i32, request: &R) -> Result<R::Response, LinkError> {
        let server = self.address(broker)?;
        self.ask_server(&server, request, Instant::now() + ASK_DEADLINE).await
    }

    /// Opens a link to a broker for the caller alone, for questions that wait.
    pub async fn open(&self, broker: i32) -> Result<Link, LinkError> {
        Link::open(&self.address(broker)?, Instant::now() + ASK_DEADLINE).await
    }

    /// Names the Kafka release whose protocol the broker that was reached last speaks.
    pub fn release(&self) -> Option<String> {
        lock(&self.release).clone()
    }

    fn address(&self, broker: i32) -> Result<Server, LinkError> {
        lock(&self.brokers).get(&broker).cloned().ok_or(LinkError::UnknownBroker { broker })
    }

    fn candidates(&self) -> Vec<Server> {
        let mut all: Vec<Server> = lock(&self.preferred).clone().into_iter().collect();
        let mut brokers: Vec<_> = lock(&self.brokers).clone().into_iter().collect();
        brokers.sort_by_key(|(id, _)| *id);
        for server in self.bootstrap.iter().cloned().chain(brokers.into_iter().map(|(_, server)| server)) {
            if !all.contains(&server) {
                all.push(server);
            }
        }
        all
    }

    async fn ask_server<R: Request>(
        &self,
        server: &Server,
        request: &R,
        until: Instant,
    ) -> Result<R::Response, LinkError> {
        let slot = lock(&self.slots).entry(server.clone()).or_default().clone();
        let mut held = slot.lock().await;
        // A kept link may have been closed by the broker since; then one new one is tried.
        if let Some(link) = held.as_mut().filter(|link| link.usable()) {
            match link.ask(request, until).await {
                Err(error) if error.broke_the_link() => *held = None,
                settled => return settled,
            }
        }
        let mut link = Link::open(server, until).await?;
        *lock(&self.release) = Some(link.release());
        let answer = link.ask(request, until).await;
        *held = Some(link).filter(Link::usable);
        answer
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
