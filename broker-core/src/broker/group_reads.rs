//! What is looked at in groups without changing them.

use super::Broker;
use crate::group::{CommittedOffset, Described, DescribedConsumer, GroupConfig, Listed, OffsetKey, Shard};
use crate::protocol::ErrorCode;

impl Broker {
    /// Runs `look` on what is known of `group`: all of it, or while its shard loads the part that is committed.
    fn with_known<T>(&self, group: &str, look: impl FnOnce(&Shard) -> T) -> Result<T, ErrorCode> {
        let id = self.group_partition(group).ok_or(ErrorCode::NotCoordinator)?;
        let coordinator = self.coordinator.borrow();
        Ok(look(coordinator.shards.get(&id).ok_or(ErrorCode::NotCoordinator)?.known()?))
    }

    /// The committed offsets of a group: those of `keys`, or all. While its shard loads, whoever does not insist on
    /// `stable` ones gets those known to be committed if more replicas must come into sync before it goes on.
    pub fn group_offsets(
        &self,
        group: &str,
        keys: Option<&[OffsetKey]>,
        stable: bool,
    ) -> Result<Vec<(OffsetKey, Option<CommittedOffset>)>, ErrorCode> {
        let of = |shard: &Shard| {
            let offsets = shard.offsets(group);
            match keys {
                Some(keys) => {
                    keys.iter().map(|key| (key.clone(), offsets.and_then(|o| o.get(key)).cloned())).collect()
                }
                None => offsets.into_iter().flatten().map(|(k, v)| (k.clone(), Some(v.clone()))).collect(),
            }
        };
        let is_short =
            |id| self.partitions.borrow().get(&id).is_some_and(|partition| !partition.has_min_isr());
        if !stable && self.group_partition(group).is_some_and(is_short) {
            return self.with_known(group, of);
        }
        self.with_shard(group, |_, shard| of(shard))
    }

    /// Whether an open transaction may still change a committed offset.
    pub fn is_unstable(&self, group: &str, key: &OffsetKey) -> bool {
        self.with_shard(group, |_, shard| shard.is_unstable(group, key)).unwrap_or(false)
    }

    /// The longest text that may be attached to an offset.
    pub fn offset_metadata_max(&self) -> usize {
        GroupConfig::of(&self.config()).metadata_max
    }

    /// Whether there is a group of this name, of either protocol.
    pub fn has_group(&self, group: &str) -> Result<bool, ErrorCode> {
        self.with_known(group, |shard| shard.has(group))
    }

    /// A consumer group in full; `Ok(None)` if there is none of this name.
    pub fn describe_consumer_group(&self, group: &str) -> Result<Option<DescribedConsumer>, ErrorCode> {
        self.with_known(group, |shard| self.with_view(|view| shard.describe_consumer(group, view)))
    }

    /// Whether a member of a consumer group may read its offsets under this epoch.
    pub fn check_offset_reader(&self, group: &str, member: &str, epoch: i32) -> Result<(), ErrorCode> {
        self.with_shard(group, |_, shard| shard.check_fetch(group, member, epoch))?
    }

    /// A classic group in full; `Ok(None)` if there is none of this name.
    pub fn describe_group(&self, group: &str) -> Result<Option<Described>, ErrorCode> {
        self.with_known(group, |shard| shard.describe(group))
    }

    /// The groups of every shard led here; an error while one of them is being read.
    pub fn list_groups(&self) -> Result<Vec<Listed>, ErrorCode> {
        let coordinator = self.coordinator.borrow();
        let mut groups = Vec::new();
        for hosted in coordinator.shards.values() {
            groups.extend(hosted.known()?.list());
        }
        Ok(groups)
    }
}
