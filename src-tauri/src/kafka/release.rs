//! Which Kafka release's protocol a broker speaks, told by the versions of a few of its APIs.
//! Source: the message definitions of each release.

use broker_core::protocol::ApiKey;

/// Returns the release, such as `Kafka 3.9 protocol`. `max` gives the highest version that the broker serves of an
/// API, −1 where it does not serve it.
pub fn name(max: impl Fn(ApiKey) -> i16) -> String {
    let release = match max(ApiKey::Fetch) {
        18.. if max(ApiKey::DescribeLogDirs) >= 5 => "4.3 or later",
        18.. => "4.1 – 4.2",
        17 if max(ApiKey::Produce) >= 12 => "4.0",
        17 => "3.9",
        16 => "3.7 – 3.8",
        15 => "3.5 – 3.6",
        13..=14 => "3.1 – 3.4",
        12 => "2.7 – 3.0",
        11 => "2.3 – 2.6",
        _ => "older than 2.3",
    };
    format!("Kafka {release} protocol")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_told_apart_where_their_apis_differ() {
        let speaks = |fetch: i16, produce: i16, log_dirs: i16| {
            let served =
                [(ApiKey::Fetch, fetch), (ApiKey::Produce, produce), (ApiKey::DescribeLogDirs, log_dirs)];
            name(|api| served.iter().find(|(key, _)| *key == api).map_or(-1, |(_, max)| *max))
        };
        assert_eq!(speaks(18, 13, 5), "Kafka 4.3 or later protocol");
        assert_eq!(speaks(18, 13, 4), "Kafka 4.1 – 4.2 protocol");
        assert_eq!(speaks(17, 12, 4), "Kafka 4.0 protocol");
        assert_eq!(speaks(17, 11, 4), "Kafka 3.9 protocol");
        assert_eq!(speaks(4, 5, 0), "Kafka older than 2.3 protocol");
    }
}
