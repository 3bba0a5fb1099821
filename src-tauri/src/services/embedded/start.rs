//! Starting the brokers: on which ports, and what it means when they do not start.

use std::path::Path;

use broker_core::{Cluster, ClusterConfig, ListenerConfig, StartError};
use serde_json::json;

use crate::dto::{AppError, ConfigEntry, ErrorCode, LocalSetting};
use crate::error::AppResult;
use crate::store::local_cluster::{BASE_PORT_USUAL, LocalClusterRow};

/// The listener for programs in containers, whose loopback is not this machine's.
pub(super) const CONTAINERS: &str = "CONTAINERS";
/// The name by which containers know the machine they run on.
const CONTAINER_HOST: &str = "host.docker.internal";
pub(super) const EVERY_ADDRESS: &str = "0.0.0.0";
/// Interfaces on which containers reach this machine.
const BRIDGES: [&str; 3] = ["docker0", "podman0", "cni-podman0"];
/// How far above the first port theirs begins: 9192 beside 9092.
const CONTAINER_PORTS_ABOVE: u16 = 100;

/// How the cluster is to be started.
#[derive(Clone, Debug, Default)]
pub(super) struct StartWish {
    pub brokers: u8,
    /// The first port; without one the usual, or the next that is free.
    pub base_port: Option<u16>,
    pub overrides: Vec<ConfigEntry>,
    pub containers: bool,
    /// Bytes on disk; 0 for as many as there is room for.
    pub disk_max: u64,
}

impl From<&LocalClusterRow> for StartWish {
    /// As it was started last.
    fn from(row: &LocalClusterRow) -> StartWish {
        StartWish {
            brokers: row.brokers,
            base_port: Some(row.base_port),
            overrides: row.overrides.clone(),
            containers: row.containers,
            disk_max: row.disk_max.unsigned_abs(),
        }
    }
}

/// Starts a cluster.
pub(super) fn begin(data_dir: &Path, wish: &StartWish) -> AppResult<Cluster> {
    let base_port = match wish.base_port {
        Some(port) => port,
        None => choose_ports(None, wish.brokers).0,
    };
    Cluster::start(config_of(data_dir, wish, base_port))
        .map_err(|error| explain_start(&error, Some(wish.brokers)))
}

/// Error: it would not start, whatever is on the machine.
pub(super) fn check(data_dir: &Path, wish: &StartWish) -> AppResult<()> {
    let base_port = wish.base_port.unwrap_or(BASE_PORT_USUAL);
    let checked = config_of(data_dir, wish, base_port).check().map(drop);
    checked
        .and_then(|()| broker_core::fits(data_dir, wish.brokers))
        .map_err(|error| explain_start(&error, Some(wish.brokers)))
}

fn config_of(data_dir: &Path, wish: &StartWish, base_port: u16) -> ClusterConfig {
    let mut config = ClusterConfig::new(data_dir).on_port(base_port);
    config.brokers = wish.brokers;
    config.overrides = wish.overrides.iter().map(|one| (one.name.clone(), one.value.clone())).collect();
    config.disk_bytes_max = Some(wish.disk_max).filter(|bytes| *bytes > 0);
    if wish.containers {
        config.listeners.push(for_containers(base_port, wish.brokers));
    }
    config
}

fn for_containers(base_port: u16, brokers: u8) -> ListenerConfig {
    let port = match base_port {
        0 => 0,
        base => broker_core::free_base_port(base.saturating_add(CONTAINER_PORTS_ABOVE), brokers).base,
    };
    let advertised_host = Some(CONTAINER_HOST.to_owned());
    ListenerConfig { advertised_host, ..ListenerConfig::new(CONTAINERS, container_host(), port) }
}

/// Where programs in containers come in: on Linux at the bridge they are on, if there is one. Elsewhere they run in a
/// virtual machine that hands its traffic to this machine's loopback.
pub(super) fn container_host() -> String {
    if !cfg!(target_os = "linux") {
        return "localhost".to_owned();
    }
    let all = if_addrs::get_if_addrs().unwrap_or_default();
    let bridge = all.into_iter().find(|one| one.ip().is_ipv4() && BRIDGES.contains(&one.name.as_str()));
    bridge.map_or_else(|| EVERY_ADDRESS.to_owned(), |one| one.ip().to_string())
}

/// Returns the first of a row of ports, and what to say when they, or the usual ones, are not free. Those that were taken
/// before are not left for others: programs know them.
pub(super) fn choose_ports(kept: Option<u16>, brokers: u8) -> (u16, Option<String>) {
    let choice = broker_core::free_base_port(kept.unwrap_or(BASE_PORT_USUAL), brokers);
    let notice = choice.taken.map(|(port, owner)| {
        let by = owner.map(|owner| format!(" by {owner}")).unwrap_or_default();
        if kept.is_some() {
            return format!("Port {port} is taken{by}.");
        }
        let last = choice.base.saturating_add(u16::from(brokers)).saturating_sub(1);
        match brokers {
            1 => format!("Port {port} is taken{by}. Using {}.", choice.base),
            _ => format!("Port {port} is taken{by}. Using {}–{last}.", choice.base),
        }
    });
    (kept.unwrap_or(choice.base), notice)
}

/// Returns every broker setting, with what a laptop gets instead of Kafka's default and what is set.
pub(super) fn settings(brokers: u8, overrides: &[ConfigEntry]) -> Vec<LocalSetting> {
    let laptop = broker_core::config::laptop_overrides(brokers);
    let all = broker_core::config::BROKER_CONFIGS.iter().map(|def| LocalSetting {
        name: def.name.to_owned(),
        doc: def.doc.to_owned(),
        default: def.default.unwrap_or_default().to_owned(),
        laptop: laptop
            .iter()
            .find(|(name, value)| name == def.name && def.default != Some(value.as_str()))
            .map(|(_, value)| value.clone()),
        set: overrides.iter().find(|one| one.name == def.name).map(|one| one.value.clone()),
    });
    all.collect()
}

pub(super) fn explain_start(error: &StartError, brokers: Option<u8>) -> AppError {
    const WHAT: &str = "The local cluster did not start";
    let base = AppError::new(WHAT, crate::kafka::errors::sentence(&error.to_string()));
    match error {
        StartError::PortTaken { port, owner, free_base } => {
            let by = owner.as_ref().map(|owner| format!(" by {owner}")).unwrap_or_default();
            let error = AppError::new(WHAT, format!("Port {port} is taken{by}.")).code(ErrorCode::PortTaken);
            match free_base {
                Some(free) => error.remedy_call(
                    format!("Use ports from {free} on"),
                    "local.start",
                    json!({ "basePort": free, "brokers": brokers }),
                ),
                None => error.remedy("End the other program, or choose other ports"),
            }
        }
        StartError::Locked { pid, .. } => {
            let who = pid.map(|pid| format!(" (pid {pid})")).unwrap_or_default();
            AppError::new(WHAT, format!("Another Headwater{who} uses its data."))
                .code(ErrorCode::DataDirLocked)
                .remedy("Use the other window, or end that program")
        }
        StartError::NotWritable { path, source } => {
            base.detail(source.to_string()).remedy(format!("Make {} writable", path.display()))
        }
        StartError::Unfit { remedy, .. } => {
            let remedy = remedy.clone();
            base.remedy(remedy)
        }
        StartError::Listen { source, .. } => {
            base.detail(source.to_string()).remedy("Choose other ports, above 1024")
        }
        StartError::NewerFormat { .. } => base.remedy("Use the newer Headwater, or reset the local cluster"),
        StartError::Io { source, .. } => {
            base.detail(source.to_string()).remedy("Check the disk for space and permissions").retriable()
        }
        StartError::Config { name, .. } => base.remedy(format!("Change {name}, or leave it at its default")),
    }
}
