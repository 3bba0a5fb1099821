//! Where new leaders are reached, told along with the errors of those that no longer lead (KIP-951).

use std::collections::BTreeSet;

use super::Ctx;

/// Where these brokers are reached: id, host, port, rack.
pub(in crate::server) fn endpoints_of(
    ctx: &Ctx,
    brokers: Vec<i32>,
) -> Vec<(i32, String, i32, Option<String>)> {
    let distinct: BTreeSet<i32> = brokers.into_iter().collect();
    ctx.broker.with_image(|image| {
        let known = distinct.iter().filter_map(|id| {
            let broker = image.brokers.get(id)?;
            let endpoint = broker.endpoint(&ctx.listener)?;
            Some((*id, endpoint.host.clone(), i32::from(endpoint.port), broker.rack.clone()))
        });
        known.collect()
    })
}
