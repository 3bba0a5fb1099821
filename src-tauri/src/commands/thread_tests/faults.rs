//! Brokers of the local cluster that stand still and lose power.

use super::*;

async fn states(running: &Running) -> Vec<Value> {
    let panel = running.panel().await;
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
            "Pause broker 2",
            "Start the local cluster with 3 brokers"
        ]
    );
    assert_eq!((&lines[1]["class"], &lines[4]["class"]), (&json!("destructive"), &json!("write")));
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn disks_links_and_the_clock_go_wrong_and_are_mended() {
    let running = running(2).await;
    for fault in [
        json!({ "kind": "fillDisk", "broker": 1 }),
        json!({ "kind": "failSync", "broker": 2 }),
        json!({ "kind": "cutFromClients", "broker": 2 }),
        json!({ "kind": "delay", "ms": 200 }),
        json!({ "kind": "moveClock", "seconds": 3600 }),
    ] {
        running.ok("local.fault", fault).await;
    }
    let clock = json!({ "words": "the brokers' clock is 1 hour ahead", "mends": false });
    let mends = |words: &str| json!({ "words": words, "mends": true });
    assert_eq!(
        running.panel().await["faults"],
        json!([
            mends("broker 1: its disk is full until it is given room"),
            mends("broker 2: its next sync will fail"),
            mends("the link between clients and broker 2 is cut"),
            mends("every message between brokers takes 200 ms longer"),
            clock
        ])
    );
    for (fault, why) in [
        (json!({ "kind": "failWrite", "broker": 7 }), "There is no broker 7."),
        (json!({ "kind": "delay", "ms": 100_000 }), "A delay is 60000 ms at most."),
    ] {
        assert_eq!(running.ask("local.fault", fault).await.expect_err("refused").why, why);
    }
    running.ok("local.fault", json!({ "kind": "mend" })).await;
    assert_eq!(running.panel().await["faults"], json!([clock]));
    let lines = running.ok("journal.list", json!({})).await;
    assert_eq!((&lines[0]["title"], &lines[0]["class"]), (&json!("Mend disks and links"), &json!("write")));
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn others_are_asked_where_the_broker_that_answered_last_stands_still() {
    let running = running(3).await;
    running.create("orders", 3).await;
    running.ok("overview.get", json!({})).await;
    running.ok("local.pause_broker", json!({ "broker": 1 })).await;
    let deadline = Instant::now() + Duration::from_secs(30);
    // Taken for gone, it leads nothing any more; the others tell.
    loop {
        let asked = Instant::now();
        let overview = running.ok("overview.get", json!({})).await;
        assert!(asked.elapsed() < Duration::from_secs(4), "{:?}", asked.elapsed());
        let brokers = overview["value"]["brokers"].as_array().expect("brokers");
        assert_eq!(brokers.len(), 3, "{overview}");
        if brokers[0]["leaders"] == 0
            && overview["value"]["partitionsOnline"] == 2
            && overview["missing"] == json!([])
        {
            break;
        }
        assert!(Instant::now() < deadline, "{overview}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    running.ok("local.resume_broker", json!({ "broker": 1 })).await;
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_known_of_a_cluster_that_hangs_is_shown_without_waiting_for_it() {
    let running = running(1).await;
    running.create("orders", 3).await;
    running.ok("groups.list", json!({})).await;
    running.ok("local.pause_broker", json!({ "broker": 1 })).await;
    // What was asked before is taken for current so long.
    tokio::time::sleep(Duration::from_secs(3)).await;
    for view in ["groups.list", "topics.list", "overview.get"] {
        let answer = tokio::time::timeout(Duration::from_secs(6), running.ok(view, json!({}))).await;
        answer.unwrap_or_else(|_| panic!("{view} waits for a cluster that hangs"));
    }
    let deadline = Instant::now() + Duration::from_secs(20);
    while running.ok("groups.list", json!({})).await["missing"] == json!([]) {
        assert!(Instant::now() < deadline, "nobody is told that the numbers are old");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    running.ok("local.resume_broker", json!({ "broker": 1 })).await;
    running.end().await;
}
