//! What Windows forbids is found here: the tests of log, partition and disk, and the suites that stop, kill, fork and
//! damage a cluster, with a launcher built by mingw and run by Wine.

use std::path::Path;

use super::packages;
use super::steps::{Outcome, Step, root};

const TARGET: &str = "x86_64-pc-windows-gnu";
/// Modules of broker-core that touch files.
const TESTED: [&str; 3] = ["log::", "partition::", "seams::"];
/// Where Debian keeps the loader that its `wine` package would call.
const LOADER: &str = "/usr/lib/wine/wine64";
/// Suites that are about files, in which real clients talk to the launcher.
const SUITES: [&str; 5] = ["durability", "faults", "formats", "snapshots", "damage"];
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
    wine("testing log and disk in Wine").env(&runner, LOADER).cargo(&args)?;
    let args = ["build", "--package", "broker-core", "--bins", "--target", TARGET];
    Step::new("building the launcher for Windows").cargo(&args)?;
    let launcher = launcher(&prefix).map_err(|err| format!("{home}: {err}"))?;
    let mut args = vec!["test", "--package", "suites"];
    args.extend(SUITES.iter().flat_map(|suite| ["--test", suite]));
    args.extend(["--", "--test-threads=1"]);
    Step::new("the suites about files, of the launcher in Wine")
        .env("HEADWATER_CLUSTER", &launcher)
        .cargo(&args)
}

/// A program that starts the launcher in Wine; its process is that of the launcher.
fn launcher(prefix: &Path) -> std::io::Result<String> {
    let program = root().join("target").join(TARGET).join("debug/headwater-cluster.exe");
    let script = format!(
        "#!/bin/sh\nWINEPREFIX='{}' WINEDEBUG=-all exec '{LOADER}' '{}' \"$@\"\n",
        prefix.display(),
        program.display()
    );
    let path = prefix.join("headwater-cluster");
    std::fs::write(&path, script)?;
    #[cfg(unix)]
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    Ok(path.display().to_string())
}
