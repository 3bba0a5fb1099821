//! One broker: its settings with their origin, its log directories, its share of each topic.

use std::sync::Arc;

use super::cluster_views::Picture;
use crate::app::App;
use crate::dto::{AppError, BrokerDetail, BrokerRef, BrokerTopic, Cell, Seen};
use crate::error::AppResult;
use crate::kafka::listing::{ListedPartition, ListedTopic};

pub async fn get(app: &Arc<App>, request: BrokerRef) -> AppResult<Seen<BrokerDetail>> {
    let connection = app.connections.get(request.cluster_id)?;
    let picture = Picture::take(app, &connection).await?;
    let broker = request.broker;
    let topics = &picture.listing.topics;
    let known = picture.listing.brokers.iter().any(|one| one.id == broker);
    let topics: Vec<BrokerTopic> = topics.iter().filter_map(|topic| share(topic, broker)).collect();
    if !known && topics.is_empty() {
        return Err(AppError::not_found(
            "The broker cannot be shown",
            format!("There is no broker {broker}."),
        )
        .at_connection(connection.id)
        .remedy_route("Show all brokers", format!("/c/{}/brokers", connection.id)));
    }
    let (configs, log_dirs) = match connection.client() {
        Ok(client) => {
            let (configs, dirs) = tokio::join!(client.broker_configs(broker), client.log_dirs_of(broker));
            (Cell::of(configs), Cell::of(dirs))
        }
        Err(error) => (Cell::Failed { error: error.clone() }, Cell::Failed { error }),
    };
    Ok(picture.seen(BrokerDetail { configs, log_dirs, topics }))
}

/// Returns what of a topic is on a broker; none without a replica there.
fn share(topic: &ListedTopic, broker: i32) -> Option<BrokerTopic> {
    let count = |has: &dyn Fn(&ListedPartition) -> bool| {
        crate::count(topic.partitions.iter().filter(|partition| has(partition)).count())
    };
    let replicas = count(&|partition| partition.replicas.contains(&broker));
    (replicas > 0).then(|| BrokerTopic {
        topic: topic.name.clone(),
        leaders: count(&|partition| partition.leader == Some(broker)),
        replicas,
        in_sync: count(&|partition| partition.isr.contains(&broker)),
        partitions: crate::count(topic.partitions.len()),
    })
}
