//! Several topics changed by one plan.

use super::*;

fn each(kind: &str, names: &[&str], rest: Value) -> Value {
    let one = |name: &&str| {
        let mut change = rest.clone();
        change["kind"] = json!(kind);
        change["name"] = json!(name);
        change
    };
    json!({ "kind": "several", "changes": names.iter().map(one).collect::<Vec<_>>() })
}

async fn undo(running: &Running, journal_id: &Value) -> Value {
    let plan = running.plan(json!({ "kind": "undo", "journalId": journal_id })).await;
    let request = json!({ "planId": plan["planId"], "confirmation": plan["confirm"] });
    running.ok("plan.apply", request).await
}

async fn config(running: &Running, topic: &str, name: &str) -> Value {
    let detail = running.ok("topic.get", json!({ "topic": topic })).await["value"].clone();
    let rows = detail["configs"]["value"].as_array().expect("settings").clone();
    rows.into_iter().find(|row| row["name"] == name).expect("the setting")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_topics_go_by_one_plan_that_asks_for_their_number_and_come_back_by_one_undo() {
    let running = running(1).await;
    for name in ["orders.a", "orders.b", "kept"] {
        running.create(name, 2).await;
    }
    running.send("orders.a", text("k"), text("v"), "none").await;
    let plan = running.plan(each("deleteTopic", &["orders.a", "orders.b", "gone"], json!({}))).await;
    assert_eq!(
        (&plan["title"], &plan["confirm"], &plan["class"]),
        (&json!("Delete 2 topics"), &json!("2 topics"), &json!("destructive"))
    );
    let lines = plan["changes"].as_array().expect("lines");
    assert_eq!(lines.len(), 3, "each topic has its line");
    assert!(lines[0]["effect"].as_str().is_some_and(|effect| effect.contains("1 offset ")), "{plan}");
    assert_eq!((&lines[2]["leftOut"], &lines[0]["leftOut"]), (&json!(true), &Value::Null));
    assert!(lines[2]["effect"].as_str().is_some_and(|effect| effect.contains("no such topic")), "{plan}");
    assert!(plan["impact"].to_string().contains("Together a span of 1 offset"), "{plan}");
    assert_eq!(plan["command"].as_str().map(|text| text.lines().count()), Some(2));

    let wrong = json!({ "planId": plan["planId"], "confirmation": "3 topics" });
    running.ask("plan.apply", wrong).await.expect_err("the wrong number");
    assert_eq!(running.topics().await.len(), 3);
    let right = json!({ "planId": plan["planId"], "confirmation": "2 topics" });
    let applied = running.ok("plan.apply", right).await;
    let states: Vec<&Value> =
        applied["outcomes"].as_array().expect("outcomes").iter().map(|one| &one["state"]).collect();
    assert_eq!(states, [&json!("done"), &json!("done"), &json!("skipped")]);
    assert_eq!(running.topics().await, ["kept"]);

    undo(&running, &applied["journalId"]).await;
    let mut back = running.topics().await;
    back.sort();
    assert_eq!(back, ["kept", "orders.a", "orders.b"]);
    let lines = running.ok("journal.list", json!({})).await;
    assert_eq!((&lines[0]["title"], &lines[1]["undoable"]), (&json!("Undo: Delete 2 topics"), &json!(false)));
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_setting_of_several_topics_is_put_back_to_what_each_had() {
    let running = running(1).await;
    running.create("a", 1).await;
    running.create("b", 1).await;
    let own = json!({ "kind": "setTopicConfigs", "name": "a", "entries": [{ "name": "segment.ms", "value": "1234" }] });
    let plan = running.plan(own).await;
    running.ok("plan.apply", json!({ "planId": plan["planId"] })).await;

    let entries = json!({ "entries": [{ "name": "segment.ms", "value": "60000" }] });
    let plan = running.plan(each("setTopicConfigs", &["a", "b"], entries)).await;
    assert_eq!(plan["title"], "Change segment.ms of 2 topics");
    assert_eq!(plan["changes"][0]["before"], "segment.ms=1234");
    assert_eq!(plan["changes"][1]["after"], "segment.ms=60000");
    assert_eq!(plan["confirm"], Value::Null, "nothing is lost");
    let applied = running.ok("plan.apply", json!({ "planId": plan["planId"] })).await;
    for name in ["a", "b"] {
        assert_eq!(config(&running, name, "segment.ms").await["value"], "60000", "{name}");
    }
    undo(&running, &applied["journalId"]).await;
    assert_eq!(config(&running, "a", "segment.ms").await["value"], "1234");
    assert_eq!(config(&running, "b", "segment.ms").await["source"], "default");
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn topics_with_nothing_in_them_are_left_out_and_alone_block_the_plan() {
    let running = running(1).await;
    running.create("full", 1).await;
    running.create("bare", 1).await;
    running.send("full", text("k"), text("v"), "none").await;
    let to = json!({ "to": { "kind": "end" } });
    let plan = running.plan(each("emptyTopic", &["full", "bare"], to.clone())).await;
    assert_eq!((&plan["title"], &plan["confirm"]), (&json!("Empty 1 topic to the end"), &json!("1 topic")));
    assert_eq!(plan["changes"][1]["leftOut"], true);
    let applied =
        running.ok("plan.apply", json!({ "planId": plan["planId"], "confirmation": "1 topic" })).await;
    assert_eq!(applied["outcomes"][0]["state"], "done");

    let plan = running.plan(each("emptyTopic", &["full", "bare"], to)).await;
    assert_eq!(plan["blocked"]["what"], "None of these topics can take this change");
    running.ask("plan.apply", json!({ "planId": plan["planId"] })).await.expect_err("blocked");
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_halfway_leaves_what_was_done_done_and_begins_nothing_more() {
    let running = running(1).await;
    let names: Vec<String> = (0..96).map(|number| format!("t{number:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let sizes = json!({ "partitions": 1, "replicationFactor": 1, "configs": [] });
    let plan = running.plan(each("createTopic", &names, sizes)).await;
    running.ok("plan.apply", json!({ "planId": plan["planId"] })).await;

    let plan = running.plan(each("deleteTopic", &names, json!({}))).await;
    // A deletion takes a while, so that the outage comes between two of them.
    running.ok("local.fault", json!({ "kind": "delay", "ms": 200 })).await;
    let apply =
        running.ok("plan.apply", json!({ "planId": plan["planId"], "confirmation": plan["confirm"] }));
    let outage = async {
        let deadline = Instant::now() + Duration::from_secs(20);
        while running.topics().await.len() == names.len() {
            assert!(Instant::now() < deadline, "no topic is deleted");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        running.ok("local.crash_broker", json!({ "broker": 1 })).await;
    };
    let (applied, ()) = tokio::join!(apply, outage);
    let outcomes = applied["outcomes"].as_array().expect("outcomes");
    let done = outcomes.iter().take_while(|outcome| outcome["state"] == "done").count();
    assert!((1..names.len()).contains(&done), "{applied}");
    assert!(outcomes.iter().skip(done).all(|outcome| outcome["state"] != "done"), "{applied}");
    let last = outcomes.last().expect("the last topic");
    assert_eq!(
        (&last["state"], &last["error"]["why"]),
        (&json!("skipped"), &json!("The cluster went away before it."))
    );

    running.ok("local.fault", json!({ "kind": "mend" })).await;
    running.ok("local.start_broker", json!({ "broker": 1 })).await;
    let left = running.topics().await.len();
    undo(&running, &applied["journalId"]).await;
    assert_eq!(running.topics().await.len(), left + done, "what was done is undone, and no more");
    running.end().await;
}
