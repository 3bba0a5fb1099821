//! Files. Logs are appended to, read by position, truncated and synced; small files are replaced whole.

use std::fs::{File, OpenOptions};
use std::io::{self, IoSlice, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::protocol::wire::ReadAt;

/// An open file.
pub trait DiskFile: ReadAt {
    /// Appends `parts` in order; on error some of the bytes may be there.
    fn append(&self, parts: &[&[u8]]) -> io::Result<()>;
    /// Bytes in the file.
    fn size(&self) -> io::Result<u64>;
    /// Cuts the file back to `len` bytes.
    fn truncate(&self, len: u64) -> io::Result<()>;
    /// Returns once the bytes are on the medium.
    fn sync(&self) -> io::Result<()>;
}

/// A place for files.
pub trait Disk: Send + Sync + std::fmt::Debug {
    /// Opens a file for reading and appending, made if missing.
    fn open(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>>;
    /// The whole of a small file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// Bytes of a file; `None` if there is none.
    fn read_len(&self, path: &Path) -> io::Result<Option<u64>>;
    /// Puts `bytes` in the place of the file so that a crash leaves the old or the new: write, sync, rename.
    fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Gives a file another name, in place of what had that name. Readers that have it open go on.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Names in a directory; a missing directory has none.
    fn list(&self, dir: &Path) -> io::Result<Vec<String>>;
    /// Makes a directory and those above it.
    fn create_dir(&self, dir: &Path) -> io::Result<()>;
    /// Removes a file; a missing one is fine.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Removes a directory and all in it; a missing one is fine.
    fn remove_dir(&self, dir: &Path) -> io::Result<()>;
    /// Bytes of all files below a directory.
    fn size_below(&self, dir: &Path) -> u64;
    /// The volume that holds a directory; `None` where the system does not tell.
    fn volume(&self, dir: &Path) -> Option<Volume>;
}

/// A volume of a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Volume {
    /// Its size.
    pub total_bytes: u64,
    /// What of it an ordinary user may still fill.
    pub free_bytes: u64,
}

/// The machine's disk.
#[derive(Debug, Default)]
pub struct RealDisk;

#[derive(Debug)]
struct RealFile {
    file: File,
    /// Whoever owns the file lets this process read it, and no more.
    read_only: bool,
    /// A handle for appends may not shorten a file there.
    #[cfg(windows)]
    path: PathBuf,
}

impl ReadAt for RealFile {
    #[cfg(unix)]
    fn read_exact_at(&self, buf: &mut [u8], position: u64) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.file, buf, position)
    }

    #[cfg(windows)]
    fn read_exact_at(&self, mut buf: &mut [u8], mut position: u64) -> io::Result<()> {
        while !buf.is_empty() {
            match std::os::windows::fs::FileExt::seek_read(&self.file, buf, position)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                read => {
                    buf = buf.get_mut(read..).unwrap_or_default();
                    position += read as u64;
                }
            }
        }
        Ok(())
    }
}

impl DiskFile for RealFile {
    fn append(&self, parts: &[&[u8]]) -> io::Result<()> {
        if self.read_only {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let mut slices: Vec<IoSlice<'_>> = parts.iter().map(|part| IoSlice::new(part)).collect();
        let mut rest = &mut slices[..];
        IoSlice::advance_slices(&mut rest, 0);
        while !rest.is_empty() {
            match (&self.file).write_vectored(rest) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => IoSlice::advance_slices(&mut rest, written),
                Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
                Err(err) => return Err(err),
            }
        }
        Ok(())
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    #[cfg(not(windows))]
    fn truncate(&self, len: u64) -> io::Result<()> {
        self.file.set_len(len)
    }

    #[cfg(windows)]
    fn truncate(&self, len: u64) -> io::Result<()> {
        OpenOptions::new().write(true).open(&self.path)?.set_len(len)
    }

    fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}

impl Disk for RealDisk {
    fn open(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>> {
        let opened = OpenOptions::new().read(true).append(true).create(true).open(path);
        // What can be read is served, as long as nobody wants to write.
        let (file, read_only) = match opened {
            Err(err) if err.kind() == io::ErrorKind::PermissionDenied => {
                (File::open(path).map_err(|_| err)?, true)
            }
            opened => (opened?, false),
        };
        Ok(Arc::new(RealFile {
            file,
            read_only,
            #[cfg(windows)]
            path: path.to_owned(),
        }))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn read_len(&self, path: &Path) -> io::Result<Option<u64>> {
        match std::fs::metadata(path) {
            Ok(found) => Ok(Some(found.len())),
            Err(err) if err.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(err) => Err(err),
        }
    }

    fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut name = path.as_os_str().to_owned();
        name.push(".tmp");
        let temporary = PathBuf::from(name);
        let mut file = File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        drop(file);
        std::fs::rename(&temporary, path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<String>> {
        let entries = match std::fs::read_dir(dir) {
            Err(err) if err.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut names = Vec::new();
        for entry in entries {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        Ok(names)
    }

    fn create_dir(&self, dir: &Path) -> io::Result<()> {
        std::fs::create_dir_all(dir)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        missing_is_fine(std::fs::remove_file(path))
    }

    fn remove_dir(&self, dir: &Path) -> io::Result<()> {
        missing_is_fine(std::fs::remove_dir_all(dir))
    }

    fn size_below(&self, dir: &Path) -> u64 {
        let Ok(entries) = std::fs::read_dir(dir) else { return 0 };
        entries
            .flatten()
            .map(|entry| match entry.metadata() {
                Ok(meta) if meta.is_dir() => self.size_below(&entry.path()),
                Ok(meta) => meta.len(),
                Err(_) => 0,
            })
            .sum()
    }

    fn volume(&self, dir: &Path) -> Option<Volume> {
        volume(dir)
    }
}

#[cfg(unix)]
fn volume(dir: &Path) -> Option<Volume> {
    let found = rustix::fs::statvfs(dir).ok()?;
    let bytes = |blocks: u64| blocks.saturating_mul(found.f_frsize);
    Some(Volume { total_bytes: bytes(found.f_blocks), free_bytes: bytes(found.f_bavail) })
}

#[cfg(windows)]
fn volume(dir: &Path) -> Option<Volume> {
    let found = fs4::statvfs(dir).ok()?;
    Some(Volume { total_bytes: found.total_space(), free_bytes: found.available_space() })
}

#[cfg(not(any(unix, windows)))]
fn volume(_: &Path) -> Option<Volume> {
    None
}

fn missing_is_fine(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(err) if err.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
