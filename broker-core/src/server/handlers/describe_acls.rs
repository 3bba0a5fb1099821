//! DescribeAcls (key 29), versions 1–3.
//! Source: Kafka 4.3.1 DescribeAclsRequest.json; AclApis.scala.
//! Needs: nothing.
//! Answers: SECURITY_DISABLED, as Kafka does without an authorizer.
//! Skips: access rules — SKIPPED.md.

use crate::protocol::ErrorCode;
use crate::protocol::messages::describe_acls::{DescribeAclsRequest, DescribeAclsResponse};
use crate::server::Ctx;

/// What a cluster without access rules says.
pub(super) const NO_AUTHORIZER: &str = "this cluster has no authorizer: everybody may do everything";

pub async fn handle(_: Ctx, _: DescribeAclsRequest) -> DescribeAclsResponse {
    DescribeAclsResponse {
        error_code: ErrorCode::SecurityDisabled.code(),
        error_message: Some(NO_AUTHORIZER.to_owned()),
        ..Default::default()
    }
}
