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

    /// Makes every message between brokers, and with the controller, take this much longer.
    pub fn delay(&self, delay: Duration) {
        if let Some(running) = &self.lock().running {
            running.network.delay(delay);
        }
    }

    /// Mends every link, and takes delays away.
    pub fn heal(&self) {
        if let Some(running) = &self.lock().running {
            running.network.heal();
        }
    }

    /// Moves the wall clock of all brokers on: retention and the age of offsets see it, timeouts do not.
    pub fn advance_clock(&self, by: Duration) {
        if let Some(running) = &self.lock().running {
            running.clock.advance_wall(by);
        }
    }
}
