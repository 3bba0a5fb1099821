//! DescribeUserScramCredentials (key 50): users with SCRAM credentials.
//! Source: Kafka 4.3.1 DescribeUserScramCredentialsRequest.json, DescribeUserScramCredentialsResponse.json.

use crate::protocol::wire::{message, v};

message! {
    /// DescribeUserScramCredentialsRequest, versions 0.
    pub struct DescribeUserScramCredentialsRequest {
        users: Option<Vec<UserName>> [v(0).null(0)],
    }

    /// A part of [`DescribeUserScramCredentialsRequest`].
    pub struct UserName {
        name: String [v(0)],
    }

    /// DescribeUserScramCredentialsResponse, versions 0.
    pub struct DescribeUserScramCredentialsResponse {
        throttle_time_ms: i32 [v(0)],
        error_code: i16 [v(0)],
        error_message: Option<String> [v(0).null(0)],
        results: Vec<DescribeUserScramCredentialsResult> [v(0)],
    }

    /// A part of [`DescribeUserScramCredentialsResponse`].
    pub struct DescribeUserScramCredentialsResult {
        user: String [v(0)],
        error_code: i16 [v(0)],
        error_message: Option<String> [v(0).null(0)],
        credential_infos: Vec<CredentialInfo> [v(0)],
    }

    /// A part of [`DescribeUserScramCredentialsResponse`].
    pub struct CredentialInfo {
        mechanism: i8 [v(0)],
        iterations: i32 [v(0)],
    }
}
