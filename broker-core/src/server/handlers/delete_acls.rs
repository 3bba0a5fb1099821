//! DeleteAcls (key 31), versions 1–3.
//! Source: Kafka 4.3.1 DeleteAclsRequest.json; AclApis.scala.
//! Needs: nothing.
//! Answers: SECURITY_DISABLED, as Kafka does without an authorizer.
//! Skips: access rules — SKIPPED.md.

use super::describe_acls::NO_AUTHORIZER;
use crate::protocol::ErrorCode;
use crate::protocol::messages::delete_acls::{DeleteAclsFilterResult, DeleteAclsRequest, DeleteAclsResponse};
use crate::server::Ctx;

pub async fn handle(_: Ctx, request: DeleteAclsRequest) -> DeleteAclsResponse {
    let refused = request.filters.iter().map(|_| DeleteAclsFilterResult {
        error_code: ErrorCode::SecurityDisabled.code(),
        error_message: Some(NO_AUTHORIZER.to_owned()),
        matching_acls: Vec::new(),
    });
    DeleteAclsResponse { filter_results: refused.collect(), ..Default::default() }
}
