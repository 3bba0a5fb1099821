//! The house rules as tests: which module may use which, how long files and functions may be, what may not be
//! written anywhere. A failure names the place and the way out.

use std::path::{Path, PathBuf};

/// The workspace's directory.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").components().collect()
}

/// A source file: its path from the root, and its text.
#[derive(Debug)]
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

/// The part of a Rust file before its unit tests.
pub fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}
