//! The directory of a cluster: whose it is, which format it has, who uses it now.
//!
//! `.lock` is locked by the process that runs the cluster and holds its id; `headwater.properties` names format
//! and cluster id; `controller/` and `broker-N/` hold logs in Kafka's format.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use super::{StartError, inventory, snapshot};
use crate::protocol::Uuid;
use crate::seams::{Disk, RealDisk, Rng};

const FORMAT: u32 = 1;
const PROPERTIES: &str = "headwater.properties";
/// What a snapshot brings lies here until it is whole.
pub(super) const INCOMING: &str = ".incoming";

/// How the names begin of what is being removed while the next cluster runs already.
const REMOVED: &str = ".removed-";

/// An opened and locked directory.
#[derive(Debug)]
pub(super) struct DataDir {
    path: PathBuf,
    cluster_id: Uuid,
    /// Held for as long as the cluster lives; the system lets go of it even after a kill.
    _lock: File,
}

impl DataDir {
    pub fn open(path: &Path, brokers: u8, wanted: Option<Uuid>) -> Result<Self, StartError> {
        let lock = claim(path)?;
        // Of a restore that did not come to its end.
        RealDisk.remove_dir(&path.join(INCOMING)).map_err(|source| not_writable(path, source))?;
        for name in RealDisk.list(path).unwrap_or_default().iter().filter(|name| name.starts_with(REMOVED)) {
            remove_aside(path.join(name));
        }
        let cluster_id = identity(path, wanted)?;
        if let Some(wanted) = wanted.filter(|&wanted| wanted != cluster_id) {
            let reason = format!("it holds cluster {cluster_id}, not {wanted}");
            let remedy = "Choose another directory, or leave the cluster id out".to_owned();
            return Err(StartError::Unfit { path: path.to_owned(), reason, remedy });
        }
        inventory::check(path, cluster_id, brokers)?;
        Ok(Self { path: path.to_owned(), cluster_id, _lock: lock })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn cluster_id(&self) -> Uuid {
        self.cluster_id
    }

    /// Deletes everything but the lock; the cluster that follows has a new id.
    pub fn clear(&mut self) -> Result<(), StartError> {
        clear_soon(&self.path)?;
        self.cluster_id = identity(&self.path, None)?;
        Ok(())
    }

    /// Puts what lies in [`INCOMING`] in the place of everything but the lock.
    pub fn take_incoming(&mut self) -> Result<(), StartError> {
        clear_soon(&self.path)?;
        let incoming = self.path.join(INCOMING);
        let failed = |source| StartError::Io { what: format!("moving {}", incoming.display()), source };
        // What says that there is a cluster comes last.
        let mut names = RealDisk.list(&incoming).map_err(failed)?;
        names.sort_by_key(|name| name == PROPERTIES);
        for name in names {
            RealDisk.rename(&incoming.join(&name), &self.path.join(&name)).map_err(failed)?;
        }
        RealDisk.remove_dir(&incoming).map_err(failed)?;
        self.cluster_id = identity(&self.path, None)?;
        Ok(())
    }

    /// An empty directory, locked, in which a cluster is to be laid.
    pub fn claim_empty(path: &Path) -> Result<EmptyDir, StartError> {
        let lock = claim(path)?;
        if path.join(PROPERTIES).exists() {
            let reason = "it holds a cluster already".to_owned();
            let remedy = "Choose a new or empty directory".to_owned();
            return Err(StartError::Unfit { path: path.to_owned(), reason, remedy });
        }
        Ok(EmptyDir { path: path.to_owned(), _lock: lock })
    }
}

/// A directory in which a cluster is being laid.
#[derive(Debug)]
pub(super) struct EmptyDir {
    path: PathBuf,
    _lock: File,
}

impl EmptyDir {
    /// Gives the cluster that lies in it an id of its own.
    pub fn name_anew(&self) -> Result<(), StartError> {
        let failed = |source| StartError::Io { what: format!("naming {}", self.path.display()), source };
        RealDisk.remove(&self.path.join(PROPERTIES)).map_err(failed)?;
        let id = Uuid(Rng::from_os().bytes16());
        inventory::rename_cluster(&self.path, id).map_err(failed)?;
        identity(&self.path, Some(id)).map(|_| ())
    }

    /// Takes away what was laid in it.
    pub fn clear(&self) {
        if let Err(err) = clear(&self.path) {
            tracing::warn!(%err, "what was copied stays");
        }
    }
}

/// Whether a name in a cluster's directory is one of the cluster's own.
pub(super) fn is_clusters(name: &str) -> bool {
    name == PROPERTIES || name == inventory::CONTROLLER || inventory::broker_of(name).is_some()
}

/// Whether a running cluster's directory was taken away: files that are open live on without a name, and end with
/// the process.
pub(super) fn is_gone(path: &Path) -> bool {
    match RealDisk.list(path) {
        Ok(names) => !names.iter().any(|name| name == PROPERTIES),
        Err(err) => err.kind() == std::io::ErrorKind::NotFound,
    }
}

/// Deletes the data of a cluster that does not run, whole or not, of whichever format.
pub(super) fn clear_unused(path: &Path) -> Result<(), StartError> {
    belongs_here(path)?;
    let _lock = lock(path)?;
    clear(path)
}

fn clear(path: &Path) -> Result<(), StartError> {
    let failed = |source| StartError::Io { what: format!("clearing {}", path.display()), source };
    for name in RealDisk.list(path).map_err(failed)? {
        if name == inventory::CONTROLLER || inventory::broker_of(&name).is_some() {
            RealDisk.remove_dir(&path.join(&name)).map_err(failed)?;
        }
    }
    RealDisk.remove(&path.join(PROPERTIES)).map_err(failed)
}

/// The same for who does not want to wait until the files are gone: they lose their names at once.
fn clear_soon(path: &Path) -> Result<(), StartError> {
    let removed = path.join(format!("{REMOVED}{}", Uuid(Rng::from_os().bytes16())));
    let failed = |source| StartError::Io { what: format!("clearing {}", path.display()), source };
    RealDisk.create_dir(&removed).map_err(failed)?;
    for name in RealDisk.list(path).map_err(failed)? {
        if name == inventory::CONTROLLER || inventory::broker_of(&name).is_some() {
            // What cannot be moved is removed where it is.
            let _ = RealDisk.rename(&path.join(&name), &removed.join(&name));
        }
    }
    remove_aside(removed);
    clear(path)
}

/// Removes a directory on a thread of its own; what a kill leaves of it the next start removes.
fn remove_aside(dir: PathBuf) {
    let remove = move || {
        if let Err(err) = RealDisk.remove_dir(&dir) {
            tracing::warn!(dir = %dir.display(), %err, "removed data is still on disk");
        }
    };
    if let Err(err) = std::thread::Builder::new().name("remover".to_owned()).spawn(remove) {
        tracing::warn!(%err, "removed data is still on disk");
    }
}

/// Makes a directory this process's own if it is a cluster's or empty; others may not read it.
fn claim(path: &Path) -> Result<File, StartError> {
    if path.exists() && !path.is_dir() {
        let reason = "it is a file, not a directory".to_owned();
        let remedy = "Choose a new or empty directory".to_owned();
        return Err(StartError::Unfit { path: path.to_owned(), reason, remedy });
    }
    std::fs::create_dir_all(path).map_err(|source| not_writable(path, source))?;
    belongs_here(path)?;
    let lock = lock(path)?;
    private(path).map_err(|source| not_writable(path, source))?;
    Ok(lock)
}

fn not_writable(path: &Path, source: std::io::Error) -> StartError {
    StartError::NotWritable { path: path.to_owned(), source }
}

/// A directory is a cluster's or empty: what else lies in it is somebody's, and a reset must not take it.
fn belongs_here(dir: &Path) -> Result<(), StartError> {
    let failed = |source| StartError::at(dir, format!("reading {}", dir.display()), source);
    let names = RealDisk.list(dir).map_err(failed)?;
    let unfit =
        |reason: String, remedy: String| Err(StartError::Unfit { path: dir.to_owned(), reason, remedy });
    if snapshot::is_part_of_one(dir) {
        let reason = "it is a snapshot's, which stays as it was taken".to_owned();
        return unfit(reason, "Begin with a copy of it: --fork with the directory above".to_owned());
    }
    if names.iter().any(|name| name == PROPERTIES) {
        return Ok(());
    }
    let logs = names.iter().find(|name| inventory::broker_of(name).is_some());
    // Another start may be writing its first file.
    let is_other = |name: &&String| {
        !name.starts_with('.') && *name != "lost+found" && name.strip_suffix(".tmp") != Some(PROPERTIES)
    };
    let other = names.iter().find(is_other);
    let (reason, remedy) = match (logs, other) {
        (_, None) => return Ok(()),
        (Some(logs), _) => (
            format!("{PROPERTIES} is missing beside {logs}"),
            format!("Put {PROPERTIES} back, or choose another directory"),
        ),
        (None, Some(other)) => (
            format!("it is not empty ({other}) and holds no cluster"),
            "Choose a new or empty directory".to_owned(),
        ),
    };
    unfit(reason, remedy)
}

/// Nobody else on the machine may read the messages.
#[cfg(unix)]
pub(super) fn private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
pub(super) fn private(_: &Path) -> std::io::Result<()> {
    Ok(())
}

fn lock(dir: &Path) -> Result<File, StartError> {
    let path = dir.join(".lock");
    let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
    let mut file = opened.map_err(|source| StartError::NotWritable { path: dir.to_owned(), source })?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            let _ = file.read_to_string(&mut text);
            return Err(StartError::Locked { path: dir.to_owned(), pid: text.trim().parse().ok() });
        }
        Err(TryLockError::Error(source)) => {
            return Err(StartError::Io { what: format!("locking {}", path.display()), source });
        }
    }
    // Only for the message above; a process that cannot write it still holds the lock.
    let _ = file.set_len(0).and_then(|()| write!(file, "{}", std::process::id()));
    Ok(file)
}

/// Reads the cluster id. A new directory gets the one that is wanted, or one that is made for it.
fn identity(dir: &Path, wanted: Option<Uuid>) -> Result<Uuid, StartError> {
    if let Some(id) = known_identity(dir)? {
        return Ok(id);
    }
    let id = wanted.unwrap_or_else(|| Uuid(Rng::from_os().bytes16()));
    let text = format!("headwater.format={FORMAT}\ncluster.id={id}\n");
    let path = dir.join(PROPERTIES);
    let failed = |source| StartError::at(dir, format!("writing {}", path.display()), source);
    RealDisk.replace(&path, text.as_bytes()).map_err(failed)?;
    Ok(id)
}

/// The id of the cluster that lies in a directory, if one does.
pub(super) fn known_identity(dir: &Path) -> Result<Option<Uuid>, StartError> {
    let path = dir.join(PROPERTIES);
    match RealDisk.read(&path) {
        Ok(raw) => parse(dir, &String::from_utf8_lossy(&raw)).map(Some).map_err(|err| *err),
        Err(err) if err.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(StartError::at(dir, format!("reading {}", path.display()), source)),
    }
}

fn parse(dir: &Path, text: &str) -> Result<Uuid, Box<StartError>> {
    let value = |name| inventory::property(text, name);
    let found: u32 = value("headwater.format").and_then(|format| format.parse().ok()).unwrap_or(0);
    if found > FORMAT {
        return Err(Box::new(StartError::NewerFormat { path: dir.to_owned(), found, known: FORMAT }));
    }
    value("cluster.id").and_then(Uuid::parse).filter(|_| found > 0).ok_or_else(|| {
        let reason = format!("{PROPERTIES} is damaged: there is no format or cluster id in it");
        let remedy = format!("Put {PROPERTIES} back from a copy, or choose another directory");
        Box::new(StartError::Unfit { path: dir.to_owned(), reason, remedy })
    })
}
