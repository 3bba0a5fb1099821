//! The Chromium that the browser tests and the pictures drive.

use std::path::Path;

use super::packages;
use super::steps::{Outcome, Step, output, root};

const DEBIAN: &str = "/usr/bin/chromium";
/// Prints where Playwright keeps the Chromium of its version.
const WHERE: &str = "console.log(require(process.argv[1]).chromium.executablePath())";

/// The program's path, after it has been installed if need be. `CHROMIUM` in the environment goes before all.
pub fn program() -> Result<String, String> {
    if let Some(given) = std::env::var("CHROMIUM").ok().filter(|path| !path.is_empty()) {
        let there = Path::new(&given).exists();
        return if there { Ok(given) } else { Err(format!("CHROMIUM names {given}, which is not there")) };
    }
    if std::fs::read_to_string("/etc/os-release").is_ok_and(|text| id(&text) == Some("debian")) {
        packages::install(&["chromium"])?;
        return Ok(DEBIAN.to_owned());
    }
    // Ubuntu's chromium is a snap, which containers cannot run and the tests cannot drive; Playwright has its own.
    let program = playwrights().ok_or("Playwright is not installed in tests/e2e")?;
    if !Path::new(&program).exists() {
        fetch().map_err(|err| format!("{err}; or install a Chromium and name its program in CHROMIUM"))?;
    }
    Ok(program)
}

fn playwrights() -> Option<String> {
    let library = root().join("tests/e2e/node_modules/@playwright/test");
    Some(output("node", &["-e", WHERE, &library.to_string_lossy()])?.trim().to_owned())
}

fn fetch() -> Outcome {
    Step::new("fetching Playwright's Chromium and the packages it needs").in_dir("tests/e2e").npm(&[
        "exec",
        "--",
        "playwright",
        "install",
        "--with-deps",
        "chromium",
    ])
}

/// The distribution's name in `/etc/os-release`.
fn id(os_release: &str) -> Option<&str> {
    os_release.lines().find_map(|line| line.strip_prefix("ID=")).map(|id| id.trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::id;

    #[test]
    fn distributions_are_told_apart() {
        assert_eq!(id("PRETTY_NAME=\"Debian GNU/Linux 12\"\nVERSION_ID=\"12\"\nID=debian\n"), Some("debian"));
        assert_eq!(id("NAME=\"Ubuntu\"\nVERSION_ID=\"24.04\"\nID=ubuntu\nID_LIKE=debian\n"), Some("ubuntu"));
        assert_eq!(id("NAME=Unknown\n"), None);
    }
}
