//! The listener for programs in containers.

use super::*;

async fn containers_bootstrap(running: &Running) -> Value {
    running.panel().await["containersBootstrap"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn containers_are_told_their_own_name_of_this_machine_and_the_next_start_remembers() {
    let running = running(2).await;
    assert_eq!(containers_bootstrap(&running).await, Value::Null, "nobody else is let in unasked");
    running.ok("local.stop", json!({})).await;
    running.ok("local.start", json!({ "basePort": 0, "containers": true })).await;
    let bootstrap = containers_bootstrap(&running).await;
    let bootstrap = bootstrap.as_str().expect("addresses").to_owned();
    let ports: Vec<&str> =
        bootstrap.split(',').filter_map(|one| one.strip_prefix("host.docker.internal:")).collect();
    assert_eq!(ports.len(), 2, "{bootstrap}");
    // At a bridge of containers it is not on loopback.
    let open = running.panel().await["containersOpen"] == true;
    for port in ports.into_iter().filter(|_| open) {
        let port = port.parse::<u16>().expect("a port");
        assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_ok(), "a broker listens on {port}");
    }
    let own = running.app.connections.local().expect("local").row().bootstrap;
    assert!(own.starts_with("localhost:"), "{own}: what this machine is told stays");

    running.ok("local.stop", json!({})).await;
    running.ok("local.start", json!({ "basePort": 0 })).await;
    assert_ne!(containers_bootstrap(&running).await, Value::Null);
    running.ok("local.stop", json!({})).await;
    running.ok("local.start", json!({ "basePort": 0, "containers": false })).await;
    assert_eq!(containers_bootstrap(&running).await, Value::Null);
    running.end().await;
}
