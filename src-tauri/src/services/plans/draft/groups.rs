//! Groups deleted with their offsets.

use super::{Draft, command_line, counted};
use crate::dto::{AppError, OpClass, PlannedChange};
use crate::error::AppResult;
use crate::services::connections::Connection;
use crate::text::shell::quoted;

const WHAT: &str = "The group cannot be deleted";

pub(super) async fn delete(connection: &Connection, name: &str) -> AppResult<Draft> {
    let measure = connection.measured().await?;
    let group = measure.groups.iter().find(|group| group.group == name);
    let group = group.ok_or_else(|| AppError::not_found(WHAT, "There is no such group now."))?;
    let offsets = match measure.committed.get(name) {
        Some(Ok(offsets)) => offsets.len(),
        Some(Err(_)) | None => 0,
    };
    let members = match measure.members.get(name) {
        Some(Ok(described)) => described.members.len(),
        Some(Err(_)) | None => 0,
    };
    let busy = members > 0 || !matches!(group.state.as_str(), "Empty" | "Dead" | "Unknown");
    let refused = busy.then(|| {
        let members = counted(i64::try_from(members).unwrap_or(i64::MAX), "member");
        AppError::new(WHAT, format!("It is {} and has {members}.", group.state.to_lowercase()))
            .remedy("Stop its clients first")
    });
    Ok(Draft {
        class: OpClass::Destructive,
        title: format!("Delete group {name}"),
        button: format!("Delete group {name}"),
        planned: vec![PlannedChange {
            resource: format!("group {name}"),
            before: Some(counted(i64::try_from(offsets).unwrap_or(i64::MAX), "committed offset")),
            after: None,
            effect: "The group and its offsets are deleted".to_owned(),
            undo: None,
            left_out: false,
        }],
        impact: vec!["A client that comes back begins where its auto.offset.reset says.".to_owned()],
        lost: 0,
        command: command_line(
            connection,
            "kafka-consumer-groups.sh",
            &format!("--delete --group {}", quoted(name)),
        ),
        confirm: Some(name.to_owned()),
        undo: None,
        refused,
    })
}
