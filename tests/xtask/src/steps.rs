//! Running one step: say what it does, run it, say what is wrong if it fails.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

pub type Outcome = Result<(), String>;

/// The workspace's directory.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// A named piece of work.
pub struct Step {
    title: String,
    dir: PathBuf,
    env: Vec<(String, String)>,
}

impl Step {
    pub fn new(title: &str) -> Self {
        Self { title: title.to_owned(), dir: root(), env: Vec::new() }
    }

    /// Runs in a directory below the workspace's.
    pub fn in_dir(mut self, dir: &str) -> Self {
        self.dir = root().join(dir);
        self
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn cargo(self, args: &[&str]) -> Outcome {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        self.program(&cargo, args)
    }

    pub fn npm(self, args: &[&str]) -> Outcome {
        self.program(if cfg!(windows) { "npm.cmd" } else { "npm" }, args)
    }

    pub fn program(self, program: &str, args: &[&str]) -> Outcome {
        println!("\n== {} ({} {})", self.title, short(program), args.join(" "));
        let begun = Instant::now();
        let status = Command::new(program)
            .args(args)
            .current_dir(&self.dir)
            .envs(self.env)
            .status()
            .map_err(|err| format!("{}: {program} does not run: {err}", self.title))?;
        if status.success() {
            println!("== {}: {:.1} s", self.title, begun.elapsed().as_secs_f32());
            Ok(())
        } else {
            Err(format!("{} failed ({status})", self.title))
        }
    }
}

fn short(program: &str) -> &str {
    Path::new(program).file_name().and_then(|name| name.to_str()).unwrap_or(program)
}

/// What a program prints, if it runs and succeeds.
pub fn output(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether any file below `sources` is newer than `product`, or the product is missing.
pub fn is_stale(product: &Path, sources: &[PathBuf]) -> bool {
    let Some(made) = product.metadata().and_then(|meta| meta.modified()).ok() else { return true };
    sources.iter().any(|source| newest(source).is_some_and(|changed| changed > made))
}

fn newest(path: &Path) -> Option<std::time::SystemTime> {
    let meta = path.metadata().ok()?;
    if !meta.is_dir() {
        return meta.modified().ok();
    }
    let entries = std::fs::read_dir(path).ok()?.flatten();
    entries.filter_map(|entry| newest(&entry.path())).max()
}
