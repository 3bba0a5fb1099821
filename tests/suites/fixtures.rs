//! Clusters of earlier versions, kept as snapshots in `tests/fixtures`: every later version opens them.
//! `HEADWATER_FIXTURE=FILE.zip cargo test -p suites --test fixtures` makes one of the present version.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fall where it stands")]

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use suites::{Launcher, kafka};
use zip::write::SimpleFileOptions;

/// Few partitions of internal topics keep the file small.
const SHAPE: [&str; 6] = [
    "--brokers",
    "2",
    "--override",
    "offsets.topic.num.partitions=2",
    "--override",
    "transaction.state.log.num.partitions=2",
];
const CODECS: [&str; 5] = ["none", "gzip", "snappy", "lz4", "zstd"];
const LIMIT: Duration = Duration::from_secs(20);

fn kcat(cluster: &Launcher, args: &[&str], input: &str) -> String {
    kafka::kcat(&cluster.bootstrap(), args, input).ok().stdout
}

fn transactional(cluster: &Launcher) -> BaseProducer {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", cluster.bootstrap()).set("transactional.id", "payments");
    let producer: BaseProducer = config.create().unwrap();
    producer.init_transactions(LIMIT).unwrap();
    producer
}

/// A transaction of ten records.
fn pay(producer: &BaseProducer, name: &str, commits: bool) {
    producer.begin_transaction().unwrap();
    for at in 0..10 {
        let value = format!("{name} {at}");
        producer.send(BaseRecord::<(), _>::to("payments").partition(0).payload(&value)).unwrap();
    }
    producer.flush(LIMIT).unwrap();
    if commits {
        producer.commit_transaction(LIMIT).unwrap();
    } else {
        producer.abort_transaction(LIMIT).unwrap();
    }
}

fn fill(cluster: &Launcher) {
    for codec in CODECS {
        let lines: String = (0..20).map(|n| format!("by {codec} {n}\n")).collect();
        kcat(cluster, &["-P", "-t", "orders", "-z", codec, "-X", "enable.idempotence=true"], &lines);
    }
    let read = kcat(cluster, &["-G", "readers", "-X", "auto.offset.reset=earliest", "-e", "orders"], "");
    assert_eq!(read.lines().count(), 100);
    let producer = transactional(cluster);
    for n in 0..4 {
        pay(&producer, &format!("payment {n}"), n % 2 == 0);
    }
    // The last one stays open.
    producer.begin_transaction().unwrap();
    producer.send(BaseRecord::<(), _>::to("payments").partition(0).payload("open")).unwrap();
    producer.flush(LIMIT).unwrap();
}

fn make(file: &Path) {
    let dir = tempfile::tempdir().unwrap();
    let cluster = Launcher::start(
        &dir.path().join("data"),
        &[&SHAPE[..], &["--init", init(dir.path()).to_str().unwrap()]].concat(),
    );
    fill(&cluster);
    let snapshot = dir.path().join("snapshot");
    cluster.ctl(&["snapshot", snapshot.to_str().unwrap()]).ok();
    let mut zip = zip::ZipWriter::new(File::create(file).unwrap());
    let mut dirs = vec![snapshot.clone()];
    while let Some(dir) = dirs.pop() {
        for entry in std::fs::read_dir(dir).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                dirs.push(path);
                continue;
            }
            let name = path.strip_prefix(&snapshot).unwrap().to_str().unwrap().replace('\\', "/");
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            std::io::copy(&mut File::open(&path).unwrap(), &mut zip).unwrap();
        }
    }
    zip.finish().unwrap();
}

fn init(dir: &Path) -> PathBuf {
    let file = dir.join("topics.yaml");
    let topics = "topics:\n  - {name: orders, partitions: 2}\n  - {name: payments, partitions: 1}\n";
    std::fs::write(&file, topics).unwrap();
    file
}

/// All that [`fill`] wrote; `more` transactions have been committed since.
fn check(cluster: &Launcher, more: usize) {
    let orders = kcat(cluster, &["-C", "-t", "orders", "-e", "-q"], "");
    for codec in CODECS {
        let of_codec = orders.lines().filter(|line| line.starts_with(&format!("by {codec} "))).count();
        assert_eq!(of_codec, 20, "{codec}: {orders}");
    }
    let committed = ["-C", "-t", "payments", "-e", "-q", "-X", "isolation.level=read_committed"];
    let payments = kcat(cluster, &committed, "");
    assert_eq!(payments.lines().count(), 20 + 10 * more, "{payments}");
    assert!(!payments.contains("payment 1") && !payments.contains("open"), "{payments}");
    // The group goes on where it was.
    let read = kcat(cluster, &["-G", "readers", "-X", "auto.offset.reset=earliest", "-e", "orders"], "");
    assert_eq!(read, "");
}

#[test]
fn clusters_of_earlier_versions_open_with_all_they_hold() {
    if !kafka::has_kcat() {
        return;
    }
    if let Ok(file) = std::env::var("HEADWATER_FIXTURE") {
        make(Path::new(&file));
    }
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut opened = 0;
    for fixture in std::fs::read_dir(fixtures).unwrap().flatten().map(|entry| entry.path()) {
        println!("{}", fixture.display());
        let dir = tempfile::tempdir().unwrap();
        let [snapshot, data] = ["snapshot", "data"].map(|name| dir.path().join(name));
        zip::ZipArchive::new(File::open(&fixture).unwrap()).unwrap().extract(&snapshot).unwrap();
        let fork = ["--fork", snapshot.to_str().unwrap()];
        let cluster = Launcher::start(&data, &[&SHAPE[..], &fork].concat());
        // The producer that comes back ends what it left open.
        pay(&transactional(&cluster), "payment 5", true);
        check(&cluster, 1);
        cluster.shutdown();
        let cluster = Launcher::start(&data, &SHAPE);
        check(&cluster, 1);
        cluster.shutdown();
        opened += 1;
    }
    assert!(opened > 0, "there is a fixture");
}
