//! Strangers against a cluster of three brokers: each creates a topic, produces with every codec it has, consumes by
//! assignment and by group with a rebalance, and reads on after the whole cluster has been started again.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fall where it stands")]

mod java;
mod kcat;
mod librdkafka;
mod promise;
mod scripts;

use std::collections::BTreeSet;
use std::path::Path;

use suites::Launcher;

/// In the order of their numbers in a batch.
const CODECS: [&str; 5] = ["none", "gzip", "snappy", "lz4", "zstd"];
/// Partitions of the topics here; `num.partitions` too, for the client that cannot create but by producing.
const PARTITIONS: i32 = 4;

struct Three {
    dir: tempfile::TempDir,
    cluster: Launcher,
}

impl Three {
    const SHAPE: [&str; 4] = ["--brokers", "3", "--override", "num.partitions=4"];

    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let cluster = Launcher::start(dir.path(), &Self::SHAPE);
        Self { dir, cluster }
    }

    fn bootstrap(&self) -> String {
        self.cluster.bootstrap()
    }

    /// Ends in order, without a warning, and comes back at the same address. Before that the topic's files must have
    /// batches of every codec: a client could as well send them plain.
    fn restart(self, topic: &str) -> Self {
        let listen = self.cluster.listen();
        quiet(&self.cluster.shutdown());
        let used = codecs_on_disk(self.dir.path(), topic);
        let names: BTreeSet<&str> = used.iter().map(|codec| CODECS[*codec]).collect();
        assert_eq!(names, BTreeSet::from(CODECS), "codecs of the batches in {topic}");
        let cluster = Launcher::start_at(self.dir.path(), &listen, &Self::SHAPE);
        Self { dir: self.dir, cluster }
    }

    fn end(self) {
        quiet(&self.cluster.shutdown());
    }
}

/// Which of [`CODECS`] the batches of a topic have, as Kafka numbers them in the low bits of a batch's attributes.
fn codecs_on_disk(data_dir: &Path, topic: &str) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    for (broker, partition) in (1..=3).flat_map(|broker| (0..PARTITIONS).map(move |index| (broker, index))) {
        let dir = data_dir.join(format!("broker-{broker}/{topic}-{partition}"));
        let raw = std::fs::read(dir.join("00000000000000000000.log")).unwrap();
        let mut rest = &raw[..];
        while let [_, _, _, _, _, _, _, _, a, b, c, d, ..] = *rest {
            found.insert(usize::from(rest[22] & 7));
            rest = &rest[12 + u32::from_be_bytes([a, b, c, d]) as usize..];
        }
    }
    found
}

fn quiet(log: &[String]) {
    assert_eq!(log, Vec::<String>::new(), "an undeclared warning");
}

fn set<'a>(lines: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    lines.into_iter().map(str::to_owned).collect()
}
