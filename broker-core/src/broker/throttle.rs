//! Replication throttles: how fast this broker hands records to replicas, and takes them for its own, that are not in
//! sync, so that a move leaves room for clients. Replicas in sync are never throttled.
//! Source: Kafka `ReplicationQuotaManager.java`, `ReplicaManager.shouldLeaderThrottle`; KIP-73.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use super::Broker;
use super::replicate::Peer;
use crate::partition::{Partition, PartitionId};

const LEADER_RATE: &str = "leader.replication.throttled.rate";
const FOLLOWER_RATE: &str = "follower.replication.throttled.rate";
/// The shortest and the longest wait of a replica whose turn is over.
const PAUSE_MIN: Duration = Duration::from_millis(20);
const PAUSE_MAX: Duration = Duration::from_secs(1);

/// What may pass in one direction: so many bytes a second, a second's worth at once. The last batch that passes may be
/// larger than what is left; it is paid for before the next one.
#[derive(Debug, Default)]
pub(super) struct Allowance {
    left: Cell<f64>,
    at: Cell<Duration>,
}

impl Allowance {
    /// Bytes that may pass now.
    fn left(&self, now: Duration, rate: f64) -> f64 {
        let since = now.saturating_sub(self.at.replace(now)).as_secs_f64();
        self.left.set((self.left.get() + since * rate).min(rate));
        self.left.get()
    }

    fn take(&self, bytes: usize) {
        self.left.set(self.left.get() - bytes as f64);
    }

    /// Until some may pass again.
    fn pause(&self, rate: f64) -> Duration {
        let seconds = (-self.left.get() / rate.max(1.0)).clamp(0.0, PAUSE_MAX.as_secs_f64());
        Duration::from_secs_f64(seconds).max(PAUSE_MIN)
    }
}

/// The two of a broker.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    handing: Allowance,
    taking: Allowance,
    /// What is offered again after a pause: partitions and followers.
    offered_later: RefCell<BTreeSet<(PartitionId, i32)>>,
    /// What is asked for again after a pause.
    asked_later: RefCell<BTreeSet<PartitionId>>,
}

impl Broker {
    fn rate(&self, config: &'static str) -> Option<f64> {
        let rate = self.config().number(config);
        (rate < i64::MAX).then_some(rate as f64)
    }

    /// The rate at which this broker may hand a partition it leads to `follower`, if it is throttled.
    fn handing_rate(&self, id: PartitionId, partition: &Partition, follower: i32) -> Option<f64> {
        let is_throttled = partition.config().throttled_leaders.has(id.index, self.id());
        if !is_throttled || partition.image().isr.contains(&follower) { None } else { self.rate(LEADER_RATE) }
    }

    /// Bytes of a partition that `follower` may have now, of `wanted`; `None` if it is to wait.
    pub(super) fn may_hand(
        &self,
        id: PartitionId,
        partition: &Partition,
        follower: i32,
        wanted: usize,
    ) -> Option<usize> {
        let Some(rate) = self.handing_rate(id, partition, follower) else { return Some(wanted) };
        let left = self.throttle.handing.left(self.now().mono, rate);
        (left > 0.0).then_some(wanted.min(left as usize))
    }

    /// Counts what was handed, if that is throttled.
    pub(super) fn handed(&self, id: PartitionId, partition: &Partition, follower: i32, bytes: usize) {
        if self.handing_rate(id, partition, follower).is_some() {
            self.throttle.handing.take(bytes);
        }
    }

    /// Offers a partition to `follower` when some of it may pass again.
    pub(super) fn offer_later(self: &Rc<Self>, id: PartitionId, follower: i32) {
        if !self.throttle.offered_later.borrow_mut().insert((id, follower)) {
            return;
        }
        let pause = self.throttle.handing.pause(self.rate(LEADER_RATE).unwrap_or(f64::INFINITY));
        let broker = Rc::clone(self);
        // Ends after a pause, or with this broker's runtime.
        tokio::task::spawn_local(async move {
            tokio::time::sleep(pause).await;
            broker.throttle.offered_later.borrow_mut().remove(&(id, follower));
            broker.peer(follower).offer(id);
        });
    }

    /// The rate at which this broker may take a partition that it follows, if it is throttled.
    fn taking_rate(&self, id: PartitionId, partition: &Partition) -> Option<f64> {
        let is_throttled = partition.config().throttled_followers.has(id.index, self.id());
        let in_sync = partition.image().isr.contains(&self.id());
        if !is_throttled || in_sync { None } else { self.rate(FOLLOWER_RATE) }
    }

    /// Whether this broker takes nothing of a partition for now.
    pub(super) fn holds_back(&self, id: PartitionId, partition: &Partition) -> bool {
        let left = |rate| self.throttle.taking.left(self.now().mono, rate);
        self.taking_rate(id, partition).is_some_and(|rate| left(rate) <= 0.0)
    }

    /// Counts what was taken, if that is throttled.
    pub(super) fn took(&self, id: PartitionId, partition: &Partition, bytes: usize) {
        if self.taking_rate(id, partition).is_some() {
            self.throttle.taking.take(bytes);
        }
    }

    /// Tells the position of what is held back again, when some of it may pass.
    pub(super) fn ask_later(self: &Rc<Self>, id: PartitionId, peer: &Rc<Peer>) {
        if !self.throttle.asked_later.borrow_mut().insert(id) {
            return;
        }
        let pause = self.throttle.taking.pause(self.rate(FOLLOWER_RATE).unwrap_or(f64::INFINITY));
        let (broker, peer) = (Rc::clone(self), Rc::clone(peer));
        // Ends after a pause, or with this broker's runtime.
        tokio::task::spawn_local(async move {
            tokio::time::sleep(pause).await;
            broker.throttle.asked_later.borrow_mut().remove(&id);
            peer.tell_if_followed(id);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_in_the_long_run_is_the_rate() {
        let allowance = Allowance::default();
        let (mut now, mut passed) = (Duration::from_secs(100), 0.0);
        let begun = now;
        while now < begun + Duration::from_secs(60) {
            if allowance.left(now, 1000.0) > 0.0 {
                allowance.take(700);
                passed += 700.0;
            } else {
                now += allowance.pause(1000.0);
            }
        }
        assert!((60_000.0..63_000.0).contains(&passed), "{passed}");
    }

    #[test]
    fn a_rate_of_nothing_lets_nothing_pass() {
        let allowance = Allowance::default();
        assert!(allowance.left(Duration::from_secs(100), 0.0) <= 0.0);
        assert_eq!(allowance.pause(0.0), PAUSE_MIN);
    }
}
