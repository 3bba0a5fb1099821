//! Topics made, deleted and widened.

use super::{
    Draft, check_name, command_line, counted, described, existing, lost_words, refuse_internal, shape,
};
use crate::dto::{AppError, Change, ConfigEntry, ConfigSource, ErrorCode, OpClass, PlannedChange};
use crate::error::AppResult;
use crate::kafka::listing::Listing;
use crate::services::connections::Connection;
use crate::services::plans::new_topic;
use crate::services::sampler::distance;
use crate::text::shell::{quoted, topic_pattern};

const PARTITIONS_MAX: i32 = 10_000;
const CONFIGS_MAX: usize = 100;

pub(super) async fn create(
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
    let refused = match new_topic(change).filter(|_| open) {
        Some(topic) => connection.client()?.check_new_topic(&topic).await.err(),
        None => None,
    };
    let mut command =
        command_line(connection, "kafka-topics.sh", &format!("--create --topic {}", quoted(name)));
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
        planned: vec![PlannedChange {
            resource: format!("topic {name}"),
            before: None,
            after: Some(after),
            effect: "The topic is created".to_owned(),
            undo: Some("Undoing it deletes the topic and whatever was written to it.".to_owned()),
            left_out: false,
        }],
        impact: vec![format!(
            "{} on {}.",
            counted(replicas, "replica"),
            counted(replicas.min(i64::from(brokers)), "broker")
        )],
        lost: 0,
        command,
        confirm: None,
        undo: Some(Change::DeleteTopic { name: name.to_owned() }),
        refused: refused.filter(|error| error.code != Some(ErrorCode::Unreachable)),
    })
}

pub(super) async fn delete(connection: &Connection, listing: &Listing, name: &str) -> AppResult<Draft> {
    const WHAT: &str = "The topic cannot be deleted";
    let topic = existing(WHAT, listing, name)?;
    let mut impact = Vec::new();
    let mut configs = Vec::new();
    let mut lost = 0;
    if let Ok(measure) = connection.measured().await {
        lost = topic
            .partitions
            .iter()
            .filter_map(|partition| {
                let end = measure.end(name, partition.index)?.as_ref().ok()?;
                let start = measure.start(name, partition.index)?.as_ref().ok()?;
                Some(distance(start.offset, end.offset))
            })
            .sum();
        impact.push(lost_words(lost));
        if let Some(rate) = connection.history().topic_rate(name).filter(|rate| *rate > 0.0) {
            impact.push(format!("Something writes to it: {rate:.1} records a second."));
        }
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
        planned: vec![PlannedChange {
            resource: format!("topic {name}"),
            before: Some(described(topic)),
            after: None,
            effect: "The topic and its records are deleted".to_owned(),
            undo: Some(
                "Undoing it makes an empty topic with the same settings; the records stay gone.".to_owned(),
            ),
            left_out: false,
        }],
        impact,
        lost,
        command: command_line(
            connection,
            "kafka-topics.sh",
            &format!("--delete --topic {}", topic_pattern(name)),
        ),
        confirm: Some(name.to_owned()),
        undo: Some(undo),
        refused: refuse_internal(topic),
    })
}

pub(super) async fn add(
    connection: &Connection,
    listing: &Listing,
    name: &str,
    total: i32,
) -> AppResult<Draft> {
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
    let flags = format!("--alter --topic {} --partitions {total}", topic_pattern(name));
    Ok(Draft {
        class: OpClass::Write,
        title: format!("Add {} to {name}", counted(i64::from(total - now), "partition")),
        button: format!("Add {}", counted(i64::from(total - now), "partition")),
        planned: vec![PlannedChange {
            resource: format!("topic {name}"),
            before: Some(described(topic)),
            after: Some(counted(i64::from(total), "partition")),
            effect: counted(i64::from(total - now), "new, empty partition"),
            undo: None,
            left_out: false,
        }],
        impact: vec![
            "Kafka cannot take partitions away again.".to_owned(),
            "Keys written from now on may go to other partitions than before.".to_owned(),
        ],
        lost: 0,
        command: command_line(connection, "kafka-topics.sh", &flags),
        confirm: None,
        undo: None,
        refused: refused.filter(|error| error.code != Some(ErrorCode::Unreachable)),
    })
}
