//! The launcher as one file that runs on any Linux, and what a container image is made from.

use std::path::Path;

use super::packages;
use super::steps::{Outcome, Step, output, root};

const TARGET: &str = "x86_64-unknown-linux-musl";

pub fn run() -> Outcome {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Err("the static launcher is built on x86-64 Linux only".to_owned());
    }
    // libzstd is C, and wants a C compiler for that library.
    packages::install(&["musl-tools"])?;
    Step::new("adding the target").program("rustup", &["target", "add", TARGET])?;
    Step::new("building the static launcher").env("CC_x86_64_unknown_linux_musl", "musl-gcc").cargo(&[
        "build",
        "--release",
        "--target",
        TARGET,
        "--package",
        "broker-core",
        "--bins",
    ])?;
    let (built, dist) = (root().join("target").join(TARGET).join("release"), root().join("target/dist"));
    std::fs::create_dir_all(&dist).map_err(|err| format!("{}: {err}", dist.display()))?;
    copy(&built.join("headwater-cluster"), &dist.join("headwater-cluster"))?;
    for name in ["Dockerfile", "run"] {
        copy(&root().join("broker-core/container").join(name), &dist.join(name))?;
    }
    prove(&dist.join("headwater-cluster"))
}

fn copy(from: &Path, to: &Path) -> Outcome {
    std::fs::copy(from, to).map(|_| ()).map_err(|err| format!("{}: {err}", from.display()))
}

/// It needs no library, and starts.
fn prove(program: &Path) -> Outcome {
    let name = program.display().to_string();
    // ldd fails on what is not dynamic, as it should here.
    if output("ldd", &[&name]).is_some_and(|libraries| libraries.contains("=>")) {
        return Err(format!("{name} is not static"));
    }
    Step::new("starting a cluster with it").program(&name, &["exec", "--", "true"])?;
    let bytes = program.metadata().map_err(|err| format!("{name}: {err}"))?.len();
    println!(
        "== {name}: {:.1} MB, needs no library; beside it what an image is made from",
        bytes as f64 / 1e6
    );
    Ok(())
}
