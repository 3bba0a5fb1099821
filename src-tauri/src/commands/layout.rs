//! Where partitions live: brokers, leaders and in-sync replicas, for a picture that moves as they do.

use std::sync::Arc;
use std::time::Duration;

use super::feed::{Feed, Wake};
use crate::app::App;
use crate::dto::{ClusterRef, Layout, LayoutBroker, LayoutPartition, Missing, Seen};
use crate::error::AppResult;
use crate::services::connections::LOCAL_ID;

/// A leader that moves is seen to move; another cluster is asked less often.
const LOCAL_EVERY: Duration = Duration::from_millis(500);
const REMOTE_EVERY: Duration = Duration::from_secs(2);
/// More than a picture can show.
const PARTITIONS_MAX: usize = 600;

pub async fn feed(app: &Arc<App>, request: ClusterRef) -> AppResult<Feed<Seen<Layout>>> {
    let connection = app.connections.get(request.cluster_id)?;
    let local = connection.id == LOCAL_ID;
    let reader = app.clone();
    Ok(Feed::new(Wake::Every(if local { LOCAL_EVERY } else { REMOTE_EVERY }), move || {
        let (app, connection) = (reader.clone(), connection.clone());
        async move {
            if local {
                connection.outdate();
            }
            let (listing, away) = connection.listing().await?;
            let mut brokers: Vec<LayoutBroker> = listing
                .brokers
                .iter()
                .map(|broker| LayoutBroker { id: broker.id, up: true, controller: false })
                .collect();
            let status = if local { app.embedded.status().await } else { None };
            for broker in status.iter().flat_map(|status| &status.brokers) {
                if !brokers.iter().any(|known| known.id == broker.id) {
                    brokers.push(LayoutBroker { id: broker.id, up: false, controller: false });
                }
            }
            let controller = status.and_then(|status| status.controller).or(listing.controller);
            let own = listing.topics.iter().filter(|topic| !topic.internal);
            let all = own.flat_map(|topic| topic.partitions.iter().map(move |of| (topic, of)));
            let partitions: Vec<LayoutPartition> = all
                .map(|(topic, of)| LayoutPartition {
                    topic: topic.name.clone(),
                    partition: of.index,
                    leader: of.leader,
                    replicas: of.replicas.clone(),
                    isr: of.isr.clone(),
                })
                .collect();
            for id in partitions.iter().flat_map(|partition| &partition.replicas) {
                if !brokers.iter().any(|known| known.id == *id) {
                    brokers.push(LayoutBroker { id: *id, up: false, controller: false });
                }
            }
            for broker in &mut brokers {
                broker.controller = controller == Some(broker.id);
            }
            brokers.sort_by_key(|broker| broker.id);
            let total = crate::count(partitions.len());
            let partitions = partitions.into_iter().take(PARTITIONS_MAX).collect();
            let missing = away.map(|error| Missing { scope: "cluster".to_owned(), reason: error.why });
            Ok(Seen {
                value: Layout { brokers, partitions, total },
                as_of: listing.as_of,
                missing: missing.into_iter().collect(),
            })
        }
    }))
}
