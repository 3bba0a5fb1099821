//! The ports of the local cluster, which programs know by heart.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_later_start_does_not_move_to_other_ports_by_itself() {
    let running = running(1).await;
    let bootstrap = running.app.connections.local().expect("local").row().bootstrap;
    let port: u16 = bootstrap.rsplit(':').next().expect("a port").parse().expect("a number");
    running.ok("local.stop", json!({})).await;
    let other = std::net::TcpListener::bind(("127.0.0.1", port)).expect("the port is free now");
    let preview = running.ok("local.preview", json!({})).await;
    assert_eq!(preview["ports"], json!([port]));
    let notice = preview["notice"].as_str().expect("a notice");
    assert!(notice.starts_with(&format!("Port {port} is taken by ")), "{notice}");
    let refused = running.ask("local.start", json!({})).await.expect_err("the port is taken");
    assert_eq!(refused.code, Some(ErrorCode::PortTaken));
    let offered = serde_json::to_value(&refused).expect("an error");
    let call = &offered["remedies"][0]["action"];
    assert_eq!(call["op"], "local.start", "{offered}");
    running.ok("local.start", call["request"].clone()).await;
    drop(other);
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn brokers_that_have_records_are_not_left_out_and_the_cluster_runs_on_meanwhile() {
    let running = running(3).await;
    running.create_replicated("orders", 3, 3).await;
    running.send("orders", text("k"), text("v"), "none").await;
    let started = running.app.connections.local().expect("local").summary().started_at;
    let refused =
        running.ask("local.restart", json!({ "brokers": 1 })).await.expect_err("broker 3 has records");
    assert_eq!(refused.what, "The local cluster was not restarted");
    assert!(refused.why.contains("it has the logs of broker 3"), "{}", refused.why);
    let after = running.app.connections.local().expect("local").summary().started_at;
    assert_eq!(after, started, "it was not stopped for that");
    running.end().await;
}
