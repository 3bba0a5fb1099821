//! Brokers of the local cluster that stand still and lose power.

use super::*;

async fn states(running: &Running) -> Vec<Value> {
    let mut panel = dispatch::open_feed(&running.app, "local.panel", json!({})).await.expect("panel");
    let panel = panel.next().await.expect("a message").value.expect("a panel");
    panel["brokers"].as_array().expect("brokers").iter().map(|broker| broker["state"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_is_paused_and_resumed_and_loses_its_power_and_starts_again() {
    let running = running(3).await;
    let broker = json!({ "broker": 2 });
    running.ok("local.pause_broker", broker.clone()).await;
    assert_eq!(states(&running).await, ["running", "paused", "running"]);
    let twice = running.ask("local.pause_broker", broker.clone()).await.expect_err("it stands still already");
    assert_eq!((twice.what.as_str(), twice.at.broker.as_deref()), ("Broker 2 was not paused", Some("2")));
    running.ok("local.resume_broker", broker.clone()).await;
    assert_eq!(states(&running).await, ["running", "running", "running"]);
    running.ok("local.power_cut_broker", broker.clone()).await;
    assert_eq!(states(&running).await, ["running", "crashed", "running"]);
    running.ok("local.start_broker", broker).await;
    assert_eq!(states(&running).await, ["running", "running", "running"]);
    let lines = running.ok("journal.list", json!({})).await;
    let titles: Vec<&str> = lines
        .as_array()
        .expect("lines")
        .iter()
        .map(|line| line["title"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(
        titles,
        [
            "Start broker 2",
            "Cut the power of broker 2",
            "Resume broker 2",
            "Pause broker 2",
            "Pause broker 2"
        ]
    );
    assert_eq!((&lines[1]["class"], &lines[4]["class"]), (&json!("destructive"), &json!("write")));
    running.end().await;
}
