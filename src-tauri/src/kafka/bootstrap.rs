//! Reading what a person pasted as bootstrap servers.

use crate::dto::AppError;
use crate::error::AppResult;

const TEXT_LEN_MAX: usize = 4_096;
const SERVERS_MAX: usize = 64;
const DEFAULT_PORT: u16 = 9092;
const BRACKETS: &str = "Put an IPv6 address in brackets, for example [::1]:9092";

/// One server to start from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Server {
    pub host: String,
    pub port: u16,
}

impl std::fmt::Display for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

/// Returns the servers of a list separated by commas, spaces or lines, without repeats.
/// A missing port is 9092; `PLAINTEXT://` in front is taken off.
/// Errors: the part that is wrong, by its text.
pub fn parse(text: &str) -> AppResult<Vec<Server>> {
    if text.len() > TEXT_LEN_MAX {
        return Err(wrong("The list is longer than 4,096 characters."));
    }
    let mut servers = Vec::new();
    for part in text.split(|character: char| matches!(character, ',' | ';') || character.is_whitespace()) {
        if part.is_empty() {
            continue;
        }
        let server = parse_server(part)?;
        if !servers.contains(&server) {
            servers.push(server);
        }
    }
    if servers.is_empty() {
        return Err(wrong("No server is given.").remedy("Write host:port, for example localhost:9092"));
    }
    if servers.len() > SERVERS_MAX {
        return Err(
            wrong("There are more than 64 servers.").remedy("A few are enough; Kafka names the others")
        );
    }
    Ok(servers)
}

/// Returns the list as librdkafka takes it.
pub fn join(servers: &[Server]) -> String {
    servers.iter().map(Server::to_string).collect::<Vec<_>>().join(",")
}

fn parse_server(part: &str) -> AppResult<Server> {
    let address = match part.split_once("://") {
        None => part,
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("PLAINTEXT") => rest,
        Some((scheme, _)) if matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https") => {
            return Err(wrong(format!("“{part}” is a web address."))
                .remedy("Give Kafka's own address, host:port, not that of a web page"));
        }
        Some((scheme, _)) => {
            return Err(wrong(format!(
                "“{part}” asks for {scheme}, and only PLAINTEXT is supported so far."
            ))
            .remedy("Give a listener of the cluster that takes plain connections"));
        }
    };
    let (host, port) = split_port(address, part)?;
    let valid = !host.is_empty()
        && host.len() <= 253
        && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '%'));
    if !valid {
        return Err(wrong(format!("“{part}” has no valid host name."))
            .remedy("A host is a name or an address: kafka-1.example.com, 10.0.0.7, [::1]"));
    }
    Ok(Server { host: host.to_owned(), port })
}

fn split_port<'a>(address: &'a str, part: &str) -> AppResult<(&'a str, u16)> {
    if let Some(rest) = address.strip_prefix('[') {
        let (host, after) = rest
            .split_once(']')
            .ok_or_else(|| wrong(format!("“{part}” has no closing bracket.")).remedy(BRACKETS))?;
        return match after.strip_prefix(':') {
            Some(port) => Ok((host, parse_port(port, part)?)),
            None if after.is_empty() => Ok((host, DEFAULT_PORT)),
            None => Err(wrong(format!("“{part}” has text after its bracket.")).remedy(BRACKETS)),
        };
    }
    match address.split_once(':') {
        None => Ok((address, DEFAULT_PORT)),
        Some((_, rest)) if rest.contains(':') => {
            Err(wrong(format!("“{part}” has more than one colon.")).remedy(BRACKETS))
        }
        Some((host, port)) => Ok((host, parse_port(port, part)?)),
    }
}

fn parse_port(port: &str, part: &str) -> AppResult<u16> {
    match port.parse::<u16>() {
        Ok(number) if number > 0 && port.bytes().all(|byte| byte.is_ascii_digit()) => Ok(number),
        Ok(_) | Err(_) => Err(wrong(format!("“{part}” has no valid port (1 to 65535)."))
            .remedy("Kafka mostly listens on 9092; a bare host means that port")),
    }
}

fn wrong(why: impl Into<String>) -> AppError {
    AppError::new("The bootstrap servers cannot be used", why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(join(&parse(text).expect("valid")), expected);
    }

    fn refused(text: &str, part: &str) {
        let error = parse(text).expect_err("refused");
        assert!(error.why.contains(part), "{} should name {part}", error.why);
    }

    #[test]
    fn separators_may_be_mixed() {
        check("a:9092, b:9093\nc:9094;d", "a:9092,b:9093,c:9094,d:9092");
    }

    #[test]
    fn schemes_and_repeats_are_taken_off() {
        check("PLAINTEXT://a:1,plaintext://a:1", "a:1");
    }

    #[test]
    fn ipv6_stands_in_brackets() {
        check("[::1]:9092 [fe80::1]", "[::1]:9092,[fe80::1]:9092");
        refused("::1:9092", "more than one colon");
    }

    #[test]
    fn a_message_names_the_bad_part() {
        refused("ok:9092,bad:99999", "“bad:99999”");
        refused("x:+1", "“x:+1”");
        refused("x:0", "“x:0”");
        refused("https://kafka.example", "web address");
        refused("SASL_SSL://a:1", "SASL_SSL");
        refused("a b!c:1", "“b!c:1”");
        refused(" , ", "No server");
    }
}
