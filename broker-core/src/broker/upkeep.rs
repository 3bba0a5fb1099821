//! What a broker does by the clock: group timers, followers that fell behind, checkpoints.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use tokio::sync::Notify;

use super::Broker;
use crate::partition::{Partition, PartitionId};

const TICK: Duration = Duration::from_millis(100);
/// Ticks between two looks at followers.
const LAG_TICKS: u32 = 5;
/// Ticks between two high watermark checkpoints: Kafka's five seconds.
const CHECKPOINT_TICKS: u32 = 50;

/// Whether there are deadlines of groups or transactions to look at. A broker without any sleeps longer.
#[derive(Debug, Default)]
pub(super) struct Deadlines {
    watched: Cell<bool>,
    begun: Notify,
}

impl Deadlines {
    /// There may be one now.
    pub fn note(&self) {
        if !self.watched.replace(true) {
            self.begun.notify_one();
        }
    }
}

/// Runs for as long as the broker lives.
pub async fn run(broker: Rc<Broker>) {
    let mut ticks = 0_u32;
    let mut written = 0_i64;
    loop {
        let watched =
            broker.coordinator.borrow().has_deadlines() || broker.transactions.borrow().has_deadlines();
        broker.deadlines.watched.set(watched);
        let pause = if watched { 1 } else { LAG_TICKS - ticks % LAG_TICKS };
        tokio::select! {
            () = tokio::time::sleep(TICK * pause) => ticks = ticks.wrapping_add(pause),
            () = broker.deadlines.begun.notified() => continue,
        }
        broker.deadlines.watched.set(true);
        broker.tick_groups();
        broker.tick_transactions();
        if ticks.is_multiple_of(LAG_TICKS) {
            broker.ask_for_lagging();
        }
        if ticks.is_multiple_of(CHECKPOINT_TICKS) {
            let sum = broker.checkpoint_sum();
            if sum != written && broker.checkpoint().is_ok() {
                written = sum;
            }
        }
    }
}

impl Broker {
    /// `replica.lag.time.max.ms`.
    pub(super) fn lag_max(&self) -> Duration {
        Duration::from_millis(self.config().number("replica.lag.time.max.ms").max(0) as u64)
    }

    fn ask_for_lagging(self: &Rc<Self>) {
        let (now, lag_max) = (self.now(), self.lag_max());
        let mut due: Vec<(PartitionId, Vec<i32>)> = Vec::new();
        let mut partitions = self.partitions.borrow_mut();
        for id in &self.care.borrow().followed {
            let Some(partition) = partitions.get_mut(id) else { continue };
            if let Some(isr) = partition.isr_to_ask(now, lag_max, |id| self.is_live(id)) {
                due.push((*id, isr));
            }
        }
        drop(partitions);
        for (id, isr) in due {
            self.ask_isr(id, isr);
        }
    }

    /// Changes whenever something that is checkpointed does.
    fn checkpoint_sum(&self) -> i64 {
        let sum = |p: &Partition| p.high_watermark() + p.log().start_offset() + p.log().clean_to();
        self.partitions.borrow().values().map(|partition| sum(partition)).fold(0, i64::wrapping_add)
    }
}
