//! How many bytes of records clients bring and take, counted for the cluster's owner.
//! Source: Kafka's BytesInPerSec and BytesOutPerSec of `BrokerTopicMetrics`, which leave replication out.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The counters of one broker; they only rise, and outlive its stops and starts.
#[derive(Debug, Clone, Default)]
pub struct Traffic(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    bytes_in: AtomicU64,
    bytes_out: AtomicU64,
}

impl Traffic {
    /// Counts batches that a client produced.
    pub fn brought(&self, bytes: usize) {
        self.0.bytes_in.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Counts batches that a client fetched.
    pub fn taken(&self, bytes: usize) {
        self.0.bytes_out.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Bytes brought by clients so far.
    pub fn bytes_in(&self) -> u64 {
        self.0.bytes_in.load(Ordering::Relaxed)
    }

    /// Bytes taken by clients so far.
    pub fn bytes_out(&self) -> u64 {
        self.0.bytes_out.load(Ordering::Relaxed)
    }
}
