//! Who is connected: shared with the cluster's owner, who shows it to a person.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::seams::Clock;

/// How long somebody who has left is still told of: a program that sends one record is gone in no time.
const LEFT_KEPT_MS: i64 = 10 * 60_000;
/// Of how many at most.
const LEFT_MAX: usize = 50;

/// A client that is connected, or was a moment ago.
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
    /// The topic it was last given records of.
    pub last_read: Option<String>,
    /// Bytes of records it was given, as they lie in the log.
    pub read_bytes: u64,
    /// When it connected (milliseconds since the epoch).
    pub connected_at_ms: i64,
    /// When it last asked something (milliseconds since the epoch).
    pub last_seen_ms: i64,
    /// When it left, if it has (milliseconds since the epoch).
    pub left_at_ms: Option<i64>,
}

/// The clients of all brokers of a cluster, by connection.
#[derive(Debug, Clone, Default)]
pub struct ClientTable(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    next: u64,
    clients: BTreeMap<u64, ClientInfo>,
    /// Those who have left, the last one last.
    left: VecDeque<ClientInfo>,
}

/// A connection in the table, until it is dropped.
#[derive(Debug)]
pub struct Present {
    table: ClientTable,
    clock: Arc<dyn Clock>,
    /// Its number.
    pub id: u64,
}

impl Drop for Present {
    fn drop(&mut self) {
        self.table.disconnected(self.id, self.clock.now().wall_ms);
    }
}

impl ClientTable {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a new connection.
    pub fn connected(&self, address: String, clock: Arc<dyn Clock>) -> Present {
        let now_ms = clock.now().wall_ms;
        let mut state = self.lock();
        state.next += 1;
        let id = state.next;
        let info =
            ClientInfo { address, connected_at_ms: now_ms, last_seen_ms: now_ms, ..Default::default() };
        state.clients.insert(id, info);
        Present { table: self.clone(), clock, id }
    }

    /// A connection has sent records to a topic.
    pub fn sends(&self, connection: u64, topic: &str, records: u64) {
        self.note(connection, |client| {
            client.records += records;
            // A topic that is known by its id only has no name here.
            if !topic.is_empty() {
                name(&mut client.last_topic, topic);
            }
        });
    }

    /// A connection is given records of a topic.
    pub fn reads(&self, connection: u64, topic: &str, bytes: usize) {
        self.note(connection, |client| {
            client.read_bytes += bytes as u64;
            name(&mut client.last_read, topic);
        });
    }

    /// Changes what is known of a connection.
    pub fn note(&self, connection: u64, change: impl FnOnce(&mut ClientInfo)) {
        if let Some(client) = self.lock().clients.get_mut(&connection) {
            change(client);
        }
    }

    fn disconnected(&self, connection: u64, now_ms: i64) {
        let mut state = self.lock();
        let Some(client) = state.clients.remove(&connection) else { return };
        // Who never said who it is was a probe, of which there is nothing to tell.
        if client.client_id.is_empty() && client.software.is_empty() {
            return;
        }
        if state.left.len() == LEFT_MAX {
            state.left.pop_front();
        }
        state.left.push_back(ClientInfo { left_at_ms: Some(now_ms), ..client });
    }

    /// Everybody connected now, and after them who has left within the last ten minutes.
    pub fn list(&self, now_ms: i64) -> Vec<ClientInfo> {
        let state = self.lock();
        let recent = |client: &&ClientInfo| {
            client.left_at_ms.is_some_and(|at| now_ms.saturating_sub(at) < LEFT_KEPT_MS)
        };
        state.clients.values().chain(state.left.iter().filter(recent)).cloned().collect()
    }
}

/// Sets a name, and allocates only for another one.
fn name(last: &mut Option<String>, topic: &str) {
    if last.as_deref() != Some(topic) {
        *last = Some(topic.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::seams::ManualClock;

    #[test]
    fn what_a_client_is_given_adds_up() {
        let (table, clock) = (ClientTable::default(), Arc::new(ManualClock::at(1_000)));
        let reader = table.connected("a:1".to_owned(), clock);
        for (topic, bytes) in [("orders", 100), ("payments", 50), ("payments", 7)] {
            table.reads(reader.id, topic, bytes);
        }
        let known = table.list(1_000).remove(0);
        assert_eq!((known.last_read.as_deref(), known.read_bytes), (Some("payments"), 157));
    }

    #[test]
    fn who_has_left_is_told_of_for_ten_minutes() {
        let (table, clock) = (ClientTable::default(), Arc::new(ManualClock::at(1_000)));
        let stays = table.connected("a:1".to_owned(), clock.clone());
        let leaves = table.connected("b:2".to_owned(), clock.clone());
        let probe = table.connected("c:3".to_owned(), clock.clone());
        table.note(stays.id, |client| client.client_id = "stays".to_owned());
        table.note(leaves.id, |client| client.client_id = "leaves".to_owned());
        drop((leaves, probe));
        let seen = |now_ms| -> Vec<(String, Option<i64>)> {
            table.list(now_ms).into_iter().map(|client| (client.client_id, client.left_at_ms)).collect()
        };
        assert_eq!(seen(1_000), [("stays".to_owned(), None), ("leaves".to_owned(), Some(1_000))]);
        clock.advance(Duration::from_secs(600));
        assert_eq!(seen(clock.now().wall_ms), [("stays".to_owned(), None)]);
    }
}
