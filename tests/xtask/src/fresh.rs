//! Proves the two commands on a machine that has nothing: a bare Debian in a directory, made by mmdebstrap, with
//! git, the Rust toolchain and Node put into it as a person would have installed them.

use std::path::{Path, PathBuf};

use super::packages;
use super::steps::{Outcome, Step, output, root};

const SUITE: &str = "bookworm";

pub fn run() -> Outcome {
    packages::install(&["mmdebstrap"])?;
    let home = std::env::var("HOME").map_err(|_| "HOME is not set".to_owned())?;
    let chroot = root().join("target/fresh");
    let dir = chroot.to_string_lossy().into_owned();
    if chroot.exists() {
        Step::new("removing the last bare Debian").program("rm", &["-rf", "--one-file-system", &dir])?;
    }
    // rustup itself asks for a C linker: without one not even this program could be built there.
    let include = "--include=git,ca-certificates,sudo,procps,build-essential";
    Step::new("making a bare Debian").program("mmdebstrap", &["--variant=minbase", include, SUITE, &dir])?;
    copy_settings(&chroot)?;
    for (from, to) in [(format!("{home}/.rustup"), "root/.rustup"), (format!("{home}/.cargo"), "root/.cargo")]
    {
        copy(Path::new(&from), &chroot.join(to))?;
    }
    let node = output("sh", &["-c", "readlink -f \"$(command -v node)\""]).ok_or("Node is not installed")?;
    let prefix = Path::new(node.trim()).ancestors().nth(2).ok_or("Node has no prefix")?.to_owned();
    put_node(&prefix, &chroot)?;
    if let Some(go) = output("go", &["env", "GOROOT"]) {
        copy(Path::new(go.trim()), &chroot.join("usr/local/go"))?;
    }
    let source = root().to_string_lossy().into_owned();
    let clone = chroot.join("root/headwater").to_string_lossy().into_owned();
    Step::new("cloning").program("git", &["clone", "--quiet", &source, &clone])?;
    inside(&dir, "cargo xtask test", "CI=true cargo xtask test")?;
    inside(&dir, "cargo xtask run, without a display", RUN_ONCE)
}

/// Starts the app, waits for its address, asks for the page, and ends it by its id.
const RUN_ONCE: &str = "cargo xtask run > /tmp/run.log 2>&1 & pid=$!
for i in $(seq 600); do grep -q 'http://127' /tmp/run.log && break; sleep 1; done
address=$(grep -o 'http://127[^ ]*' /tmp/run.log | head -1); echo \"$address\"
curl -sf \"$address\" | grep -qi '<div id=\"root\"'; seen=$?
kill $pid; exit $seen";

fn inside(dir: &str, title: &str, script: &str) -> Outcome {
    let path = "export PATH=/root/.cargo/bin:/usr/local/node/bin:/usr/local/go/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root";
    let mounts = "mount -t proc proc /proc; mount -t devtmpfs dev /dev 2>/dev/null; mkdir -p /dev/shm; mount -t tmpfs shm /dev/shm";
    let script = format!("{mounts}; {path}; cd /root/headwater && {script}");
    let title = format!("in the bare Debian: {title}");
    // The root of a machine is a mount point; programs that look for the volume of a file want to find one.
    let enter = "mount --bind \"$0\" \"$0\" && exec chroot \"$0\" /bin/bash -c \"$1\"";
    Step::new(&title)
        .program("unshare", &["--mount", "--pid", "--fork", "/bin/bash", "-c", enter, dir, &script])
}

/// How this machine reaches its registries, so that the bare one does too.
fn copy_settings(chroot: &Path) -> Outcome {
    let home = std::env::var("HOME").unwrap_or_default();
    let files = [
        PathBuf::from("/etc/resolv.conf"),
        PathBuf::from("/etc/hosts"),
        PathBuf::from("/etc/npmrc"),
        PathBuf::from("/etc/pip.conf"),
        Path::new(&home).join(".npmrc"),
        Path::new(&home).join(".m2/settings.xml"),
        Path::new(&home).join(".config/go/env"),
    ];
    let trees = ["/etc/ssl/certs", "/usr/local/share/ca-certificates", "/etc/apt/apt.conf.d", "/etc/maven"];
    for file in files.into_iter().chain(trees.map(PathBuf::from)).filter(|path| path.exists()) {
        let inside = file.strip_prefix("/").unwrap_or(&file);
        copy(&file, &chroot.join(inside))?;
    }
    Ok(())
}

fn put_node(prefix: &Path, chroot: &Path) -> Outcome {
    let target = chroot.join("usr/local/node");
    for part in ["bin", "lib/node_modules"] {
        let from = prefix.join(part);
        if part == "bin" {
            for program in ["node", "npm", "npx"] {
                copy(&from.join(program), &target.join(part).join(program))?;
            }
        } else {
            copy(&from, &target.join(part))?;
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Outcome {
    if let Some(parent) = to.parent() {
        std::fs::create_dir_all(parent).map_err(|err| format!("{}: {err}", parent.display()))?;
    }
    let (from, to) = (from.to_string_lossy().into_owned(), to.to_string_lossy().into_owned());
    Step::new("copying").program("cp", &["-aT", &from, &to])
}
