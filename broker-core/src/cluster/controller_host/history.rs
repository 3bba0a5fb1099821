//! Records that the controller wrote lately, for the brokers that follow its log.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::protocol::records::framing::MetadataRecord;

/// Batches kept at most.
const BATCHES: usize = 1000;
/// Records that are kept although every live broker has them, for one that comes back.
const RECORDS: usize = 1000;

#[derive(Debug, Default)]
pub(super) struct History {
    written: VecDeque<Written>,
    records: usize,
}

/// What was written at once.
#[derive(Debug)]
struct Written {
    /// The offset before its first record.
    after: i64,
    /// The offset of its last record.
    last: i64,
    records: Arc<Vec<MetadataRecord>>,
}

impl History {
    pub fn push(&mut self, after: i64, last: i64, records: Vec<MetadataRecord>) {
        self.records += records.len();
        self.written.push_back(Written { after, last, records: Arc::new(records) });
    }

    /// All that was written after an offset; `None` if some of it is forgotten.
    pub fn since(&self, after: i64) -> Option<Vec<Arc<Vec<MetadataRecord>>>> {
        let at = self.written.iter().position(|written| written.after == after)?;
        Some(self.written.iter().skip(at).map(|written| Arc::clone(&written.records)).collect())
    }

    /// Forgets what nobody needs. `read` is how far the slowest live broker has come; `None` if there is none.
    pub fn forget(&mut self, read: Option<i64>) {
        while let Some(oldest) = self.written.front() {
            let read_by_all = read.is_none_or(|read| oldest.last <= read);
            if self.written.len() <= BATCHES && !(read_by_all && self.records > RECORDS) {
                break;
            }
            self.records -= oldest.records.len();
            self.written.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::records::metadata::ProducerIdsRecord;

    fn written(batches: i64, each: usize) -> History {
        let mut history = History::default();
        for batch in 0..batches {
            let records = vec![ProducerIdsRecord::default().into(); each];
            history.push(batch * each as i64 - 1, (batch + 1) * each as i64 - 1, records);
        }
        history
    }

    #[test]
    fn what_a_live_broker_has_not_read_is_kept() {
        let mut history = written(4, 600);
        history.forget(Some(1199));
        assert_eq!(history.since(1199).unwrap().len(), 2);
        assert!(history.since(-1).is_none(), "it was read, and is too much to keep");
        history.forget(Some(2399));
        assert_eq!(history.since(1799).unwrap().len(), 1, "a few are kept for who comes back");
    }

    #[test]
    fn batches_without_end_are_not_kept_for_a_broker_that_does_not_read() {
        let mut history = written(BATCHES as i64 + 7, 1);
        history.forget(Some(-1));
        assert!(history.since(5).is_none());
        assert_eq!(history.since(6).unwrap().len(), BATCHES);
    }
}
