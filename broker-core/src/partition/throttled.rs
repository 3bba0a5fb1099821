//! Which replicas of a partition have their replication throttled.
//! Source: Kafka `ThrottledReplicaListValidator.java`, `ReplicationQuotaManager.java`; KIP-73.

/// What a topic's `leader.replication.throttled.replicas` or `follower.replication.throttled.replicas` names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ThrottledReplicas {
    all: bool,
    /// Partition and broker.
    named: Vec<(i32, i32)>,
}

impl ThrottledReplicas {
    /// Reads `*`, or a list of `partition:broker`.
    pub fn of(text: &str) -> Self {
        let pair = |pair: &str| {
            let (partition, broker) = pair.split_once(':')?;
            Some((partition.trim().parse().ok()?, broker.trim().parse().ok()?))
        };
        Self { all: text.trim() == "*", named: text.split(',').filter_map(pair).collect() }
    }

    /// Whether the replica of a partition on a broker is among them.
    pub fn has(&self, partition: i32, broker: i32) -> bool {
        self.all || self.named.contains(&(partition, broker))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_name_replicas_and_a_star_all() {
        let some = ThrottledReplicas::of("0:1, 1:2");
        assert!(some.has(0, 1) && some.has(1, 2) && !some.has(0, 2) && !some.has(2, 1));
        assert!(ThrottledReplicas::of("*").has(7, 7));
        assert_eq!(ThrottledReplicas::of(""), ThrottledReplicas::default());
    }
}
