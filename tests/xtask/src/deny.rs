//! What came in from outside: licences, sources, advisories, by cargo-deny and `deny.toml`.

use super::steps::{Outcome, Step, output, root};

/// The version that is installed; raise it together with what `deny.toml` needs.
const VERSION: &str = "0.20.2";

pub fn run() -> Outcome {
    let dir = root().join("target/tools");
    let program = dir.join("bin").join(if cfg!(windows) { "cargo-deny.exe" } else { "cargo-deny" });
    let program = program.to_string_lossy().into_owned();
    if output(&program, &["--version"]).is_none_or(|said| said.trim() != format!("cargo-deny {VERSION}")) {
        install(&dir.to_string_lossy())?;
    }
    Step::new("licences and sources of the dependencies")
        .program(&program, &["check", "bans", "licenses", "sources"])?;
    if output(&program, &["fetch", "db"]).is_none() {
        println!("== advisories are not checked: their database cannot be fetched from here");
        return Ok(());
    }
    Step::new("advisories about the dependencies")
        .program(&program, &["check", "--disable-fetch", "advisories"])
}

fn install(dir: &str) -> Outcome {
    // As published it is optimised as a whole on one core, for many minutes; it runs here for a second.
    Step::new("building cargo-deny into target/tools, once")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .cargo(&["install", "--quiet", "--locked", "--root", dir, "--version", VERSION, "cargo-deny"])
}
