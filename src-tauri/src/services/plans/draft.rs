//! What a change would do to the cluster as it is now: before, after, impact, inverse, and the command line.

use crate::dto::{AppError, Change, ConfigEntry, ConfigSource, ErrorCode, OpClass, PlannedChange};
use crate::error::AppResult;
use crate::kafka::listing::{ListedTopic, Listing};
use crate::services::connections::Connection;
use crate::services::sampler::distance;
use crate::text::shell::quoted;

const PARTITIONS_MAX: i32 = 10_000;
const CONFIGS_MAX: usize = 100;

/// A change looked at against the cluster.
#[derive(Debug)]
pub struct Draft {
    pub class: OpClass,
    pub title: String,
    /// Verb and object, for the button.
    pub button: String,
    pub planned: PlannedChange,
    pub impact: Vec<String>,
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
        match change {
            Change::CreateTopic { name, partitions, replication_factor, configs } => {
                create(connection, &listing, change, (name, *partitions, *replication_factor, configs)).await
            }
            Change::DeleteTopic { name } => delete(connection, &listing, name).await,
            Change::AddPartitions { name, total } => add(connection, &listing, name, *total).await,
            Change::Undo { .. } => {
                Err(AppError::internal("The plan was not made", "an undo is resolved first"))
            }
        }
    }
}

async fn create(
    connection: &Connection,
    listing: &Listing,
    change: &Change,
    (name, partitions, replication_factor, configs): (&str, i32, i32, &[ConfigEntry]),
) -> AppResult<Draft> {
    const WHAT: &str = "The topic cannot be created";
    check_name(WHAT, name)?;
    if !(1..=PARTITIONS_MAX).contains(&partitions) {
        return Err(AppError::new(WHAT, "A topic has 1 to 10,000 partitions here.").at_topic(name));
    }
    let brokers = i32::try_from(listing.brokers.len()).unwrap_or(i32::MAX);
    if !(1..=brokers).contains(&replication_factor) {
        let why = format!("Each partition can have 1 to {brokers} replicas: there are {brokers} brokers.");
        return Err(AppError::new(WHAT, why).at_topic(name));
    }
    if configs.len() > CONFIGS_MAX {
        return Err(AppError::new(WHAT, "There are more than 100 settings.").at_topic(name));
    }
    if listing.topic(name).is_some() {
        return Err(AppError::new(WHAT, "A topic of that name exists already.")
            .at_topic(name)
            .remedy_route("Open it", format!("/c/{}/topics/{name}/messages", connection.id)));
    }
    let open = connection.facts().admit(OpClass::Write, "createTopic").is_ok();
    let refused = match super::new_topic(change).filter(|_| open) {
        Some(topic) => connection.client()?.check_new_topic(&topic).await.err(),
        None => None,
    };
    let mut command = command_line(connection, &format!("--create --topic {}", quoted(name)));
    command.push_str(&format!(" --partitions {partitions} --replication-factor {replication_factor}"));
    for config in configs {
        command.push_str(&format!(" --config {}", quoted(&format!("{}={}", config.name, config.value))));
    }
    let mut after = shape(partitions, replication_factor);
    for config in configs {
        after.push_str(&format!(", {}={}", config.name, config.value));
    }
    let replicas = i64::from(partitions) * i64::from(replication_factor);
    Ok(Draft {
        class: OpClass::Write,
        title: format!("Create topic {name}"),
        button: format!("Create topic {name}"),
        planned: PlannedChange {
            resource: format!("topic {name}"),
            before: None,
            after: Some(after),
            effect: "The topic is created".to_owned(),
            undo: Some("Undoing it deletes the topic and whatever was written to it.".to_owned()),
        },
        impact: vec![format!(
            "{} on {}.",
            counted(replicas, "replica"),
            counted(replicas.min(i64::from(brokers)), "broker")
        )],
        command,
        confirm: None,
        undo: Some(Change::DeleteTopic { name: name.to_owned() }),
        refused: refused.filter(|error| error.code != Some(ErrorCode::Unreachable)),
    })
}

async fn delete(connection: &Connection, listing: &Listing, name: &str) -> AppResult<Draft> {
    const WHAT: &str = "The topic cannot be deleted";
    let topic = existing(WHAT, listing, name)?;
    let mut impact = Vec::new();
    let mut configs = Vec::new();
    if let Ok(measure) = connection.measured().await {
        let span: u64 = topic
            .partitions
            .iter()
            .filter_map(|partition| {
                let end = measure.end(name, partition.index)?.as_ref().ok()?;
                let start = measure.start(name, partition.index)?.as_ref().ok()?;
                Some(distance(start.offset, end.offset))
            })
            .sum();
        impact.push(format!(
            "A span of {} is lost for ever.",
            counted(i64::try_from(span).unwrap_or(i64::MAX), "offset")
        ));
        let reading = measure.committed.iter().filter(|(_, offsets)| {
            offsets.as_ref().is_ok_and(|offsets| offsets.iter().any(|offset| offset.topic == name))
        });
        let groups: Vec<&str> = reading.map(|(group, _)| group.as_str()).collect();
        if !groups.is_empty() {
            impact.push(format!("Read by: {}.", groups.join(", ")));
        }
    }
    if let Ok(rows) = connection.client()?.topic_configs(name).await {
        let own = rows.into_iter().filter(|row| row.source == ConfigSource::Topic);
        configs = own.filter_map(|row| Some(ConfigEntry { name: row.name, value: row.value? })).collect();
    }
    let partitions = i32::try_from(topic.partitions.len()).unwrap_or(i32::MAX);
    let replication_factor = i32::try_from(topic.replication_factor()).unwrap_or(i32::MAX);
    let undo = Change::CreateTopic { name: name.to_owned(), partitions, replication_factor, configs };
    Ok(Draft {
        class: OpClass::Destructive,
        title: format!("Delete topic {name}"),
        button: format!("Delete topic {name}"),
        planned: PlannedChange {
            resource: format!("topic {name}"),
            before: Some(described(topic)),
            after: None,
            effect: "The topic and its records are deleted".to_owned(),
            undo: Some(
                "Undoing it makes an empty topic with the same settings; the records stay gone.".to_owned(),
            ),
        },
        impact,
        command: command_line(connection, &format!("--delete --topic {}", quoted(name))),
        confirm: Some(name.to_owned()),
        undo: Some(undo),
        refused: refuse_internal(topic),
    })
}

async fn add(connection: &Connection, listing: &Listing, name: &str, total: i32) -> AppResult<Draft> {
    const WHAT: &str = "No partitions can be added";
    let topic = existing(WHAT, listing, name)?;
    let now = i32::try_from(topic.partitions.len()).unwrap_or(i32::MAX);
    if total <= now || total > PARTITIONS_MAX {
        let why =
            format!("The topic has {now} partitions; the new number must be larger, and at most 10,000.");
        return Err(AppError::new(WHAT, why).at_topic(name));
    }
    let open = connection.facts().admit(OpClass::Write, "addPartitions").is_ok();
    let refused = match refuse_internal(topic) {
        Some(error) => Some(error),
        None if !open => None,
        None => connection.client()?.check_partitions(name, total).await.err(),
    };
    let flags = format!("--alter --topic {} --partitions {total}", quoted(name));
    Ok(Draft {
        class: OpClass::Write,
        title: format!("Add {} to {name}", counted(i64::from(total - now), "partition")),
        button: format!("Add {}", counted(i64::from(total - now), "partition")),
        planned: PlannedChange {
            resource: format!("topic {name}"),
            before: Some(described(topic)),
            after: Some(counted(i64::from(total), "partition")),
            effect: counted(i64::from(total - now), "new, empty partition"),
            undo: None,
        },
        impact: vec![
            "Kafka cannot take partitions away again.".to_owned(),
            "Keys written from now on may go to other partitions than before.".to_owned(),
        ],
        command: command_line(connection, &flags),
        confirm: None,
        undo: None,
        refused: refused.filter(|error| error.code != Some(ErrorCode::Unreachable)),
    })
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

fn command_line(connection: &Connection, flags: &str) -> String {
    format!("kafka-topics.sh --bootstrap-server {} {flags}", quoted(&connection.row().bootstrap))
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
