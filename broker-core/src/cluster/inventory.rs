//! Whether what lies in a cluster's directory fits together: a cluster that starts over a part of its files would
//! take the rest for gone, and its replicas would follow.

use std::path::Path;

use super::StartError;
use crate::controller::MetadataImage;
use crate::protocol::Uuid;
use crate::seams::{Disk, RealDisk};

/// The controller's directory.
pub(super) const CONTROLLER: &str = "controller";
const META: &str = "meta.properties";
/// The directory of the metadata log in the controller's.
pub(super) const METADATA: &str = "__cluster_metadata-0";

/// The broker whose directory has this name.
pub(super) fn broker_of(name: &str) -> Option<i32> {
    name.strip_prefix("broker-")?.parse().ok()
}

/// Whether a cluster of so many brokers can go on from what lies in a directory; a missing or empty one fits all.
/// Errors: what [`Cluster::start`](super::Cluster::start) would refuse, as far as that is known before.
pub fn fits(dir: &Path, brokers: u8) -> Result<(), StartError> {
    match super::data_dir::known_identity(dir)? {
        Some(cluster_id) => check(dir, cluster_id, brokers),
        None => Ok(()),
    }
}

/// Errors: the controller's directory is missing, brokers are left over, or a broker's directory is another's.
pub(super) fn check(dir: &Path, cluster_id: Uuid, brokers: u8) -> Result<(), StartError> {
    let unfit = |reason: String, remedy: &str| {
        Err(StartError::Unfit { path: dir.to_owned(), reason, remedy: remedy.to_owned() })
    };
    let failed = |source| StartError::Io { what: format!("reading {}", dir.display()), source };
    let names = RealDisk.list(dir).map_err(failed)?;
    if let Some(reason) = not_its_controller(dir, cluster_id) {
        return unfit(reason, "Put the right files back, or choose another directory");
    }
    let found = names.iter().filter_map(|name| Some((name, broker_of(name)?)));
    for (name, id) in found {
        let path = dir.join(name);
        if !path.is_dir() {
            return unfit(format!("{name} is not a directory"), "Move it away");
        }
        if !has_partitions(&path) {
            continue;
        }
        if !names.iter().any(|name| name == CONTROLLER) {
            let reason = format!("{CONTROLLER} is missing, and {name} has partitions");
            return unfit(reason, "Put it back, or choose another directory");
        }
        let metadata = dir.join(CONTROLLER).join(METADATA);
        if RealDisk.size_below(&metadata) == 0 {
            let reason = format!("{CONTROLLER}/{METADATA} is missing or empty, and {name} has partitions");
            return unfit(reason, "Put it back, or choose another directory");
        }
        if id > i32::from(brokers) {
            let reason = format!("it has the logs of broker {id}, and {brokers} brokers were to start");
            return unfit(reason, &format!("Start {id} brokers, or choose another directory"));
        }
        if let Some(reason) = not_its_own(&path, name, cluster_id, id) {
            return unfit(reason, "Put the right files back, or choose another directory");
        }
    }
    Ok(())
}

/// Writes into the controller's directory whose it is.
pub(super) fn name_controller(dir: &Path, cluster_id: Uuid) -> std::io::Result<()> {
    let path = dir.join(CONTROLLER).join(META);
    let text = format!("version=1\ncluster.id={cluster_id}\nnode.id=0\n");
    match RealDisk.read(&path) {
        Ok(raw) if raw == text.as_bytes() => Ok(()),
        Ok(_) | Err(_) => {
            RealDisk.create_dir(&dir.join(CONTROLLER))?;
            RealDisk.replace(&path, text.as_bytes())
        }
    }
}

/// A value of a file of properties.
pub(super) fn property<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('=')).map(str::trim)
}

/// Why the controller's directory is not that of this cluster; one that was written before it was named is taken for it.
fn not_its_controller(dir: &Path, cluster_id: Uuid) -> Option<String> {
    let raw = RealDisk.read(&dir.join(CONTROLLER).join(META)).ok()?;
    let text = String::from_utf8_lossy(&raw);
    let found = property(&text, "cluster.id")?;
    (found != cluster_id.to_string())
        .then(|| format!("{CONTROLLER} belongs to cluster {found}, not to {cluster_id}"))
}

/// Errors: a broker that has replicas by the metadata has no directory.
pub(super) fn check_known(dir: &Path, image: &MetadataImage) -> Result<(), StartError> {
    let partitions = || image.topics.values().flat_map(|topic| &topic.partitions);
    let has_replicas = |id: &&i32| partitions().any(|partition| partition.replicas.contains(id));
    let is_missing = |id: &&i32| !dir.join(format!("broker-{id}")).is_dir();
    match image.brokers.keys().filter(is_missing).find(has_replicas) {
        None => Ok(()),
        Some(id) => Err(StartError::Unfit {
            path: dir.to_owned(),
            reason: format!("broker-{id} is missing, which has replicas of this cluster's partitions"),
            remedy: "Put it back, or choose another directory".to_owned(),
        }),
    }
}

/// Writes another cluster's id into what says whose the brokers' directories are.
pub(super) fn rename_cluster(dir: &Path, cluster_id: Uuid) -> std::io::Result<()> {
    let is_owned = |name: &&String| *name == CONTROLLER || broker_of(name).is_some();
    for name in RealDisk.list(dir)?.iter().filter(is_owned) {
        let path = dir.join(name).join(META);
        let raw = match RealDisk.read(&path) {
            Err(err) if err.kind() == std::io::ErrorKind::NotFound => continue,
            raw => raw?,
        };
        let text = String::from_utf8_lossy(&raw).into_owned();
        let others = text.lines().filter(|line| !line.starts_with("cluster.id="));
        let lines = others.map(str::to_owned).chain([format!("cluster.id={cluster_id}")]);
        RealDisk.replace(&path, (lines.collect::<Vec<_>>().join("\n") + "\n").as_bytes())?;
    }
    Ok(())
}

fn has_partitions(broker: &Path) -> bool {
    let names = RealDisk.list(broker).unwrap_or_default();
    names.iter().any(|name| broker.join(name).is_dir())
}

/// Why the directory is not that of this broker of this cluster.
fn not_its_own(path: &Path, name: &str, cluster_id: Uuid, id: i32) -> Option<String> {
    let Ok(raw) = RealDisk.read(&path.join(META)) else {
        return Some(format!("{name}/{META} is missing"));
    };
    let text = String::from_utf8_lossy(&raw);
    let (Some(cluster), Some(node)) = (property(&text, "cluster.id"), property(&text, "node.id")) else {
        return Some(format!("{name}/{META} is damaged: there is no cluster or broker id in it"));
    };
    if cluster != cluster_id.to_string() {
        return Some(format!("{name} belongs to cluster {cluster}, not to {cluster_id}"));
    }
    (node != id.to_string()).then(|| format!("{name} belongs to broker {node}"))
}
