//! Which topic names are legal.
//! Source: Kafka `Topic.java`.

const NAME_MAX: usize = 249;

/// Why a name is refused; `None` if it is fine.
pub fn validate_topic_name(name: &str) -> Option<String> {
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if name.is_empty() {
        return Some("a topic needs a name".to_owned());
    }
    if name == "." || name == ".." {
        return Some(format!("{name:?} cannot be a directory name, so it cannot be a topic"));
    }
    if name.len() > NAME_MAX {
        return Some(format!("the name has {} characters; {NAME_MAX} are allowed", name.len()));
    }
    name.chars().find(|&c| !legal(c)).map(|c| {
        let shown: String = name.chars().take(60).collect();
        format!("{c:?} in {shown:?} is not allowed; letters, digits, '.', '_' and '-' are")
    })
}
