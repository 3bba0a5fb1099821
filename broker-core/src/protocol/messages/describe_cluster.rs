//! DescribeCluster (key 60): the brokers and the controller.
//! Source: Kafka 4.3.1 DescribeClusterRequest.json, DescribeClusterResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// DescribeClusterRequest, versions 0–2.
    pub struct DescribeClusterRequest {
        include_cluster_authorized_operations: bool [v(0)],
        endpoint_type: i8 [v(1)] = 1,
        include_fenced_brokers: bool [v(2)],
    }

    /// DescribeClusterResponse, versions 0–2.
    pub struct DescribeClusterResponse {
        throttle_time_ms: i32 [v(0)],
        error_code: i16 [v(0)],
        error_message: Option<String> [v(0).null(0)],
        endpoint_type: i8 [v(1)] = 1,
        cluster_id: String [v(0)],
        controller_id: i32 [v(0)] = -1,
        brokers: Vec<DescribeClusterBroker> [v(0)],
        cluster_authorized_operations: i32 [v(0)] = -2147483648,
    }

    /// A part of [`DescribeClusterResponse`].
    pub struct DescribeClusterBroker {
        broker_id: i32 [v(0)],
        host: String [v(0)],
        port: i32 [v(0)],
        rack: Option<String> [v(0).null(0)],
        is_fenced: bool [v(2)],
    }
}
