//! Who may commit and read offsets of a consumer group.
//! Source: Kafka `ConsumerGroup.validateOffsetCommit`, `validateOffsetFetch`.

use super::ConsumerGroup;
use crate::protocol::ErrorCode;

impl ConsumerGroup {
    /// Whether a commit under this member and epoch counts.
    pub(in crate::group) fn check_commit(
        &self,
        epoch: i32,
        member_id: &str,
        in_transaction: bool,
        knows_epochs: bool,
    ) -> Result<(), ErrorCode> {
        if epoch < 0 && self.members.is_empty() {
            return Ok(());
        }
        let member = self.members.get(member_id).ok_or(ErrorCode::UnknownMemberId)?;
        let classic = member.classic.is_some();
        if !in_transaction && !classic && !knows_epochs {
            return Err(ErrorCode::UnsupportedVersion);
        }
        match member.epoch == epoch {
            true => Ok(()),
            // TxnOffsetCommit has no code for a stale epoch.
            false if classic || in_transaction => Err(ErrorCode::IllegalGeneration),
            false => Err(ErrorCode::StaleMemberEpoch),
        }
    }

    /// Whether this is a member's present epoch.
    pub(in crate::group) fn check_epoch_of(&self, member_id: &str, epoch: i32) -> Result<(), ErrorCode> {
        let member = self.members.get(member_id).ok_or(ErrorCode::UnknownMemberId)?;
        match member.epoch == epoch {
            true => Ok(()),
            false if member.classic.is_some() => Err(ErrorCode::IllegalGeneration),
            false => Err(ErrorCode::StaleMemberEpoch),
        }
    }

    /// Topics that members subscribe to by name.
    pub(in crate::group) fn topics(&self) -> impl Iterator<Item = String> {
        self.members.values().flat_map(|member| member.topics.iter().cloned())
    }
}
