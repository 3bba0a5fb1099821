//! The data directory: private (0700), and used by one Headwater at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use crate::dto::{AppError, ErrorCode};
use crate::error::AppResult;

/// The open and locked directory. The lock goes with this value, or with the process.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    _lock: File,
}

/// Files made with `options` can be read and written by their owner only, where the system knows owners.
pub fn owner_only(options: &mut OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    #[cfg(not(unix))]
    let _ = options;
}

impl DataDir {
    /// Makes the directory if need be and locks it.
    /// Errors: `data_dir_locked`; it cannot be made or written.
    pub fn open(path: PathBuf) -> AppResult<DataDir> {
        make_private(&path)?;
        // What is shown and stored does not depend on where the program was started.
        let path = fs::canonicalize(&path).map_err(|error| unusable(&path, &error))?;
        let lock_path = path.join(".lock");
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        owner_only(&mut options);
        let mut lock = options.open(&lock_path).map_err(|error| unusable(&path, &error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(locked(&path, &mut lock)),
            Err(TryLockError::Error(error)) => return Err(unusable(&path, &error)),
        }
        let written = lock
            .set_len(0)
            .and_then(|()| lock.rewind())
            .and_then(|()| write!(lock, "{}", std::process::id()));
        written.map_err(|error| unusable(&path, &error))?;
        Ok(DataDir { path, _lock: lock })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes a directory inside, as private as this one.
    pub fn make_private(&self, name: &str) -> AppResult<PathBuf> {
        let path = self.path.join(name);
        make_private(&path)?;
        Ok(path)
    }
}

fn make_private(path: &Path) -> AppResult<()> {
    if path.is_file() {
        let why = format!("{} is a file, and a directory is needed.", path.display());
        return Err(
            AppError::new("The data directory cannot be used", why).remedy("Choose another --data-dir")
        );
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| unusable(path, &error))?;
    // It may have been there before with wider permissions.
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o700))
        .map_err(|error| unusable(path, &error))?;
    Ok(())
}

fn locked(path: &Path, lock: &mut File) -> AppError {
    let mut pid = String::new();
    let _ = lock.take(20).read_to_string(&mut pid);
    let who = match pid.trim().parse::<u32>() {
        Ok(pid) => format!("Another Headwater (pid {pid}) uses {}.", path.display()),
        Err(_) => format!("Another Headwater uses {}.", path.display()),
    };
    AppError::new("Headwater cannot start here", who)
        .code(ErrorCode::DataDirLocked)
        .remedy("Use the other window, or choose another --data-dir")
}

fn unusable(path: &Path, error: &std::io::Error) -> AppError {
    let why = crate::kafka::errors::sentence(&error.to_string());
    AppError::new("The data directory cannot be used", why)
        .detail(path.display().to_string())
        .remedy("Make it writable, or choose another --data-dir")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_headwater_is_refused_by_pid() {
        let dir = tempfile::tempdir().expect("temp dir");
        let first = DataDir::open(dir.path().join("data")).expect("first");
        let second = DataDir::open(dir.path().join("data")).expect_err("second");
        assert_eq!(second.code, Some(ErrorCode::DataDirLocked));
        assert!(second.why.contains(&std::process::id().to_string()));
        drop(first);
        assert!(DataDir::open(dir.path().join("data")).is_ok());
    }

    #[test]
    #[cfg(unix)]
    fn directories_are_private() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().expect("temp dir");
        let data = DataDir::open(dir.path().join("data")).expect("open");
        let inner = data.make_private("spill").expect("made");
        for path in [data.path(), &inner] {
            let mode = fs::metadata(path).expect("metadata").permissions().mode();
            assert_eq!(mode & 0o777, 0o700, "{}", path.display());
        }
    }
}
