//! Groups, commits, transactions and idle connections, by franz-go (`tests/clients/go/load`); ours and Apache Kafka's
//! take turns. Three brokers, three replicas.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use suites::root;

use super::clusters::{Measured, Named, three_as_ours};
use super::median;

const ROUNDS: usize = 3;
const CONNECTIONS: f64 = 10_000.0;

/// Name for the program, what it is for a person, and the figure that has a bar, with the bar.
const MEASUREMENTS: [(&str, &str, &str); 5] = [
    ("classic", "500 members, classic protocol, one more joins", "rebalance_ms at most 2,000"),
    ("consumer", "500 members, consumer protocol, one more joins", "rebalance_ms at most 2,000"),
    ("groups", "1,000 groups of one member", "form_ms"),
    ("commits", "offset commits of 10 groups", "p99_ms at most Kafka's"),
    ("transactions", "transactions of 10 producers", "per_second at least 1,000"),
];

type Figures = BTreeMap<String, f64>;
pub fn measure() {
    if !program().exists() {
        println!("groups: left out, Go is not installed");
        return;
    }
    let clusters: Vec<Named> = three_as_ours();
    for (what, title, bar) in MEASUREMENTS {
        println!("{title} ({bar}; medians of {ROUNDS})");
        let mut rounds: Vec<Vec<Figures>> = vec![Vec::new(); clusters.len()];
        for _ in 0..ROUNDS {
            for (at, (_, start)) in clusters.iter().enumerate() {
                let cluster = start();
                let found = load(what, &cluster.bootstrap);
                if let Some(rounds) = rounds.get_mut(at) {
                    rounds.push(found);
                }
            }
        }
        for ((name, _), rounds) in clusters.iter().zip(&rounds) {
            println!("  {name:13} {}", medians(rounds));
        }
    }
    println!("{CONNECTIONS:.0} idle connections (at most 64 KB each)");
    for (name, start) in &clusters {
        println!("  {name:13} {:.1} KB each", connections(&start()));
    }
}

fn medians(rounds: &[Figures]) -> String {
    let names = rounds.first().map(|first| first.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    let of = |name: &String| rounds.iter().filter_map(|round| round.get(name).copied()).collect();
    names.iter().map(|name| format!("{name} {:.1}", median(of(name)))).collect::<Vec<_>>().join(", ")
}

fn program() -> PathBuf {
    root().join("target/clients/go/load")
}

fn load(what: &str, bootstrap: &str) -> Figures {
    let mut command = Command::new(program());
    let output = suites::run(command.arg(what).env("KAFKA_BOOTSTRAP_SERVERS", bootstrap), b"").ok();
    serde_json::from_str(output.stdout.trim()).expect("figures as JSON")
}

/// Memory that the processes of a cluster take for each of many connections.
fn connections(cluster: &Measured) -> f64 {
    let before = cluster.resident_mb();
    let mut child = Command::new(program())
        .arg("connections")
        .env("KAFKA_BOOTSTRAP_SERVERS", &cluster.bootstrap)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    let mut lines = BufReader::new(child.stdout.take().expect("stdout is piped"));
    lines.read_line(&mut line).expect("it says that all are open");
    assert_eq!(line.trim(), "open");
    let each = (cluster.resident_mb() - before) * 1024.0 / CONNECTIONS;
    drop(child.stdin.take());
    child.wait().expect("it ends with its input");
    each
}
