//! CreateAcls (key 30), versions 1–3.
//! Source: Kafka 4.3.1 CreateAclsRequest.json; AclApis.scala.
//! Needs: nothing.
//! Answers: SECURITY_DISABLED, as Kafka does without an authorizer.
//! Skips: access rules — SKIPPED.md.

use super::describe_acls::NO_AUTHORIZER;
use crate::protocol::ErrorCode;
use crate::protocol::messages::create_acls::{AclCreationResult, CreateAclsRequest, CreateAclsResponse};
use crate::server::Ctx;

pub async fn handle(_: Ctx, request: CreateAclsRequest) -> CreateAclsResponse {
    let refused = request.creations.iter().map(|_| AclCreationResult {
        error_code: ErrorCode::SecurityDisabled.code(),
        error_message: Some(NO_AUTHORIZER.to_owned()),
    });
    CreateAclsResponse { results: refused.collect(), ..Default::default() }
}
