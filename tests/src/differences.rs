//! Two answers compared field by field, and the file of the differences that are known.
//!
//! A difference that no line of the file names fails, and so does a line that matches no difference any more:
//! the file tells the truth or the test falls.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

/// One field of one answer that is not the same on both sides.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The call, as `api/case`.
    pub call: String,
    /// The field's path, with `>` between its parts; `(absent)` and `(extra)` say that only one side has it.
    pub field: String,
    /// What Apache Kafka answers.
    pub theirs: String,
    /// What we answer.
    pub ours: String,
}

impl Difference {
    /// Whether the other one is about the same field of the same answer.
    pub fn is_same_field(&self, other: &Self) -> bool {
        self.call == other.call && self.field == other.field
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} | {} | theirs {} ours {}", self.call, self.field, self.theirs, self.ours)
    }
}

/// Every difference between two answers to `call`.
pub fn compare(call: &str, theirs: &Value, ours: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    walk(call, String::new(), theirs, ours, &mut found);
    found
}

fn walk(call: &str, at: String, theirs: &Value, ours: &Value, found: &mut Vec<Difference>) {
    let below = |part: &str| if at.is_empty() { part.to_owned() } else { format!("{at}>{part}") };
    match (theirs, ours) {
        (Value::Object(left), Value::Object(right)) => {
            let names: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
            for name in names {
                match (left.get(name), right.get(name)) {
                    (Some(a), Some(b)) => walk(call, below(name), a, b, found),
                    (Some(a), None) => note(call, below(name) + " (absent)", a, &Value::Null, found),
                    (None, Some(b)) => note(call, below(name) + " (extra)", &Value::Null, b, found),
                    (None, None) => {}
                }
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (index, (a, b)) in left.iter().zip(right).enumerate() {
                walk(call, below(&index.to_string()), a, b, found);
            }
        }
        (a, b) if a == b => {}
        (a, b) => note(call, at, a, b, found),
    }
}

fn note(call: &str, field: String, theirs: &Value, ours: &Value, found: &mut Vec<Difference>) {
    found.push(Difference { call: call.to_owned(), field, theirs: short(theirs), ours: short(ours) });
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() > 200 { text.chars().take(200).collect::<String>() + "…" } else { text }
}

/// A line of the file: `kind | call | field | reason`, where `*` stands for anything.
#[derive(Debug)]
struct Line<'a> {
    number: usize,
    call: &'a str,
    field: &'a str,
    by_chance: bool,
}

/// Kinds of lines. Meant: it stays. Pending: the API is not served yet. Open: served, and to be put right. Chance: it
/// differs in some runs.
const KINDS: [&str; 4] = ["meant", "pending", "open", CHANCE];
const CHANCE: &str = "chance";

/// Complaints about `found` in the light of the known differences: first what no line names, then lines that
/// name nothing.
pub fn judge(known: &str, found: &[Difference]) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut lines = Vec::new();
    for (at, text) in known.lines().enumerate() {
        if text.trim().is_empty() || text.starts_with('#') {
            continue;
        }
        let parts: Vec<&str> = text.split(" | ").map(str::trim).collect();
        match parts[..] {
            [kind, call, field, reason] if KINDS.contains(&kind) && !reason.is_empty() => {
                lines.push(Line { number: at + 1, call, field, by_chance: kind == CHANCE });
            }
            _ => complaints.push(format!("line {}: expected kind | call | field | reason", at + 1)),
        }
    }
    let mut used = BTreeSet::new();
    for difference in found {
        // The first line that fits counts, so that a special line may stand before a general one.
        let fits = lines
            .iter()
            .find(|line| matches(line.call, &difference.call) && matches(line.field, &difference.field));
        match fits {
            Some(line) => drop(used.insert(line.number)),
            None => complaints.push(format!("not known: {difference}")),
        }
    }
    for line in lines.iter().filter(|line| !line.by_chance && !used.contains(&line.number)) {
        complaints.push(format!("line {}: nothing differs like that any more; remove it", line.number));
    }
    complaints
}

/// Whether `text` has the shape of `pattern`.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(first) = parts.next() else { return text.is_empty() };
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found() -> Vec<Difference> {
        compare("api/case", &json!({"a": {"b.c": 1, "d": [1, 2]}}), &json!({"a": {"b.c": 2, "e": null}}))
    }

    #[test]
    fn every_field_that_differs_is_named() {
        let fields: Vec<String> = found().into_iter().map(|difference| difference.field).collect();
        assert_eq!(fields, ["a>b.c", "a>d (absent)", "a>e (extra)"]);
    }

    #[test]
    fn a_known_difference_passes_and_an_unknown_one_does_not() {
        let complaints = judge("open | api/* | a>b.* | x\nmeant | api/case | *(absent) | y", &found());
        assert_eq!(complaints.len(), 1, "{complaints:?}");
        assert!(complaints[0].contains("a>e (extra)"), "{complaints:?}");
    }

    #[test]
    fn a_line_that_names_nothing_is_to_be_removed() {
        let complaints = judge("open | api/* | a>* | x\npending | other/* | * | y", &found());
        assert!(complaints.iter().any(|line| line.starts_with("line 2:")), "{complaints:?}");
    }

    #[test]
    fn a_line_of_chance_may_name_nothing() {
        assert_eq!(judge("open | api/* | a>* | x\nchance | other/* | * | y", &found()), Vec::<String>::new());
    }

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, text, fits) in [
            ("a*", "abc", true),
            ("*c", "abc", true),
            ("a*c", "abc", true),
            ("a*b*c", "axxbyyc", true),
            ("abc", "abc", true),
            ("ab", "abc", false),
            ("a*d", "abc", false),
            ("*b*b", "ab", false),
        ] {
            assert_eq!(matches(pattern, text), fits, "{pattern} on {text}");
        }
    }
}
