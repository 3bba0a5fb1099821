//! Whole Java programs that people run beside Kafka: an exactly-once Streams application, Connect, MirrorMaker 2.
//! Each is killed without warning (a [`Process`] that is dropped is) and started again, and must go on where it was.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fall where it stands")]

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use suites::{Apache, Launcher, Process, free_ports, kafka, wait_for};

const TOPICS: &str = "org.apache.kafka.tools.TopicCommand";
const GROUPS: &str = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand";
const LONG: Duration = Duration::from_secs(90);

struct Here {
    dir: tempfile::TempDir,
    cluster: Launcher,
}

impl Here {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let cluster = Launcher::start(&dir.path().join("cluster"), &["--brokers", "3"]);
        Self { dir, cluster }
    }

    fn bootstrap(&self) -> String {
        self.cluster.bootstrap()
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

fn produce(bootstrap: &str, topic: &str, lines: &str) {
    kafka::kcat(bootstrap, &["-P", "-t", topic, "-X", "acks=all"], lines).ok();
}

/// Everything committed in a topic, as `key:value` lines.
fn committed(bootstrap: &str, topic: &str) -> Vec<String> {
    let args = ["-C", "-t", topic, "-e", "-q", "-K:", "-X", "isolation.level=read_committed"];
    kafka::kcat(bootstrap, &args, "").stdout.lines().map(str::to_owned).collect()
}

fn there() -> bool {
    kafka::has_java_client("streams") && kafka::has_kcat()
}

#[test]
fn an_exactly_once_streams_application_that_is_killed_counts_every_word_once() {
    if !there() {
        return;
    }
    let here = Here::new();
    let bootstrap = here.bootstrap();
    for topic in ["words", "counts"] {
        let args = ["--bootstrap-server", &bootstrap, "--create", "--topic", topic, "--partitions", "3"];
        kafka::java(TOPICS, &args, "").ok();
    }
    let words = ["ape", "bee", "cat", "dog", "elk"];
    let mut sent = 0;
    for life in 0..4 {
        let state = here.dir.path().join(format!("state-{life}"));
        let program = Process::start(kafka::java_client("streams", &bootstrap).env("STATE_DIR", state));
        let before = committed(&bootstrap, "counts").len();
        for _ in 0..20 {
            produce(&bootstrap, "words", &format!("{}\n", words.join("\n")).repeat(100));
            sent += 100;
        }
        // In the midst of the work, but for the last life, which ends it.
        wait_for("some counts", LONG, || {
            (committed(&bootstrap, "counts").len() > before + 500).then_some(())
        });
        if life == 3 {
            wait_for("every count", LONG, || {
                (committed(&bootstrap, "counts").len() >= sent * words.len()).then_some(())
            });
        }
        drop(program);
    }
    let mut counts: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for line in committed(&bootstrap, "counts") {
        let (word, count) = line.split_once(':').unwrap();
        counts.entry(word.to_owned()).or_default().push(count.parse().unwrap());
    }
    for word in words {
        let all: Vec<usize> = (1..=sent).collect();
        assert!(counts[word] == all, "{word}: {} counts, where {sent} were sent", counts[word].len());
    }
}

/// A request to Connect's REST interface; the status and the body.
fn rest(port: u16, method: &str, path: &str, body: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(30))).ok()?;
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(format!("{head}{body}").as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    Some((head.split(' ').nth(1)?.parse().ok()?, body.to_owned()))
}

#[test]
fn connect_carries_lines_from_file_to_file_through_a_crash() {
    if !there() {
        return;
    }
    let here = Here::new();
    let (port, source, sink) = (free_ports(1)[0], here.write("source.txt", ""), here.write("sink.txt", ""));
    let worker = here.write(
        "worker.properties",
        &format!(
            "bootstrap.servers={}\ngroup.id=connect\nlisteners=http://127.0.0.1:{port}\n\
             key.converter=org.apache.kafka.connect.storage.StringConverter\n\
             value.converter=org.apache.kafka.connect.storage.StringConverter\n\
             config.storage.topic=connect-configs\noffset.storage.topic=connect-offsets\n\
             status.storage.topic=connect-status\nexactly.once.source.support=enabled\n\
             offset.flush.interval.ms=200\nsession.timeout.ms=6000\nheartbeat.interval.ms=1000\n\
             scheduled.rebalance.max.delay.ms=0\nplugin.discovery=service_load\n",
            here.bootstrap()
        ),
    );
    let start = || {
        let class = "org.apache.kafka.connect.cli.ConnectDistributed";
        let program = Process::start(&mut kafka::java_command(class, &[&worker]));
        wait_for("Connect", LONG, || rest(port, "GET", "/connectors", "").filter(|(code, _)| *code == 200));
        program
    };
    let program = start();
    for (name, class, more) in [
        ("source", "FileStreamSource", format!("\"file\":{source:?},\"topic\":\"lines\"")),
        ("sink", "FileStreamSink", format!("\"file\":{sink:?},\"topics\":\"lines\"")),
    ] {
        let body = format!("{{\"connector.class\":\"{class}\",\"tasks.max\":\"1\",{more}}}");
        wait_for("the connector", LONG, || {
            let answer = rest(port, "PUT", &format!("/connectors/{name}/config"), &body)?;
            assert!(answer.0 < 300 || answer.0 >= 409, "{answer:?}");
            (answer.0 < 300).then_some(())
        });
    }
    let add = |from: usize| {
        let mut file = std::fs::OpenOptions::new().append(true).open(&source).unwrap();
        (from..from + 500).for_each(|n| writeln!(file, "line {n}").unwrap());
    };
    let arrived = |wanted: usize| {
        wait_for("the lines", LONG, || {
            let text = std::fs::read_to_string(&sink).unwrap();
            (text.lines().collect::<std::collections::BTreeSet<_>>().len() == wanted).then_some(())
        });
    };
    add(0);
    arrived(500);
    drop(program);
    add(500);
    let program = start();
    arrived(1000);
    let status = rest(port, "GET", "/connectors/sink/status", "").unwrap().1;
    assert!(status.contains("\"state\":\"RUNNING\""), "{status}");
    drop(program);
    // The source writes with its offsets in one transaction: the topic has every line once, in order.
    let lines: Vec<String> = (0..1000).map(|n| format!("line {n}")).collect();
    let found = committed(&here.bootstrap(), "lines");
    let found: Vec<&str> = found.iter().map(|line| line.trim_start_matches(':')).collect();
    assert!(found == lines, "{} lines in the topic", found.len());
}

#[test]
fn mirror_maker_copies_from_apache_kafka_and_back() {
    if !there() {
        return;
    }
    let here = Here::new();
    let theirs = Apache::start_with(1, &[("default.replication.factor", "1"), ("min.insync.replicas", "1")]);
    produce(&theirs.bootstrap(), "from-theirs", "a\nb\nc\n");
    produce(&here.bootstrap(), "from-ours", "d\ne\n");
    // A group whose place is to be translated.
    let group = ["-G", "readers", "-X", "auto.offset.reset=earliest", "-e", "from-theirs"];
    kafka::kcat(&theirs.bootstrap(), &group, "").ok();
    let properties = here.write(
        "mm2.properties",
        &format!(
            "clusters=theirs,ours\ntheirs.bootstrap.servers={}\nours.bootstrap.servers={}\n\
             theirs->ours.enabled=true\nours->theirs.enabled=true\ntopics=from-.*\nreplication.factor=1\n\
             checkpoints.topic.replication.factor=1\nheartbeats.topic.replication.factor=1\n\
             offset-syncs.topic.replication.factor=1\noffset.storage.replication.factor=1\n\
             status.storage.replication.factor=1\nconfig.storage.replication.factor=1\n\
             refresh.topics.interval.seconds=1\nrefresh.groups.interval.seconds=1\n\
             emit.checkpoints.interval.seconds=1\nsync.group.offsets.enabled=true\n\
             sync.group.offsets.interval.seconds=1\noffset.lag.max=0\ndedicated.mode.enable.internal.rest=false\n",
            theirs.bootstrap(),
            here.bootstrap()
        ),
    );
    let class = "org.apache.kafka.connect.mirror.MirrorMaker";
    let program = Process::start(&mut kafka::java_command(class, &[&properties]));
    let values = |bootstrap: &str, topic: &str| {
        let rows = committed(bootstrap, topic);
        rows.iter().map(|row| row.trim_start_matches(':').to_owned()).collect::<Vec<_>>()
    };
    let ours = here.bootstrap();
    wait_for("theirs here", LONG, || (values(&ours, "theirs.from-theirs") == ["a", "b", "c"]).then_some(()));
    wait_for("ours there", LONG, || {
        (values(&theirs.bootstrap(), "ours.from-ours") == ["d", "e"]).then_some(())
    });
    produce(&theirs.bootstrap(), "from-theirs", "f\n");
    wait_for("what came later", LONG, || (values(&ours, "theirs.from-theirs").len() == 4).then_some(()));
    // Who reads on here begins behind what the group has read there.
    wait_for("the group's place", LONG, || {
        let args = ["--bootstrap-server", &ours, "--describe", "--offsets", "--group", "readers"];
        let row = kafka::java(GROUPS, &args, "").stdout;
        let row = row.lines().find(|line| line.contains("theirs.from-theirs")).map(str::to_owned)?;
        (row.split_whitespace().nth(3) == Some("3")).then_some(())
    });
    drop(program);
}
