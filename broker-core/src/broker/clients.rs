//! Who is connected: shared with the cluster's owner, who shows it to a person.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A connected client.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientInfo {
    /// Library name, as ApiVersions v3 carries it; empty for older clients.
    pub software: String,
    /// Library version.
    pub version: String,
    /// Its address and port.
    pub address: String,
    /// The client.id of its last request.
    pub client_id: String,
    /// The topic it last produced to.
    pub last_topic: Option<String>,
    /// Records it has produced.
    pub records: u64,
    /// When it connected (milliseconds since the epoch).
    pub connected_at_ms: i64,
    /// When it last asked something (milliseconds since the epoch).
    pub last_seen_ms: i64,
}

/// The clients of all brokers of a cluster, by connection.
#[derive(Debug, Clone, Default)]
pub struct ClientTable(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    next: u64,
    clients: BTreeMap<u64, ClientInfo>,
}

impl ClientTable {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a new connection and returns its number.
    pub fn connected(&self, address: String, now_ms: i64) -> u64 {
        let mut state = self.lock();
        state.next += 1;
        let id = state.next;
        let info =
            ClientInfo { address, connected_at_ms: now_ms, last_seen_ms: now_ms, ..Default::default() };
        state.clients.insert(id, info);
        id
    }

    /// Changes what is known of a connection.
    pub fn note(&self, connection: u64, change: impl FnOnce(&mut ClientInfo)) {
        if let Some(client) = self.lock().clients.get_mut(&connection) {
            change(client);
        }
    }

    /// Forgets a connection.
    pub fn disconnected(&self, connection: u64) {
        self.lock().clients.remove(&connection);
    }

    /// Everybody connected now.
    pub fn list(&self) -> Vec<ClientInfo> {
        self.lock().clients.values().cloned().collect()
    }
}
