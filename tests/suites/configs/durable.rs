//! Topic configs of what a broker that falls may take with it: on ours alone, whose brokers fall when told to.

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::RDKafkaErrorCode;
use suites::peer::Peer;
use suites::wire::now_ms;
use suites::{Launcher, wait_for};

use crate::client::{SOON, Sent, range, send, try_send_to};

/// Three brokers; the directory goes last.
fn three() -> (tempfile::TempDir, Launcher, Peer) {
    let dir = tempfile::tempdir().unwrap();
    let cluster = Launcher::start(dir.path(), &["--brokers", "3"]);
    let peer = Peer::at(&cluster.bootstrap());
    (dir, cluster, peer)
}

fn config(cluster: &Launcher) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", cluster.bootstrap()).set("log_level", "0");
    config
}

fn create(cluster: &Launcher, name: &str, replicas: &[i32], configs: &[(&str, &str)]) {
    let admin: AdminClient<DefaultClientContext> = config(cluster).create().unwrap();
    let placed = [replicas];
    let alone = NewTopic::new(name, 1, TopicReplication::Variable(&placed));
    let topic = configs.iter().fold(alone, |topic, (name, value)| topic.set(name, value));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let created = runtime.block_on(admin.create_topics([&topic], &AdminOptions::new())).unwrap();
    assert_eq!(created, [Ok(name.to_owned())]);
    wait_for("its leader", SOON, || (leader(cluster, name) == Some(replicas[0])).then_some(()));
}

fn leader(cluster: &Launcher, topic: &str) -> Option<i32> {
    let client: BaseConsumer = config(cluster).create().unwrap();
    let metadata = client.fetch_metadata(Some(topic), SOON).ok()?;
    let leader = metadata.topics()[0].partitions().first()?.leader();
    (leader >= 0).then_some(leader)
}

#[test]
fn flush_messages_and_flush_ms_sync_what_a_power_cut_would_take() {
    let (_dir, cluster, peer) = three();
    let alone = ("min.insync.replicas", "1");
    create(&cluster, "lazy", &[1], &[alone]);
    create(&cluster, "each", &[1], &[alone, ("flush.messages", "1")]);
    create(&cluster, "soon", &[1], &[alone, ("flush.ms", "100")]);
    let records: Vec<Sent<'_>> = (0..20).map(|_| ("", Some("value"), now_ms())).collect();
    for topic in ["soon", "lazy", "each"] {
        send(&peer, topic, &records);
    }
    std::thread::sleep(std::time::Duration::from_secs(2));
    cluster.ctl(&["powercut", "1"]).ok();
    cluster.ctl(&["start", "1"]).ok();
    wait_for("the broker", SOON, || (leader(&cluster, "each") == Some(1)).then_some(()));
    let ends = ["lazy", "each", "soon"].map(|topic| range(&peer, topic).1);
    assert!(ends[0] < 20 && ends[1..] == [20, 20], "lazily, each, soon: {ends:?}");
}

#[test]
fn min_insync_replicas_is_what_acks_all_needs() {
    let (_dir, cluster, peer) = three();
    create(&cluster, "two", &[1, 2, 3], &[("min.insync.replicas", "2")]);
    create(&cluster, "three", &[1, 2, 3], &[("min.insync.replicas", "3")]);
    let one = [("", Some("value"), now_ms())];
    for topic in ["two", "three"] {
        send(&peer, topic, &one);
    }
    cluster.ctl(&["stop", "3"]).ok();
    assert_eq!(try_send_to(&peer, "two", 0, &one), []);
    let refused = crate::client::try_send_once(&peer, "three", &one);
    assert_eq!(refused, [RDKafkaErrorCode::NotEnoughReplicas]);
    cluster.ctl(&["start", "3"]).ok();
    assert_eq!(try_send_to(&peer, "three", 0, &one), [], "taken as soon as the third is back");
}

#[test]
fn unclean_leader_election_enable_prefers_a_leader_to_records() {
    let (_dir, cluster, peer) = three();
    let alone = ("min.insync.replicas", "1");
    create(&cluster, "waits", &[2, 3], &[alone]);
    create(&cluster, "goes.on", &[2, 3], &[alone, ("unclean.leader.election.enable", "true")]);
    let one = [("", Some("value"), now_ms())];
    cluster.ctl(&["stop", "3"]).ok();
    for topic in ["waits", "goes.on"] {
        send(&peer, topic, &one);
    }
    cluster.ctl(&["stop", "2"]).ok();
    cluster.ctl(&["start", "3"]).ok();
    wait_for("a leader that lacks a record", SOON, || (leader(&cluster, "goes.on") == Some(3)).then_some(()));
    assert_eq!(leader(&cluster, "waits"), None);
    cluster.ctl(&["start", "2"]).ok();
    wait_for("the last in sync", SOON, || (leader(&cluster, "waits") == Some(2)).then_some(()));
    assert_eq!((range(&peer, "waits").1, range(&peer, "goes.on").1), (1, 0));
}
