//! How long functions are.

use std::process::Command;

use proc_macro2::Span;
use syn::visit::{self, Visit};

use crate::paths::parse;
use crate::{Source, root};

/// A function and its length in lines, from its head to its last brace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Its file from the root, and its name: `ui/src/app/boot.tsx boot`.
    pub name: String,
    /// The line it begins on.
    pub line: usize,
    /// Lines it has.
    pub lines: usize,
}

/// Every function with a body in a Rust file, whatever stands before `fn`.
pub fn of_rust(source: &Source) -> Vec<Function> {
    let mut walker = Walker { path: &source.path, found: Vec::new() };
    walker.visit_file(&parse(source));
    walker.found
}

struct Walker<'a> {
    path: &'a str,
    found: Vec<Function>,
}

impl Walker<'_> {
    fn add(&mut self, head: &syn::Signature, block: &syn::Block) {
        let line = |span: Span| span.start().line;
        let (from, to) = (line(head.fn_token.span), line(block.brace_token.span.close()));
        let name = format!("{} {}", self.path, head.ident);
        self.found.push(Function { name, line: from, lines: to + 1 - from });
    }
}

impl<'ast> Visit<'ast> for Walker<'_> {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.add(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.add(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.add(&item.sig, block);
        }
        visit::visit_trait_item_fn(self, item);
    }
}

/// Every function and component of more than a line or two below these directories (from the root), as Biome, the UI's
/// linter, parses them; its rule only has to name them, the lines are counted here. `None` if it is not installed.
pub fn of_typescript(dirs: &[&str]) -> Option<Vec<Function>> {
    let program = root().join("ui/node_modules/@biomejs/biome/bin/biome");
    if !program.exists() {
        return None;
    }
    let config = format!("--config-path={}", root().join("tests/tidy/functions.json").display());
    let output = Command::new("node")
        .arg(program)
        .args(["lint", "--only=complexity/noExcessiveLinesPerFunction", "--max-diagnostics=none"])
        .args(["--reporter=json", &config])
        .args(dirs.iter().map(|dir| root().join(dir)))
        // Elsewhere it takes the UI's own settings for a quarrel with these.
        .current_dir(root().join("ui"))
        .output()
        .expect("node runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let report: serde_json::Value = serde_json::from_str(&said)
        .unwrap_or_else(|err| panic!("{err}: {said}{}", String::from_utf8_lossy(&output.stderr)));
    let found = report["diagnostics"].as_array().expect("Biome reports a list");
    Some(found.iter().filter(|one| one["category"] == CATEGORY).map(typescript).collect())
}

const CATEGORY: &str = "lint/complexity/noExcessiveLinesPerFunction";

fn typescript(diagnostic: &serde_json::Value) -> Function {
    let place = &diagnostic["location"];
    let path = place["path"].as_str().expect("a place has a path");
    let line = |end: &str| place[end]["line"].as_u64().expect("a place has lines") as usize;
    let (from, to) = (line("start"), line("end"));
    let path = root().join("ui").join(path);
    let text = std::fs::read_to_string(&path).expect("Biome has read it");
    let head = text.lines().nth(from - 1).unwrap_or_default();
    let path = path.strip_prefix(root()).unwrap_or(&path).display();
    Function { name: format!("{path} {}", typescript_name(head)), line: from, lines: to + 1 - from }
}

/// `export function Name(…`, `const name = (…`, `name: async (…`; `test("…", …` is `test`.
fn typescript_name(head: &str) -> String {
    let words = head.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    let before =
        ["export", "default", "async", "function", "const", "let", "static", "private", "public", "return"];
    words.into_iter().find(|word| !before.contains(word)).unwrap_or("?").to_owned()
}
