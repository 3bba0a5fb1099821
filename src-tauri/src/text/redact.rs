//! Text that goes to somebody else: secrets and private words are taken out.

const HIDDEN: &str = "•••";
/// Words before a `=` or `:` whose value is nobody else's business.
const SECRET_WORDS: [&str; 7] =
    ["password", "passwd", "secret", "token", "credential", "api.key", "sasl.jaas.config"];
/// Shorter words would take holes out of ordinary text.
const PRIVATE_LEN_MIN: usize = 3;

/// Returns `text` with `private` words and the values of secret settings hidden, line by line.
pub fn redacted(text: &str, private: &[String]) -> String {
    let mut words: Vec<&str> =
        private.iter().map(String::as_str).filter(|word| word.chars().count() >= PRIVATE_LEN_MIN).collect();
    // A name inside an address goes with the address.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let lines = text.lines().map(|line| {
        let hidden = words.iter().fold(line.to_owned(), |line, word| line.replace(word, HIDDEN));
        without_secrets(&hidden)
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn without_secrets(line: &str) -> String {
    let lower = line.to_ascii_lowercase();
    let Some(at) = SECRET_WORDS.iter().filter_map(|word| lower.find(word)).min() else {
        return line.to_owned();
    };
    match line.get(at..).and_then(|rest| rest.find(['=', ':'])) {
        // What follows may hold blanks, so the line ends there.
        Some(sign) => format!("{}{HIDDEN}", line.get(..=at + sign).unwrap_or_default()),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_and_names_are_hidden_and_the_rest_stays() {
        let private = ["shop-prod".to_owned(), "kafka-1.shop-prod:9092".to_owned(), "a".to_owned()];
        let text = "INFO away at kafka-1.shop-prod:9092 (shop-prod)\nsasl.password=s3cr3t and more\nplain a";
        let shown = redacted(text, &private);
        assert_eq!(shown, "INFO away at ••• (•••)\nsasl.password=•••\nplain a");
    }

    #[test]
    fn a_secret_word_without_a_value_is_just_a_word() {
        assert_eq!(redacted("no password was asked", &[]), "no password was asked");
        assert_eq!(redacted("TOKEN: abc", &[]), "TOKEN:•••");
    }
}
