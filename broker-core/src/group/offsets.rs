//! Committed offsets.

/// A partition by name, as groups commit it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OffsetKey {
    /// The topic.
    pub topic: String,
    /// The partition's number.
    pub partition: i32,
}

/// How far a group has read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CommittedOffset {
    /// The next offset to read.
    pub offset: i64,
    /// Epoch of the leader that had it, −1 if not said.
    pub leader_epoch: i32,
    /// Text of the committer's own.
    pub metadata: String,
    /// When it was committed (milliseconds since the epoch).
    pub committed_at_ms: i64,
}
