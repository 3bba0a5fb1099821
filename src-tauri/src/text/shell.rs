//! Command lines that a person may copy.

/// Returns `text` as one word of a POSIX shell.
pub fn quoted(text: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || ".,:_-=/".contains(character);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Returns a topic's name as the word that names this topic alone where Kafka's tools take a regular expression:
/// `--topic` of kafka-topics.sh, but for `--create`. A dot there is any character.
pub fn topic_pattern(name: &str) -> String {
    quoted(&name.replace('.', "\\."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_only_when_they_must_be() {
        assert_eq!(quoted("orders.v1"), "orders.v1");
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted(""), "''");
        assert_eq!(topic_pattern("orders"), "orders");
        assert_eq!(topic_pattern("orders.v1"), "'orders\\.v1'");
    }
}
