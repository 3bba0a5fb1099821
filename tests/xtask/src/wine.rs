//! What Windows forbids is found here: the tests of log, partition and disk, built by mingw and run by Wine.

use super::packages;
use super::steps::{Outcome, Step, root};

const TARGET: &str = "x86_64-pc-windows-gnu";
/// Modules of broker-core that touch files.
const TESTED: [&str; 3] = ["log::", "partition::", "seams::"];
/// Where Debian keeps the loader that its `wine` package would call.
const LOADER: &str = "/usr/lib/wine/wine64";
const COMPILER: &str = "x86_64-w64-mingw32-gcc";

pub fn run() -> Outcome {
    packages::install(packages::WINE)?;
    Step::new("adding the Windows target").program("rustup", &["target", "add", TARGET])?;
    // A home of its own: nothing of the person's Wine is used or changed.
    let prefix = root().join("target/wine");
    std::fs::create_dir_all(&prefix).map_err(|err| format!("{}: {err}", prefix.display()))?;
    let home = prefix.display().to_string();
    let wine = |title: &str| Step::new(title).env("WINEPREFIX", &home).env("WINEDEBUG", "-all");
    wine("making Wine's home").program(LOADER, &["wineboot", "--init"])?;
    let library = prefix.join("drive_c/windows/system32/bcryptprimitives.dll").display().to_string();
    let args = ["-shared", "-o", &library, "tests/wine/bcryptprimitives.c", "-ladvapi32"];
    Step::new("giving Wine what old ones lack").program(COMPILER, &args)?;
    let mut args = vec!["test", "--package", "broker-core", "--lib", "--target", TARGET, "--"];
    args.extend(TESTED);
    let runner = format!("CARGO_TARGET_{}_RUNNER", TARGET.to_uppercase().replace('-', "_"));
    wine("testing log and disk in Wine").env(&runner, LOADER).cargo(&args)
}
