//! The UI's files. Every route of the UI is answered with index.html, with a nonce of its own each time.

use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use crate::assets;
use crate::clock::random_token;

const HARDENING: [(HeaderName, &str); 4] = [
    (HeaderName::from_static("x-content-type-options"), "nosniff"),
    (HeaderName::from_static("referrer-policy"), "no-referrer"),
    (HeaderName::from_static("x-frame-options"), "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

pub async fn page(uri: Uri) -> Response {
    let path = uri.path();
    let nonce = random_token();
    let policy = assets::policy(&nonce);
    if path != "/index.html"
        && let Some(bytes) = assets::file(path)
    {
        // Names of built files carry a hash of what is in them.
        let cache =
            if path.starts_with("/assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
        let headers = [
            (CONTENT_TYPE, assets::media_type(path)),
            (CACHE_CONTROL, cache),
            (CONTENT_SECURITY_POLICY, policy.as_str()),
        ];
        return (HARDENING, headers, bytes.into_owned()).into_response();
    }
    if path.starts_with("/assets/") || path.starts_with("/api/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
        (CONTENT_SECURITY_POLICY, policy.as_str()),
    ];
    (HARDENING, headers, assets::index(&nonce)).into_response()
}
