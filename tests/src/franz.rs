//! The ledger that franz-go keeps, with transactions and a group's offsets: the program `tests/clients/go/ledger`.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fall where it stands")]

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::ledger::Acknowledged;
use crate::process::{Lines, collect};
use crate::{available, root, run, wait_for};

/// The longest that records or transactions may stand still.
const PROGRESS: Duration = Duration::from_secs(40);
/// The program gives up by itself before.
const END: Duration = Duration::from_secs(90);

/// A ledger that is being kept while something happens to the cluster.
pub trait Ledger {
    /// Waits until `more` further records are acknowledged.
    fn progress(&self, more: usize);
    /// Waits until a further transaction is committed, if the client has any.
    fn transact(&self);
}

impl Ledger for Acknowledged {
    fn progress(&self, more: usize) {
        Self::progress(self, more);
    }

    fn transact(&self) {}
}

/// How far the program is.
#[derive(Debug, Default)]
struct Counts {
    acknowledged: AtomicUsize,
    committed: AtomicUsize,
}

/// The program while it keeps its ledger; it ends with this value at the latest.
#[derive(Debug)]
pub struct Keeper {
    child: Child,
    counts: Arc<Counts>,
    journal: Option<JoinHandle<()>>,
    stderr: Lines,
}

fn built() -> PathBuf {
    root().join("target/clients/go/ledger")
}

/// Whether the program is built.
pub fn is_there() -> bool {
    available("the Go client ledger", built().exists())
}

fn program(bootstrap: &str, mode: &str) -> Command {
    let mut command = Command::new(built());
    command.env("KAFKA_BOOTSTRAP_SERVERS", bootstrap).arg(mode);
    command
}

/// Lets the program keep its ledger during `disturb`, then has it check everything; returns what it says it found.
pub fn audit(bootstrap: &str, disturb: impl FnOnce(&Keeper)) -> String {
    let dir = tempfile::tempdir().unwrap();
    let journal = dir.path().join("journal");
    let keeper = Keeper::start(bootstrap, &journal);
    disturb(&keeper);
    keeper.end();
    let verdict = run(program(bootstrap, "check").arg(&journal), b"").ok().stdout;
    assert!(verdict.starts_with("ok: "), "{verdict}");
    print!("{verdict}");
    verdict
}

impl Keeper {
    fn start(bootstrap: &str, journal: &Path) -> Self {
        let mut command = program(bootstrap, "keep");
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().unwrap();
        let counts = Arc::new(Counts::default());
        let (lines, file, seen) =
            (child.stdout.take().unwrap(), File::create(journal).unwrap(), counts.clone());
        let journal = Some(std::thread::spawn(move || copy_journal(lines, file, &seen)));
        let stderr = collect(child.stderr.take().unwrap());
        Self { child, counts, journal, stderr }
    }

    /// Ends the program's input, and waits until it has copied everything and ended.
    fn end(mut self) {
        drop(self.child.stdin.take());
        let status = wait_for("the ledger to be complete", END, || self.child.try_wait().unwrap());
        assert!(status.success(), "the ledger ended with {status}");
        self.journal.take().unwrap().join().expect("the journal is written");
    }

    fn wait_for_more(&self, what: &str, count: &AtomicUsize, more: usize) {
        let before = count.load(Ordering::SeqCst);
        wait_for(what, PROGRESS, || (count.load(Ordering::SeqCst) >= before + more).then_some(()));
    }
}

fn copy_journal(lines: ChildStdout, file: File, counts: &Counts) {
    let mut file = BufWriter::new(file);
    for line in BufReader::new(lines).lines().map_while(Result::ok) {
        writeln!(file, "{line}").unwrap();
        match line.split(' ').next() {
            Some("acknowledged") => counts.acknowledged.fetch_add(1, Ordering::SeqCst),
            Some("committed") => counts.committed.fetch_add(1, Ordering::SeqCst),
            Some(_) | None => continue,
        };
    }
    file.flush().unwrap();
}

impl Ledger for Keeper {
    fn progress(&self, more: usize) {
        self.wait_for_more("progress", &self.counts.acknowledged, more);
    }

    fn transact(&self) {
        self.wait_for_more("a transaction", &self.counts.committed, 1);
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the ledger's errors: {:#?}", self.stderr.lock());
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
