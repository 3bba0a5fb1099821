//! What Windows forbids is found here: the tests of log, partition and disk, built by mingw and run by Wine.

use super::packages;
use super::steps::{Outcome, Step, root};

const TARGET: &str = "x86_64-pc-windows-gnu";
/// Modules of broker-core that touch files.
const TESTED: [&str; 3] = ["log::", "partition::", "seams::"];
/// Where Debian keeps the loader that its `wine` package would call.
const LOADER: &str = "/usr/lib/wine/wine64";

pub fn run() -> Outcome {
    packages::install(packages::WINE)?;
    Step::new("adding the Windows target").program("rustup", &["target", "add", TARGET])?;
    // A home of its own: nothing of the person's Wine is used or changed.
    let prefix = root().join("target/wine");
    std::fs::create_dir_all(&prefix).map_err(|err| format!("{}: {err}", prefix.display()))?;
    let mut args = vec!["test", "--package", "broker-core", "--lib", "--target", TARGET, "--"];
    args.extend(TESTED);
    Step::new("testing log and disk in Wine")
        .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER", LOADER)
        .env("WINEPREFIX", &prefix.display().to_string())
        .env("WINEDEBUG", "-all")
        .cargo(&args)
}
