//! DescribeClientQuotas (key 48), versions 0–1.
//! Source: Kafka 4.3.1 DescribeClientQuotasRequest.json; ClientQuotasImage.describe; KIP-546.
//! Needs: nothing.
//! Answers: the quotas that match: none, as none can be set.
//! Skips: AlterClientQuotas — SKIPPED.md.

use crate::protocol::ErrorCode;
use crate::protocol::messages::describe_client_quotas::{
    DescribeClientQuotasRequest, DescribeClientQuotasResponse,
};
use crate::server::Ctx;

const ENTITY_TYPES: [&str; 3] = ["user", "client-id", "ip"];

pub async fn handle(_: Ctx, request: DescribeClientQuotasRequest) -> DescribeClientQuotasResponse {
    let unknown = request.components.iter().find(|part| !ENTITY_TYPES.contains(&part.entity_type.as_str()));
    if let Some(part) = unknown {
        return DescribeClientQuotasResponse {
            error_code: ErrorCode::InvalidRequest.code(),
            error_message: Some(format!("{:?} is none of user, client-id and ip", part.entity_type)),
            ..Default::default()
        };
    }
    DescribeClientQuotasResponse { entries: Some(Vec::new()), ..Default::default() }
}
