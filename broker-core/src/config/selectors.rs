//! Which clients a metrics subscription is for: selectors such as `client_id=shop.*`.
//! Source: Kafka 4.3.1 `ClientMetricsConfigs.java`, `parseMatchingPatterns`; KIP-714.

/// What is known of a client.
const KEYS: [&str; 6] = [
    "client_instance_id",
    "client_id",
    "client_software_name",
    "client_software_version",
    "client_source_address",
    "client_source_port",
];

/// Whether each selector names something that is known and a pattern that can be read.
pub(super) fn check(selectors: &[&str]) -> Result<(), String> {
    for selector in selectors {
        // As in Kafka, a second = is one too many, and one at the end is none.
        let parts = selector.trim_end_matches('=').split('=');
        let (key, pattern) = match parts.map(str::trim).collect::<Vec<_>>()[..] {
            [key, pattern] => (key, pattern),
            _ => return Err(format!("{selector:?} is not a key and a pattern, such as client_id=shop.*")),
        };
        if !KEYS.contains(&key) {
            return Err(format!("{key:?} in {selector:?} is not one of {}", KEYS.join(", ")));
        }
        if let Err(err) = regex::Regex::new(pattern) {
            return Err(format!("{pattern:?} in {selector:?} is not a regular expression: {err}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selector_is_a_known_key_and_a_pattern() {
        assert_eq!(check(&["client_id=shop.*", " client_source_port = 9\\d+ "]), Ok(()));
        for (selector, named) in [
            ("client_id", "key and a pattern"),
            ("client_id=", "key and a pattern"),
            ("client_id=a=b", "key and a pattern"),
            ("client_name=a", "client_software_name"),
            ("client_id=(", "\"(\" in \"client_id=(\""),
        ] {
            let reason = check(&[selector]).unwrap_err();
            assert!(reason.contains(named), "{selector}: {reason}");
        }
    }
}
