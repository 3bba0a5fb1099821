//! The clusters that are measured: ours, and Apache Kafka's where Java is there.

use std::path::Path;

use suites::{Apache, Launcher, kafka};

use super::process;

/// A cluster that is being measured; it ends with this value.
pub struct Measured {
    pub bootstrap: String,
    pub pids: Vec<u32>,
    _running: Box<dyn std::any::Any + Sync>,
}

/// A cluster's name, and how it is started.
pub type Named = (&'static str, fn() -> Measured);

impl Measured {
    /// CPU seconds of its processes so far.
    pub fn cpu_seconds(&self) -> f64 {
        self.pids.iter().map(|pid| process::cpu_seconds(*pid)).sum()
    }

    /// What its processes hold now, in MB.
    pub fn resident_mb(&self) -> f64 {
        self.pids.iter().map(|pid| process::resident_mb(*pid)).sum()
    }

    /// The most that its processes have held, in MB.
    pub fn peak_mb(&self) -> f64 {
        self.pids.iter().map(|pid| process::peak_mb(*pid)).sum()
    }
}

/// Ours in a directory of its own.
pub fn ours(brokers: usize) -> Measured {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let cluster = ours_in(dir.path(), brokers);
    Measured { bootstrap: cluster.bootstrap(), pids: vec![cluster.pid()], _running: Box::new((cluster, dir)) }
}

fn ours_in(dir: &Path, brokers: usize) -> Launcher {
    Launcher::start(dir, &["--brokers", &brokers.to_string()])
}

/// One that somebody else holds.
pub fn of_running(bootstrap: &str, pids: Vec<u32>) -> Measured {
    Measured { bootstrap: bootstrap.to_owned(), pids, _running: Box::new(()) }
}

/// Apache Kafka as its own scripts start it.
pub fn apache(brokers: usize) -> Measured {
    of(Apache::start(brokers))
}

fn of(cluster: Apache) -> Measured {
    Measured { bootstrap: cluster.bootstrap(), pids: cluster.pids(), _running: Box::new(cluster) }
}

/// Three brokers of each, with the same settings.
pub fn three_as_ours() -> Vec<Named> {
    with_kafka(("headwater", || ours(3)), ("Apache Kafka", || of(Apache::start_as_ours(3))))
}

/// One broker of each.
pub fn one() -> Vec<Named> {
    with_kafka(("headwater", || ours(1)), ("Apache Kafka", || apache(1)))
}

/// Three brokers of each.
pub fn three() -> Vec<Named> {
    with_kafka(("headwater", || ours(3)), ("Apache Kafka", || apache(3)))
}

fn with_kafka(ours: Named, theirs: Named) -> Vec<Named> {
    let mut clusters = vec![ours];
    clusters.extend(kafka::has_java().then_some(theirs));
    clusters
}
