//! Measures beside Apache Kafka; the program that measures is in `tests/bench`.

use super::setup;
use super::steps::{Outcome, Step};

pub fn run(names: &[&str]) -> Outcome {
    setup::for_tests()?;
    Step::new("building for release").cargo(&[
        "build",
        "--release",
        "--package",
        "broker-core",
        "--package",
        "headwater",
        "--bins",
    ])?;
    let mut args = vec!["run", "--release", "--package", "suites", "--bin", "bench", "--"];
    args.extend(names);
    Step::new("measuring").cargo(&args)
}
