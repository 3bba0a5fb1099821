//! The packages each system needs, and how they are installed.

use super::steps::{Outcome, Step, output};

/// To build and open the app on Debian and Ubuntu.
pub const APP: &[&str] = &[
    "build-essential",
    "clang",
    "cmake",
    "curl",
    "libayatana-appindicator3-dev",
    "libcurl4-openssl-dev",
    "librsvg2-dev",
    "libsasl2-dev",
    "libssl-dev",
    "libwebkit2gtk-4.1-dev",
    "pkg-config",
];

/// To run everything that `test` runs, but for the browser.
pub const TESTS: &[&str] = &[
    "dbus",
    // Kafka wants Java 17 or newer; which one Debian and Ubuntu have is different in each of their releases.
    "default-jdk-headless",
    "fonts-dejavu-core",
    "imagemagick",
    "kcat",
    "libglib2.0-bin",
    "maven",
    "openbox",
    "openssl",
    "python3-venv",
    "unzip",
    "webkit2gtk-driver",
    // Keys for what is not the page: the menu bar.
    "xdotool",
    "xvfb",
];

/// To build for Windows and to run that here.
pub const WINE: &[&str] = &["gcc-mingw-w64-x86-64", "g++-mingw-w64-x86-64", "wine64"];

/// Names of packages on systems where these commands only tell what is missing.
const MAC: &str = "brew install cmake pkg-config openssl@3 cyrus-sasl";
const WINDOWS: &str = "winget install Kitware.CMake Microsoft.VisualStudio.2022.BuildTools";

/// Installs what is missing of `wanted`.
pub fn install(wanted: &[&str]) -> Outcome {
    if cfg!(target_os = "macos") {
        println!("== packages: on macOS (untested) this needs: {MAC}");
        return Ok(());
    }
    if cfg!(windows) {
        println!("== packages: on Windows (untested) this needs: {WINDOWS}");
        return Ok(());
    }
    if output("dpkg-query", &["--version"]).is_none() {
        println!(
            "== packages: this is no Debian; it needs what these Debian packages have: {}",
            wanted.join(" ")
        );
        return Ok(());
    }
    let missing: Vec<&str> = wanted.iter().copied().filter(|name| !is_installed(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    apt("updating the package list", &["update", "-qq"])?;
    let mut args = vec!["install", "-y", "-qq", "--no-install-recommends"];
    args.extend(&missing);
    apt(&format!("installing {} Debian packages", missing.len()), &args)
}

fn apt(title: &str, args: &[&str]) -> Outcome {
    let root = output("id", &["-u"]).is_some_and(|id| id.trim() == "0");
    let step = Step::new(title).env("DEBIAN_FRONTEND", "noninteractive");
    if root {
        return step.program("apt-get", args);
    }
    let mut all = vec!["apt-get"];
    all.extend(args);
    step.program("sudo", &all).map_err(|err| {
        format!("{err}; it needs root: install the packages named above yourself, then try again")
    })
}

fn is_installed(name: &str) -> bool {
    output("dpkg-query", &["-W", "-f=${Status}", name])
        .is_some_and(|status| status.contains("install ok installed"))
}
