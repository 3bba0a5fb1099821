//! What is asked of a group and what it answers.

use bytes::Bytes;

use super::GroupRecord;
use super::consumer::{Beat, Beaten, Refusal};
use super::offsets::{CommittedOffset, OffsetKey};
use crate::protocol::{ErrorCode, Uuid};

/// Names the place where an answer is waited for.
pub type Token = u64;

/// A member that wants to join.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JoinRequest {
    /// Its member id, empty at first.
    pub member_id: String,
    /// Its group.instance.id, if it is static.
    pub instance_id: Option<String>,
    /// Its client.id.
    pub client_id: String,
    /// Its host.
    pub client_host: String,
    /// Silence after which it is taken for gone (milliseconds).
    pub session_timeout_ms: i32,
    /// How long it may take to join a rebalance (milliseconds).
    pub rebalance_timeout_ms: i32,
    /// `consumer`, `connect`, …
    pub protocol_type: String,
    /// The protocols it speaks, best first, each with its metadata.
    pub protocols: Vec<(String, Bytes)>,
    /// Whether it must come back with the id it is given first (KIP-394).
    pub needs_known_id: bool,
    /// A new id for it, should it need one.
    pub fresh_id: String,
}

/// Something asked of a group.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// JoinGroup.
    Join(JoinRequest),
    /// SyncGroup.
    Sync {
        /// The generation it believes in.
        generation: i32,
        /// The member.
        member_id: String,
        /// Its group.instance.id.
        instance_id: Option<String>,
        /// The protocol type and name it believes in.
        protocol: (Option<String>, Option<String>),
        /// The leader's assignments.
        assignments: Vec<(String, Bytes)>,
    },
    /// Heartbeat.
    Heartbeat {
        /// The generation it believes in.
        generation: i32,
        /// The member.
        member_id: String,
        /// Its group.instance.id.
        instance_id: Option<String>,
    },
    /// LeaveGroup: member ids and instance ids.
    Leave(Vec<(String, Option<String>)>),
    /// ConsumerGroupHeartbeat.
    Beat(Box<Beat>),
    /// DeleteGroups.
    Delete,
    /// OffsetDelete.
    DeleteOffsets(Vec<OffsetKey>),
    /// OffsetCommit.
    Commit {
        /// The generation, −1 for a commit from outside the group protocol.
        generation: i32,
        /// The member, empty from outside.
        member_id: String,
        /// Its group.instance.id.
        instance_id: Option<String>,
        /// What to write down.
        offsets: Vec<(OffsetKey, CommittedOffset)>,
        /// The producer in whose transaction it happens: id and epoch.
        transaction: Option<(i64, i16)>,
        /// Whether the request can say that a member's epoch is stale (OffsetCommit from version 9 on).
        knows_epochs: bool,
    },
}

/// A member's place in a generation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Joined {
    /// The generation.
    pub generation: i32,
    /// The protocol type.
    pub protocol_type: String,
    /// The protocol chosen.
    pub protocol: String,
    /// The leader's member id.
    pub leader: String,
    /// The member's own id.
    pub member_id: String,
    /// Whether the leader need not assign, as nothing changed (KIP-814).
    pub skip_assignment: bool,
    /// For the leader: every member with its instance id and metadata.
    pub members: Vec<(String, Option<String>, Bytes)>,
}

/// What becomes of an event.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// The member is in.
    Joined(Joined),
    /// A join refused; with the id to come back with, if it is MEMBER_ID_REQUIRED.
    JoinRefused(ErrorCode, String),
    /// The member's assignment under a protocol type and name.
    Synced(String, String, Bytes),
    /// What a member of a consumer group learns, or why it may not.
    Beaten(Result<Beaten, Refusal>),
    /// One code for all.
    Code(ErrorCode),
    /// A code for each member that should leave, or each offset that should go.
    Codes(Vec<ErrorCode>),
}

impl Answer {
    /// The code of an answer that is one; whoever asks knows that nothing else can come.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Code(code) | Self::JoinRefused(code, _) => *code,
            Self::Joined(_) | Self::Synced(..) | Self::Beaten(_) | Self::Codes(_) => {
                ErrorCode::UnknownServerError
            }
        }
    }
}

/// What the host must do.
#[derive(Debug, Default, PartialEq)]
pub struct Effects {
    /// Answers to give now.
    pub now: Vec<(Token, Answer)>,
    /// Records to append; nothing if empty.
    pub records: Vec<GroupRecord>,
    /// The producer in whose transaction the records are: id and epoch.
    pub transaction: Option<(i64, i16)>,
    /// Answers to give once these records, and all before them, are committed.
    pub held: Vec<(Token, Answer)>,
}

impl Effects {
    pub(super) fn answer(&mut self, token: Token, answer: Answer) {
        self.now.push((token, answer));
    }

    /// Writes offsets down; the answer follows once they are committed.
    pub(super) fn commit(
        &mut self,
        group: &str,
        token: Token,
        offsets: Vec<(OffsetKey, CommittedOffset)>,
        transaction: Option<(i64, i16)>,
    ) {
        let record = |(key, value)| GroupRecord::Offset { group: group.to_owned(), key, value: Some(value) };
        self.records.extend(offsets.into_iter().map(record));
        self.transaction = transaction;
        self.held.push((token, Answer::Code(ErrorCode::None)));
    }
}

/// A group in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The group's id.
    pub group: String,
    /// Its protocol type.
    pub protocol_type: String,
    /// Kafka's name of its state.
    pub state: &'static str,
    /// Kafka's name of its type.
    pub kind: &'static str,
}

/// A consumer group in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribedConsumer {
    /// Kafka's name of its state.
    pub state: &'static str,
    /// Rises with every change of membership, subscription or topics.
    pub epoch: i32,
    /// The epoch that the target assignment was made for.
    pub assignment_epoch: i32,
    /// The assignor in use.
    pub assignor: &'static str,
    /// Its members.
    pub members: Vec<DescribedConsumerMember>,
}

/// A member of a consumer group in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribedConsumerMember {
    /// Its id.
    pub member_id: String,
    /// Its group.instance.id.
    pub instance_id: Option<String>,
    /// Its rack.
    pub rack_id: Option<String>,
    /// The epoch it knows.
    pub epoch: i32,
    /// Its client.id.
    pub client_id: String,
    /// Its host.
    pub client_host: String,
    /// Topics it subscribes to by name.
    pub topics: Vec<String>,
    /// Topics it subscribes to by pattern.
    pub regex: Option<String>,
    /// What it has: topic id, name and partitions.
    pub assignment: Vec<(Uuid, String, Vec<i32>)>,
    /// What it should have.
    pub target: Vec<(Uuid, String, Vec<i32>)>,
    /// Whether it speaks the classic protocol.
    pub classic: bool,
}

/// A group in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// Kafka's name of its state.
    pub state: &'static str,
    /// Its protocol type.
    pub protocol_type: String,
    /// The chosen protocol.
    pub protocol: String,
    /// Its members.
    pub members: Vec<DescribedMember>,
}

/// A member in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribedMember {
    /// Its id.
    pub member_id: String,
    /// Its group.instance.id.
    pub instance_id: Option<String>,
    /// Its client.id.
    pub client_id: String,
    /// Its host.
    pub client_host: String,
    /// Its metadata under the chosen protocol.
    pub metadata: Bytes,
    /// Its assignment.
    pub assignment: Bytes,
}
