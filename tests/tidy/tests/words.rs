//! What is not to be found anywhere.

use tidy::{Source, made_up, sources};

/// Written apart, so that this file does not find itself.
const BANNED: &[(&str, &str)] = &[
    (concat!("todo", "!("), "finish it"),
    (concat!("FIX", "ME"), "fix it, or file an issue"),
    (concat!("#[", "ignore"), "a test that does not run proves nothing"),
    (concat!("inner", "HTML"), "payloads are text, never markup"),
    (concat!("dangerouslySet", "InnerHTML"), "payloads are text, never markup"),
];

/// Tests that run only a part of themselves.
const PARTS: [&str; 3] =
    [concat!("test.", "only("), concat!("test.", "skip("), concat!("describe.", "only(")];

/// What a file says that it should not.
fn said(source: &Source) -> Vec<String> {
    let banned = BANNED.iter().filter(|(word, _)| source.text.contains(word));
    let parts = PARTS.iter().filter(|word| source.text.contains(**word));
    banned
        .map(|(word, remedy)| format!("{} says {word}: {remedy}", source.path))
        .chain(parts.map(|word| format!("{} says {word}: the rest does not run", source.path)))
        .collect()
}

/// Whether a lock file says which registry its packages came from.
fn names_a_registry(source: &Source) -> bool {
    source.text.contains("\"resolved\"")
}

#[test]
fn nothing_unfinished_or_dangerous_is_left() {
    let dirs = ["broker-core", "src-tauri", "ui/src", "tests"];
    let files = dirs.iter().flat_map(|dir| sources(dir, &[".rs", ".ts", ".tsx", ".mjs", ".go", ".java"]));
    // The UI's own rules name what they forbid.
    let files = files.filter(|source| !source.path.ends_with("structure.test.ts"));
    let problems: Vec<String> = files.flat_map(|source| said(&source)).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn no_lock_file_names_a_registry() {
    for source in sources(".", &["package-lock.json"]) {
        assert!(!names_a_registry(&source), "{}: omit-lockfile-registry-resolved", source.path);
    }
}

// Each rule catches what breaks it.

#[test]
fn every_banned_word_is_caught() {
    for word in BANNED.iter().map(|(word, _)| word).chain(&PARTS) {
        let text = format!("fn f() {{}}\n// here: {word}x)\n");
        assert_eq!(said(&made_up("x.rs", &text)).len(), 1, "{word}");
    }
    assert_eq!(said(&made_up("x.rs", "fn f() {}\n")), Vec::<String>::new());
}

#[test]
fn a_lock_file_with_a_registry_is_caught() {
    assert!(names_a_registry(&made_up(
        "package-lock.json",
        "{\"resolved\": \"https://registry.example/x.tgz\"}"
    )));
}
