//! Layers point one way. (The UI's directions are checked by its own `structure.test.ts`.)

use tidy::{Source, sources, without_tests};

/// A module of broker-core and the modules it may use. `protocol::batch` counts as `protocol`.
const BROKER_CORE: &[(&str, &[&str])] = &[
    ("seams", &["protocol"]),
    ("protocol", &[]),
    ("config", &[]),
    ("log", &["protocol", "seams"]),
    ("controller", &["config", "protocol", "seams"]),
    ("partition", &["config", "controller", "log", "protocol", "seams"]),
    ("group", &["config", "protocol", "seams"]),
    ("txn", &["config", "protocol", "seams"]),
    ("broker", &["config", "controller", "group", "log", "partition", "protocol", "seams", "txn"]),
    ("server", &["broker", "config", "controller", "group", "partition", "protocol", "seams", "txn"]),
    ("cluster", &["broker", "config", "controller", "log", "partition", "protocol", "seams", "server"]),
];

/// Crates that a module may not name.
const FOREIGN: &[(&str, &str, &str)] = &[
    ("broker-core/src/protocol", "tokio", "the wire is a pure layer"),
    ("broker-core/src/protocol", "std::fs", "the wire is a pure layer"),
    ("broker-core/src/log", "tokio", "logs are synchronous; the broker owns the pool"),
    ("broker-core/src/partition", "tokio", "machines are synchronous; the broker waits"),
    ("broker-core/src/group", "tokio", "machines are synchronous; the broker waits"),
    ("broker-core/src/txn", "tokio", "machines are synchronous; the broker waits"),
    ("broker-core/src/controller", "tokio", "machines are synchronous; the cluster hosts the controller"),
    ("broker-core/src/controller", "seams::Disk", "the controller's host writes"),
    ("broker-core/src", "tauri", "the cluster knows nothing of the app"),
    ("broker-core/src", "rdkafka", "the cluster knows nothing of clients"),
    ("broker-core/src", "rusqlite", "the cluster knows nothing of the app's store"),
    ("src-tauri/src/commands", "rdkafka", "operations speak in our nouns; kafka/ knows the library"),
    ("src-tauri/src/commands", "rusqlite", "operations speak in our nouns; store/ knows the library"),
    ("src-tauri/src/commands", "tauri::", "operations know no window; host/ does"),
    ("src-tauri/src/services", "tauri::", "services know no window; host/ does"),
    ("src-tauri/src/services", "rusqlite", "store/ knows the library"),
    ("src-tauri/src/kafka", "tauri::", "kafka/ knows no window"),
];

fn module_of(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("broker-core/src/")?;
    rest.split(['/', '.']).next()
}

fn uses(source: &Source) -> Vec<String> {
    let text = without_tests(&source.text);
    let mut found = Vec::new();
    for part in text.split("crate::").skip(1) {
        found.push(
            part.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default().to_owned(),
        );
    }
    found
}

#[test]
fn broker_core_layers_point_one_way() {
    for source in sources("broker-core/src", &[".rs"]) {
        let Some(module) = module_of(&source.path) else { continue };
        if source.path.ends_with("tests.rs") {
            continue;
        }
        let Some((_, may)) = BROKER_CORE.iter().find(|(name, _)| *name == module) else { continue };
        for used in uses(&source) {
            let known = BROKER_CORE.iter().any(|(name, _)| *name == used);
            assert!(
                !known || used == module || may.contains(&used.as_str()),
                "{} uses crate::{used}, which lies above {module}: move the piece down, or let the caller decide",
                source.path
            );
        }
    }
}

#[test]
fn libraries_stay_behind_the_layer_that_owns_them() {
    for (dir, library, reason) in FOREIGN {
        for source in sources(dir, &[".rs"]).into_iter().filter(|source| !source.path.ends_with("tests.rs")) {
            // A comment may name what code may not.
            let code =
                without_tests(&source.text).lines().filter(|line| !line.trim_start().starts_with("//"));
            let named = code.filter(|line| line.contains(library)).count();
            assert_eq!(named, 0, "{} names {library}: {reason}", source.path);
        }
    }
}

#[test]
fn a_handler_calls_no_other_handler_no_log_and_no_socket() {
    for source in sources("broker-core/src/server/handlers", &[".rs"]) {
        let text = without_tests(&source.text);
        for banned in ["crate::log", "crate::seams", "tokio::net", "::handle("] {
            assert!(!text.contains(banned), "{} uses {banned}: ask the broker instead", source.path);
        }
        let card = text.lines().take(3).collect::<Vec<_>>().join("\n");
        assert!(card.starts_with("//! ") && card.contains("Source:"), "{} opens with its card", source.path);
    }
}
