//! Everything.

use super::steps::{Outcome, Step};
use super::{check, setup};

pub fn run(filter: Option<&str>) -> Outcome {
    setup::for_tests()?;
    if let Some(filter) = filter {
        build()?;
        return Step::new("the tests of that name").cargo(&["test", "--workspace", filter]);
    }
    check::format_and_lint()?;
    check::unit_tests()?;
    check::ui()?;
    build()?;
    suites()?;
    browser_and_window()
}

/// The programs that suites and end-to-end tests start.
fn build() -> Outcome {
    Step::new("building the programs").cargo(&[
        "build",
        "--package",
        "broker-core",
        "--package",
        "headwater",
        "--bins",
    ])
}

fn suites() -> Outcome {
    Step::new("suites with real clients").cargo(&["test", "--package", "suites", "--", "--test-threads=1"])
}

fn browser_and_window() -> Outcome {
    Step::new("the browser and the window").in_dir("tests/e2e").npm(&["test", "--silent"])
}

/// The durability suite for as long as asked.
pub fn soak(minutes: Option<&str>) -> Outcome {
    setup::for_tests()?;
    build()?;
    let minutes = minutes.unwrap_or("10");
    Step::new("kill and restart under load").env("HEADWATER_SOAK_MINUTES", minutes).cargo(&[
        "test",
        "--release",
        "--package",
        "suites",
        "--test",
        "durability",
        "--",
        "--nocapture",
    ])
}

/// The decoders under mutated input for as long as asked.
pub fn fuzz(seconds: Option<&str>) -> Outcome {
    Step::new("mutated input").env("HEADWATER_FUZZ_SECONDS", seconds.unwrap_or("60")).cargo(&[
        "test",
        "--release",
        "--package",
        "broker-core",
        "--test",
        "fuzz",
        "--",
        "--nocapture",
    ])
}
