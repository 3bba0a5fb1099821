//! ApiVersions (key 18), versions 0–4.
//! Source: Kafka 4.3.1 ApiVersionsRequest.json; KIP-511, KIP-584; ApiVersionsResponse.java.
//! Needs: nothing; it is the first request of a connection.
//! Answers: the table of `protocol/api.rs`, and the features that work.
//! Versions: 3 client name and version, features · 4 features whose minimum is 0.
//! An unknown version is answered in version 0 with UNSUPPORTED_VERSION and the versions of this API.

use crate::controller::FEATURES;
use crate::protocol::messages::api_versions::{
    ApiVersion, ApiVersionsRequest, ApiVersionsResponse, FinalizedFeatureKey, SupportedFeatureKey,
};
use crate::protocol::{ApiKey, Chunk, ErrorCode};
use crate::server::Ctx;
use crate::server::dispatch::{Refused, encode};

pub async fn handle(ctx: Ctx, request: ApiVersionsRequest) -> ApiVersionsResponse {
    let (name, version) = (request.client_software_name, request.client_software_version);
    if ctx.version >= 3 && !(is_software(&name) && is_software(&version)) {
        return ApiVersionsResponse { error_code: ErrorCode::InvalidRequest.code(), ..Default::default() };
    }
    if ctx.version >= 3 {
        ctx.broker.clients().note(ctx.connection, |client| {
            client.software = name;
            client.version = version;
        });
    }
    let mut response = ApiVersionsResponse { api_keys: table(), ..Default::default() };
    let levels = ctx.broker.with_image(|image| image.features.clone());
    response.finalized_features_epoch = ctx.broker.metadata_offset().max(0);
    response.finalized_features = levels
        .into_iter()
        .filter(|(_, level)| *level > 0)
        .map(|(name, level)| FinalizedFeatureKey { name, max_version_level: level, min_version_level: level })
        .collect();
    // Clients before version 4 fail over a minimum of 0 (KAFKA-17011).
    let supported = FEATURES.into_iter().filter(|feature| feature.min > 0 || ctx.version >= 4);
    response.supported_features = supported
        .map(|feature| SupportedFeatureKey {
            name: feature.name.to_owned(),
            min_version: feature.min,
            max_version: feature.max,
        })
        .collect();
    response
}

/// The answer to a version we do not serve.
pub(in crate::server) fn unknown_version(_: &Ctx, correlation_id: i32) -> Result<Vec<Chunk>, Refused> {
    let error_code = ErrorCode::UnsupportedVersion.code();
    // Enough for the client to ask again in a version that is served.
    let api_keys = vec![row(&ApiKey::ApiVersions)];
    let mut response = ApiVersionsResponse { error_code, api_keys, ..Default::default() };
    let (key, version) = (ApiKey::ApiVersions, 0);
    encode(key, version, correlation_id, &mut response).map_err(|source| Refused::Malformed {
        api: key.name().to_owned(),
        version,
        source,
    })
}

fn table() -> Vec<ApiVersion> {
    ApiKey::ALL.iter().map(row).collect()
}

fn row(api: &ApiKey) -> ApiVersion {
    ApiVersion { api_key: api.code(), min_version: api.advertised_min(), max_version: api.versions().1 }
}

/// Letters and digits, with '-' and '.' inside: Kafka's pattern for client names and versions.
fn is_software(text: &str) -> bool {
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    edge(text.chars().next())
        && edge(text.chars().next_back())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.')
}
