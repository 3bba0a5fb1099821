//! The whole list at once: what must hold for every operation, however many there will be.

use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::app::App;
use crate::data_dir::DataDir;
use crate::services::connections::LOCAL_ID;

fn app() -> (Arc<App>, tempfile::TempDir) {
    let dir = tempfile::tempdir().expect("temp dir");
    let data_dir = DataDir::open(dir.path().join("data")).expect("data dir");
    (App::open(HostKind::Http, data_dir).expect("app"), dir)
}

/// A request that each mutating operation accepts as such, on the given connection.
fn plausible(name: &str, cluster: ClusterId, plan: PlanId) -> Value {
    match name {
        "local.reset" => json!({ "confirm": "Local" }),
        "local.snapshot_restore" | "local.snapshot_delete" => json!({ "name": "none" }),
        "local.stop_broker"
        | "local.start_broker"
        | "local.crash_broker"
        | "local.pause_broker"
        | "local.resume_broker"
        | "local.power_cut_broker" => json!({ "broker": 1 }),
        "local.fault" => json!({ "kind": "fillDisk", "broker": 1 }),
        "shop.open" | "shop.remove" => json!({}),
        "plan.apply" => json!({ "planId": plan, "confirmation": "orders" }),
        "produce.send" => json!({
            "clusterId": cluster, "topic": "orders", "key": { "kind": "null" },
            "value": { "kind": "text", "text": "x" }, "headers": [], "codec": "none", "acks": "all"
        }),
        other => panic!("{other} is new: say here how it is asked"),
    }
}

async fn call(app: &Arc<App>, name: &str, request: Value) -> Result<Value, AppError> {
    match find(name).map(Operation::shape) {
        Some(Shape::Feed) => match dispatch::open_feed(app, name, request).await {
            Ok(mut feed) => {
                feed.next().await.map_or(Ok(Value::Null), |message| message.value.map(|value| value.tree()))
            }
            Err(error) => Err(error),
        },
        Some(Shape::Call | Shape::Job) | None => dispatch::call(app, name, request, None).await,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_only_connection_refuses_every_write_and_destructive_operation() {
    let (app, _dir) = app();
    app.connections.local().expect("local");
    let remote = app.connections.add(None, "127.0.0.1:1", Env::Dev, false).expect("added");
    for read_only in [true, false] {
        // Either the flag or the production tag is enough.
        let environment = if read_only { Env::Dev } else { Env::Prod };
        app.connections.update(remote, "r".into(), environment, read_only).expect("updated");
        app.connections.update(LOCAL_ID, "Local".into(), Env::Local, true).expect("updated");
        let plan = app.plans.insert_for_test(remote);
        for operation in OPERATIONS {
            match operation.class {
                OpClass::Read | OpClass::Local => assert!(operation.touches.is_none(), "{}", operation.name),
                OpClass::Write | OpClass::Destructive => {
                    let request = plausible(operation.name, remote, plan);
                    let error = call(&app, operation.name, request).await.expect_err(operation.name);
                    assert_eq!(error.code, Some(ErrorCode::ReadOnly), "{}: {error}", operation.name);
                    assert!(!error.remedies.is_empty(), "{} says what to do", operation.name);
                }
            }
        }
    }
    assert!(app.store.journal(None).expect("journal").is_empty(), "what was refused was not done");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn odd_requests_are_errors_and_never_panics() {
    let (app, _dir) = app();
    let odd = [
        Value::Null,
        json!([]),
        json!("x"),
        json!(1e308),
        json!({ "clusterId": null }),
        json!({ "clusterId": "1" }),
        json!({ "clusterId": "-1", "topic": "", "group": "" }),
        json!({ "clusterId": "99999999999999999999999999", "change": { "kind": "undo", "journalId": "1" } }),
        json!({ "clusterId": "7", "topic": "\u{0}", "from": { "kind": "newest", "n": -1 }, "limit": 0, "live": "yes" }),
        json!({ "scanId": "5", "rowId": "6", "anchor": { "kind": "row", "rowId": "9" }, "before": 4294967295u32, "after": 4294967295u32, "part": "key" }),
        json!({ "key": "k".repeat(300), "value": "v" }),
        json!({ "bootstrap": "\u{202e}:::", "environment": "prod", "readOnly": false }),
        json!({ "jobId": "1", "planId": "1", "cancelId": "x".repeat(10_000), "detail": "\n\u{1b}[31m" }),
        json!({ "brokers": 255, "basePort": 65535 }),
        json!({ "broker": -2147483648 }),
        json!({ "clusterId": "1", "series": "lag", "rangeMs": u64::MAX, "width": u32::MAX, "height": 0 }),
        (0..200).fold(json!(1), |inner, _| json!([inner])),
    ];
    for operation in OPERATIONS {
        // Starting a cluster is no odd request's business; its own tests do it.
        if ["local.start", "local.restart"].contains(&operation.name) {
            continue;
        }
        for request in &odd {
            let answer = tokio::time::timeout(
                std::time::Duration::from_secs(20),
                call(&app, operation.name, request.clone()),
            )
            .await
            .unwrap_or_else(|_| panic!("{} hangs on {request}", operation.name));
            if let Err(error) = answer {
                assert!(!error.what.is_empty() && !error.why.is_empty(), "{}: {error:?}", operation.name);
                assert!(!error.detail.as_deref().unwrap_or("").contains("panic"), "{}", operation.name);
                assert_ne!(error.why, "Something inside Headwater failed.", "{}: {error:?}", operation.name);
            }
        }
    }
    let unknown = dispatch::call(&app, "nope", Value::Null, None).await.expect_err("unknown");
    assert_eq!(unknown.code, Some(ErrorCode::NotFound));
}

#[tokio::test]
async fn a_support_report_names_no_cluster_no_address_and_no_home() {
    let (app, _dir) = app();
    app.connections.add(Some("canary-name".into()), "canary-host:9092", Env::Prod, true).expect("added");
    let log = app.data_dir().join("headwater.log");
    let line =
        format!("INFO away canary-host:9092 at {}\nssl.key.password=hunter2\n", app.data_dir().display());
    std::fs::write(log, line).expect("written");
    let report = call(&app, "app.report", json!({})).await.expect("report");
    let text = report["text"].as_str().expect("text");
    assert!(text.contains("INFO away") && text.contains("\"environment\": \"prod\""), "{text}");
    let home = app.data_dir().display().to_string();
    for canary in ["canary-name", "canary-host", "hunter2", home.as_str()] {
        assert!(!text.contains(canary), "{canary} is in {text}");
    }
}

#[tokio::test]
async fn state_comes_back_and_is_bounded() {
    let (app, _dir) = app();
    let put = json!({ "key": "tabs", "value": "[1]" });
    call(&app, "state.put", put).await.expect("kept");
    assert_eq!(call(&app, "state.get", json!({ "key": "tabs" })).await, Ok(json!({ "value": "[1]" })));
    assert_eq!(call(&app, "state.get", json!({ "key": "none" })).await, Ok(json!({ "value": null })));
    let large = json!({ "key": "tabs", "value": "x".repeat((1 << 20) + 1) });
    assert!(call(&app, "state.put", large).await.is_err());
}

#[tokio::test]
async fn a_removed_connection_comes_back_as_it_was() {
    let (app, _dir) = app();
    let add = json!({ "name": "shop", "bootstrap": "127.0.0.1:1", "environment": "prod", "readOnly": true });
    let added = call(&app, "clusters.add", add).await.expect("added");
    let before = call(&app, "clusters.list", json!({})).await.expect("listed");
    // Taking it off the list is nothing that a lock should refuse: no cluster is touched.
    call(&app, "clusters.remove", added.clone()).await.expect("removed");
    assert_eq!(call(&app, "clusters.list", json!({})).await, Ok(json!([])));
    let removed = call(&app, "clusters.removed", json!({})).await.expect("removed ones");
    assert_eq!((&removed[0]["clusterId"], &removed[0]["name"]), (&added["clusterId"], &json!("shop")));
    call(&app, "clusters.restore", added.clone()).await.expect("restored");
    let after = call(&app, "clusters.list", json!({})).await.expect("listed");
    for field in ["clusterId", "name", "environment", "readOnly", "bootstrap"] {
        assert_eq!(after[0][field], before[0][field], "{field}");
    }
    let again = call(&app, "clusters.restore", added.clone()).await.expect_err("it is on the list");
    assert_eq!(again.code, Some(ErrorCode::NotFound));
    let lines = call(&app, "journal.list", added).await.expect("journal");
    assert_eq!(lines[0]["title"], json!("Restore connection shop"));
    assert_eq!(lines[1]["title"], json!("Remove connection shop"));
}

#[tokio::test]
async fn a_call_is_cancelled_by_its_id() {
    let (app, _dir) = app();
    let remote = app.connections.add(None, "10.255.255.1:9092", Env::Dev, false).expect("added");
    let request = json!({ "clusterId": remote });
    let calling = app.clone();
    let asked =
        tokio::spawn(
            async move { dispatch::call(&calling, "topics.list", request, Some("c1".into())).await },
        );
    let cancelled = async {
        while !asked.is_finished() {
            dispatch::call(&app, "call.cancel", json!({ "cancelId": "c1" }), None).await.expect("told");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(2), cancelled).await.expect("ends soon");
    let error = asked.await.expect("joined").expect_err("cancelled");
    assert!(matches!(error.code, Some(ErrorCode::Cancelled | ErrorCode::Unreachable)), "{error:?}");
}

#[tokio::test]
async fn a_cluster_that_is_away_is_an_error_with_a_remedy() {
    let (app, _dir) = app();
    let remote = app.connections.add(Some("gone".into()), "127.0.0.1:1", Env::Dev, false).expect("added");
    let error = call(&app, "overview.get", json!({ "clusterId": remote })).await.expect_err("away");
    assert_eq!(error.code, Some(ErrorCode::Unreachable));
    assert!(error.retriable);
    let listed = call(&app, "clusters.list", json!({})).await.expect("listed");
    assert_eq!(listed[0]["state"], json!("unreachable"));
    assert!(listed[0]["problem"].is_string());
}
