//! The connections of this app: what each is, how it is, and its newest picture of the cluster. Each has one
//! task that keeps looking, says since when a cluster is away, and finds it again by itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, RwLock};

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tracing::{info, warn};

use crate::clock::{now_ms, random_id};
use crate::dto::{AppError, ClusterId, ClusterKind, ClusterSummary, Env};
use crate::error::AppResult;
use crate::kafka::bootstrap;
use crate::policy::ConnectionFacts;
use crate::services::settings::Settings;
use crate::store::Store;
use crate::store::connections::StoredConnection;

mod connection;

pub use connection::{Connection, Health};

/// The local cluster's connection; there is one, so its id is fixed.
pub const LOCAL_ID: ClusterId = ClusterId(1);
const LOCAL_NAME: &str = "Local";

const CONNECTIONS_MAX: usize = 500;
const NAME_LEN_MAX: usize = 100;
/// Looking takes at most this share of a cluster's time: one part in so many.
const LOOK_SHARE: u32 = 10;

/// All connections.
#[derive(Debug)]
pub struct Connections {
    store: Arc<Store>,
    settings: Arc<Settings>,
    all: RwLock<Vec<Arc<Connection>>>,
    watchers: Mutex<HashMap<ClusterId, JoinHandle<()>>>,
    changed: watch::Sender<u64>,
}

impl Connections {
    /// Reads the stored connections; call [`Connections::watch_all`] inside a runtime to begin looking.
    pub fn load(store: Arc<Store>, settings: Arc<Settings>) -> AppResult<Connections> {
        let changed = watch::Sender::new(0);
        let rows = store.connections()?;
        let made = |row| Arc::new(Connection::new(row, settings.clone(), changed.clone()));
        let all = RwLock::new(rows.into_iter().map(made).collect());
        Ok(Connections { store, settings, all, watchers: Mutex::default(), changed })
    }

    pub fn watch_all(&self) {
        for connection in self.read().iter() {
            self.watch(connection);
        }
    }

    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    pub fn summaries(&self) -> Vec<ClusterSummary> {
        self.read().iter().map(|connection| connection.summary()).collect()
    }

    /// Returns a connection and notes that somebody looks at it.
    /// Errors: `not_found`.
    pub fn get(&self, id: ClusterId) -> AppResult<Arc<Connection>> {
        let found = self.read().iter().find(|connection| connection.id == id).cloned();
        let connection = found.ok_or_else(|| {
            AppError::not_found("There is no such cluster", "It was removed, or never was.")
                .remedy_route("Show all clusters", "/")
        })?;
        connection.touch();
        Ok(connection)
    }

    /// Returns the connection whose cluster calls itself `kafka_cluster_id`, if one was seen to lead there.
    pub fn leading_to(&self, kafka_cluster_id: &str) -> Option<ClusterId> {
        let leads = |connection: &&Arc<Connection>| {
            connection.kafka_cluster_id().as_deref() == Some(kafka_cluster_id)
        };
        self.read().iter().find(leads).map(|connection| connection.id)
    }

    pub fn facts(&self, id: ClusterId) -> AppResult<ConnectionFacts> {
        Ok(self.get(id)?.facts())
    }

    /// Adds a remote connection.
    /// Errors: the bootstrap text or the name cannot be used.
    pub fn add(
        &self,
        name: Option<String>,
        bootstrap_text: &str,
        environment: Env,
        read_only: bool,
    ) -> AppResult<ClusterId> {
        let servers = bootstrap::parse(bootstrap_text)?;
        if self.read().len() >= CONNECTIONS_MAX {
            return Err(AppError::new("The connection was not added", "There are 500 already."));
        }
        let fallback = servers.first().map(|server| server.host.clone()).unwrap_or_default();
        let name = checked_name(name.filter(|name| !name.trim().is_empty()).unwrap_or(fallback))?;
        let row = StoredConnection {
            id: ClusterId(random_id()),
            name,
            kind: ClusterKind::Remote,
            environment,
            read_only,
            bootstrap: bootstrap::join(&servers),
            last_seen: None,
        };
        Ok(self.insert(row)?.id)
    }

    /// Returns the local cluster's connection, made when it is not there yet.
    pub fn local(&self) -> AppResult<Arc<Connection>> {
        let found = self.read().iter().find(|connection| connection.id == LOCAL_ID).cloned();
        if let Some(local) = found {
            return Ok(local);
        }
        self.insert(StoredConnection {
            id: LOCAL_ID,
            name: LOCAL_NAME.to_owned(),
            kind: ClusterKind::Local,
            environment: Env::Local,
            read_only: false,
            bootstrap: String::new(),
            last_seen: None,
        })
    }

    /// Changes a connection's name, environment and read-only flag.
    pub fn update(&self, id: ClusterId, name: String, environment: Env, read_only: bool) -> AppResult<()> {
        let connection = self.get(id)?;
        let mut row = connection.row();
        row.name = checked_name(name)?;
        row.environment = if row.kind == ClusterKind::Local { Env::Local } else { environment };
        row.read_only = read_only;
        self.store.connection_put(&row)?;
        connection.set_row(row);
        self.bump();
        Ok(())
    }

    /// Writes the address under which the local cluster is to be found now.
    pub fn set_bootstrap(&self, connection: &Connection, bootstrap_text: &str) -> AppResult<()> {
        let mut row = connection.row();
        row.bootstrap = bootstrap_text.to_owned();
        self.store.connection_put(&row)?;
        connection.set_row(row);
        connection.forget_client();
        Ok(())
    }

    /// Takes a connection off the list; the cluster itself is not touched, and the connection can be restored.
    pub async fn remove(&self, id: ClusterId) -> AppResult<()> {
        self.get(id)?;
        self.store.connection_remove(id, now_ms())?;
        self.write().retain(|connection| connection.id != id);
        let watcher = self.lock_watchers().remove(&id);
        if let Some(watcher) = watcher {
            watcher.abort();
            let _ = watcher.await;
        }
        self.bump();
        Ok(())
    }

    /// Puts a removed connection on the list again, under the id it had.
    /// Errors: `not_found`; there are 500 already.
    pub fn restore(&self, id: ClusterId) -> AppResult<Arc<Connection>> {
        if self.read().len() >= CONNECTIONS_MAX {
            return Err(AppError::new("The connection was not restored", "There are 500 already."));
        }
        let row = self.store.connection_restore(id)?.ok_or_else(|| {
            AppError::not_found("The connection was not restored", "It is not among the removed ones.")
        })?;
        self.insert(row)
    }

    /// Stops looking, when the app ends.
    pub async fn stop(&self) {
        let watchers: Vec<_> = self.lock_watchers().drain().map(|(_, watcher)| watcher).collect();
        for watcher in &watchers {
            watcher.abort();
        }
        for watcher in watchers {
            let _ = watcher.await;
        }
    }

    fn insert(&self, row: StoredConnection) -> AppResult<Arc<Connection>> {
        self.store.connection_put(&row)?;
        let connection = Arc::new(Connection::new(row, self.settings.clone(), self.changed.clone()));
        self.write().push(connection.clone());
        connection.touch();
        self.watch(&connection);
        self.bump();
        Ok(connection)
    }

    fn watch(&self, connection: &Arc<Connection>) {
        let watcher =
            tokio::spawn(keep_looking(connection.clone(), self.store.clone(), self.settings.clone()));
        self.lock_watchers().insert(connection.id, watcher);
    }

    fn bump(&self) {
        self.changed.send_modify(|revision| *revision += 1);
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Vec<Arc<Connection>>> {
        self.all.read().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, Vec<Arc<Connection>>> {
        self.all.write().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn lock_watchers(&self) -> std::sync::MutexGuard<'_, HashMap<ClusterId, JoinHandle<()>>> {
        self.watchers.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// Looks at a cluster again and again: how it is, and, while somebody looks, its numbers.
async fn keep_looking(connection: Arc<Connection>, store: Arc<Store>, settings: Arc<Settings>) {
    let mut stored_seen = 0;
    loop {
        if connection.stopped() {
            connection.wait_for_wake().await;
            continue;
        }
        let before = connection.health().state;
        let begun = tokio::time::Instant::now();
        match connection.look().await {
            Ok(listing) => {
                if listing.as_of - stored_seen > 60_000 {
                    stored_seen = listing.as_of;
                    if let Err(error) = store.connection_seen(connection.id, stored_seen) {
                        warn!(%error, "last seen time not stored");
                    }
                }
                if connection.in_use(now_ms()) {
                    let _ = connection.measured().await;
                }
            }
            Err(error) if before != connection.health().state => {
                info!(connection = %connection.id, %error, "cluster is away");
            }
            Err(_) => {}
        }
        let in_use = connection.in_use(now_ms());
        let period = if in_use { settings.look_every() } else { settings.idle_every() };
        let pause = period.max(begun.elapsed() * LOOK_SHARE);
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = connection.wait_for_wake() => {}
        }
    }
}

fn checked_name(name: String) -> AppResult<String> {
    let name = name.trim().to_owned();
    let too_long = name.chars().count() > NAME_LEN_MAX;
    if name.is_empty() || too_long || name.chars().any(char::is_control) {
        return Err(AppError::new(
            "This name cannot be used",
            "A connection's name has 1 to 100 characters on one line.",
        ));
    }
    Ok(name)
}
