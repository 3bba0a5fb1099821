//! The copy of a directory while others write into it, in passes: each copies what has changed since the one before.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

/// Bytes of a file read at once for its checksum.
const READ_BYTES: usize = 1 << 20;
/// A file system may give two writes within this one time.
const SAME_TIME: Duration = Duration::from_secs(1);

/// What a file looked like before it was copied.
#[derive(Debug, PartialEq, Eq)]
struct Stamp {
    len: u64,
    modified: SystemTime,
}

/// What tells whether a file is still what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSum {
    /// Its size.
    pub bytes: u64,
    /// CRC-32C of its bytes.
    pub crc32c: u32,
}

/// A file or directory that could not be copied.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct CopyFailed {
    /// What was tried.
    pub what: String,
    /// What the system said.
    pub source: io::Error,
}

fn failed(what: &str, path: &Path) -> impl FnOnce(io::Error) -> CopyFailed {
    let what = format!("{what} {}", path.display());
    |source| CopyFailed { what, source }
}

/// A copy in the making.
#[derive(Debug)]
pub struct TreeCopy {
    from: PathBuf,
    to: PathBuf,
    /// Which names right in `from` belong to it.
    wanted: fn(&str) -> bool,
    /// The files copied so far, below `from`, and when.
    copied: BTreeMap<PathBuf, (Stamp, SystemTime)>,
}

impl TreeCopy {
    /// A copy of what is `wanted` in `from`, with all below it.
    pub fn new(from: &Path, to: &Path, wanted: fn(&str) -> bool) -> Self {
        Self { from: from.to_owned(), to: to.to_owned(), wanted, copied: BTreeMap::new() }
    }

    /// Copies every file that is new or may have changed and removes what is gone; of a file that has only grown
    /// since the last pass, which every one has that neither is nor lies in one of `rewritten`, what was added.
    /// `more` hears how many bytes by now and of how many, and says whether to go on. Returns the bytes, or `None`
    /// if it was not to.
    pub fn pass(
        &mut self,
        rewritten: &BTreeSet<PathBuf>,
        more: &mut dyn FnMut(u64, u64) -> bool,
    ) -> Result<Option<u64>, CopyFailed> {
        let found = self.find()?;
        let gone: Vec<PathBuf> =
            self.copied.keys().filter(|path| !found.contains_key(*path)).cloned().collect();
        for path in gone {
            let copy = self.to.join(&path);
            fs::remove_file(&copy).map_err(failed("removing", &copy))?;
            self.copied.remove(&path);
        }
        let changed: Vec<(PathBuf, Stamp, u64)> = found
            .into_iter()
            .filter_map(|(path, stamp)| {
                // One rewritten after the question may have been taken for one that grew, so that is looked at first.
                if self.from.join(&path).ancestors().any(|part| rewritten.contains(part)) {
                    return Some((path, stamp, 0));
                }
                let kept = self.kept(&path, &stamp);
                (!self.has(&path, &stamp)).then_some((path, stamp, kept))
            })
            .collect();
        let all = changed.iter().map(|(_, stamp, kept)| stamp.len - kept).sum();
        let mut bytes = 0;
        for (path, stamp, kept) in changed {
            if !more(bytes, all) {
                return Ok(None);
            }
            let now = SystemTime::now();
            let (from, to) = (self.from.join(&path), self.to.join(&path));
            if let Some(dir) = to.parent() {
                fs::create_dir_all(dir).map_err(failed("making", dir))?;
            }
            match copy_from(&from, &to, kept) {
                Ok(len) => {
                    bytes += len;
                    self.copied.insert(path, (stamp, now));
                }
                // Removed meanwhile; the next pass knows.
                Err(err) if err.kind() == io::ErrorKind::NotFound => {}
                Err(err) => return Err(failed("copying", &from)(err)),
            }
        }
        more(bytes, all.max(bytes));
        Ok(Some(bytes))
    }

    /// How much of the copy of a file that was not rewritten is what the file begins with.
    fn kept(&self, path: &Path, stamp: &Stamp) -> u64 {
        let known = self.copied.get(path).map_or(0, |(known, _)| known.len);
        if known <= stamp.len { known } else { 0 }
    }

    /// Whether the copy of a file is surely as the file is.
    fn has(&self, path: &Path, stamp: &Stamp) -> bool {
        self.copied.get(path).is_some_and(|(known, at)| {
            known == stamp && at.duration_since(stamp.modified).is_ok_and(|age| age > SAME_TIME)
        })
    }

    /// Bytes of the copy.
    pub fn bytes(&self) -> u64 {
        self.copied.values().map(|(stamp, _)| stamp.len).sum()
    }

    /// What the copied files are, by their paths with `/` between names; `None` if `more` says not to go on.
    pub fn sums(
        &self,
        more: &mut dyn FnMut(u64, u64) -> bool,
    ) -> Result<Option<BTreeMap<String, FileSum>>, CopyFailed> {
        let all = self.bytes();
        let mut sums = BTreeMap::new();
        let mut buffer = vec![0; READ_BYTES];
        for path in self.copied.keys() {
            if !more(all, all) {
                return Ok(None);
            }
            let copy = self.to.join(path);
            let sum = sum_of(&copy, &mut buffer).map_err(failed("reading", &copy))?;
            let names: Vec<_> = path.iter().map(|name| name.to_string_lossy()).collect();
            sums.insert(names.join("/"), sum);
        }
        Ok(Some(sums))
    }

    /// Every file, by its path below `from`. Directories without a file are not copied.
    fn find(&self) -> Result<BTreeMap<PathBuf, Stamp>, CopyFailed> {
        let mut found = BTreeMap::new();
        let mut dirs = vec![PathBuf::new()];
        while let Some(dir) = dirs.pop() {
            let here = self.from.join(&dir);
            let entries = match fs::read_dir(&here) {
                Err(err) if err.kind() == io::ErrorKind::NotFound => continue,
                entries => entries.map_err(failed("reading", &here))?,
            };
            for entry in entries.flatten() {
                let name = entry.file_name();
                if dir.as_os_str().is_empty() && !(self.wanted)(&name.to_string_lossy()) {
                    continue;
                }
                // Asked of the file: a directory of Windows may show an open one as it was before.
                let Ok(meta) = fs::metadata(entry.path()) else { continue };
                let path = dir.join(name);
                if meta.is_dir() {
                    dirs.push(path);
                } else if let Ok(modified) = meta.modified() {
                    found.insert(path, Stamp { len: meta.len(), modified });
                }
            }
        }
        Ok(found)
    }

    /// Returns once the copy is on the medium.
    pub fn sync(&self) -> Result<(), CopyFailed> {
        sync(&self.to, self.copied.keys()).map_err(failed("syncing", &self.to))
    }
}

fn sum_of(path: &Path, buffer: &mut [u8]) -> io::Result<FileSum> {
    let mut file = fs::File::open(path)?;
    let mut sum = FileSum { bytes: 0, crc32c: 0 };
    loop {
        let read = file.read(buffer)?;
        if read == 0 {
            return Ok(sum);
        }
        sum.bytes += read as u64;
        sum.crc32c = crc32c::crc32c_append(sum.crc32c, buffer.get(..read).unwrap_or_default());
    }
}

/// Copies a file but for its first bytes, which its copy has; returns how many bytes it copied.
fn copy_from(from: &Path, to: &Path, kept: u64) -> io::Result<u64> {
    if kept == 0 {
        fs::copy(from, to)?;
        // What the call itself returns is 0 in some Wines.
        return Ok(fs::metadata(to)?.len());
    }
    let mut source = fs::File::open(from)?;
    source.seek(io::SeekFrom::Start(kept))?;
    let mut copy = fs::OpenOptions::new().write(true).open(to)?;
    // It may have grown while it was copied.
    copy.set_len(kept)?;
    copy.seek(io::SeekFrom::Start(kept))?;
    io::copy(&mut source, &mut copy)
}

#[cfg(target_os = "linux")]
fn sync<'a>(to: &Path, _: impl Iterator<Item = &'a PathBuf>) -> io::Result<()> {
    // One call for the whole file system, where thousands of files would take a call each.
    Ok(rustix::fs::syncfs(fs::File::open(to)?)?)
}

#[cfg(not(target_os = "linux"))]
fn sync<'a>(to: &Path, files: impl Iterator<Item = &'a PathBuf>) -> io::Result<()> {
    for path in files {
        fs::OpenOptions::new().write(true).open(to.join(path))?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn grow(path: &Path, bytes: &[u8]) {
        fs::OpenOptions::new().append(true).create(true).open(path).unwrap().write_all(bytes).unwrap();
    }

    #[test]
    fn a_pass_copies_what_was_added_and_whole_what_was_rewritten() {
        let dir = tempfile::tempdir().unwrap();
        let [from, to] = ["from", "to"].map(|name| dir.path().join(name));
        fs::create_dir_all(from.join("t-0")).unwrap();
        let [grown, cut, gone] = ["t-0/grown", "t-0/cut", "gone"].map(|name| from.join(name));
        [&grown, &cut, &gone].into_iter().for_each(|path| grow(path, &[1; 1000]));
        let mut copy = TreeCopy::new(&from, &to, |_| true);
        assert_eq!(copy.pass(&BTreeSet::new(), &mut |_, _| true).unwrap(), Some(3000));
        grow(&grown, &[2; 10]);
        fs::write(&cut, [3; 1500]).unwrap();
        fs::remove_file(&gone).unwrap();
        let rewritten = BTreeSet::from([cut.clone()]);
        assert_eq!(copy.pass(&rewritten, &mut |_, _| true).unwrap(), Some(10 + 1500));
        let same = |path: &Path| {
            fs::read(path).unwrap() == fs::read(to.join(path.strip_prefix(&from).unwrap())).unwrap()
        };
        assert!(same(&grown) && same(&cut) && !to.join("gone").exists());
        // A directory that was put in the place of another has other files, whatever their names and sizes.
        fs::write(&grown, [4; 2000]).unwrap();
        fs::write(&cut, [5; 2000]).unwrap();
        let rewritten = BTreeSet::from([from.join("t-0")]);
        assert_eq!(copy.pass(&rewritten, &mut |_, _| true).unwrap(), Some(4000));
        assert!(same(&grown) && same(&cut));
        assert_eq!(copy.bytes(), 4000);
        let sums = copy.sums(&mut |_, _| true).unwrap().unwrap();
        let sum = |bytes: &[u8]| FileSum { bytes: bytes.len() as u64, crc32c: crc32c::crc32c(bytes) };
        let wanted = [("t-0/cut", sum(&[5; 2000])), ("t-0/grown", sum(&[4; 2000]))];
        assert_eq!(sums, wanted.map(|(path, sum)| (path.to_owned(), sum)).into());
    }
}
