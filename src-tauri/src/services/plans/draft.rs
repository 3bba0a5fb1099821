//! What a change would do to the cluster as it is now: before, after, impact, inverse, and the command line.

use std::borrow::Cow;

use crate::dto::{AppError, Change, EmptyTo, OpClass, PlannedChange};
use crate::error::AppResult;
use crate::kafka::listing::{ListedTopic, Listing};
use crate::services::connections::Connection;
use crate::text::shell::quoted;

mod configs;
mod groups;
mod records;
mod several;
mod topics;

pub(super) use records::new_starts;

/// A change looked at against the cluster.
#[derive(Debug)]
pub struct Draft {
    pub class: OpClass,
    pub title: String,
    /// Verb and object, for the button.
    pub button: String,
    /// Never empty.
    pub planned: Vec<PlannedChange>,
    pub impact: Vec<String>,
    /// Offsets whose records are gone for ever afterwards.
    pub lost: u64,
    pub command: String,
    pub confirm: Option<String>,
    /// The change that takes this one back.
    pub undo: Option<Change>,
    /// What the cluster says against it already.
    pub refused: Option<AppError>,
}

impl Draft {
    /// Errors: the change makes no sense on this cluster; the cluster cannot be asked.
    pub async fn make(connection: &Connection, change: &Change) -> AppResult<Draft> {
        // A listing of two seconds ago is good enough to look at, but not to plan on.
        connection.outdate();
        let (listing, away) = connection.listing().await?;
        if let Some(error) = away {
            return Err(error);
        }
        if let Change::Several { changes } = change {
            return several::draft(connection, &listing, changes).await;
        }
        Draft::one(connection, &listing, change).await
    }

    /// The draft of a change that is not several.
    async fn one(connection: &Connection, listing: &Listing, change: &Change) -> AppResult<Draft> {
        match change {
            Change::CreateTopic { name, partitions, replication_factor, configs } => {
                let shape = (name.as_str(), *partitions, *replication_factor, configs.as_slice());
                topics::create(connection, listing, change, shape).await
            }
            Change::DeleteTopic { name } => topics::delete(connection, listing, name).await,
            Change::AddPartitions { name, total } => topics::add(connection, listing, name, *total).await,
            Change::SetTopicConfigs { name, entries } => {
                configs::set(connection, listing, name, entries).await
            }
            Change::EmptyTopic { name, to } => records::empty(connection, listing, name, to).await,
            Change::DeleteGroup { group } => groups::delete(connection, group).await,
            Change::Several { .. } | Change::Undo { .. } => {
                Err(AppError::internal("The plan was not made", "this change is taken apart first"))
            }
        }
    }
}

/// Up to where a topic is emptied, as the end of a title.
fn until(to: &EmptyTo) -> Cow<'static, str> {
    match to {
        EmptyTo::End => Cow::Borrowed("to the end"),
        EmptyTo::Offset { offset } => Cow::Owned(format!("before offset {}", offset.0)),
        EmptyTo::Time { .. } => Cow::Borrowed("up to a time"),
    }
}

fn existing<'a>(what: &str, listing: &'a Listing, name: &str) -> AppResult<&'a ListedTopic> {
    listing.topic(name).ok_or_else(|| AppError::not_found(what, "There is no such topic.").at_topic(name))
}

fn refuse_internal(topic: &ListedTopic) -> Option<AppError> {
    topic.internal.then(|| {
        AppError::new("This topic is not changed here", "It is one of Kafka's own topics.")
            .at_topic(topic.name.clone())
    })
}

/// Source: Kafka `Topic.validate`.
fn check_name(what: &str, name: &str) -> AppResult<()> {
    let legal = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | '-');
    if name.is_empty() || name.len() > 249 || name == "." || name == ".." || !name.chars().all(legal) {
        return Err(AppError::new(
            what,
            "A name has 1 to 249 letters, digits, dots, dashes or underscores, and is not “.” or “..”.",
        ));
    }
    Ok(())
}

fn shape(partitions: i32, replication_factor: i32) -> String {
    format!("{}, replication {replication_factor}", counted(i64::from(partitions), "partition"))
}

fn counted(number: i64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// What is lost with so many offsets.
fn lost_words(offsets: u64) -> String {
    match i64::try_from(offsets).unwrap_or(i64::MAX) {
        0 => "It holds no records.".to_owned(),
        offsets => format!("A span of {} is lost for ever.", counted(offsets, "offset")),
    }
}

/// What a topic is, as a text that changes when the topic is made again or altered.
fn described(topic: &ListedTopic) -> String {
    let partitions = i32::try_from(topic.partitions.len()).unwrap_or(i32::MAX);
    let replication_factor = i32::try_from(topic.replication_factor()).unwrap_or(i32::MAX);
    let shape = shape(partitions, replication_factor);
    match &topic.topic_id {
        Some(id) => format!("{shape}, id {id}"),
        None => shape,
    }
}

fn command_line(connection: &Connection, tool: &str, flags: &str) -> String {
    format!("{tool} --bootstrap-server {} {flags}", quoted(&connection.row().bootstrap))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular() {
        assert_eq!(counted(1, "partition"), "1 partition");
        assert_eq!(counted(2, "partition"), "2 partitions");
    }

    #[test]
    fn names_follow_kafkas_rule() {
        assert!(check_name("x", "orders-1.v_2").is_ok());
        for name in ["", ".", "..", "a b", "é", &"x".repeat(250)] {
            assert!(check_name("x", name).is_err(), "{name}");
        }
    }
}
