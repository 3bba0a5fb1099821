//! The brokers of a cluster at one moment.

use super::{Picture, sized};
use crate::dto::{BrokerRow, BrokerState, Cell};

pub(super) fn controller(picture: &Picture) -> Option<i32> {
    picture.local.as_ref().and_then(|local| local.controller).or(picture.listing.controller)
}

/// Brokers that the cluster named last, those that the local cluster knows to be down, and those that only replicas name.
pub(super) fn broker_rows(picture: &Picture) -> Vec<BrokerRow> {
    let listing = &picture.listing;
    let state = if picture.is_away() { BrokerState::Unreachable } else { BrokerState::Running };
    let mut rows: Vec<BrokerRow> = listing
        .brokers
        .iter()
        .map(|broker| {
            let mut row = empty_broker(broker.id, broker.address.to_string(), state);
            row.rack.clone_from(&broker.rack);
            row.log_bytes = broker_bytes(picture, broker.id);
            row.disk_used = disk_used(picture, broker.id);
            row
        })
        .collect();
    for broker in picture.local.iter().flat_map(|local| &local.brokers) {
        let at = match rows.iter().position(|row| row.id == broker.id) {
            Some(at) => at,
            None => {
                rows.push(empty_broker(broker.id, broker.address.clone(), broker.state));
                rows.len() - 1
            }
        };
        if let Some(row) = rows.get_mut(at) {
            row.state = broker.state;
            row.log_bytes = Cell::from(broker.log_bytes);
            row.bytes_in_per_sec = broker.rates.map(|rates| rates.bytes_in);
            row.bytes_out_per_sec = broker.rates.map(|rates| rates.bytes_out);
        }
    }
    for partition in listing.topics.iter().flat_map(|topic| &topic.partitions) {
        for id in &partition.replicas {
            if !rows.iter().any(|row| row.id == *id) {
                rows.push(empty_broker(*id, String::new(), BrokerState::Unreachable));
            }
            if let Some(row) = rows.iter_mut().find(|row| row.id == *id) {
                row.replicas += 1;
                row.leaders += u32::from(partition.leader == Some(*id));
                row.in_sync += u32::from(partition.isr.contains(id));
            }
        }
    }
    let controller = controller(picture);
    for row in &mut rows {
        row.controller = controller == Some(row.id);
    }
    rows.sort_by_key(|row| row.id);
    rows
}

fn empty_broker(id: i32, address: String, state: BrokerState) -> BrokerRow {
    BrokerRow {
        id,
        address,
        rack: None,
        state,
        controller: false,
        leaders: 0,
        replicas: 0,
        in_sync: 0,
        log_bytes: Cell::unavailable("The broker is away."),
        bytes_in_per_sec: None,
        bytes_out_per_sec: None,
        disk_used: None,
    }
}

fn broker_bytes(picture: &Picture, broker: i32) -> Cell<u64> {
    sized(picture, |sizes| match sizes.brokers.get(&broker) {
        Some(Ok(disk)) => Cell::from(disk.bytes),
        Some(Err(error)) => Cell::Failed { error: error.clone() },
        None => Cell::Pending,
    })
}

/// How much of a broker's disks is in use, from 0 to 1; none where it does not tell.
fn disk_used(picture: &Picture, broker: i32) -> Option<f64> {
    let disk = picture.measure.as_ref()?.slow.sizes.as_ref()?.brokers.get(&broker)?.as_ref().ok()?;
    let (total, usable) = (disk.total.filter(|total| *total > 0)?, disk.usable?);
    Some(1.0 - usable.min(total) as f64 / total as f64)
}
