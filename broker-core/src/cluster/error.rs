//! What can go wrong with a cluster, each with what its owner needs to act.

use std::path::{Path, PathBuf};

use super::BrokerState;
use crate::config::ConfigError;

/// Why a cluster does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Somebody else listens there.
    #[error("port {port} is taken{}", owner.as_ref().map(|o| format!(" by {o}")).unwrap_or_default())]
    PortTaken {
        /// The port.
        port: u16,
        /// Who it is, such as `java (pid 4312)`, if the system tells.
        owner: Option<String>,
        /// A base port from which enough ports are free.
        free_base: Option<u16>,
    },
    /// Nobody may listen there.
    #[error("nothing can listen on {address}")]
    Listen {
        /// Host and port.
        address: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// Another process uses the directory.
    #[error("{} is in use{}", path.display(), pid.map(|p| format!(" by process {p}")).unwrap_or_default())]
    Locked {
        /// The directory.
        path: PathBuf,
        /// The process that holds it.
        pid: Option<u32>,
    },
    /// The directory cannot be written.
    #[error("{} cannot be written", path.display())]
    NotWritable {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A newer version wrote the directory.
    #[error("{} has format {found}; this version knows up to {known}", path.display())]
    NewerFormat {
        /// The directory.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// The newest format known here.
        known: u32,
    },
    /// The directory holds something else than a whole cluster of this shape; nothing in it was touched.
    #[error("{}: {reason}", path.display())]
    Unfit {
        /// The directory.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
        /// What its owner may do.
        remedy: String,
    },
    /// A config is not possible.
    #[error("{name}: {reason}")]
    Config {
        /// The config's name.
        name: String,
        /// Why it is refused.
        reason: String,
    },
    /// Something else went wrong.
    #[error("{what}")]
    Io {
        /// What was tried.
        what: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
}

impl StartError {
    /// What went wrong at a path.
    pub(super) fn at(path: &Path, what: impl Into<String>, source: std::io::Error) -> Self {
        if source.kind() == std::io::ErrorKind::PermissionDenied {
            return Self::NotWritable { path: path.to_owned(), source };
        }
        Self::Io { what: what.into(), source }
    }
}

impl From<ConfigError> for StartError {
    fn from(err: ConfigError) -> Self {
        Self::Config { name: err.name, reason: err.reason }
    }
}

/// Why a broker does not do as it is told.
#[derive(Debug, thiserror::Error)]
pub enum BrokerError {
    /// There is no such broker.
    #[error("there is no broker {0}")]
    Unknown(i32),
    /// It is not in a state for that.
    #[error("broker {id} is {state}{}", next_of(*state))]
    State {
        /// The broker.
        id: i32,
        /// What it is.
        state: BrokerState,
    },
    /// It did not start.
    #[error(transparent)]
    Start(#[from] StartError),
}

/// What may be done with a broker of that state that was to do something else.
fn next_of(state: BrokerState) -> &'static str {
    match state {
        BrokerState::Running => " already",
        BrokerState::Stopped | BrokerState::Crashed => "; start it first",
        BrokerState::Paused => "; resume it first",
    }
}

/// Why a cluster did not end in order.
#[derive(Debug, thiserror::Error)]
#[error("broker {id} did not end in order; its logs are recovered at the next start")]
pub struct ShutdownError {
    /// The broker.
    pub id: i32,
}
