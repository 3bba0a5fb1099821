//! Brokers come, go silent, and leave.

use std::time::Duration;

use super::{BrokerImage, Controller, Liveness};
use crate::protocol::Uuid;
use crate::protocol::records::metadata::{BrokerRegistrationChangeRecord, RegisterBrokerRecord};
use crate::seams::Now;

/// A pause between ticks that means the machine slept: sessions are extended by it.
const SLEEP_GAP: Duration = Duration::from_secs(2);
/// How often leadership goes back to preferred replicas. Kafka waits five minutes; here a person is watching.
const BALANCE_EVERY: Duration = Duration::from_secs(3);

impl Controller {
    /// A broker announces itself. `clean` says that its last life ended in order. Returns its epoch, the one it had if
    /// it is in the same life still.
    pub fn register(&mut self, now: Now, broker: BrokerImage, clean: bool) -> i64 {
        let id = broker.id;
        let known = self.image.brokers.get(&id).filter(|known| !known.fenced);
        if let Some(epoch) =
            known.filter(|known| known.incarnation == broker.incarnation).map(|known| known.epoch)
        {
            // The link was lost and not the broker, which has all that it had.
            self.live.insert(id, Liveness { incarnation: broker.incarnation, last_seen: now.mono });
            return epoch;
        }
        self.damaged.retain(|(damaged, _)| *damaged != id);
        let seen_before = self.live.get(&id).copied();
        let first_of_process = seen_before.is_none_or(|live| live.incarnation == Uuid::ZERO);
        if first_of_process {
            // The whole cluster starts: leaders stay, but one that may have lost its tail gets a new epoch.
            if !clean {
                self.renew_epochs_of(id);
            }
        } else if self.image.is_live(id) {
            self.fence(id);
        }
        if !clean {
            self.forget_eligible(id);
        }
        let epoch = self.image.brokers.values().map(|b| b.epoch).max().unwrap_or(0) + 1;
        let incarnation = broker.incarnation;
        let registered = BrokerImage { epoch, fenced: false, ..broker };
        self.emit(RegisterBrokerRecord::from(&registered));
        self.live.insert(id, Liveness { incarnation, last_seen: now.mono });
        self.elect_for_return_of(id);
        epoch
    }

    /// A broker is alive. False if this life of it was fenced and it must register again.
    pub fn heartbeat(&mut self, now: Now, broker: i32, incarnation: Uuid) -> bool {
        match self.live.get_mut(&broker) {
            Some(live) if live.incarnation == incarnation => {
                live.last_seen = now.mono;
                true
            }
            Some(_) | None => false,
        }
    }

    /// A broker is about to stop: its leaderships move and it leaves the in-sync replicas.
    pub fn controlled_shutdown(&mut self, broker: i32) {
        if self.image.is_live(broker) {
            self.fence(broker);
        }
    }

    /// Time passes: brokers silent for a session are fenced, leadership goes home.
    pub fn tick(&mut self, now: Now) {
        let gap = self.last_tick.map_or(Duration::ZERO, |last| now.mono.saturating_sub(last));
        self.last_tick = Some(now.mono);
        if gap > SLEEP_GAP {
            for live in self.live.values_mut() {
                live.last_seen += gap;
            }
        }
        let session = Duration::from_millis(self.config.number("broker.session.timeout.ms") as u64);
        let silent = |live: &Liveness| now.mono.saturating_sub(live.last_seen) > session;
        let gone: Vec<i32> = self.live.iter().filter(|(_, live)| silent(live)).map(|(id, _)| *id).collect();
        for broker in gone {
            tracing::info!(broker, "session expired");
            self.fence(broker);
        }
        self.elect_unclean();
        if now.mono >= self.next_balance && self.config.flag("auto.leader.rebalance.enable") {
            self.next_balance = now.mono + BALANCE_EVERY;
            self.elect_preferred();
        }
    }

    fn fence(&mut self, broker: i32) {
        self.live.remove(&broker);
        let Some(epoch) = self.image.brokers.get(&broker).map(|b| b.epoch) else { return };
        let change = BrokerRegistrationChangeRecord {
            broker_id: broker,
            broker_epoch: epoch,
            fenced: 1,
            ..Default::default()
        };
        self.emit(change);
        self.move_away_from(broker);
    }
}
