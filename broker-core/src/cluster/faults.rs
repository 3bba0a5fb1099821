//! What can be done to a cluster to see how clients take it: brokers stop, die, lose power or stand still; links
//! are cut or slow; disks fail or are full; the clock jumps.

use std::time::Duration;

use super::{BrokerError, BrokerState, Cluster, READY_MAX};
use crate::seams::{CLIENTS, CONTROLLER, DiskFault};

/// One side of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// A broker.
    Broker(i32),
    /// The controller.
    Controller,
    /// Every client.
    Clients,
}

impl Side {
    fn node(self) -> i32 {
        match self {
            Self::Broker(id) => id,
            Self::Controller => CONTROLLER,
            Self::Clients => CLIENTS,
        }
    }
}

impl std::str::FromStr for Side {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "controller" => Ok(Self::Controller),
            "clients" => Ok(Self::Clients),
            id => match id.parse() {
                Ok(id) if (1..=i32::from(super::BROKERS_MAX)).contains(&id) => Ok(Self::Broker(id)),
                Ok(_) | Err(_) => Err(format!("{id:?} is neither a broker, nor controller, nor clients")),
            },
        }
    }
}

/// Longest [`Cluster::delay`].
pub const DELAY_MAX: Duration = Duration::from_secs(60);
/// How far [`Cluster::advance_clock`] goes: ten years.
pub const AHEAD_MAX: Duration = Duration::from_secs(3_650 * 86_400);

/// What was done to a cluster and not been mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingFault {
    /// A sentence.
    pub words: String,
    /// Whether [`Cluster::mend`] ends it.
    pub mends: bool,
}

/// A duration as a person says it: in the largest unit of which it is a whole number.
pub fn in_words(duration: Duration) -> String {
    let ms = duration.as_millis();
    for (unit, name) in [(86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute")] {
        if ms >= unit && ms.is_multiple_of(unit) {
            let count = ms / unit;
            return format!("{count} {name}{}", if count == 1 { "" } else { "s" });
        }
    }
    if ms >= 1_000 && ms.is_multiple_of(1_000) { format!("{} s", ms / 1_000) } else { format!("{ms} ms") }
}

/// A node as a person calls it.
fn named(node: i32) -> String {
    match node {
        CONTROLLER => "the controller".to_owned(),
        CLIENTS => "clients".to_owned(),
        id => format!("broker {id}"),
    }
}

impl Cluster {
    /// Stops a broker in order: its leaderships move first.
    pub fn stop_broker(&self, id: i32) -> Result<(), BrokerError> {
        self.with_node(id, &[BrokerState::Running], |node| {
            node.stop();
            Ok(())
        })
    }

    /// Kills a broker: files stay as written, nothing is said to anybody.
    pub fn crash_broker(&self, id: i32) -> Result<(), BrokerError> {
        self.with_node(id, &[BrokerState::Running, BrokerState::Paused], |node| {
            node.crash();
            Ok(())
        })
    }

    /// Starts a stopped or crashed broker again, at its old address.
    pub fn start_broker(&self, id: i32) -> Result<(), BrokerError> {
        self.with_node(id, &[BrokerState::Stopped, BrokerState::Crashed], |node| {
            let bound = super::ports::bind_one(&self.config.listeners, (id - 1) as u16)?;
            Ok(node.restart(bound, READY_MAX)?)
        })
    }

    /// Kills a broker and takes from its files what was never synced: only this may lose acknowledged records.
    pub fn power_cut_broker(&self, id: i32) -> Result<(), BrokerError> {
        self.with_node(id, &[BrokerState::Running, BrokerState::Paused], |node| {
            node.power_cut().map_err(|source| {
                let what = format!("cutting the power of broker {id}");
                super::StartError::Io { what, source }.into()
            })
        })
    }

    /// Stops a broker where it stands; its sockets stay open and nobody gets an answer.
    pub fn pause_broker(&self, id: i32) -> Result<(), BrokerError> {
        self.with_node(id, &[BrokerState::Running], |node| {
            node.pause();
            Ok(())
        })
    }

    /// Lets a paused broker go on.
    pub fn resume_broker(&self, id: i32) -> Result<(), BrokerError> {
        self.with_node(id, &[BrokerState::Paused], |node| {
            node.resume();
            Ok(())
        })
    }

    /// Makes a broker's disk fail, or fills it.
    pub fn disk_fault(&self, id: i32, fault: DiskFault) -> Result<(), BrokerError> {
        let any = [BrokerState::Running, BrokerState::Paused, BrokerState::Stopped, BrokerState::Crashed];
        self.with_node(id, &any, |node| {
            node.play(fault);
            Ok(())
        })
    }

    /// Cuts the link between two sides, in both directions. Clients that are cut off wait for their answers.
    pub fn isolate(&self, a: Side, b: Side) -> Result<(), BrokerError> {
        if let Some(running) = &self.lock().running {
            for side in [a, b] {
                if let Side::Broker(id) = side
                    && !running.brokers.contains_key(&id)
                {
                    return Err(BrokerError::Unknown(id));
                }
            }
            running.network.isolate(a.node(), b.node());
        }
        Ok(())
    }

    /// Makes every message between brokers, and with the controller, take this much longer; at most
    /// [`DELAY_MAX`], beyond which nothing would ever be agreed.
    pub fn delay(&self, delay: Duration) -> Result<(), String> {
        if delay > DELAY_MAX {
            return Err(format!("a delay is {} ms at most", DELAY_MAX.as_millis()));
        }
        if let Some(running) = &self.lock().running {
            running.network.delay(delay);
        }
        Ok(())
    }

    /// Mends every link, and takes delays away.
    pub fn heal(&self) {
        if let Some(running) = &self.lock().running {
            running.network.heal();
        }
    }

    /// Mends links and disks. Brokers that were stopped stay so, and the clock does not go back.
    pub fn mend(&self) {
        if let Some(running) = &self.lock().running {
            running.network.heal();
            running.brokers.values().for_each(super::node::BrokerNode::mend_disk);
        }
    }

    /// Moves the wall clock of all brokers on: retention and the age of offsets see it, timeouts do not. It goes
    /// [`AHEAD_MAX`] ahead of the machine's at most.
    pub fn advance_clock(&self, by: Duration) -> Result<(), String> {
        if let Some(running) = &self.lock().running {
            let ahead = running.clock.ahead();
            if ahead.saturating_add(by) > AHEAD_MAX {
                let days = AHEAD_MAX.as_secs() / 86_400;
                return Err(format!(
                    "the brokers' clock goes {days} days ahead at most, and is {} ahead now",
                    in_words(ahead)
                ));
            }
            running.clock.advance_wall(by);
        }
        Ok(())
    }

    /// What has been done to this cluster and not been mended, one sentence each; disks that are full without
    /// anybody's doing; and a data directory that was removed.
    pub fn faults(&self) -> Vec<StandingFault> {
        let gone = self.data_dir_is_gone();
        let inner = self.lock();
        let Some(running) = &inner.running else { return Vec::new() };
        let mut faults = Vec::new();
        if gone {
            let dir = inner.dir.path().display();
            faults.push((format!("{dir} was removed: what is written now ends with this cluster"), false));
        }
        for (id, node) in &running.brokers {
            let of_disk = node.disk_faults().into_iter();
            faults.extend(of_disk.map(|(fault, played)| (format!("broker {id}: {fault}"), played)));
        }
        let (cut, delay) = running.network.faults();
        for (a, b) in cut {
            faults.push((format!("the link between {} and {} is cut", named(a), named(b)), true));
        }
        if !delay.is_zero() {
            faults.push((format!("every message between brokers takes {} longer", in_words(delay)), true));
        }
        let ahead = running.clock.ahead();
        if !ahead.is_zero() {
            faults.push((format!("the brokers' clock is {} ahead", in_words(ahead)), false));
        }
        faults.into_iter().map(|(words, mends)| StandingFault { words, mends }).collect()
    }
}
