//! DescribeClientQuotas (key 48): client quotas.
//! Source: Kafka 4.3.1 DescribeClientQuotasRequest.json, DescribeClientQuotasResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// DescribeClientQuotasRequest, versions 0–1.
    pub struct DescribeClientQuotasRequest {
        components: Vec<ComponentData> [v(0)],
        strict: bool [v(0)],
    }

    /// A part of [`DescribeClientQuotasRequest`].
    pub struct ComponentData {
        entity_type: String [v(0)],
        match_type: i8 [v(0)],
        r#match: Option<String> [v(0).null(0)],
    }

    /// DescribeClientQuotasResponse, versions 0–1.
    pub struct DescribeClientQuotasResponse {
        throttle_time_ms: i32 [v(0)],
        error_code: i16 [v(0)],
        error_message: Option<String> [v(0).null(0)],
        entries: Option<Vec<EntryData>> [v(0).null(0)],
    }

    /// A part of [`DescribeClientQuotasResponse`].
    pub struct EntryData {
        entity: Vec<EntityData> [v(0)],
        values: Vec<ValueData> [v(0)],
    }

    /// A part of [`DescribeClientQuotasResponse`].
    pub struct EntityData {
        entity_type: String [v(0)],
        entity_name: Option<String> [v(0).null(0)],
    }

    /// A part of [`DescribeClientQuotasResponse`].
    pub struct ValueData {
        key: String [v(0)],
        value: f64 [v(0)],
    }
}
