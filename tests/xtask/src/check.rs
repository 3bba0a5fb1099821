//! The quick loop.

use super::setup;
use super::steps::{Outcome, Step};

pub fn run() -> Outcome {
    setup::for_the_app()?;
    format_and_lint()?;
    unit_tests()?;
    ui()
}

pub fn format_and_lint() -> Outcome {
    Step::new("format").cargo(&["fmt", "--all", "--check"])?;
    Step::new("lints").cargo(&["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"])
}

pub fn unit_tests() -> Outcome {
    Step::new("house rules and unit tests").cargo(&[
        "test",
        "--quiet",
        "--package",
        "tidy",
        "--package",
        "xtask",
        "--package",
        "broker-core",
        "--package",
        "headwater",
    ])
}

pub fn ui() -> Outcome {
    Step::new("UI types, lint and tests").in_dir("ui").npm(&["run", "--silent", "check"])
}
