//! The way of a person through the app, on a cluster in this process: start, create, send, read, undo, break.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::dispatch;
use crate::app::App;
use crate::data_dir::DataDir;
use crate::dto::{ErrorCode, HostKind};

mod containers;
mod faults;
mod ports;
mod several;

struct Running {
    app: Arc<App>,
    cluster: Value,
    _dir: tempfile::TempDir,
}

/// A local cluster on ports that are free.
async fn running(brokers: u8) -> Running {
    let dir = tempfile::tempdir().expect("temp dir");
    let data_dir = DataDir::open(dir.path().join("data")).expect("data dir");
    let app = App::open(HostKind::Http, data_dir).expect("app");
    let request = json!({ "brokers": brokers, "basePort": 0 });
    let started = dispatch::call(&app, "local.start", request, None).await.expect("started");
    Running { app, cluster: started["clusterId"].clone(), _dir: dir }
}

impl Running {
    async fn ask(&self, name: &str, mut request: Value) -> Result<Value, crate::dto::AppError> {
        request["clusterId"] = self.cluster.clone();
        dispatch::call(&self.app, name, request, None).await
    }

    async fn ok(&self, name: &str, request: Value) -> Value {
        self.ask(name, request).await.unwrap_or_else(|error| panic!("{name}: {error:?}"))
    }

    async fn plan(&self, change: Value) -> Value {
        self.ok("plan.make", json!({ "change": change })).await
    }

    async fn create(&self, name: &str, partitions: u32) -> Value {
        self.create_replicated(name, partitions, 1).await
    }

    async fn create_replicated(&self, name: &str, partitions: u32, replicas: u32) -> Value {
        let change = json!({
            "kind": "createTopic", "name": name, "partitions": partitions, "replicationFactor": replicas,
            "configs": []
        });
        let plan = self.plan(change).await;
        self.ok("plan.apply", json!({ "planId": plan["planId"] })).await
    }

    async fn send(&self, topic: &str, key: Value, value: Value, codec: &str) -> Value {
        let request = json!({
            "topic": topic, "key": key, "value": value, "codec": codec, "acks": "all",
            "headers": [{ "name": "h", "value": { "kind": "null" } }]
        });
        self.ok("produce.send", request).await
    }

    async fn panel(&self) -> Value {
        let mut panel = dispatch::open_feed(&self.app, "local.panel", json!({})).await.expect("panel");
        panel.next().await.expect("a message").value.expect("a panel").tree()
    }

    async fn topics(&self) -> Vec<String> {
        self.app.connections.get(crate::services::connections::LOCAL_ID).expect("local").outdate();
        let topics = self.ok("topics.list", json!({})).await;
        let names = topics["value"].as_array().expect("rows").iter();
        names.map(|row| row["name"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Asks for a window until it says what is expected.
    async fn window(&self, scan: &Value, until: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let request = json!({
                "scanId": scan["scanId"], "anchor": { "kind": "end" }, "before": 100, "after": 0
            });
            let window = self.ok("scan.window", request).await;
            if until(&window) {
                return window;
            }
            assert!(Instant::now() < deadline, "the scan stays at {window}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn end(self) {
        self.app.end().await;
    }
}

fn text(text: &str) -> Value {
    json!({ "kind": "text", "text": text })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_asked_for_from_the_beginning_stay_and_more_follow_when_told_to() {
    let running = running(1).await;
    running.create("orders", 1).await;
    for n in 0..5 {
        running.send("orders", text(&n.to_string()), text("v"), "none").await;
    }
    let request = json!({ "topic": "orders", "from": { "kind": "beginning" }, "limit": 3, "live": true });
    let scan = running.ok("scan.start", request).await;
    let offsets = |window: &Value| -> Vec<String> {
        let rows = window["rows"].as_array().expect("rows").iter();
        rows.map(|row| row["offset"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(offsets(&running.window(&scan, |window| window["count"] == 3).await), ["0", "1", "2"]);
    running.ok("scan.readOn", json!({ "scanId": scan["scanId"] })).await;
    running.window(&scan, |window| window["count"] == 5).await;
    for n in 5..8 {
        running.send("orders", text(&n.to_string()), text("v"), "none").await;
    }
    running.window(&scan, |window| window["count"] == 6).await;
    let id = scan["scanId"].as_str().and_then(|id| id.parse().ok()).map(crate::dto::ScanId).expect("id");
    let open = running.app.scans.get(id).expect("open");
    let deadline = Instant::now() + Duration::from_secs(5);
    while open.state().state != crate::dto::ScanPhase::Full {
        assert!(Instant::now() < deadline, "a live tail that is full says so");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    running.ok("scan.readOn", json!({ "scanId": scan["scanId"] })).await;
    let window = running.window(&scan, |window| window["count"] == 8).await;
    assert_eq!(offsets(&window), ["0", "1", "2", "3", "4", "5", "6", "7"]);
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_of_every_codec_come_back_as_sent() {
    let running = running(1).await;
    running.create("orders", 3).await;
    for codec in ["none", "gzip", "snappy", "lz4", "zstd"] {
        running.send("orders", text(codec), text("{\"n\":12345678901234567890}"), codec).await;
    }
    running.send("orders", json!({ "kind": "null" }), text(""), "none").await;
    running
        .send("orders", json!({ "kind": "base64", "data": "AP8=" }), json!({ "kind": "null" }), "none")
        .await;
    let request = json!({ "topic": "orders", "from": { "kind": "beginning" }, "limit": 100, "live": false });
    let scan = running.ok("scan.start", request).await;
    let window = running.window(&scan, |window| window["count"] == 7).await;
    let rows = window["rows"].as_array().expect("rows");
    assert!(rows.is_sorted_by_key(|row| row["timestamp"].as_i64()));
    // Found by key: records of one millisecond stand in the order of their partitions.
    let keyed = |kind: &str| rows.iter().find(|row| row["key"]["kind"] == kind).expect("there");
    assert_eq!(keyed("binary")["value"], json!({ "kind": "null" }));
    let binary = json!({ "kind": "binary", "hex": "00ff", "bytes": 2, "truncated": false });
    assert_eq!(keyed("binary")["key"], binary);
    assert_eq!(keyed("null")["value"], json!({ "kind": "empty" }));
    let full =
        running.ok("scan.record", json!({ "scanId": scan["scanId"], "rowId": rows[0]["rowId"] })).await;
    assert_eq!(full["value"]["kind"], "json");
    assert!(full["value"]["text"].as_str().is_some_and(|text| text.contains("12345678901234567890")));
    assert_eq!(full["headers"][0], json!({ "name": "h", "value": { "kind": "null" } }));
    let raw = json!({ "scanId": scan["scanId"], "rowId": keyed("binary")["rowId"], "part": "key" });
    assert_eq!(running.ok("scan.raw", raw).await["base64"], "AP8=");
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_live_scan_shows_what_is_sent_and_pauses() {
    let running = running(1).await;
    running.create("orders", 2).await;
    running.send("orders", text("a"), text("before"), "none").await;
    let request = json!({
        "topic": "orders", "from": { "kind": "newest", "n": 10 }, "limit": 3, "live": true
    });
    let scan = running.ok("scan.start", request).await;
    running.window(&scan, |window| window["count"] == 1).await;
    for number in 0..5 {
        running.send("orders", text("a"), text(&format!("live {number}")), "none").await;
    }
    let window = running.window(&scan, |window| window["rows"][2]["value"]["text"] == "live 4").await;
    assert_eq!(window["count"], 3, "the limit holds");
    let id = json!({ "scanId": scan["scanId"] });
    running.ok("scan.pause", id.clone()).await;
    assert_eq!(
        running
            .app
            .scans
            .get(serde_json::from_value(scan["scanId"].clone()).expect("id"))
            .expect("scan")
            .state()
            .state,
        crate::dto::ScanPhase::Paused
    );
    running.ok("scan.resume", id.clone()).await;
    running.send("orders", text("a"), text("after"), "none").await;
    running.window(&scan, |window| window["rows"][2]["value"]["text"] == "after").await;
    running.ok("scan.close", id.clone()).await;
    let closed = running.ask(
        "scan.window",
        json!({ "scanId": scan["scanId"], "anchor": { "kind": "end" }, "before": 1, "after": 0 }),
    );
    assert_eq!(closed.await.expect_err("closed").code, Some(ErrorCode::NotFound));
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn creating_is_undone_by_deleting_and_both_are_in_the_journal() {
    let running = running(1).await;
    let created = running.create("orders", 2).await;
    let undo = running.plan(json!({ "kind": "undo", "journalId": created["journalId"] })).await;
    assert_eq!((&undo["class"], &undo["confirm"]), (&json!("destructive"), &json!("orders")));
    let wrong = json!({ "planId": undo["planId"], "confirmation": "order" });
    assert!(running.ask("plan.apply", wrong).await.is_err());
    assert_eq!(running.topics().await, ["orders"]);
    let right = json!({ "planId": undo["planId"], "confirmation": "orders" });
    running.ok("plan.apply", right.clone()).await;
    assert!(running.topics().await.is_empty());
    assert_eq!(running.ask("plan.apply", right).await.expect_err("once").code, Some(ErrorCode::NotFound));
    let journal = running.ok("journal.list", json!({})).await;
    assert_eq!(journal[0]["title"], "Undo: Create topic orders");
    assert_eq!(journal[0]["undoes"], journal[1]["journalId"]);
    assert_eq!(journal[1]["undoneBy"], journal[0]["journalId"]);
    assert_eq!(journal[1]["undoable"], false);
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_is_stale_when_the_topic_moved() {
    let running = running(1).await;
    running.create("orders", 2).await;
    let delete = running.plan(json!({ "kind": "deleteTopic", "name": "orders" })).await;
    let add = running.plan(json!({ "kind": "addPartitions", "name": "orders", "total": 4 })).await;
    running.ok("plan.apply", json!({ "planId": add["planId"] })).await;
    let late = json!({ "planId": delete["planId"], "confirmation": "orders" });
    assert_eq!(running.ask("plan.apply", late).await.expect_err("stale").code, Some(ErrorCode::PlanStale));
    assert_eq!(running.topics().await, ["orders"]);
    let taken =
        json!({ "kind": "createTopic", "name": "x", "partitions": 1, "replicationFactor": 1, "configs": [] });
    let plan = running.plan(taken).await;
    running.create("x", 1).await;
    let late = running.ask("plan.apply", json!({ "planId": plan["planId"] })).await;
    assert_eq!(late.expect_err("stale").code, Some(ErrorCode::PlanStale));
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn looking_makes_nothing() {
    let running = running(1).await;
    for (name, request) in [
        ("topic.get", json!({ "topic": "none" })),
        ("group.get", json!({ "group": "none" })),
        ("overview.get", json!({})),
        ("groups.list", json!({})),
    ] {
        let _ = running.ask(name, request).await;
    }
    let request = json!({ "topic": "none", "from": { "kind": "newest", "n": 1 }, "limit": 1, "live": true });
    let scan = running.ok("scan.start", request).await;
    running.window(&scan, |_| true).await;
    let sent = json!({
        "topic": "none", "key": { "kind": "null" }, "value": { "kind": "null" }, "headers": [], "codec": "none", "acks": "1"
    });
    assert_eq!(
        running.ask("produce.send", sent).await.expect_err("no topic").code,
        Some(ErrorCode::NotFound)
    );
    assert!(running.topics().await.is_empty());
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_that_ran_is_started_again_with_its_records() {
    let Running { app, cluster, _dir: dir } = running(1).await;
    let before = Running { app, cluster: cluster.clone(), _dir: dir };
    before.create("orders", 1).await;
    before.send("orders", text("k"), text("v"), "none").await;
    before.app.end().await;
    let Running { app, _dir: dir, .. } = before;
    let path = app.data_dir().to_owned();
    drop(app);
    let app = App::open(HostKind::Http, DataDir::open(path).expect("free again")).expect("app");
    app.begin().await.expect("resumed");
    let after = Running { app, cluster, _dir: dir };
    let request = json!({ "topic": "orders", "from": { "kind": "beginning" }, "limit": 10, "live": false });
    let scan = after.ok("scan.start", request).await;
    after.window(&scan, |window| window["rows"][0]["value"]["text"] == "v").await;
    after.ok("local.stop", json!({})).await;
    let stopped = after.ask("topics.list", json!({})).await;
    assert!(
        stopped.is_ok_and(|seen| !seen["missing"].as_array().is_some_and(Vec::is_empty)),
        "last seen, and why"
    );
    after.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_that_falls_behind_shows_its_members_and_lag() {
    use rdkafka::ClientConfig;
    use rdkafka::consumer::{CommitMode, Consumer, StreamConsumer};

    let running = running(1).await;
    running.create("orders", 1).await;
    for number in 0..5 {
        running.send("orders", text("k"), text(&number.to_string()), "none").await;
    }
    let local = running.app.connections.local().expect("local").row();
    let consumer: StreamConsumer = ClientConfig::new()
        .set("bootstrap.servers", &local.bootstrap)
        .set("group.id", "billing")
        .set("client.id", "billing-1")
        .set("auto.offset.reset", "earliest")
        .set("enable.auto.commit", "false")
        .create()
        .expect("consumer");
    consumer.subscribe(&["orders"]).expect("subscribed");
    for _ in 0..2 {
        let message = tokio::time::timeout(Duration::from_secs(20), consumer.recv()).await.expect("in time");
        consumer.commit_message(&message.expect("a record"), CommitMode::Sync).expect("committed");
    }
    let deadline = Instant::now() + Duration::from_secs(10);
    let row = loop {
        let groups = running.ok("groups.list", json!({})).await;
        let row = groups["value"][0].clone();
        if row["lag"]["value"] == 3 && row["members"]["value"] == 1 {
            break row;
        }
        assert!(Instant::now() < deadline, "the group stays at {row}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    assert_eq!((&row["group"], &row["topics"]["value"]), (&json!("billing"), &json!(["orders"])));
    let detail = running.ok("group.get", json!({ "group": "billing" })).await["value"].clone();
    assert_eq!(detail["members"]["value"][0]["clientId"], "billing-1");
    assert_eq!(detail["members"]["value"][0]["partitions"], json!([{ "topic": "orders", "partition": 0 }]));
    assert_eq!(detail["offsets"][0]["committed"]["value"], "2");
    assert_eq!(detail["offsets"][0]["end"]["value"], "5");
    let topic = running.ok("topic.get", json!({ "topic": "orders" })).await["value"].clone();
    assert_eq!(topic["groups"]["value"], json!(["billing"]));
    drop(consumer);
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_live_scan_goes_on_when_a_leader_falls() {
    let running = running(3).await;
    running.create_replicated("hot", 3, 3).await;
    let request =
        json!({ "topic": "hot", "from": { "kind": "newest", "n": 10 }, "limit": 100, "live": true });
    let scan = running.ok("scan.start", request).await;
    let send = async |partition: i32, value: &str| {
        let request = json!({
            "topic": "hot", "partition": partition, "key": { "kind": "null" }, "value": text(value),
            "headers": [], "codec": "none", "acks": "1"
        });
        running.ok("produce.send", request).await
    };
    for partition in 0..3 {
        send(partition, "before").await;
    }
    running.window(&scan, |window| window["count"] == 3).await;
    let led_by_1 =
        leaders(&running).await.iter().position(|leader| *leader == 1).expect("leaders are spread");
    running.ok("local.crash_broker", json!({ "broker": 1 })).await;
    let deadline = Instant::now() + Duration::from_secs(20);
    while leaders(&running).await.iter().any(|leader| *leader == 1 || *leader == -1) {
        assert!(Instant::now() < deadline, "broker 1 still leads");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    send(i32::try_from(led_by_1).expect("small"), "after").await;
    running.window(&scan, |window| window["rows"][3]["value"]["text"] == "after").await;
    running.end().await;
}

async fn leaders(running: &Running) -> Vec<i64> {
    running.app.connections.local().expect("local").outdate();
    let topic = running.ok("topic.get", json!({ "topic": "hot" })).await["value"].clone();
    let rows = topic["partitions"].as_array().expect("rows").iter();
    rows.map(|row| row["leader"].as_i64().unwrap_or(-1)).collect()
}
