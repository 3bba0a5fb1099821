//! Log lines: to stderr, and to a file in the data directory that starts over when it is large.
//! What is logged names places and errors, never payloads or secrets.

use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::Mutex;

pub mod local_log;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::data_dir::owner_only;

const FILE_LEN_MAX: u64 = 8 << 20;
const FILTER_USUAL: &str = "info,tao=warn,wry=warn";

/// Begins logging; a second call does nothing. A file that cannot be written leaves stderr only.
pub fn begin(data_dir: &Path) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(FILTER_USUAL));
    let to_stderr = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .with_target(false);
    let to_file = LogFile::open(data_dir)
        .map(|file| tracing_subscriber::fmt::layer().with_writer(file).with_ansi(false));
    let _ = tracing_subscriber::registry()
        .with(filter)
        .with(to_stderr)
        .with(to_file)
        .with(local_log::LocalLogLayer)
        .try_init();
}

/// One line of a layer at a time goes to the file.
struct LogFile(Mutex<File>);

impl LogFile {
    fn open(data_dir: &Path) -> Option<LogFile> {
        let path = data_dir.join("headwater.log");
        if std::fs::metadata(&path).is_ok_and(|file| file.len() > FILE_LEN_MAX) {
            let _ = std::fs::rename(&path, data_dir.join("headwater.log.1"));
        }
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        owner_only(&mut options);
        options.open(path).ok().map(|file| LogFile(Mutex::new(file)))
    }
}

impl<'a> MakeWriter<'a> for LogFile {
    type Writer = FileLine<'a>;

    fn make_writer(&'a self) -> FileLine<'a> {
        FileLine(&self.0)
    }
}

struct FileLine<'a>(&'a Mutex<File>);

impl Write for FileLine<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).flush()
    }
}
