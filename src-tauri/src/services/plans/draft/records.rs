//! Records deleted from the beginning of a topic's partitions.

use super::{Draft, command_line, counted, existing, lost_words, refuse_internal, until};
use crate::dto::{AppError, EmptyTo, OpClass, PlannedChange};
use crate::error::AppResult;
use crate::kafka::listing::{ListedTopic, Listing};
use crate::kafka::offsets::{LedPartition, Position};
use crate::services::connections::Connection;
use crate::services::sampler::distance;

const WHAT: &str = "The topic cannot be emptied";

/// Where a partition begins now, and where it would begin.
pub(in crate::services::plans) struct NewStart {
    pub leader: i32,
    pub partition: i32,
    pub from: i64,
    pub to: i64,
}

pub(super) async fn empty(
    connection: &Connection,
    listing: &Listing,
    name: &str,
    to: &EmptyTo,
) -> AppResult<Draft> {
    let topic = existing(WHAT, listing, name)?;
    let starts = new_starts(connection, topic, to).await?;
    let lost: u64 = starts.iter().map(|start| distance(start.from, start.to)).sum();
    let refused = match refuse_internal(topic) {
        Some(error) => Some(error),
        None if lost == 0 => Some(AppError::new(WHAT, "There is nothing before that point.").at_topic(name)),
        None => compacted(connection, name).await,
    };
    let offsets = starts.iter().map(|start| {
        format!("{{\"topic\":\"{name}\",\"partition\":{},\"offset\":{}}}", start.partition, start.to)
    });
    let file = format!("{{\"partitions\":[{}],\"version\":1}}", offsets.collect::<Vec<_>>().join(","));
    Ok(Draft {
        class: OpClass::Destructive,
        title: format!("Empty topic {name} {}", until(to)),
        button: format!("Empty topic {name}"),
        planned: starts
            .iter()
            .map(|start| PlannedChange {
                resource: format!("partition {}", start.partition),
                before: Some(format!("begins at {}", start.from)),
                after: Some(format!("begins at {}", start.to)),
                effect: counted(i64::try_from(distance(start.from, start.to)).unwrap_or(i64::MAX), "offset"),
                undo: None,
                left_out: false,
            })
            .collect(),
        impact: vec![
            lost_words(lost),
            "Groups that stand before the new beginning go on from there.".to_owned(),
        ],
        lost,
        command: format!(
            "echo '{file}' > offsets.json && {}",
            command_line(connection, "kafka-delete-records.sh", "--offset-json-file offsets.json")
        ),
        confirm: Some(name.to_owned()),
        undo: None,
        refused,
    })
}

/// Returns every partition with a leader and where it would begin; never before where it begins, nor past its end.
pub(in crate::services::plans) async fn new_starts(
    connection: &Connection,
    topic: &ListedTopic,
    to: &EmptyTo,
) -> AppResult<Vec<NewStart>> {
    let client = connection.client()?;
    let led: Vec<LedPartition> = topic.led().collect();
    let (starts, ends) =
        tokio::join!(client.offsets(&led, Position::LogStart), client.offsets(&led, Position::HighWatermark));
    let at_time = match to {
        EmptyTo::Time { at } => Some(client.offsets(&led, Position::Time(*at)).await),
        EmptyTo::End | EmptyTo::Offset { .. } => None,
    };
    let mut all = Vec::with_capacity(led.len());
    for of in led {
        let (topic, partition) = (&of.topic, of.partition);
        let found = |of: Option<&Result<crate::kafka::offsets::Found, AppError>>| match of {
            Some(Ok(found)) => Ok(found.offset),
            Some(Err(error)) => Err(error.clone()),
            None => Err(AppError::new(WHAT, format!("Partition {partition} did not answer."))),
        };
        let (from, end) = (found(starts.get(topic, partition))?, found(ends.get(topic, partition))?);
        let wanted = match (to, &at_time) {
            (EmptyTo::Offset { offset }, _) => offset.0,
            (EmptyTo::Time { .. }, Some(times)) => match found(times.get(topic, partition))? {
                // No record is that new: all of them are older.
                offset if offset < 0 => end,
                offset => offset,
            },
            (EmptyTo::End | EmptyTo::Time { .. }, _) => end,
        };
        all.push(NewStart {
            leader: of.leader,
            partition: of.partition,
            from,
            to: wanted.clamp(from, end.max(from)),
        });
    }
    Ok(all)
}

async fn compacted(connection: &Connection, name: &str) -> Option<AppError> {
    let rows = connection.client().ok()?.topic_configs(name).await.ok()?;
    let policy = rows.into_iter().find(|row| row.name == "cleanup.policy")?.value?;
    (!policy.contains("delete")).then(|| {
        AppError::new(
            WHAT,
            "Kafka deletes records only where cleanup.policy has “delete”; this one compacts.",
        )
        .at_topic(name)
        .remedy("Set cleanup.policy to compact,delete first, or delete the topic and make it again")
    })
}
