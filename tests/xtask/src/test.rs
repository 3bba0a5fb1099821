//! Everything.

use super::steps::{Outcome, Step};
use super::{browser, check, deny, setup};

pub fn run(filter: Option<&str>) -> Outcome {
    setup::for_tests()?;
    if let Some(filter) = filter {
        build()?;
        return Step::new("the tests of that name").cargo(&["test", "--workspace", filter]);
    }
    check::format_and_lint()?;
    deny::run()?;
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
    let chromium = browser::program()?;
    Step::new("the browser and the window")
        .in_dir("tests/e2e")
        .env("CHROMIUM", &chromium)
        .npm(&["test", "--silent"])
}

/// The durability suite for as long as asked.
pub fn soak(minutes: u32) -> Outcome {
    setup::for_tests()?;
    build()?;
    Step::new("kill and restart under load").env("HEADWATER_SOAK_MINUTES", &minutes.to_string()).cargo(&[
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

/// The decoders under mutated input, the groups and the whole cluster under seeded faults, each for as long as asked.
pub fn fuzz(seconds: u32) -> Outcome {
    Step::new("mutated input, seeded faults").env("HEADWATER_FUZZ_SECONDS", &seconds.to_string()).cargo(&[
        "test",
        "--release",
        "--package",
        "broker-core",
        "--lib",
        "--test",
        "fuzz",
        "--test",
        "simulation",
        "--",
        "--nocapture",
    ])
}
