//! Consumer groups as event-sourced machines, one shard per partition of `__consumer_offsets`.
//!
//! An event yields records and held answers. The host appends the records; when they are committed it gives
//! them to [`Shard::apply`], the same function that replays them at start, and lets the answers out. A failed
//! append or a lost leadership drops the shard, to be loaded anew where the partition is led.
//! Source: Kafka `GroupMetadataManager.java`, `ClassicGroup.java`, `OffsetMetadataManager.java`.

mod classic;
mod consume;
mod consumer;
mod deletion;
mod embedded;
mod events;
mod join;
mod migrate;
mod offsets;
mod records;
mod serve;
mod shard;
mod sync;
mod view;

pub use classic::{Group, GroupState, Member};
pub use consumer::assign::assignors_of;
pub use consumer::{Beat, Beaten, ConsumerRecord, Partitions, Refusal};
pub use events::{
    Answer, Described, DescribedConsumer, DescribedConsumerMember, DescribedMember, Effects, Event,
    JoinRequest, Joined, Listed, Token,
};
pub use offsets::{CommittedOffset, OffsetKey};
pub use records::GroupRecord;
pub use shard::{GroupConfig, Shard};
pub use view::View;

/// Which partition of `__consumer_offsets` a group lives in: the magnitude of Java's string hash, modulo.
/// Source: Kafka `GroupCoordinatorService.partitionFor`, `Utils.abs`.
pub fn partition_of(group: &str, partitions: i32) -> i32 {
    let hash = group.encode_utf16().fold(0_i32, |hash, unit| hash.wrapping_mul(31).wrapping_add(unit.into()));
    hash.checked_abs().unwrap_or(0) % partitions.max(1)
}

#[cfg(test)]
mod tests;
