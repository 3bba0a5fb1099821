//! Which transactions are aborted and which still have records, while batches are read in order.
//! Source: Kafka `CleanedTransactionMetadata.java`.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::log::txn_index::AbortedTxn;
use crate::protocol::batch::{BatchHeader, EndMarker};

pub(super) struct Transactions {
    upcoming: VecDeque<AbortedTxn>,
    /// By producer; whether records of it were met.
    aborted: HashMap<i64, (AbortedTxn, bool)>,
    committed: HashSet<i64>,
    kept: Vec<AbortedTxn>,
}

impl Transactions {
    /// `aborted` by first offset.
    pub fn new(aborted: &[AbortedTxn]) -> Self {
        Self {
            upcoming: aborted.iter().copied().collect(),
            aborted: HashMap::new(),
            committed: HashSet::new(),
            kept: Vec::new(),
        }
    }

    /// Reading has come to `offset`.
    pub fn reach(&mut self, offset: i64) {
        while let Some(next) = self.upcoming.pop_front_if(|next| next.first_offset <= offset) {
            self.aborted.insert(next.producer_id, (next, false));
        }
    }

    /// Notes a batch of records; true if its transaction was aborted.
    pub fn holds(&mut self, header: &BatchHeader) -> bool {
        if !header.is_transactional() {
            return false;
        }
        if let Some((_, met)) = self.aborted.get_mut(&header.producer_id) {
            *met = true;
            return true;
        }
        self.committed.insert(header.producer_id);
        false
    }

    /// Notes a marker; true if nothing of its transaction is left, so that it may go in time.
    pub fn ends(&mut self, marker: &EndMarker) -> bool {
        if marker.committed {
            return !self.committed.remove(&marker.producer_id);
        }
        match self.aborted.remove(&marker.producer_id) {
            Some((entry, true)) => {
                self.kept.push(entry);
                false
            }
            Some((_, false)) | None => true,
        }
    }

    /// Entries of aborted transactions whose marker was met and stays.
    pub fn take_kept(&mut self) -> Vec<AbortedTxn> {
        std::mem::take(&mut self.kept)
    }
}
