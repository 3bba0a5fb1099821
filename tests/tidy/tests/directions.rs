//! Layers point one way. (The UI's directions are checked by its own `structure.test.ts`.)

use tidy::paths::named;
use tidy::rules::{Rule, broken, is_in};
use tidy::{Source, is_test, made_up, sources};

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
    ("simulation", &["broker", "cluster", "config", "controller", "protocol", "seams", "server", "txn"]),
];

/// What opens files, reads clocks, waits, or asks the system for anything.
const SYSTEM: &[&str] = &[
    "tokio",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "rustix",
    "rlimit",
    "getrandom",
];

const PURE: Rule = Rule {
    scope: &[
        "broker-core/src/protocol",
        "broker-core/src/group",
        "broker-core/src/txn",
        "broker-core/src/controller",
    ],
    banned: &[SYSTEM, &["crate::seams"]],
    // A time that is handed in, and a source of chance that is.
    allowed: &["crate::seams::Now", "crate::seams::Rng"],
    except: &[],
    reason: "messages and machines are synchronous and know neither disk nor time; their host does",
};

const SEAMS: Rule = Rule {
    scope: &["broker-core/src"],
    banned: &[&[
        "std::fs",
        "tokio::fs",
        "std::time::Instant",
        "std::time::SystemTime",
        "tokio::time::Instant",
    ]],
    allowed: &[],
    except: &[
        ("broker-core/src/seams", "std", "they are the seams"),
        ("broker-core/src/bin", "std", "the launcher is a program around the library, with files of its own"),
        (
            "broker-core/src/cluster/data_dir",
            "std::fs",
            "the lock on the directory comes before any broker's disk",
        ),
        ("broker-core/src/cluster/control.rs", "std::fs", "tells port and token to other processes"),
        ("broker-core/src/cluster/ports.rs", "std::fs", "asks /proc who holds a port, for an error message"),
        (
            "broker-core/src/cluster.rs",
            "std::time::Instant",
            "measures how long a start took, for its status",
        ),
        ("broker-core/src/broker/produce.rs", "tokio::time::Instant", "a deadline for tokio's own timer"),
        ("broker-core/src/broker/records.rs", "tokio::time::Instant", "a deadline for tokio's own timer"),
        ("broker-core/src/simulation/machine.rs", "tokio::time::Instant", "virtual time is the runtime's"),
        ("broker-core/src/broker/fetch.rs", "tokio::time::Instant", "a deadline for tokio's own timer"),
    ],
    reason: "only seams/ opens files and reads clocks: take a Disk or a Now",
};

const HANDLERS: Rule = Rule {
    scope: &["broker-core/src/server/handlers"],
    banned: &[
        SYSTEM,
        &["std::time", "std::sync", "crate::log", "crate::seams", "crate::cluster", "crate::server"],
    ],
    // `Arc` and `Duration` are in what the broker gives and takes.
    allowed: &[
        "std::time::Duration",
        "std::sync::Arc",
        "crate::server::Ctx",
        "crate::server::dispatch",
        "crate::server::transactional",
        "crate::server::config_rows",
        "crate::server::endpoints",
        "crate::server::handlers",
    ],
    except: &[],
    reason: "a handler touches only its Ctx: ask the broker instead",
};

const LIBRARIES: &[Rule] = &[
    Rule {
        scope: &["broker-core/src/log", "broker-core/src/partition"],
        banned: &[&["tokio"]],
        allowed: &[],
        except: &[],
        reason: "logs and replicas are synchronous; the broker owns the pool and waits",
    },
    Rule {
        scope: &["broker-core/src"],
        banned: &[&["tauri", "rdkafka", "rusqlite"]],
        allowed: &[],
        except: &[],
        reason: "the cluster knows nothing of the app, of clients or of the app's store",
    },
    Rule {
        scope: &["src-tauri/src/commands"],
        banned: &[&["rdkafka", "rusqlite"]],
        allowed: &[],
        except: &[],
        reason: "operations speak in our nouns; kafka/ and store/ know the libraries",
    },
    Rule {
        scope: &["src-tauri/src/services"],
        banned: &[&["rusqlite"]],
        allowed: &[],
        except: &[],
        reason: "store/ knows the library",
    },
    TAURI,
];

const TAURI: Rule = Rule {
    scope: &["src-tauri/src"],
    banned: &[&["tauri"]],
    allowed: &[],
    except: &[
        ("src-tauri/src/host/tauri", "tauri", "the window's host, and the folder of its parts"),
        ("src-tauri/src/lib.rs", "tauri", "gives Tauri our runtime"),
    ],
    reason: "only the window's host sees Tauri",
};

fn module_of(path: &str) -> Option<&str> {
    path.strip_prefix("broker-core/src/")?.split(['/', '.']).next()
}

/// What a file of broker-core uses that lies above it. A name of the crate's root is the module that `root` has it from.
fn above(source: &Source, root: &[(String, String)]) -> Vec<String> {
    let rule = BROKER_CORE.iter().find(|(name, _)| module_of(&source.path) == Some(name));
    let Some((module, may)) = rule else { return Vec::new() };
    let used = |path: &str| {
        let first = path.strip_prefix("crate::")?.split("::").next()?.to_owned();
        Some(root.iter().find(|(name, _)| *name == first).map_or(first, |(_, module)| module.clone()))
    };
    let known = |used: &String| BROKER_CORE.iter().any(|(name, _)| name == used) || used == "*";
    let wrong = |used: &String| known(used) && used != module && !may.contains(&used.as_str());
    let names = named(source).into_iter().filter_map(|name| Some((name.line, used(&name.path)?)));
    names
        .filter(|(_, used)| wrong(used))
        .map(|(line, used)| {
            format!(
                "{}:{line} uses crate::{used}, which lies above {module}: move the piece down, or let the caller decide",
                source.path
            )
        })
        .collect()
}

/// Names that `lib.rs` brings to the root, with the module each is from.
fn reexported(lib: &Source) -> Vec<(String, String)> {
    let from = |name: tidy::paths::Named| {
        let mut parts = name.path.strip_prefix("crate::").unwrap_or(&name.path).split("::");
        Some((name.path.rsplit("::").next()?.to_owned(), parts.next()?.to_owned()))
    };
    named(lib).into_iter().filter_map(from).collect()
}

fn clean(problems: &[String]) {
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn broker_core_layers_point_one_way() {
    let all = sources("broker-core/src", &[".rs"]);
    let lib = all.iter().find(|source| source.path == "broker-core/src/lib.rs").expect("it is there");
    let root = reexported(lib);
    let files = all.iter().filter(|source| !is_test(source));
    clean(&files.flat_map(|source| above(source, &root)).collect::<Vec<_>>());
}

#[test]
fn messages_and_machines_touch_no_disk_no_time_and_no_runtime() {
    clean(&broken(&PURE, &sources("broker-core/src", &[".rs"])));
}

#[test]
fn only_the_seams_open_files_and_read_clocks() {
    clean(&broken(&SEAMS, &sources("broker-core/src", &[".rs"])));
}

#[test]
fn libraries_stay_behind_the_layer_that_owns_them() {
    let all = [sources("broker-core/src", &[".rs"]), sources("src-tauri/src", &[".rs"])].concat();
    clean(&LIBRARIES.iter().flat_map(|rule| broken(rule, &all)).collect::<Vec<_>>());
}

#[test]
fn a_handler_touches_only_its_ctx_and_opens_with_its_card() {
    let all = sources("broker-core/src/server/handlers", &[".rs"]);
    clean(&broken(&HANDLERS, &all));
    clean(&all.iter().flat_map(calls_another).collect::<Vec<_>>());
    clean(&all.iter().filter_map(without_card).collect::<Vec<_>>());
}

/// A handler may share a constant or a check with another, but not answer by it.
fn calls_another(source: &Source) -> Vec<String> {
    let other = |path: &str| path.starts_with("crate::server::handlers::") && path.ends_with("::handle");
    let calls = named(source).into_iter().filter(|name| other(&name.path));
    calls.map(|name| format!("{}:{} calls {}", source.path, name.line, name.path)).collect()
}

fn without_card(source: &Source) -> Option<String> {
    let card = source.text.lines().take(3).collect::<Vec<_>>().join("\n");
    let there = card.starts_with("//! ") && card.contains("Source:");
    (!there).then(|| format!("{} does not open with its card", source.path))
}

// Each rule catches what breaks it.

/// Whether the rule finds fault with this text in a file of this path.
fn catches(rule: &Rule, path: &str, text: &str) -> bool {
    let without_exceptions_of_others = |problem: &String| problem.starts_with(&format!("{path}:"));
    broken(rule, &[made_up(path, text)]).iter().any(without_exceptions_of_others)
}

#[test]
fn every_way_of_naming_disk_time_and_runtime_is_caught() {
    let ways = [
        "use std::fs;",
        "use std::{collections::BTreeMap, fs::File};",
        "use std::fs as disk;",
        "use std::time::{Duration, Instant};",
        "use std::time::*;",
        "use std::time; fn f() -> time::Instant { time::Instant::now() }",
        "fn f() { let now = std::time::SystemTime::now(); }",
        "fn f() { use std::time::Instant; }",
        "fn f() { println!(\"{:?}\", std::time::Instant::now()); }",
        "async fn f() { tokio::select! { _ = g() => {} } }",
        "#[tokio::main] async fn main() {}",
        "fn f(x: Vec<tokio::sync::Notify>) {}",
        "pub use tokio::sync;",
        "use crate::seams::Disk;",
        "use crate::{protocol::Reader, seams::{Now, Disk}};",
        "use super::super::seams::DiskFile;",
        "use crate::seams; fn f(d: &dyn seams::Disk) {}",
        "use crate::seams::*;",
        "mod inner { use super::super::super::seams::Clock; }",
    ];
    for text in ways {
        for module in ["protocol", "group", "txn", "controller"] {
            assert!(
                catches(&PURE, &format!("broker-core/src/{module}/made_up.rs"), text),
                "{module}: {text}"
            );
        }
        assert!(!catches(&PURE, "broker-core/src/broker/made_up.rs", text), "out of scope: {text}");
    }
    assert!(catches(&PURE, "broker-core/src/txn.rs", "use std::fs;"), "the module's own file");
}

#[test]
fn what_machines_may_name_is_let_through() {
    let text = "//! std::fs in a comment
        use std::time::Duration;
        use crate::seams::{Now, Rng};
        fn f() -> &'static str { \"tokio::spawn\" }
        #[cfg(test)] mod tests { use std::time::Instant; use tokio::task; }
        #[cfg(test)] fn only_in_tests() { std::fs::read(\"x\"); }";
    assert!(!catches(&PURE, "broker-core/src/group/made_up.rs", text));
}

#[test]
fn a_clock_or_a_file_outside_the_seams_is_caught_and_so_is_a_stale_exception() {
    let file = "broker-core/src/broker/made_up.rs";
    assert!(catches(&SEAMS, file, "fn f() { std::fs::read(\"x\"); }"));
    assert!(catches(&SEAMS, file, "use tokio::time::Instant;"));
    assert!(!catches(&SEAMS, "broker-core/src/seams/made_up.rs", "use std::fs;"));
    assert!(catches(&SEAMS, "broker-core/src/broker/fetch.rs", "use std::fs;"), "excused for something else");
    let stale = broken(&SEAMS, &[made_up("broker-core/src/broker/fetch.rs", "fn f() {}")]);
    assert!(stale.iter().any(|problem| problem.contains("broker/fetch.rs does not name")), "{stale:?}");
}

#[test]
fn a_handler_that_reaches_past_its_ctx_is_caught() {
    let file = "broker-core/src/server/handlers/made_up.rs";
    let ways = [
        "use crate::log::Log;",
        "use crate::{protocol::ErrorCode, seams::Disk};",
        "use super::super::connection::serve;",
        "use super::super::super::cluster::Cluster;",
        "static SEEN: std::sync::Mutex<u8> = std::sync::Mutex::new(0);",
        "fn f() { let now = std::time::Instant::now(); }",
        "async fn f() { tokio::time::sleep(WAIT).await; }",
    ];
    for text in ways {
        assert!(catches(&HANDLERS, file, text), "{text}");
    }
    for text in ["use super::fetch; fn f() { fetch::handle(); }", "fn f() { super::fetch::handle(); }"] {
        assert_eq!(calls_another(&made_up(file, text)).len(), 1, "{text}");
    }
    assert!(without_card(&made_up(file, "use crate::server::Ctx;")).is_some());
    assert!(!catches(&HANDLERS, file, "use crate::server::Ctx; use super::metadata::TOPIC_OPERATIONS;"));
}

#[test]
fn a_library_in_front_of_its_layer_is_caught() {
    for (path, text) in [
        ("broker-core/src/log/made_up.rs", "use tokio::task;"),
        ("broker-core/src/cluster/made_up.rs", "use rdkafka::ClientConfig;"),
        ("src-tauri/src/commands/made_up.rs", "use rdkafka::{ClientConfig};"),
        ("src-tauri/src/commands.rs", "fn f(c: rusqlite::Connection) {}"),
        ("src-tauri/src/services/made_up.rs", "use rusqlite as db;"),
        ("src-tauri/src/app.rs", "use tauri::Manager;"),
        ("src-tauri/src/host.rs", "fn f(app: ::tauri::App) {}"),
        ("src-tauri/src/host/http.rs", "#[tauri::command] fn f() {}"),
    ] {
        assert!(LIBRARIES.iter().any(|rule| catches(rule, path, text)), "{path}: {text}");
    }
    assert!(!catches(&TAURI, "src-tauri/src/host/tauri/tray.rs", "use tauri::Manager;"));
    assert!(
        !catches(&TAURI, "src-tauri/src/host.rs", "pub mod tauri; fn f() { tauri::run(); }"),
        "our module"
    );
}

#[test]
fn a_layer_that_uses_one_above_it_is_caught() {
    let root = reexported(&made_up("broker-core/src/lib.rs", "pub use cluster::{Cluster, reset};"));
    let ways = [
        "use crate::broker::Broker;",
        "use crate::{protocol::Reader, broker::{Broker, Joining}};",
        "use super::super::server::Ctx;",
        "fn f(b: &crate::cluster::Cluster) {}",
        "use crate::Cluster;",
        "use crate::*;",
    ];
    for text in ways {
        let problems = above(&made_up("broker-core/src/log/made_up.rs", text), &root);
        assert!(!problems.is_empty(), "{text}");
    }
    let fine = "use crate::{protocol::Reader, seams::Disk}; use super::segment::Segment;";
    assert_eq!(above(&made_up("broker-core/src/log/made_up.rs", fine), &root), Vec::<String>::new());
    assert!(is_in("broker-core/src/log.rs", "broker-core/src/log"));
    assert!(!is_in("broker-core/src/logs.rs", "broker-core/src/log"), "a name that only begins alike");
}
