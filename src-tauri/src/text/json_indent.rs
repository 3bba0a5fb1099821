//! JSON pretty-printing by moving white space only. Numbers, strings and their order stay byte for byte:
//! 9007199254740993 and 1.10 come out as they came in, because nothing is ever parsed to a value.

/// Deeper than this is shown as it came; indentation alone would dwarf the text.
const DEPTH_MAX: usize = 256;
/// Indentation may make the text at most this much longer.
const OUTPUT_LEN_MAX: usize = 32 << 20;

/// Returns `text` with one value per line, or `None` when it is no JSON object or array (or too deep, or its
/// white space would be too long).
pub fn indent(text: &str) -> Option<String> {
    let trimmed = text.trim_matches(is_space);
    if !(trimmed.starts_with('{') || trimmed.starts_with('[')) {
        return None;
    }
    let mut printer = Printer { rest: trimmed, out: String::with_capacity(trimmed.len() * 2), depth: 0 };
    printer.value()?;
    printer.rest.is_empty().then_some(printer.out)
}

/// What must come next in the container at the top of the stack.
#[derive(Clone, Copy, PartialEq)]
enum Container {
    Object,
    Array,
}

impl Container {
    fn close(self) -> char {
        match self {
            Container::Object => '}',
            Container::Array => ']',
        }
    }
}

struct Printer<'a> {
    rest: &'a str,
    out: String,
    depth: usize,
}

impl<'a> Printer<'a> {
    /// Prints one value and the space after it, with its own stack instead of recursion.
    fn value(&mut self) -> Option<()> {
        let mut stack: Vec<Container> = Vec::new();
        loop {
            let opened = match self.peek()? {
                '{' => Some(Container::Object),
                '[' => Some(Container::Array),
                _ => None,
            };
            let mut complete = true;
            if let Some(container) = opened {
                self.take(1);
                complete = self.open(container)?;
                if !complete {
                    stack.push(container);
                }
            } else {
                self.scalar()?;
            }
            self.skip_space();
            if complete && !self.after_value(&mut stack)? {
                return Some(());
            }
            if stack.last() == Some(&Container::Object) {
                self.key()?;
            }
            if self.out.len() > OUTPUT_LEN_MAX {
                return None;
            }
        }
    }

    /// Returns whether the container was empty, and so is complete.
    fn open(&mut self, container: Container) -> Option<bool> {
        self.skip_space();
        if self.peek()? == container.close() {
            self.take(1);
            return Some(true);
        }
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return None;
        }
        self.line();
        Some(false)
    }

    /// Handles commas and closings after a complete value; returns false at the end of the outermost one.
    fn after_value(&mut self, stack: &mut Vec<Container>) -> Option<bool> {
        while let Some(container) = stack.last().copied() {
            let next = self.peek()?;
            if next == ',' {
                self.take(1);
                self.line();
                self.skip_space();
                return Some(true);
            }
            if next != container.close() {
                return None;
            }
            stack.pop();
            self.depth -= 1;
            self.line();
            self.take(1);
            self.skip_space();
        }
        Some(false)
    }

    fn key(&mut self) -> Option<()> {
        if self.peek()? != '"' {
            return None;
        }
        self.scalar()?;
        self.skip_space();
        if self.peek()? != ':' {
            return None;
        }
        self.take(1);
        self.out.push(' ');
        self.skip_space();
        Some(())
    }

    fn scalar(&mut self) -> Option<()> {
        let length = if self.peek()? == '"' { string_len(self.rest)? } else { literal_len(self.rest)? };
        self.take(length);
        Some(())
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn take(&mut self, bytes: usize) {
        let (taken, rest) = self.rest.split_at(bytes);
        self.out.push_str(taken);
        self.rest = rest;
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches(is_space);
    }

    fn line(&mut self) {
        self.out.push('\n');
        for _ in 0..self.depth {
            self.out.push_str("  ");
        }
    }
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}

fn string_len(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at + 1),
            0..=0x1f => return None,
            _ => {}
        }
    }
    None
}

fn literal_len(text: &str) -> Option<usize> {
    let length = text
        .find(|character: char| !(character.is_ascii_alphanumeric() || matches!(character, '-' | '+' | '.')))
        .unwrap_or(text.len());
    let literal = &text[..length];
    let is_number = literal.starts_with(|character: char| character == '-' || character.is_ascii_digit())
        && literal.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'));
    (is_number || matches!(literal, "true" | "false" | "null")).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::indent;

    fn check(text: &str, expected: &str) {
        assert_eq!(indent(text).as_deref(), Some(expected));
    }

    #[test]
    fn numbers_are_never_touched() {
        check(
            r#"{"id":9007199254740993,"price":1.10,"tiny":1E-400}"#,
            "{\n  \"id\": 9007199254740993,\n  \"price\": 1.10,\n  \"tiny\": 1E-400\n}",
        );
    }

    #[test]
    fn strings_keep_their_escapes_and_spaces() {
        check(r#"["a \" , ] }","\u00e9"]"#, "[\n  \"a \\\" , ] }\",\n  \"\\u00e9\"\n]");
    }

    #[test]
    fn empty_containers_stay_on_one_line() {
        check(r#"{"a":[],"b":{ }}"#, "{\n  \"a\": [],\n  \"b\": {}\n}");
        check("[]", "[]");
    }

    #[test]
    fn nested_values_are_indented() {
        check(r#"[[1,{"a":null}],true]"#, "[\n  [\n    1,\n    {\n      \"a\": null\n    }\n  ],\n  true\n]");
    }

    #[test]
    fn duplicate_keys_and_their_order_stay() {
        check(r#"{"b":1,"a":2,"b":3}"#, "{\n  \"b\": 1,\n  \"a\": 2,\n  \"b\": 3\n}");
    }

    #[test]
    fn what_is_no_json_is_left_alone() {
        for text in
            ["", "hello", "12", "{", "[1,]", "{\"a\"}", "{} {}", "[1 2]", "{a:1}", "[tru]", "[\"\n\"]", "[1,"]
        {
            assert_eq!(indent(text), None, "{text}");
        }
    }

    #[test]
    fn hostile_depth_is_refused_without_recursion() {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert_eq!(indent(&deep), None);
    }
}
