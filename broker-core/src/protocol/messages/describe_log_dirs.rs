//! DescribeLogDirs (key 35): the log directories of a broker and what lies in them.
//! Source: Kafka 4.3.1 DescribeLogDirsRequest.json, DescribeLogDirsResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// DescribeLogDirsRequest, versions 1–5.
    pub struct DescribeLogDirsRequest {
        topics: Option<Vec<DescribableLogDirTopic>> [v(0).null(0)],
    }

    /// A part of [`DescribeLogDirsRequest`].
    pub struct DescribableLogDirTopic {
        topic: String [v(0)],
        partitions: Vec<i32> [v(0)],
    }

    /// DescribeLogDirsResponse, versions 1–5.
    pub struct DescribeLogDirsResponse {
        throttle_time_ms: i32 [v(0)],
        error_code: i16 [v(3)],
        results: Vec<DescribeLogDirsResult> [v(0)],
    }

    /// A part of [`DescribeLogDirsResponse`].
    pub struct DescribeLogDirsResult {
        error_code: i16 [v(0)],
        log_dir: String [v(0)],
        topics: Vec<DescribeLogDirsTopic> [v(0)],
        total_bytes: i64 [v(4)] = -1,
        usable_bytes: i64 [v(4)] = -1,
        is_cordoned: bool [v(5)],
    }

    /// A part of [`DescribeLogDirsResponse`].
    pub struct DescribeLogDirsTopic {
        name: String [v(0)],
        partitions: Vec<DescribeLogDirsPartition> [v(0)],
    }

    /// A part of [`DescribeLogDirsResponse`].
    pub struct DescribeLogDirsPartition {
        partition_index: i32 [v(0)],
        partition_size: i64 [v(0)],
        offset_lag: i64 [v(0)],
        is_future_key: bool [v(0)],
    }
}
