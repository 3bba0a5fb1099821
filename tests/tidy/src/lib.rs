//! The house rules as tests: which module may use which, how long files and functions may be, what may not be
//! written anywhere. A failure names the place and the way out.

pub mod functions;
pub mod paths;
pub mod ratchet;
pub mod rules;

use std::path::{Path, PathBuf};

/// The workspace's directory.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// What a test makes up: a file of this path and text.
pub fn made_up(path: &str, text: &str) -> Source {
    Source { path: path.to_owned(), text: text.to_owned() }
}

/// A source file: its path from the root, and its text.
#[derive(Debug, Clone)]
pub struct Source {
    /// Path from the workspace's directory, with `/`.
    pub path: String,
    /// What it says.
    pub text: String,
}

/// Directories that hold no sources of ours.
const SKIPPED: [&str; 6] = ["node_modules", "dist", "target", "gen", ".git", "test-results"];

/// Every file below `dir` (from the root) with one of these endings.
pub fn sources(dir: &str, endings: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    collect(&root().join(dir), endings, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn collect(dir: &Path, endings: &[&str], found: &mut Vec<Source>) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            if !SKIPPED.contains(&name.as_str()) {
                collect(&path, endings, found);
            }
        } else if endings.iter().any(|ending| name.ends_with(ending))
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            let path = path.strip_prefix(root()).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            found.push(Source { path, text });
        }
    }
}

/// Whether a Rust file is only there for unit tests.
pub fn is_test(source: &Source) -> bool {
    source.path.ends_with("tests.rs")
}
