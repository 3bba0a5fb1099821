//! ListConfigResources (key 74), versions 0–1.
//! Source: Kafka 4.3.1 ListConfigResourcesRequest.json; KIP-714, KIP-1142.
//! Needs: nothing.
//! Answers: the resources of the types asked for: every topic and broker, and groups and client metrics
//! subscriptions that have configs. No types asks for all; version 0 knows client metrics only.

use crate::protocol::ErrorCode;
use crate::protocol::messages::list_config_resources::{
    ConfigResource, ListConfigResourcesRequest, ListConfigResourcesResponse,
};
use crate::server::Ctx;

const TOPIC: i8 = 2;
const BROKER: i8 = 4;
const BROKER_LOGGER: i8 = 8;
const CLIENT_METRICS: i8 = 16;
const GROUP: i8 = 32;

pub async fn handle(ctx: Ctx, request: ListConfigResourcesRequest) -> ListConfigResourcesResponse {
    let all = [TOPIC, BROKER, BROKER_LOGGER, CLIENT_METRICS, GROUP];
    let wanted = match (ctx.version, request.resource_types.as_slice()) {
        (0, _) => vec![CLIENT_METRICS],
        (_, []) => all.to_vec(),
        (_, some) if some.iter().any(|kind| !all.contains(kind)) => {
            let error_code = ErrorCode::UnsupportedVersion.code();
            return ListConfigResourcesResponse { error_code, ..Default::default() };
        }
        (_, some) => some.to_vec(),
    };
    let row = |resource_type: i8, resource_name: String| ConfigResource { resource_name, resource_type };
    let config_resources = ctx.broker.with_image(|image| {
        let mut rows = Vec::new();
        for kind in wanted {
            match kind {
                TOPIC => rows.extend(image.topics.keys().map(|name| row(kind, name.clone()))),
                BROKER | BROKER_LOGGER => {
                    rows.extend(image.live_brokers().map(|broker| row(kind, broker.id.to_string())));
                }
                _ => {
                    let set = image.configs.iter().filter(|((of, _), set)| *of == kind && !set.is_empty());
                    rows.extend(set.map(|((_, name), _)| row(kind, name.clone())));
                }
            }
        }
        rows
    });
    ListConfigResourcesResponse { config_resources, ..Default::default() }
}
