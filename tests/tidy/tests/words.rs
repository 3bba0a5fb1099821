//! What is not to be found anywhere.

use tidy::sources;

/// Written apart, so that this file does not find itself.
const BANNED: &[(&str, &str)] = &[
    (concat!("todo", "!("), "finish it"),
    (concat!("FIX", "ME"), "fix it, or file an issue"),
    (concat!("#[", "ignore"), "a test that does not run proves nothing"),
    (concat!("inner", "HTML"), "payloads are text, never markup"),
    (concat!("dangerouslySet", "InnerHTML"), "payloads are text, never markup"),
];

#[test]
fn nothing_unfinished_or_dangerous_is_left() {
    for dir in ["broker-core", "src-tauri", "ui/src", "tests"] {
        let all = sources(dir, &[".rs", ".ts", ".tsx", ".mjs", ".go"]);
        // The UI's own rules name what they forbid.
        for source in all.into_iter().filter(|source| !source.path.ends_with("structure.test.ts")) {
            for (word, remedy) in BANNED {
                assert!(!source.text.contains(word), "{} says {word}: {remedy}", source.path);
            }
            let only = [concat!("test.", "only("), concat!("test.", "skip("), concat!("describe.", "only(")];
            assert!(!only.iter().any(|word| source.text.contains(word)), "{} runs only a part", source.path);
        }
    }
}

#[test]
fn no_lock_file_names_a_registry() {
    for source in sources(".", &["package-lock.json"]) {
        assert!(!source.text.contains("\"resolved\""), "{}: omit-lockfile-registry-resolved", source.path);
    }
}
