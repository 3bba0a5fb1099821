//! Payload bytes as something a person can read: previews, bodies, hexadecimal, JSON re-indented; and
//! words of a command line.

pub mod json_indent;
pub mod preview;
pub mod redact;
pub mod shell;

/// Returns bytes in lower-case hexadecimal without spaces.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        out.push(char::from(DIGITS[usize::from(byte >> 4)]));
        out.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    out
}

/// Tells whether `haystack` contains `needle`, ASCII letters compared without case. An empty needle is in all.
pub fn contains_ignoring_case(haystack: &[u8], needle: &[u8]) -> bool {
    let Some((first, rest)) = needle.split_first() else {
        return true;
    };
    let (lower, upper) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    let mut from = 0;
    while let Some(found) = haystack[from..].iter().position(|byte| *byte == lower || *byte == upper) {
        let after = from + found + 1;
        match haystack.get(after..after + rest.len()) {
            Some(tail) if tail.eq_ignore_ascii_case(rest) => return true,
            Some(_) => from = after,
            None => return false,
        }
    }
    false
}

/// Returns a count with its thousands apart, as the UI writes it: 29,500.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contains_finds_at_both_ends_and_ignores_case() {
        assert!(contains_ignoring_case(b"Hello", b"hell"));
        assert!(contains_ignoring_case(b"Hello", b"LLO"));
        assert!(contains_ignoring_case(b"ababac", b"abac"));
        assert!(contains_ignoring_case(b"", b""));
        assert!(!contains_ignoring_case(b"Hello", b"hello!"));
        assert!(!contains_ignoring_case(b"", b"a"));
    }

    #[test]
    fn hex_is_lower_case_without_spaces() {
        assert_eq!(hex(&[0, 0xab, 0xff]), "00abff");
    }
}
