//! Changes to groups. Each takes a permit and is asked of the group's coordinator.

use broker_core::protocol::ErrorCode as KafkaCode;
use broker_core::protocol::messages::delete_groups::DeleteGroupsRequest;

use super::client::KafkaClient;
use super::errors::{explain_code, explain_link};
use crate::error::AppResult;
use crate::policy::{Destructive, Permit};

/// Names of the operations permits are for.
pub const DELETE_GROUPS: &str = "deleteGroups";

impl KafkaClient {
    /// Deletes groups that have no members, with their offsets; each is named with its coordinator. One that is
    /// gone already is no error.
    /// Errors: a group has members; a coordinator does not answer.
    pub async fn delete_groups(
        &self,
        permit: Permit<Destructive>,
        groups: &[(i32, String)],
    ) -> AppResult<()> {
        const WHAT: &str = "The group was not deleted";
        let names: Vec<String> = groups.iter().map(|(_, group)| group.clone()).collect();
        permit.spend(self.connection, DELETE_GROUPS, &names)?;
        for (coordinator, group) in groups {
            let request = DeleteGroupsRequest { groups_names: vec![group.clone()] };
            let answer = self
                .pool()
                .ask_broker(*coordinator, &request)
                .await
                .map_err(|error| explain_link(WHAT, &error))?;
            let code = answer.results.first().map_or(0, |result| result.error_code);
            match KafkaCode::from_code(code) {
                Some(KafkaCode::None | KafkaCode::GroupIdNotFound) => {}
                Some(_) | None => {
                    return Err(explain_code(&format!("{WHAT}: {group}"), code, None)
                        .at_broker(coordinator.to_string()));
                }
            }
        }
        Ok(())
    }
}
