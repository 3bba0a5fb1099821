//! Settings of a topic: set, or handed back to what they inherit.

use std::collections::HashMap;

use super::{Draft, command_line, counted, existing, refuse_internal};
use crate::clock::now_ms;
use crate::dto::{AppError, Change, ConfigRow, ConfigSet, ConfigSource, ErrorCode, OpClass, PlannedChange};
use crate::error::AppResult;
use crate::kafka::listing::{ListedTopic, Listing};
use crate::kafka::offsets::{LedPartition, Position};
use crate::services::connections::Connection;
use crate::services::sampler::distance;
use crate::text::shell::quoted;

const WHAT: &str = "The settings cannot be changed";
const ENTRIES_MAX: usize = 100;
const RETENTION_MS: &str = "retention.ms";

pub(super) async fn set(
    connection: &Connection,
    listing: &Listing,
    name: &str,
    entries: &[ConfigSet],
) -> AppResult<Draft> {
    let topic = existing(WHAT, listing, name)?;
    if entries.is_empty() || entries.len() > ENTRIES_MAX {
        return Err(AppError::new(WHAT, "There are 1 to 100 settings in one change.").at_topic(name));
    }
    let client = connection.client()?;
    let rows = client.topic_configs(name).await?;
    let rows: HashMap<&str, &ConfigRow> = rows.iter().map(|row| (row.name.as_str(), row)).collect();
    let mut planned = Vec::with_capacity(entries.len());
    let mut undo = Vec::with_capacity(entries.len());
    for entry in entries {
        let row = rows.get(entry.name.as_str()).copied();
        let before = row.and_then(|row| row.value.clone());
        let own = row.is_some_and(|row| row.source == ConfigSource::Topic);
        undo.push(ConfigSet { name: entry.name.clone(), value: before.clone().filter(|_| own) });
        planned.push(PlannedChange {
            resource: entry.name.clone(),
            before: Some(described(before, own)),
            after: Some(entry.value.clone().unwrap_or_else(|| "inherited".to_owned())),
            effect: if entry.value.is_some() { "set on the topic" } else { "handed back" }.to_owned(),
            undo: Some("Undoing it puts the values of before back.".to_owned()),
            left_out: false,
        });
    }
    let open = connection.facts().admit(OpClass::Write, "setTopicConfigs").is_ok();
    let refused = match refuse_internal(topic) {
        Some(error) => Some(error),
        None if !open => None,
        None => client.check_topic_configs(name, entries).await.err(),
    };
    let (impact, lost) = impact(connection, topic, &rows, entries).await;
    Ok(Draft {
        class: if lost > 0 { OpClass::Destructive } else { OpClass::Write },
        title: match entries {
            [one] => format!("Change {} of {name}", one.name),
            many => format!("Change {} settings of {name}", many.len()),
        },
        button: match entries {
            [one] => format!("Change {}", one.name),
            many => format!("Change {} settings", many.len()),
        },
        planned,
        impact,
        lost,
        command: command_line(connection, "kafka-configs.sh", &flags(name, entries)),
        // The values come back by an undo; records that went meanwhile do not.
        confirm: (lost > 0).then(|| name.to_owned()),
        undo: Some(Change::SetTopicConfigs { name: name.to_owned(), entries: undo }),
        refused: refused.filter(|error| error.code != Some(ErrorCode::Unreachable)),
    })
}

fn described(value: Option<String>, own: bool) -> String {
    match (value, own) {
        (Some(value), true) => value,
        (Some(value), false) => format!("{value} (inherited)"),
        (None, _) => "not shown".to_owned(),
    }
}

fn flags(name: &str, entries: &[ConfigSet]) -> String {
    let mut set = Vec::new();
    let mut reset = Vec::new();
    for entry in entries {
        match &entry.value {
            // A list would be read as several settings without the brackets.
            Some(value) if value.contains(',') => set.push(format!("{}=[{value}]", entry.name)),
            Some(value) => set.push(format!("{}={value}", entry.name)),
            None => reset.push(entry.name.clone()),
        }
    }
    let mut flags = format!("--alter --entity-type topics --entity-name {}", quoted(name));
    for (flag, words) in [("--add-config", set), ("--delete-config", reset)] {
        if !words.is_empty() {
            flags.push_str(&format!(" {flag} {}", quoted(&words.join(","))));
        }
    }
    flags
}

/// Returns what the change means for the records that are there, and how many of them it costs at least.
async fn impact(
    connection: &Connection,
    topic: &ListedTopic,
    rows: &HashMap<&str, &ConfigRow>,
    entries: &[ConfigSet],
) -> (Vec<String>, u64) {
    let mut impact = Vec::new();
    let mut lost = 0;
    let number = |text: Option<&str>| text.and_then(|text| text.trim().parse::<i64>().ok());
    let now = |name: &str| number(rows.get(name).and_then(|row| row.value.as_deref()));
    for entry in entries {
        let new = number(entry.value.as_deref());
        match (entry.name.as_str(), now(&entry.name), new) {
            (RETENTION_MS, before, Some(after))
                if after >= 0 && before.is_none_or(|b| b < 0 || after < b) =>
            {
                lost = older_than(connection, topic, after).await;
                impact.push(
                    "From now on records go for ever when they are older than that, with their closed segments; undoing this brings none back.".to_owned(),
                );
                if lost > 0 {
                    let records = counted(i64::try_from(lost).unwrap_or(i64::MAX), "offset");
                    impact.push(format!("A span of {records} is older than that already."));
                }
            }
            ("min.insync.replicas", _, Some(after)) if after > topic.replication_factor() as i64 => {
                impact.push(format!(
                    "Each partition has {} replicas: producers with acks=all are refused from now on.",
                    topic.replication_factor()
                ));
            }
            ("cleanup.policy", _, _) if entry.value.as_deref().is_some_and(|v| v.contains("compact")) => {
                impact.push(
                    "Only the newest record of a key is kept; records without a key are refused.".to_owned(),
                );
            }
            _ => {}
        }
    }
    (impact, lost)
}

/// Returns the offsets whose records are older than `retention_ms`, as far as the leaders tell.
async fn older_than(connection: &Connection, topic: &ListedTopic, retention_ms: i64) -> u64 {
    let (Ok(client), Ok(measure)) = (connection.client(), connection.measured().await) else {
        return 0;
    };
    let led: Vec<LedPartition> = topic.led().collect();
    let found = client.offsets(&led, Position::Time(now_ms().saturating_sub(retention_ms))).await;
    let spans = led.iter().filter_map(|of| {
        let start = measure.start(&of.topic, of.partition)?.as_ref().ok()?.offset;
        let end = measure.end(&of.topic, of.partition)?.as_ref().ok()?.offset;
        let first_kept = found.get(&of.topic, of.partition)?.as_ref().ok()?.offset;
        // No record is that new: all of them are older.
        Some(distance(start, if first_kept < 0 { end } else { first_kept }))
    });
    spans.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_sets_and_resets_and_keeps_lists_together() {
        let entries = [
            ConfigSet { name: "cleanup.policy".into(), value: Some("compact,delete".into()) },
            ConfigSet { name: "retention.ms".into(), value: Some("1000".into()) },
            ConfigSet { name: "segment.ms".into(), value: None },
        ];
        assert_eq!(
            flags("orders", &entries),
            "--alter --entity-type topics --entity-name orders \
             --add-config 'cleanup.policy=[compact,delete],retention.ms=1000' --delete-config segment.ms"
        );
    }
}
