//! DescribeUserScramCredentials (key 50), version 0.
//! Source: Kafka 4.3.1 DescribeUserScramCredentialsRequest.json; ScramImage.describe; KIP-554.
//! Needs: nothing.
//! Answers: the users with SCRAM credentials: nobody, so each user asked for by name is RESOURCE_NOT_FOUND.
//! Skips: AlterUserScramCredentials — SKIPPED.md.

use crate::protocol::ErrorCode;
use crate::protocol::messages::describe_user_scram_credentials::{
    DescribeUserScramCredentialsRequest, DescribeUserScramCredentialsResponse,
    DescribeUserScramCredentialsResult,
};
use crate::server::Ctx;

pub async fn handle(
    _: Ctx,
    request: DescribeUserScramCredentialsRequest,
) -> DescribeUserScramCredentialsResponse {
    let missing = request.users.into_iter().flatten().map(|user| DescribeUserScramCredentialsResult {
        error_code: ErrorCode::ResourceNotFound.code(),
        error_message: Some(format!("user {:?} has no SCRAM credentials", user.name)),
        user: user.name,
        ..Default::default()
    });
    DescribeUserScramCredentialsResponse { results: missing.collect(), ..Default::default() }
}
