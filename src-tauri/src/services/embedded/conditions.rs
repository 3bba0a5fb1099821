//! Faults of what the brokers stand on: disks, links, the clock.

use std::time::Duration;

use broker_core::{BrokerError, Cluster, DiskFault, Side, in_words};
use tracing::info;

use super::{EmbeddedCluster, WHOLE_CLUSTER, blocking, not_running, resource};
use crate::dto::{AppError, LocalFault};
use crate::error::AppResult;
use crate::policy::{Permit, Write};
use crate::services::connections::LOCAL_ID;

/// Its name in the list of operations, which permits are for.
pub const FAULT: &str = "local.fault";

impl LocalFault {
    /// What it touches, as the history calls it.
    pub fn resource(self) -> String {
        match self {
            LocalFault::FillDisk { broker }
            | LocalFault::FailWrite { broker }
            | LocalFault::FailSync { broker }
            | LocalFault::CutFromClients { broker }
            | LocalFault::CutFromController { broker } => resource(broker),
            LocalFault::Delay { .. } | LocalFault::MoveClock { .. } | LocalFault::Mend => {
                WHOLE_CLUSTER.to_owned()
            }
        }
    }

    /// What it does, as the history calls it.
    pub fn title(self) -> String {
        match self {
            LocalFault::FillDisk { broker } => format!("Fill the disk of broker {broker}"),
            LocalFault::FailWrite { broker } => format!("Fail the next write of broker {broker}"),
            LocalFault::FailSync { broker } => format!("Fail the next sync of broker {broker}"),
            LocalFault::CutFromClients { broker } => format!("Cut broker {broker} off from clients"),
            LocalFault::CutFromController { broker } => {
                format!("Cut broker {broker} off from the controller")
            }
            LocalFault::Delay { ms } => {
                format!("Slow every link by {}", in_words(Duration::from_millis(ms.into())))
            }
            LocalFault::MoveClock { seconds } => {
                format!("Move the brokers' clock on by {}", in_words(Duration::from_secs(seconds.into())))
            }
            LocalFault::Mend => "Mend disks and links".to_owned(),
        }
    }

    fn play(self, cluster: &Cluster) -> Result<(), String> {
        let words = |outcome: Result<(), BrokerError>| outcome.map_err(|error| error.to_string());
        match self {
            LocalFault::FillDisk { broker } => words(cluster.disk_fault(broker, DiskFault::Full)),
            LocalFault::FailWrite { broker } => words(cluster.disk_fault(broker, DiskFault::Write)),
            LocalFault::FailSync { broker } => words(cluster.disk_fault(broker, DiskFault::Sync)),
            LocalFault::CutFromClients { broker } => {
                words(cluster.isolate(Side::Broker(broker), Side::Clients))
            }
            LocalFault::CutFromController { broker } => {
                words(cluster.isolate(Side::Broker(broker), Side::Controller))
            }
            LocalFault::Delay { ms } => cluster.delay(Duration::from_millis(ms.into())),
            LocalFault::MoveClock { seconds } => cluster.advance_clock(Duration::from_secs(seconds.into())),
            LocalFault::Mend => {
                cluster.mend();
                Ok(())
            }
        }
    }
}

impl EmbeddedCluster {
    /// Plays or mends a fault. None of them loses an acknowledged record.
    pub async fn set_condition(&self, permit: Permit<Write>, fault: LocalFault) -> AppResult<()> {
        permit.spend(LOCAL_ID, FAULT, &[fault.resource()])?;
        let running = self.running().ok_or_else(not_running)?;
        let title = fault.title();
        match blocking(move || fault.play(&running.cluster)).await? {
            Ok(()) => {
                info!("{title}");
                Ok(())
            }
            Err(why) => {
                let why = crate::kafka::errors::sentence(&why);
                Err(AppError::new(format!("“{title}” was not done"), why).at_connection(LOCAL_ID))
            }
        }
    }
}
