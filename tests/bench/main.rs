//! Measures beside Apache Kafka 4.3.1: same machine, same run, same clients.
//!
//! `cargo xtask bench [start] [throughput] [broker] [groups] [hostile] [app] [ui]`, of `broker` also single parts:
//! `rates`, `wide`, `java`, `latency`, `restart`, `many`, `compaction`. Figures are medians; MB is 10⁶ bytes of payload.

mod app;
mod broker;
mod clusters;
mod groups;
mod hostile;
mod load;
mod process;
mod start;

/// Runs of each measurement whose figures scatter.
const ROUNDS: usize = 3;

fn main() {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let wanted = |name: &str| names.is_empty() || names.iter().any(|other| other == name);
    if wanted("start") {
        start::measure();
    }
    if wanted("throughput") {
        broker::rates::usual();
    }
    for (name, measure) in broker::PARTS {
        if wanted("broker") || wanted(name) {
            measure();
        }
    }
    if wanted("groups") {
        groups::measure();
    }
    if wanted("hostile") {
        hostile::measure();
    }
    if wanted("app") {
        app::launch();
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// The value below which `share` of the values lie.
fn percentile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (values.len() as f64 * share) as usize;
    values.get(at.min(values.len().saturating_sub(1))).copied().unwrap_or(0.0)
}
