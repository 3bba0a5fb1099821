//! One connection: its facts, its health, and its newest listing and measurements.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, RwLock};
use std::time::Duration;

use tokio::sync::{Notify, watch};

use super::LOOK_SHARE;
use crate::clock::now_ms;
use crate::dto::{AppError, ClusterId, ClusterKind, ClusterState, ClusterSummary, ErrorCode};
use crate::error::AppResult;
use crate::kafka::KafkaClient;
use crate::kafka::listing::Listing;
use crate::policy::ConnectionFacts;
use crate::services::sampler::{History, Measure};
use crate::services::settings::Settings;
use crate::store::connections::StoredConnection;

/// So long somebody who looks waits for news, where something is known.
const PATIENCE: Duration = Duration::from_secs(2);
/// After this long without a question nobody looks any more.
const IN_USE_MS: i64 = 60_000;

/// How a cluster is, and since when.
#[derive(Clone, Debug)]
pub struct Health {
    pub state: ClusterState,
    pub since: i64,
    pub problem: Option<String>,
    pub last_seen: Option<i64>,
    pub latency_ms: Option<f64>,
}

/// When nobody answered, and how long that took.
#[derive(Clone, Copy, Debug)]
struct Silence {
    at: i64,
    took_ms: i64,
}

/// One connection.
pub struct Connection {
    pub id: ClusterId,
    row: RwLock<StoredConnection>,
    health: Mutex<Health>,
    client: Mutex<Option<Arc<KafkaClient>>>,
    listing: Mutex<Option<Arc<Listing>>>,
    /// The listing may no longer be true, however young it is.
    outdated: AtomicBool,
    /// The same of the numbers.
    measure_outdated: AtomicBool,
    measure: Mutex<Option<Arc<Measure>>>,
    /// No broker answered when it was asked for numbers last.
    silence: Mutex<Option<Silence>>,
    /// One measurement at a time, however many screens ask.
    measuring: tokio::sync::Mutex<()>,
    history: Mutex<History>,
    touched: AtomicI64,
    /// When the local cluster was started last, 0 for never.
    started: AtomicI64,
    woken: Notify,
    settings: Arc<Settings>,
    changed: watch::Sender<u64>,
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Connection {
    pub fn new(row: StoredConnection, settings: Arc<Settings>, changed: watch::Sender<u64>) -> Connection {
        let state = match row.kind {
            ClusterKind::Local => ClusterState::Stopped,
            ClusterKind::Remote => ClusterState::Connecting,
        };
        let health =
            Health { state, since: now_ms(), problem: None, last_seen: row.last_seen, latency_ms: None };
        Connection {
            id: row.id,
            row: RwLock::new(row),
            health: Mutex::new(health),
            client: Mutex::default(),
            listing: Mutex::default(),
            outdated: AtomicBool::new(false),
            measure_outdated: AtomicBool::new(false),
            measure: Mutex::default(),
            silence: Mutex::default(),
            measuring: tokio::sync::Mutex::default(),
            history: Mutex::new(History::new(now_ms())),
            touched: AtomicI64::new(0),
            started: AtomicI64::new(0),
            woken: Notify::new(),
            settings,
            changed,
        }
    }

    pub fn row(&self) -> StoredConnection {
        self.row.read().unwrap_or_else(|poisoned| poisoned.into_inner()).clone()
    }

    pub fn set_row(&self, row: StoredConnection) {
        *self.row.write().unwrap_or_else(|poisoned| poisoned.into_inner()) = row;
    }

    pub fn facts(&self) -> ConnectionFacts {
        let row = self.row();
        ConnectionFacts { id: row.id, name: row.name, environment: row.environment, read_only: row.read_only }
    }

    pub fn health(&self) -> Health {
        lock(&self.health).clone()
    }

    pub fn summary(&self) -> ClusterSummary {
        let (row, health) = (self.row(), self.health());
        let listing = lock(&self.listing).clone();
        ClusterSummary {
            cluster_id: row.id,
            name: row.name,
            kind: row.kind,
            environment: row.environment,
            read_only: row.read_only,
            bootstrap: row.bootstrap,
            state: health.state,
            since: health.since,
            started_at: Some(self.started.load(Ordering::Relaxed)).filter(|at| *at > 0),
            problem: health.problem,
            last_seen: health.last_seen,
            brokers: listing.as_ref().map(|listing| crate::count(listing.brokers.len())),
            topics: listing.as_ref().map(|listing| crate::count(listing.topics.len())),
        }
    }

    /// Kafka's own id of the cluster, as last seen.
    pub fn kafka_cluster_id(&self) -> Option<String> {
        lock(&self.listing).as_ref()?.kafka_cluster_id.clone()
    }

    /// Notes that somebody looks; a connection nobody looked at is woken.
    pub fn touch(&self) {
        let now = now_ms();
        let before = self.touched.swap(now, Ordering::Relaxed);
        if now - before > IN_USE_MS {
            self.woken.notify_one();
        }
    }

    pub fn in_use(&self, now: i64) -> bool {
        now - self.touched.load(Ordering::Relaxed) < IN_USE_MS
    }

    pub fn stopped(&self) -> bool {
        matches!(self.health().state, ClusterState::Stopped | ClusterState::Starting)
    }

    /// Ends when somebody begins to look at a connection that was left alone, or its state was set.
    pub async fn wait_for_wake(&self) {
        self.woken.notified().await;
    }

    /// Notes that the local cluster has just been started: what was seen of it before is not how it is.
    pub fn set_started(&self, at: i64) {
        self.started.store(at, Ordering::Relaxed);
        self.set_state(ClusterState::Connecting, None);
    }

    /// Sets the state that is not found out by looking (the local cluster's), and wakes the watcher.
    pub fn set_state(&self, state: ClusterState, problem: Option<String>) {
        self.change_health(|health| {
            if health.state != state {
                health.since = now_ms();
            }
            health.state = state;
            health.problem = problem;
            health.latency_ms = None;
        });
        if state == ClusterState::Stopped {
            self.outdate();
            self.forget_client();
        }
        self.woken.notify_one();
    }

    /// Forgets what was seen, for a cluster whose data is gone.
    pub fn forget_seen(&self) {
        *lock(&self.listing) = None;
        *lock(&self.measure) = None;
        *lock(&self.history) = History::new(now_ms());
    }

    pub fn forget_client(&self) {
        *lock(&self.client) = None;
    }

    /// Returns the client; a local cluster that does not run has none.
    pub fn client(&self) -> AppResult<Arc<KafkaClient>> {
        let row = self.row();
        if row.kind == ClusterKind::Local && self.stopped() {
            return Err(AppError::new("The local cluster does not run", "It was stopped.")
                .code(ErrorCode::Unreachable)
                .at_connection(self.id)
                .remedy_call("Start it", "local.start", serde_json::json!({})));
        }
        let mut client = lock(&self.client);
        if let Some(client) = client.as_ref() {
            return Ok(client.clone());
        }
        let made = Arc::new(KafkaClient::new(self.id, &row.bootstrap)?);
        *client = Some(made.clone());
        Ok(made)
    }

    /// Asks for a new listing and sets the health by what came of it.
    pub async fn look(&self) -> AppResult<Arc<Listing>> {
        let client = self.client()?;
        match client.listing().await {
            Ok(listing) => {
                let listing = Arc::new(listing);
                self.outdated.store(false, Ordering::SeqCst);
                *lock(&self.listing) = Some(listing.clone());
                self.change_health(|health| {
                    if health.state != ClusterState::Connected {
                        health.state = ClusterState::Connected;
                        health.since = listing.as_of;
                    }
                    health.problem = None;
                    health.last_seen = Some(listing.as_of);
                    health.latency_ms = Some(listing.took_ms);
                });
                Ok(listing)
            }
            Err(error) => {
                // A local cluster that was stopped meanwhile is not unreachable.
                if !self.stopped() {
                    self.change_health(|health| {
                        if health.state != ClusterState::Unreachable {
                            health.state = ClusterState::Unreachable;
                            health.since = now_ms();
                        }
                        health.problem = Some(error.why.clone());
                        health.latency_ms = None;
                    });
                }
                Err(error.at_connection(self.id))
            }
        }
    }

    /// Returns a listing of this round, or, when the cluster is away, the last one with the reason.
    /// Errors: `unreachable` when there never was one.
    pub async fn listing(&self) -> AppResult<(Arc<Listing>, Option<AppError>)> {
        let known = lock(&self.listing).clone();
        let fresh = |listing: &&Arc<Listing>| {
            !self.outdated.load(Ordering::SeqCst) && now_ms() - listing.as_of < self.settings.fresh_ms()
        };
        if let Some(listing) = known.as_ref().filter(fresh) {
            return Ok((listing.clone(), None));
        }
        match (self.look().await, known) {
            (Ok(listing), _) => Ok((listing, None)),
            (Err(error), Some(listing)) => Ok((listing, Some(error))),
            (Err(error), None) => Err(error),
        }
    }

    /// The same for somebody who looks: the last one where a newer is long in coming. Whoever keeps looking finds out
    /// whether the cluster is away.
    pub async fn listing_soon(&self) -> AppResult<(Arc<Listing>, Option<AppError>)> {
        let known = lock(&self.listing).clone();
        soon(self.listing(), known.map(|listing| Ok((listing, None)))).await
    }

    /// The same, asked again at once if it does not know `topic`: somebody may have created it a moment ago.
    pub async fn listing_with(&self, topic: &str) -> AppResult<(Arc<Listing>, Option<AppError>)> {
        let (listing, away) = self.listing().await?;
        if away.is_some() || listing.topic(topic).is_some() {
            return Ok((listing, away));
        }
        self.outdate();
        self.listing().await
    }

    /// Returns the numbers of the cluster, of this round.
    pub async fn measured(&self) -> AppResult<Arc<Measure>> {
        self.listing_here().await?;
        if let Some(measure) = self.fresh_measure() {
            return Ok(measure);
        }
        let _one_at_a_time = self.measuring.lock().await;
        if let Some(measure) = self.fresh_measure() {
            return Ok(measure);
        }
        // Asked again: topics may have been made while this one waited for its turn.
        let listing = self.listing_here().await?;
        let client = self.client()?;
        let before = lock(&self.measure).clone();
        self.measure_outdated.store(false, Ordering::SeqCst);
        let measure = Arc::new(Measure::take(&client, &listing, before.as_deref()).await);
        let silent = measure.is_silent(listing.brokers.len());
        *lock(&self.silence) = silent.then_some(Silence { at: measure.at, took_ms: measure.took_ms });
        if let Some(before) = before.filter(|_| silent) {
            // What is known stays, with its time.
            return Ok(before);
        }
        lock(&self.history).add(&measure, &listing);
        *lock(&self.measure) = Some(measure.clone());
        Ok(measure)
    }

    /// The same for somebody who looks: the newest there are where newer ones are long in coming; none of a cluster
    /// that gave none. Also tells whether they are far older than they should be.
    pub async fn measured_soon(&self) -> (Option<Arc<Measure>>, bool) {
        let known = self.last_measure().map(Ok);
        let measure = soon(self.measured(), known).await.ok();
        let is_late = |measure: &Arc<Measure>| now_ms() - measure.at > 2 * self.due_ms(measure.took_ms);
        let late = measure.as_ref().is_some_and(is_late);
        (measure, late)
    }

    /// Returns a listing of a cluster that answers.
    async fn listing_here(&self) -> AppResult<Arc<Listing>> {
        match self.listing().await? {
            (listing, None) => Ok(listing),
            (_, Some(away)) => Err(away),
        }
    }

    /// Returns the newest numbers, however old, of a cluster that does not answer.
    pub fn last_measure(&self) -> Option<Arc<Measure>> {
        lock(&self.measure).clone()
    }

    /// Lets no measurement begin while the guard lives.
    pub async fn unmeasured(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.measuring.lock().await
    }

    /// What is known may have changed: the next question is asked of the cluster.
    pub fn outdate(&self) {
        self.measure_outdated.store(true, Ordering::SeqCst);
        self.outdated.store(true, Ordering::SeqCst);
    }

    pub fn history(&self) -> MutexGuard<'_, History> {
        lock(&self.history)
    }

    /// The newest numbers, until they are due again: a cluster that takes long to give them is asked less often, and
    /// nobody who wants to see it should wait for that.
    fn fresh_measure(&self) -> Option<Arc<Measure>> {
        if self.measure_outdated.load(Ordering::SeqCst) {
            return None;
        }
        let is_fresh = |at: i64, took_ms: i64| now_ms() - at < self.due_ms(took_ms);
        let waits = lock(&self.silence).is_some_and(|silence| is_fresh(silence.at, silence.took_ms));
        lock(&self.measure).clone().filter(|measure| waits || is_fresh(measure.at, measure.took_ms))
    }

    /// For how long numbers that took so long are shown as current.
    fn due_ms(&self, took_ms: i64) -> i64 {
        self.settings.fresh_ms().max(took_ms * i64::from(LOOK_SHARE))
    }

    /// Whether no broker answered when it was asked for numbers last: the newest ones are older.
    pub fn is_silent(&self) -> bool {
        lock(&self.silence).is_some()
    }

    fn change_health(&self, change: impl FnOnce(&mut Health)) {
        change(&mut lock(&self.health));
        self.changed.send_modify(|revision| *revision += 1);
    }
}

/// What is asked for, or what is known if that takes long.
async fn soon<T>(asked: impl Future<Output = T>, known: Option<T>) -> T {
    match known {
        Some(known) => tokio::time::timeout(PATIENCE, asked).await.unwrap_or(known),
        None => asked.await,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
