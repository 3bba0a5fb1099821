//! A member of a consumer group.

use std::collections::BTreeSet;
use std::time::Duration;

use bytes::Bytes;

use super::Partitions;
use super::classic::by_name;
use crate::group::embedded::{Subscription, write_assignment};
use crate::group::view::View;

/// How far a member is on the way to its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MemberState {
    /// It has what its epoch gives it.
    #[default]
    Stable = 0,
    /// It has still to give partitions up.
    Unrevoked = 1,
    /// It waits for partitions that others have still to give up.
    Unreleased = 2,
}

impl MemberState {
    pub(super) const fn from_code(code: i8) -> Self {
        match code {
            1 => Self::Unrevoked,
            2 => Self::Unreleased,
            _ => Self::Stable,
        }
    }
}

/// What is known of a member that speaks the classic protocol to a consumer group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassicSide {
    pub(in crate::group) session_timeout_ms: i32,
    pub(in crate::group) protocols: Vec<(String, Bytes)>,
}

impl ClassicSide {
    /// The protocol that it likes best.
    pub(in crate::group) fn protocol(&self) -> String {
        self.protocols.first().map(|(name, _)| name.clone()).unwrap_or_default()
    }

    /// What it says of itself under that protocol.
    pub(in crate::group) fn subscription(&self) -> Subscription {
        let first = self.protocols.first();
        first.and_then(|(_, raw)| Subscription::read(raw.clone())).unwrap_or_default()
    }

    /// `partitions` as it reads them.
    pub(in crate::group) fn assignment(&self, view: &dyn View, partitions: &Partitions) -> Bytes {
        write_assignment(self.subscription().version, &by_name(view, partitions))
    }
}

/// A member.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ConsumerMember {
    pub(in crate::group) instance_id: Option<String>,
    pub(in crate::group) rack_id: Option<String>,
    pub(in crate::group) client_id: String,
    pub(in crate::group) client_host: String,
    /// Subscribed topics by name.
    pub(in crate::group) topics: BTreeSet<String>,
    /// Subscribed topics by pattern.
    pub(in crate::group) regex: Option<String>,
    pub(in crate::group) rebalance_timeout_ms: i32,
    pub(in crate::group) assignor: Option<String>,
    pub(in crate::group) classic: Option<ClassicSide>,
    /// The epoch that the member knows, [`AWAY`] for a static member that will be back.
    pub(in crate::group) epoch: i32,
    /// The epoch before, in case the answer with the new one was lost.
    pub(in crate::group) previous_epoch: i32,
    pub(in crate::group) state: MemberState,
    pub(in crate::group) assigned: Partitions,
    pub(in crate::group) revoking: Partitions,
    /// When it last showed a sign of life.
    pub(in crate::group) seen: Duration,
    /// Until when it must have given up what it should.
    pub(in crate::group) revoke_by: Option<Duration>,
}

/// The epoch of a static member that left and will be back.
pub(in crate::group) const AWAY: i32 = -2;

impl ConsumerMember {
    /// Whether it has all that the assignment of `epoch` gives it.
    pub(super) fn is_settled_at(&self, epoch: i32) -> bool {
        self.state == MemberState::Stable && self.epoch == epoch
    }

    /// Whether what is written down of the member itself is the same.
    pub(super) fn same_metadata(&self, other: &Self) -> bool {
        self.instance_id == other.instance_id
            && self.rack_id == other.rack_id
            && self.client_id == other.client_id
            && self.client_host == other.client_host
            && self.same_subscription(other)
            && self.rebalance_timeout_ms == other.rebalance_timeout_ms
            && self.assignor == other.assignor
            && self.classic == other.classic
    }

    pub(super) fn same_subscription(&self, other: &Self) -> bool {
        self.topics == other.topics && self.regex == other.regex
    }

    /// Whether what is written down of its assignment is the same.
    pub(super) fn same_assignment(&self, other: &Self) -> bool {
        self.epoch == other.epoch
            && self.previous_epoch == other.previous_epoch
            && self.state == other.state
            && self.assigned == other.assigned
            && self.revoking == other.revoking
    }
}
