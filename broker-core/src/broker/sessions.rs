//! Fetch sessions: a client names its partitions once and then only what changes.
//! Source: KIP-227; Kafka `FetchSession.scala`.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use crate::partition::PartitionId;
use crate::protocol::ErrorCode;
use crate::seams::Rng;

/// "No session", and the epoch that ends one.
pub const SESSION_NONE: i32 = 0;
const EPOCH_FINAL: i32 = -1;

/// A partition as a session remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionPartition {
    /// Its topic's name when the client named it; empty for an id that was unknown.
    pub topic: Rc<str>,
    /// The first offset wanted.
    pub offset: i64,
    /// The leader epoch the client believes in.
    pub leader_epoch: i32,
    /// The epoch of the last record the client has.
    pub last_epoch: i32,
    /// Bytes wanted.
    pub bytes_max: i32,
    /// High watermark and log start last sent; a change is worth an answer.
    pub sent: Option<(i64, i64)>,
}

/// What a request means for its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionStart {
    /// A full fetch without a session.
    None,
    /// A full fetch that begins this session.
    New(i32),
    /// An incremental fetch in this session.
    Continue(i32),
}

#[derive(Debug)]
struct Session {
    epoch: i32,
    used: u64,
    partitions: BTreeMap<PartitionId, SessionPartition>,
}

/// The sessions of one broker, the least used of which make room for new ones.
#[derive(Debug)]
pub struct Sessions {
    slots: usize,
    uses: u64,
    sessions: HashMap<i32, Session>,
}

impl Sessions {
    /// Room for `slots` sessions.
    pub fn new(slots: usize) -> Self {
        Self { slots, uses: 0, sessions: HashMap::new() }
    }

    /// Begins a request with this session id and epoch.
    pub fn begin(&mut self, rng: &mut Rng, id: i32, epoch: i32) -> Result<SessionStart, ErrorCode> {
        self.uses += 1;
        if epoch == EPOCH_FINAL || epoch == 0 {
            self.sessions.remove(&id);
            let start = if epoch == EPOCH_FINAL { SessionStart::None } else { self.open(rng) };
            return Ok(start);
        }
        let session = self.sessions.get_mut(&id).ok_or(ErrorCode::FetchSessionIdNotFound)?;
        if session.epoch != epoch {
            return Err(ErrorCode::InvalidFetchSessionEpoch);
        }
        session.epoch = next_epoch(epoch);
        session.used = self.uses;
        Ok(SessionStart::Continue(id))
    }

    fn open(&mut self, rng: &mut Rng) -> SessionStart {
        if self.slots == 0 {
            return SessionStart::None;
        }
        if self.sessions.len() >= self.slots
            && let Some(&oldest) = self.sessions.iter().min_by_key(|(_, s)| s.used).map(|(id, _)| id)
        {
            self.sessions.remove(&oldest);
        }
        loop {
            let id = (rng.next_u64() >> 33) as i32;
            if id != SESSION_NONE && !self.sessions.contains_key(&id) {
                let session = Session { epoch: 1, used: self.uses, partitions: BTreeMap::new() };
                self.sessions.insert(id, session);
                return SessionStart::New(id);
            }
        }
    }

    /// The partitions of a session.
    pub fn partitions(&mut self, id: i32) -> Option<&mut BTreeMap<PartitionId, SessionPartition>> {
        self.sessions.get_mut(&id).map(|session| &mut session.partitions)
    }
}

fn next_epoch(epoch: i32) -> i32 {
    if epoch == i32::MAX { 1 } else { epoch + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn epochs_must_follow_and_old_sessions_make_room() {
        let mut rng = Rng::seeded(1);
        let mut sessions = Sessions::new(2);
        let Ok(SessionStart::New(first)) = sessions.begin(&mut rng, 0, 0) else { panic!("a new session") };
        assert_eq!(sessions.begin(&mut rng, first, 1), Ok(SessionStart::Continue(first)));
        assert_eq!(sessions.begin(&mut rng, first, 1), Err(ErrorCode::InvalidFetchSessionEpoch));
        assert_eq!(sessions.begin(&mut rng, first + 1, 1), Err(ErrorCode::FetchSessionIdNotFound));
        sessions.begin(&mut rng, 0, 0).unwrap();
        sessions.begin(&mut rng, 0, 0).unwrap();
        assert_eq!(sessions.begin(&mut rng, first, 2), Err(ErrorCode::FetchSessionIdNotFound), "evicted");
        assert_eq!(sessions.begin(&mut rng, 0, -1), Ok(SessionStart::None));
    }
}
