//! Files and functions stay small. What was larger when the rule came is listed with its size, and may only shrink.

use tidy::functions::{Function, of_rust, of_typescript};
use tidy::{Source, made_up, ratchet, sources};

/// Lines a Rust or TypeScript file may have.
const FILE_LINES_MAX: usize = 400;
/// Lines an API handler may have.
const HANDLER_LINES_MAX: usize = 200;
/// Lines a Rust function may have.
const FUNCTION_LINES_MAX: usize = 75;
/// Lines a TypeScript function may have; a component is one, and its markup takes a line an attribute.
const TYPESCRIPT_LINES_MAX: usize = 120;

const RUST: [&str; 3] = ["broker-core", "src-tauri", "tests"];
const TYPESCRIPT: [&str; 4] = ["ui/src", "ui/scripts", "tests/e2e", "tests/clients/node"];

/// Files above the limit.
const FILES: &[(&str, usize)] = &[("ui/src/ipc/bindings.ts", 739)];
/// Rust functions above the limit. The one match grows by a line with each API.
const FUNCTIONS: &[(&str, usize)] = &[("broker-core/src/server/dispatch.rs answer", 82)];
/// TypeScript functions above the limit.
const COMPONENTS: &[(&str, usize)] = &[
    ("ui/src/app/Palette.tsx Palette", 135),
    ("ui/src/app/actions.ts shellActions", 146),
    ("ui/src/components/grid/DataGrid.tsx DataGrid", 180),
    ("ui/src/components/grid/useGridWindow.ts useGridWindow", 190),
    ("ui/src/features/ProducePanel.tsx ProducePanel", 176),
    ("ui/src/host/mock/index.ts mockHost", 181),
    ("ui/src/views/connect/ConnectView.tsx ConnectView", 158),
    ("ui/src/views/history/HistoryView.tsx HistoryView", 135),
    ("ui/src/views/topic/TopicView.tsx TopicView", 193),
    ("ui/src/views/topic/config/ConfigPart.tsx ConfigPart", 134),
    ("ui/src/views/topic/messages/MessagesPart.tsx MessagesPart", 192),
    ("ui/src/views/topics/TopicsView.tsx TopicsView", 204),
    ("ui/src/views/welcome/WelcomeView.tsx WelcomeView", 142),
];

fn clean(problems: &[String]) {
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn file_sizes(files: &[Source]) -> Vec<(String, usize)> {
    files.iter().map(|source| (source.path.clone(), source.text.lines().count())).collect()
}

fn function_sizes(functions: &[Function]) -> Vec<(String, usize)> {
    functions.iter().map(|function| (function.name.clone(), function.lines)).collect()
}

#[test]
fn files_stay_small() {
    let dirs = RUST.iter().chain(&["ui/src", "ui/scripts"]);
    let files: Vec<Source> = dirs.flat_map(|dir| sources(dir, &[".rs", ".ts", ".tsx", ".mjs"])).collect();
    clean(&ratchet::check(FILE_LINES_MAX, FILES, &file_sizes(&files)));
}

#[test]
fn handlers_fit_their_limit() {
    let files = sources("broker-core/src/server/handlers", &[".rs"]);
    clean(&ratchet::check(HANDLER_LINES_MAX, &[], &file_sizes(&files)));
}

#[test]
fn functions_fit_a_screen() {
    let files = RUST.iter().flat_map(|dir| sources(dir, &[".rs"]));
    let functions: Vec<Function> = files.flat_map(|source| of_rust(&source)).collect();
    clean(&ratchet::check(FUNCTION_LINES_MAX, FUNCTIONS, &function_sizes(&functions)));
}

#[test]
fn functions_and_components_of_the_ui_fit_theirs() {
    let Some(functions) = of_typescript(&TYPESCRIPT) else {
        assert!(std::env::var_os("CI").is_none(), "the UI's packages are needed for this test");
        eprintln!("skipped: the UI's packages are not there");
        return;
    };
    assert!(functions.len() > 500, "Biome has seen the UI: {} functions", functions.len());
    clean(&ratchet::check(TYPESCRIPT_LINES_MAX, COMPONENTS, &function_sizes(&functions)));
}

// Each rule catches what breaks it.

#[test]
fn every_form_of_function_is_counted() {
    let body = "    let x = 1;\n".repeat(98);
    for head in [
        "fn f()",
        "pub const fn f()",
        "pub(super) async fn f()",
        "pub(in crate::log) unsafe extern \"C\" fn f()",
        "pub fn f<T>(\n    x: T,\n) where\n    T: Copy,\n",
    ] {
        let extra = head.matches('\n').count();
        let text = format!("{head} {{\n{body}}}\n");
        let found = of_rust(&made_up("x.rs", &text));
        assert_eq!(found.iter().map(|one| one.lines).collect::<Vec<_>>(), [100 + extra], "{head}");
        let problems = ratchet::check(FUNCTION_LINES_MAX, &[], &function_sizes(&found));
        assert_eq!(problems.len(), 1, "{head}: {problems:?}");
    }
    let nested = format!(
        "impl X {{\n  pub(crate) fn f() {{\n{body}  }}\n}}\ntrait Y {{ fn g() {{\n{body}}} fn h(); }}\n"
    );
    let found = of_rust(&made_up("x.rs", &nested));
    assert_eq!(
        found.iter().map(|one| (one.name.as_str(), one.lines)).collect::<Vec<_>>(),
        [("x.rs f", 100), ("x.rs g", 100)]
    );
}

#[test]
fn functions_and_components_in_typescript_are_counted() {
    let dir = tidy::root().join("target/tidy-made-up");
    std::fs::create_dir_all(&dir).expect("a directory for what this test makes up");
    let lines = "  console.log(1);\n".repeat(198);
    let markup = "      <p>\n        text\n      </p>\n".repeat(65);
    let forms = [
        ("plain.ts", format!("export function plain() {{\n{lines}}}\n"), "plain", 200),
        ("arrow.ts", format!("export const arrow = async () => {{\n{lines}}};\n"), "arrow", 200),
        ("method.ts", format!("export class A {{\n  private method() {{\n{lines}  }}\n}}\n"), "method", 200),
        (
            "Part.tsx",
            format!("export function Part() {{\n  return (\n    <div>\n{markup}    </div>\n  );\n}}\n"),
            "Part",
            201,
        ),
    ];
    for (file, text, _, _) in &forms {
        std::fs::write(dir.join(file), text).expect("it is written");
    }
    let Some(found) = of_typescript(&["target/tidy-made-up"]) else { return };
    for (file, _, name, lines) in forms {
        let wanted = format!("target/tidy-made-up/{file} {name}");
        let one = found.iter().find(|one| one.name == wanted);
        assert_eq!(one.map(|one| one.lines), Some(lines), "{wanted} in {found:?}");
    }
    let problems = ratchet::check(TYPESCRIPT_LINES_MAX, &[], &function_sizes(&found));
    assert_eq!(problems.len(), 4, "{problems:?}");
}

#[test]
fn a_ratchet_holds_what_grows_what_is_loose_and_what_is_gone() {
    let found = [
        ("grown".to_owned(), 130),
        ("shrunk".to_owned(), 150),
        ("small".to_owned(), 90),
        ("new".to_owned(), 101),
    ];
    let listed = [("grown", 129), ("shrunk", 156), ("small", 120), ("gone", 200)];
    let problems = ratchet::check(100, &listed, &found);
    for name in ["grown", "shrunk", "small", "new", "gone"] {
        let about = problems.iter().filter(|problem| problem.starts_with(name)).count();
        assert_eq!(about, 1, "{name}: {problems:?}");
    }
    assert_eq!(ratchet::check(100, &[("grown", 130), ("shrunk", 155)], &found[..2]), Vec::<String>::new());
}
