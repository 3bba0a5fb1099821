//! What groups see of the rest of the cluster.

use regex::Regex;

use crate::protocol::Uuid;

/// Topics and group configs as they are now.
pub trait View {
    /// Rises whenever anything here may have changed.
    fn version(&self) -> i64;
    /// A topic's id and number of partitions.
    fn topic(&self, name: &str) -> Option<(Uuid, i32)>;
    /// A topic's name.
    fn topic_name(&self, id: Uuid) -> Option<String>;
    /// The topics whose whole name the pattern matches.
    fn matching(&self, pattern: &Regex) -> Vec<String>;
    /// A number of a group: its own, else the broker's, else the default.
    fn group_number(&self, group: &str, config: &str) -> i64;
    /// The assignors of the consumer protocol, the one first that is used if nobody asks.
    fn assignors(&self) -> Vec<&'static str>;
}
