//! The sample shop: a real producer and two consumer groups on the local cluster, so that every screen has
//! something that moves. It opens and closes with the cluster, pauses, and is removed without trace: it only
//! ever deletes topics that it made itself, known by their ids.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tracing::{info, warn};

use crate::dto::{AppError, ClusterState, ConfigEntry, ShopState, ShopStatus};
use crate::error::AppResult;
use crate::kafka::admin::{CREATE_TOPIC, DELETE_TOPIC, NewTopic};
use crate::kafka::group_admin::DELETE_GROUPS;
use crate::kafka::shop_clients::RUN_SHOP;
use crate::policy::ConnectionFacts;
use crate::services::connections::{Connection, Connections};
use crate::store::Store;
use crate::store::sample_shop::SampleShopRow;

mod records;
mod threads;

use threads::Shared;

const WHAT: &str = "The sample shop did not open";
/// The cluster answers within this time of its start, or there is something to say.
const CONNECTED_MAX: Duration = Duration::from_secs(10);
/// Members leave their groups in order; a group is deleted once they have.
const GROUPS_EMPTY_MAX: Duration = Duration::from_secs(10);
/// A rate is a mean over at least this time.
const RATE_OVER: Duration = Duration::from_secs(2);

/// The shop of the local cluster.
#[derive(Debug)]
pub struct SampleShop {
    store: Arc<Store>,
    running: Mutex<Option<Running>>,
    /// Opening, closing and removing happen one after the other.
    changing: tokio::sync::Mutex<()>,
    problem: Mutex<Option<AppError>>,
}

#[derive(Debug)]
struct Running {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
    counted: (Instant, u64),
    rate: f64,
}

/// Returns what opening the shop touches.
pub fn topic_names() -> Vec<String> {
    records::TOPICS.iter().map(|(name, ..)| (*name).to_owned()).collect()
}

impl SampleShop {
    pub fn new(store: Arc<Store>) -> SampleShop {
        SampleShop {
            store,
            running: Mutex::default(),
            changing: tokio::sync::Mutex::default(),
            problem: Mutex::default(),
        }
    }

    /// Opens the shop: makes its topics where they are missing, and begins to sell. One that is open stays so.
    /// Errors: the cluster is away or read-only; a topic of that name is somebody else's.
    pub async fn open(&self, connections: &Connections) -> AppResult<()> {
        let _one_at_a_time = self.changing.lock().await;
        let outcome = self.open_alone(connections).await;
        *lock(&self.problem) = outcome.as_ref().err().cloned();
        outcome
    }

    async fn open_alone(&self, connections: &Connections) -> AppResult<()> {
        let connection = connections.local()?;
        let facts = connection.facts();
        let row = self.store.sample_shop()?;
        if self.lock().is_some() {
            return Ok(());
        }
        let permit = facts.permit(RUN_SHOP, &topic_names())?;
        wait_for_cluster(&connection).await?;
        // The backlog is no traffic, so nothing is measured until it is there.
        let _quiet = connection.unmeasured().await;
        let (row, fresh) = self.make_topics(&connection, &facts, row).await?;
        let clients = connection.client()?.shop_clients(permit, &topic_names())?;
        let shared = Arc::new(Shared::default());
        shared.paused.store(row.paused, Ordering::SeqCst);
        let starting = shared.clone();
        let begun = tokio::task::spawn_blocking(move || threads::begin(&clients, &starting, fresh));
        let threads = begun.await.map_err(|error| AppError::internal(WHAT, error))??;
        connection.outdate();
        connection.history().begin_anew();
        self.store.sample_shop_put(&SampleShopRow { open: true, ..row })?;
        // The backlog was there before the first customer.
        let counted = (Instant::now(), shared.sold.load(Ordering::Relaxed));
        *self.lock() = Some(Running { shared, threads, counted, rate: 0.0 });
        info!(fresh, "sample shop open");
        Ok(())
    }

    /// Opens the shop if it was open when the cluster stopped.
    pub async fn reopen(&self, connections: &Connections) {
        match self.store.sample_shop() {
            Ok(row) if row.open => {
                if let Err(error) = self.open(connections).await {
                    warn!(%error, "sample shop not opened again");
                }
            }
            Ok(_) => {}
            Err(error) => warn!(%error, "sample shop's row not read"),
        }
    }

    /// Stops or continues selling; the groups go on reading what is there.
    pub fn pause(&self, paused: bool) -> AppResult<()> {
        let row = self.store.sample_shop()?;
        self.store.sample_shop_put(&SampleShopRow { paused, ..row })?;
        if let Some(running) = self.lock().as_ref() {
            running.shared.paused.store(paused, Ordering::SeqCst);
        }
        Ok(())
    }

    /// Ends the threads, before the cluster stops; the shop opens again with the cluster.
    pub async fn close(&self) {
        let _one_at_a_time = self.changing.lock().await;
        self.close_alone().await;
    }

    async fn close_alone(&self) {
        let Some(running) = self.lock().take() else {
            return;
        };
        running.shared.closed.store(true, Ordering::SeqCst);
        let joined = tokio::task::spawn_blocking(move || {
            for thread in running.threads {
                let _ = thread.join();
            }
        });
        if joined.await.is_err() {
            warn!("a thread of the sample shop did not end in order");
        }
    }

    /// Forgets the shop, when the cluster's data is deleted with everything in it.
    pub async fn forget(&self) -> AppResult<()> {
        self.close().await;
        self.store.sample_shop_put(&SampleShopRow::default())
    }

    /// Closes the shop and deletes its topics and groups.
    /// Errors: something could not be deleted; what is left is tried again the next time.
    pub async fn remove(&self, connections: &Connections) -> AppResult<()> {
        let _one_at_a_time = self.changing.lock().await;
        self.close_alone().await;
        let connection = connections.local()?;
        let facts = connection.facts();
        let client = connection.client()?;
        let mut row = self.store.sample_shop()?;
        row.open = false;
        self.store.sample_shop_put(&row)?;
        connection.outdate();
        let (listing, _) = connection.listing().await?;
        for (name, id) in row.topics.clone() {
            if listing.topic(&name).and_then(|topic| topic.topic_id.as_ref()) == Some(&id) {
                let permit = facts.permit(DELETE_TOPIC, std::slice::from_ref(&name))?;
                client.delete_topic(permit, &name).await?;
            }
            row.topics.remove(&name);
            self.store.sample_shop_put(&row)?;
        }
        let groups = wait_for_empty_groups(&connection).await;
        let names: Vec<String> = groups.iter().map(|(_, group)| group.clone()).collect();
        let deleted = client.delete_groups(facts.permit(DELETE_GROUPS, &names)?, &groups).await;
        connection.outdate();
        *lock(&self.problem) = None;
        self.store.sample_shop_put(&SampleShopRow::default())?;
        info!("sample shop removed");
        deleted
    }

    /// Returns how the shop is.
    pub fn status(&self) -> AppResult<ShopStatus> {
        let row = self.store.sample_shop()?;
        let mut running = self.lock();
        let open = running.as_ref().is_some();
        let mut status = ShopStatus {
            state: match (open, row.paused, row.open) {
                (true, true, _) => ShopState::Paused,
                (true, false, _) => ShopState::Open,
                (false, _, true) => ShopState::Closed,
                (false, _, false) => ShopState::Absent,
            },
            records_per_sec: None,
            records: 0,
            problem: lock(&self.problem).clone(),
        };
        if let Some(running) = running.as_mut() {
            status.records = running.shared.sold.load(Ordering::Relaxed);
            status.records_per_sec = Some(running.settle(status.records));
        }
        Ok(status)
    }

    /// Makes the topics that are missing. Returns the row that knows them, and whether the shop is new.
    async fn make_topics(
        &self,
        connection: &Connection,
        facts: &ConnectionFacts,
        mut row: SampleShopRow,
    ) -> AppResult<(SampleShopRow, bool)> {
        connection.outdate();
        let (listing, _) = connection.listing().await?;
        let client = connection.client()?;
        let known = |name: &str| listing.topic(name).map(|topic| topic.topic_id.clone().unwrap_or_default());
        for (name, ..) in records::TOPICS {
            if known(name).is_some_and(|id| row.topics.get(name) != Some(&id)) {
                let why = format!("There is a topic {name} already that the shop did not make.");
                return Err(AppError::new(WHAT, why)
                    .at_topic(name)
                    .remedy(format!("Delete {name}, or use the cluster without the shop"))
                    .remedy_route(
                        format!("Show {name}"),
                        format!("/c/{}/topics/{name}/messages", connection.id),
                    ));
            }
        }
        let replication_factor = i16::try_from(listing.brokers.len().clamp(1, 3)).unwrap_or(1);
        let fresh = known(records::PAGE_VIEWS).is_none();
        for (name, partitions, configs) in records::TOPICS.iter().filter(|(name, ..)| known(name).is_none()) {
            let configs = configs
                .iter()
                .map(|(name, value)| ConfigEntry { name: (*name).into(), value: (*value).into() });
            let topic = NewTopic {
                name: (*name).to_owned(),
                partitions: *partitions,
                replication_factor,
                configs: configs.collect(),
            };
            client
                .create_topic(facts.permit(CREATE_TOPIC, std::slice::from_ref(&topic.name))?, &topic)
                .await?;
        }
        connection.outdate();
        let (listing, _) = connection.listing().await?;
        row.topics = records::TOPICS
            .iter()
            .filter_map(|(name, ..)| Some(((*name).to_owned(), listing.topic(name)?.topic_id.clone()?)))
            .collect();
        // Written before anything is sold, so that a kill leaves nothing that nobody owns.
        self.store.sample_shop_put(&row)?;
        Ok((row, fresh))
    }

    fn lock(&self) -> MutexGuard<'_, Option<Running>> {
        lock(&self.running)
    }
}

impl Running {
    fn settle(&mut self, sold: u64) -> f64 {
        let (at, before) = self.counted;
        let passed = at.elapsed();
        if passed >= RATE_OVER {
            self.rate = sold.saturating_sub(before) as f64 / passed.as_secs_f64();
            self.counted = (Instant::now(), sold);
        }
        self.rate
    }
}

/// A cluster that has just started is looked at once before the shop asks things of it.
async fn wait_for_cluster(connection: &Connection) -> AppResult<()> {
    // One that does not run says so at once.
    connection.client()?;
    let end = Instant::now() + CONNECTED_MAX;
    loop {
        connection.outdate();
        let error = match connection.look().await {
            Ok(_) if connection.health().state == ClusterState::Connected => return Ok(()),
            Ok(_) => None,
            Err(error) => Some(error),
        };
        if Instant::now() > end {
            return Err(error.unwrap_or_else(|| AppError::new(WHAT, "The local cluster does not answer.")));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Returns the shop's groups with their coordinators, once their members have left.
async fn wait_for_empty_groups(connection: &Connection) -> Vec<(i32, String)> {
    let end = Instant::now() + GROUPS_EMPTY_MAX;
    loop {
        connection.outdate();
        let Ok(measure) = connection.measured().await else {
            return Vec::new();
        };
        let ours = || measure.groups.iter().filter(|group| records::GROUPS.contains(&group.group.as_str()));
        if Instant::now() > end || ours().all(|group| group.state == "Empty") {
            return ours().map(|group| (group.coordinator, group.group.clone())).collect();
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
