//! Measures beside Apache Kafka; the program that measures is in `tests/bench`, and the window's part in `tests/e2e`.

use super::steps::{Outcome, Step};
use super::{browser, setup};

/// What is measured in a browser.
const UI: &str = "ui";

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
    if names.is_empty() || names.contains(&UI) {
        let chromium = browser::program()?;
        Step::new("measuring the window")
            .in_dir("tests/e2e")
            .env("CHROMIUM", &chromium)
            .env("HEADWATER_PROFILE", "release")
            .npm(&["run", "bench"])?;
    }
    if names == [UI] {
        return Ok(());
    }
    let mut args = vec!["run", "--release", "--package", "suites", "--bin", "bench", "--"];
    args.extend(names);
    Step::new("measuring").cargo(&args)
}
