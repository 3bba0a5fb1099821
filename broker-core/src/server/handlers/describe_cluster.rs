//! DescribeCluster (key 60), versions 0–2.
//! Source: Kafka 4.3.1 DescribeClusterRequest.json; KIP-700, KIP-919 (endpoint type), KIP-1073 (fenced brokers).
//! Needs: nothing.
//! Answers: cluster id, controller, brokers. Any live broker stands for the controller, as in KRaft.
//! Versions: 1 endpoint type · 2 fenced brokers if asked.

use crate::protocol::ErrorCode;
use crate::protocol::messages::describe_cluster::{
    DescribeClusterBroker, DescribeClusterRequest, DescribeClusterResponse,
};
use crate::server::Ctx;

const BROKERS: i8 = 1;
const CONTROLLERS: i8 = 2;
const CLUSTER_OPERATIONS: i32 = 8096;

pub async fn handle(ctx: Ctx, request: DescribeClusterRequest) -> DescribeClusterResponse {
    if request.endpoint_type != BROKERS {
        let (code, message) = match request.endpoint_type {
            CONTROLLERS => {
                (ErrorCode::MismatchedEndpointType, "this is a broker; it knows brokers only".to_owned())
            }
            other => (ErrorCode::UnsupportedEndpointType, format!("endpoint type {other} is unknown")),
        };
        let (error_code, error_message) = (code.code(), Some(message));
        return DescribeClusterResponse { error_code, error_message, ..Default::default() };
    }
    let mut response = ctx.broker.with_image(|image| DescribeClusterResponse {
        cluster_id: ctx.broker.cluster_id(),
        controller_id: image.live_brokers().next().map_or(-1, |broker| broker.id),
        brokers: image
            .brokers
            .values()
            .filter(|broker| request.include_fenced_brokers || !broker.fenced)
            .filter_map(|broker| {
                let endpoint = broker.endpoint(&ctx.listener)?;
                Some(DescribeClusterBroker {
                    broker_id: broker.id,
                    host: endpoint.host.clone(),
                    port: endpoint.port.into(),
                    rack: broker.rack.clone(),
                    is_fenced: broker.fenced,
                })
            })
            .collect(),
        ..Default::default()
    });
    if request.include_cluster_authorized_operations {
        response.cluster_authorized_operations = CLUSTER_OPERATIONS;
    }
    response
}
