//! A rule on what a part of the tree may name, and what breaks it.

use crate::paths::{lies_in, named, reaches};
use crate::{Source, is_test};

/// Files below `scope` may not name what is in `banned`, unless it is in `allowed` or the file is in `except`.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Modules or directories, such as `broker-core/src/log`: the file of that name, and what is below it.
    pub scope: &'static [&'static str],
    /// Lists of paths, with everything in them.
    pub banned: &'static [&'static [&'static str]],
    /// Paths inside the banned ones that may be named.
    pub allowed: &'static [&'static str],
    /// Modules that may, what they may name, and why.
    pub except: &'static [(&'static str, &'static str, &'static str)],
    /// Why, or what to do instead.
    pub reason: &'static str,
}

/// Whether a file is the module `scope` or below it.
pub fn is_in(path: &str, scope: &str) -> bool {
    path.strip_prefix(scope).is_some_and(|rest| rest == ".rs" || rest.starts_with('/') || rest.is_empty())
}

/// What breaks the rule, and exceptions that nothing needs any more.
pub fn broken(rule: &Rule, sources: &[Source]) -> Vec<String> {
    let mut used = vec![false; rule.except.len()];
    let mut problems = Vec::new();
    let in_scope = |source: &&Source| rule.scope.iter().any(|scope| is_in(&source.path, scope));
    for source in sources.iter().filter(in_scope).filter(|source| !is_test(source)) {
        for name in named(source) {
            let allowed = rule.allowed.iter().any(|path| lies_in(&name.path, path));
            if allowed || !rule.banned.iter().copied().flatten().any(|path| reaches(&name.path, path)) {
                continue;
            }
            let excuse = rule
                .except
                .iter()
                .position(|(file, path, _)| is_in(&source.path, file) && lies_in(&name.path, path));
            match excuse {
                Some(excuse) => used[excuse] = true,
                None => problems
                    .push(format!("{}:{} names {}: {}", source.path, name.line, name.path, rule.reason)),
            }
        }
    }
    for ((file, path, _), _) in rule.except.iter().zip(used).filter(|(_, used)| !used) {
        problems.push(format!("{file} does not name {path} any more: take it off the list of exceptions"));
    }
    problems
}
