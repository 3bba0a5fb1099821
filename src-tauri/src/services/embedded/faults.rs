//! What is done to one broker of the local cluster, to see how clients take it.

use broker_core::{BrokerError, Cluster};
use tracing::{info, warn};

use super::{EmbeddedCluster, blocking, not_running, resource};
use crate::dto::AppError;
use crate::error::AppResult;
use crate::policy::{Destructive, Permit, Write};
use crate::services::connections::LOCAL_ID;

/// A fault, or its end. Each is an operation of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokerFault {
    Stop,
    Start,
    Crash,
    Pause,
    Resume,
    PowerCut,
}

impl BrokerFault {
    pub const ALL: [BrokerFault; 6] = [
        BrokerFault::Stop,
        BrokerFault::Start,
        BrokerFault::Crash,
        BrokerFault::Pause,
        BrokerFault::Resume,
        BrokerFault::PowerCut,
    ];

    /// Its name in the list of operations, which permits are for.
    pub fn operation(self) -> &'static str {
        match self {
            BrokerFault::Stop => "local.stop_broker",
            BrokerFault::Start => "local.start_broker",
            BrokerFault::Crash => "local.crash_broker",
            BrokerFault::Pause => "local.pause_broker",
            BrokerFault::Resume => "local.resume_broker",
            BrokerFault::PowerCut => "local.power_cut_broker",
        }
    }

    /// What it does to a broker, as the journal calls it.
    pub fn title(self, broker: i32) -> String {
        match self {
            BrokerFault::Stop => format!("Stop broker {broker}"),
            BrokerFault::Start => format!("Start broker {broker}"),
            BrokerFault::Crash => format!("Crash broker {broker}"),
            BrokerFault::Pause => format!("Pause broker {broker}"),
            BrokerFault::Resume => format!("Resume broker {broker}"),
            BrokerFault::PowerCut => format!("Cut the power of broker {broker}"),
        }
    }

    fn past(self) -> &'static str {
        match self {
            BrokerFault::Stop => "stopped",
            BrokerFault::Start => "started",
            BrokerFault::Crash => "crashed",
            BrokerFault::Pause => "paused",
            BrokerFault::Resume => "resumed",
            BrokerFault::PowerCut => "cut off its power",
        }
    }

    fn play(self, cluster: &Cluster, broker: i32) -> Result<(), BrokerError> {
        match self {
            BrokerFault::Stop => cluster.stop_broker(broker),
            BrokerFault::Start => cluster.start_broker(broker),
            BrokerFault::Crash => cluster.crash_broker(broker),
            BrokerFault::Pause => cluster.pause_broker(broker),
            BrokerFault::Resume => cluster.resume_broker(broker),
            BrokerFault::PowerCut => cluster.power_cut_broker(broker),
        }
    }
}

impl EmbeddedCluster {
    /// Plays a fault that loses no acknowledged record.
    pub async fn play(&self, permit: Permit<Write>, fault: BrokerFault, broker: i32) -> AppResult<()> {
        permit.spend(LOCAL_ID, fault.operation(), &[resource(broker)])?;
        self.on_broker(fault, broker).await
    }

    /// Takes from a broker what it never synced: the one fault that may lose acknowledged records.
    pub async fn cut_power(&self, permit: Permit<Destructive>, broker: i32) -> AppResult<()> {
        permit.spend(LOCAL_ID, BrokerFault::PowerCut.operation(), &[resource(broker)])?;
        self.on_broker(BrokerFault::PowerCut, broker).await
    }

    async fn on_broker(&self, fault: BrokerFault, broker: i32) -> AppResult<()> {
        let running = self.running().ok_or_else(not_running)?;
        let outcome = blocking(move || fault.play(&running.cluster, broker)).await?;
        let past = fault.past();
        match outcome {
            Ok(()) => {
                match fault {
                    BrokerFault::PowerCut => info!(broker, "the broker lost its power"),
                    BrokerFault::Stop
                    | BrokerFault::Start
                    | BrokerFault::Crash
                    | BrokerFault::Pause
                    | BrokerFault::Resume => info!(broker, "the broker {past}"),
                }
                Ok(())
            }
            Err(error) => {
                warn!(broker, %error, "the broker was not {past}");
                let why = crate::kafka::errors::sentence(&error.to_string());
                Err(AppError::new(format!("Broker {broker} was not {past}"), why)
                    .at_connection(LOCAL_ID)
                    .at_broker(broker.to_string()))
            }
        }
    }
}
